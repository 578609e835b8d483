"""Thirty questions are asked of the demonstration, and answered as `docs/questions` says."""

from typing import Any

import pytest
import pytest_asyncio

from tests.support.questions import answer_of, answers, questions, shown

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
]


EXPECTED = {
    number: answer_of(number).read_text(encoding="utf-8")
    for number, _, question in questions()
    if question.document
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answered() -> dict[str, Any]:
    """What the demonstration answers, for the module."""
    return await answers(EXPECTED)


@pytest.mark.parametrize("number", EXPECTED)
async def test_a_question_is_answered_as_the_page_says(
    answered: dict[str, Any], number: str
) -> None:
    assert shown(answered[number]) == EXPECTED[number]
