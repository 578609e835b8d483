"""The thirty questions of `docs/questions`, asked of the demonstration, and their page.

python -m tests.support.questions      plays the demonstration, and writes answers and page anew
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from mshauri.api import Api
from mshauri.asking import Question, put, read_question
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.support.servers import temporary_directory

FOLDER = Path(__file__).parents[2] / "docs" / "questions"
PAGE = FOLDER / "README.md"
GIVEN: Mapping[str, dict[str, Any]] = msgspec.json.decode(
    (FOLDER / "demonstration.json").read_bytes()
)
"""What the demonstration's answers were asked with, by a question's number."""

PATIENCE_S = 60.0
"""For policies to have done all that follows from the demonstration."""

STORIES = (
    *("kenya-hrh", "ingobyi-hospital", "mani-coaching", "south-africa-targeted"),
    "county-year",
)
"""What is played: all kinds of programmes, in a minute."""


def questions() -> Iterator[tuple[str, Path, Question]]:
    """Yield each question's number, file and content, in their order."""
    for path in sorted(FOLDER.glob("*.graphql")):
        yield path.name[:2], path, read_question(path)


def answer_of(number: str) -> Path:
    """Return where a question's answer stands."""
    return FOLDER / "answers" / f"{number}.json"


async def answers(expected: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Play the demonstration on a stack of its own, and return each question's answer.

    What policies do goes on for a while after the last command, and nobody is told when it ends.

    Args:
        expected: how the answers are shown once all is done; None: as they are when two rounds of
            questions, some seconds apart, are answered alike.
    """
    with temporary_directory() as directory:
        played = [each for name in STORIES for each in ("--programme", name)]
        command = (sys.executable, "-m", "mshauri", "demo", *played, "--data-dir", str(directory))
        ended = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        async with Stack(directory, environ={}) as stack:
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR)
            async with Api(stack.gateway_url, token) as api:
                return await _settled(api, expected)


async def _settled(api: Api, expected: Mapping[str, str] | None) -> dict[str, Any]:
    give_up, before = monotonic() + PATIENCE_S, None
    while True:
        found = {
            number: await put(api, question, GIVEN.get(number, {}))
            for number, _, question in questions()
            if question.document
        }
        if expected is not None:
            done = all(shown(found[number]) == text for number, text in expected.items())
        else:
            done = found == before
        if done or monotonic() > give_up:
            return found
        before = found
        await asyncio.sleep(1 if expected is not None else 5)


def page() -> str:
    """Return the page of all questions."""
    lines = [
        "# Thirty questions",
        "",
        "What coordinators, ministries, donors and auditors ask of a register of mentorship, each",
        "as a query that a partner may copy, with the answer that the demonstration gives. Put one",
        "to a Mshauri of your own:",
        "",
        "```sh",
        "mshauri ask docs/questions/04-sessions-of-a-month-by-mode.graphql \\",
        "    --set programme=ingobyi-hospital --set unit=orgUnit:RW-4 \\",
        "    --set since=2021-01-01 --set until=2021-01-31",
        "```",
        "",
        f"The answers are those of `mshauri demo`, of {', '.join(STORIES)}, asked with what",
        "stands in [demonstration.json](demonstration.json). `tests/e2e/test_questions.py` asks",
        "them anew, and `python -m tests.support.questions` writes them and this page.",
        "",
        "| | question | asked | answer |",
        "|---|---|---|---|",
    ]
    for number, path, question in questions():
        answer = f"[answer](answers/{number}.json)" if question.document else "waits"
        lines.append(
            f"| {int(number)} | [{question.asks}]({path.name}) | {question.by} | {answer} |"
        )
    return "\n".join(lines) + "\n"


def shown(answer: Any) -> str:
    """Return an answer as its file has it."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def main() -> None:
    """Write the answers and the page."""
    for number, answer in asyncio.run(answers()).items():
        answer_of(number).write_text(shown(answer), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
