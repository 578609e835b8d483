"""The page of thirty questions is the one that its files make, and no question is left out."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from mshauri.asking import Question
from tests.support.questions import GIVEN, PAGE, answer_of, page, questions

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))
FOUND = {number: question for number, _, question in questions()}


def test_there_are_thirty() -> None:
    assert sorted(FOUND) == [f"{number:02}" for number in range(1, 31)]


def test_the_committed_page_is_the_current_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.support.questions`"


@pytest.mark.parametrize("number", FOUND)
def test_a_question_is_one_that_the_schema_takes(number: str) -> None:
    if FOUND[number].document:
        assert validate(SCHEMA, parse(FOUND[number].document)) == []


@pytest.mark.parametrize(("number", "question"), FOUND.items(), ids=FOUND)
def test_a_question_is_asked_with_its_own_variables_and_has_an_answer(
    number: str, question: Question
) -> None:
    if not question.document:
        assert "waits for" in question.by
        return
    assert GIVEN.get(number, {}).keys() <= question.variables.keys()
    assert answer_of(number).exists()
