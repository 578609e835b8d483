"""A request is answered in the language it asks for, and the answer says which that is."""

import asyncio

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from shared.domain.errors import OccurredInFuture
from shared.language import LANGUAGES, Speaking, message_of, remedy_of, speaking, spoken
from shared.runtime.problems import problem_of


async def say(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the language of the request, as a task started for it knows it."""
    await Request(scope, receive).body()
    language = await asyncio.create_task(_spoken())
    response: Response = PlainTextResponse(language, headers={"Vary": "Origin"})
    await response(scope, receive, send)


async def _spoken() -> str:
    await asyncio.sleep(0)
    return spoken()


async def test_each_of_many_requests_at_once_is_answered_in_its_own_language() -> None:
    transport = httpx.ASGITransport(app=Speaking(say))
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        answers = await asyncio.gather(
            *(client.get("/", headers={"Accept-Language": each}) for each in LANGUAGES)
        )
    assert [answer.text for answer in answers] == list(LANGUAGES)
    assert [answer.headers["content-language"] for answer in answers] == list(LANGUAGES)
    assert {answer.headers["vary"] for answer in answers} == {"Origin, Accept-Language"}
    assert spoken() == "en"


def test_an_error_has_the_same_code_and_values_in_every_language() -> None:
    error = OccurredInFuture("occurredOn", occurred="2026-05-01", today="2026-04-30")
    problems = []
    for language in LANGUAGES:
        with speaking(language):
            problems.append(problem_of(error))
    assert len({problem.detail for problem in problems}) == len(LANGUAGES)
    assert len({problem.remedy for problem in problems}) == len(LANGUAGES)
    assert {problem.code for problem in problems} == {"OCCURRED_IN_FUTURE"}
    assert all("2026-05-01" in problem.detail for problem in problems)
    assert {str(problem.params) for problem in problems} == {
        "{'occurred': '2026-05-01', 'today': '2026-04-30'}"
    }


def test_what_is_in_no_catalogue_is_said_in_english() -> None:
    class Unheard(OccurredInFuture):
        """An error that no catalogue knows."""

        code = "UNHEARD_OF"
        template = "{thing} is unheard of."
        remedy_template = "Hear of it."

    with speaking("sw"):
        error = Unheard(thing="This")
        assert message_of(error) == "This is unheard of."
        assert remedy_of(error) == "Hear of it."
