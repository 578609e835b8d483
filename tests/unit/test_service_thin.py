"""The straight way of one command: what it hands over, and what it leaves to the framework."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.types import ASGIApp, Message

from shared.deciding.commanding import Answer
from shared.domain.errors import NotFound, Unauthenticated
from shared.language import spoken
from shared.service.routes import LARGEST, command_app

ID = UUID(int=7)
ANSWER = {"commandId": str(ID), "record": "OrgUnit", "id": str(ID), "version": 1, "positions": []}
GIVEN = {"authorization": "Bearer good"}


class Deciding:
    """Decides everything alike, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes, str]] = []

    async def verify(self, token: str) -> str:
        if token != "good":
            raise Unauthenticated(problem="it is malformed")
        return "somebody"

    async def execute(self, name: str, body: bytes, principal: str) -> Answer:
        self.asked.append((name, body, principal))
        if name == "orgUnitRename":
            raise NotFound("orgUnitId", kind="OrgUnit", id=ID)
        return Answer(command_id=ID, record="OrgUnit", id=ID, version=1, positions=[])


@pytest.fixture
def deciding() -> Deciding:
    return Deciding()


@pytest.fixture
def app(deciding: Deciding) -> ASGIApp:
    parts: Any = SimpleNamespace(
        verifier=deciding, deciding=SimpleNamespace(commander=deciding), internal_token="secret"
    )
    return command_app(lambda: parts, [], None)  # type: ignore[arg-type]


def client(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


async def test_a_command_is_decided_by_its_name_its_bytes_and_its_sender(
    app: ASGIApp, deciding: Deciding
) -> None:
    answer = await client(app).post("/commands/orgUnitEstablish", content=b"{}", headers=GIVEN)
    assert (answer.status_code, answer.json()) == (200, ANSWER)
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert deciding.asked == [("orgUnitEstablish", b"{}", "somebody")]


async def test_what_is_refused_is_told_in_the_language_asked_for(app: ASGIApp) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    headers = {**GIVEN, "accept-language": "fr-RW, en;q=0.5", "traceparent": trace}
    answer = await client(app).post("/commands/orgUnitRename", content=b"{}", headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["traceId"]) == (404, "NOT_FOUND", "a" * 32)
    assert problem["detail"].startswith("Il n'existe pas")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "fr"
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer bad"}, {"authorization": "x"}])
async def test_nobody_known_is_answered_before_anything_is_read(
    app: ASGIApp, deciding: Deciding, headers: dict[str, str]
) -> None:
    content = b" " * (LARGEST + 1)
    answer = await client(app).post("/commands/orgUnitEstablish", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert deciding.asked == []


async def test_a_command_is_read_as_far_as_it_may_be_and_no_further(
    app: ASGIApp, deciding: Deciding
) -> None:
    fits, exceeds = b" " * LARGEST, b" " * (LARGEST + 1)
    ask = client(app)
    assert (await ask.post("/commands/a", content=fits, headers=GIVEN)).status_code == 200
    answer = await ask.post("/commands/a", content=exceeds, headers=GIVEN)
    assert (answer.status_code, answer.json()["code"]) == (413, "REQUEST_TOO_LARGE")
    assert [len(body) for _, body, _ in deciding.asked] == [LARGEST]


async def test_a_command_that_comes_in_parts_is_put_together(
    app: ASGIApp, deciding: Deciding
) -> None:
    said = await speak(app, b'{"a"', b": ", b"1}")
    assert said[0]["status"] == 200
    assert deciding.asked == [("a", b'{"a": 1}', "somebody")]


async def test_whoever_leaves_in_mid_sentence_asked_for_nothing(
    app: ASGIApp, deciding: Deciding
) -> None:
    assert await speak(app, b'{"a"', None) == []
    assert deciding.asked == []


async def test_another_method_is_told_the_right_one(app: ASGIApp) -> None:
    answer = await client(app).get("/commands/orgUnitEstablish", headers=GIVEN)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("path", ["/commands/", "/commands/a/b", "/command/a", "/"])
async def test_other_paths_are_the_frameworks(app: ASGIApp, deciding: Deciding, path: str) -> None:
    answer = await client(app).post(path, content=b"{}", headers=GIVEN, follow_redirects=False)
    assert answer.status_code in (307, 404)
    assert deciding.asked == []


async def speak(app: ASGIApp, *parts: bytes | None) -> list[Message]:
    """Send a command in these parts; None: leave. Return what was answered."""
    said: list[Message] = []
    coming = [
        {"type": "http.disconnect"}
        if part is None
        else {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
        for place, part in enumerate(parts)
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/commands/a",
        "headers": [(b"authorization", b"Bearer good")],
    }
    await app(scope, receive, send)
    return said


async def test_what_a_command_that_is_tried_departs_from_is_told_in_the_senders_language(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken_in: list[str] = []

    async def execute(_self: Deciding, _name: str, _body: bytes, _principal: str) -> Answer:
        spoken_in.append(spoken())
        return Answer(command_id=ID, record="OrgUnit", id=ID, version=1, positions=[])

    monkeypatch.setattr(Deciding, "execute", execute)
    headers = {**GIVEN, "accept-language": "fr"}
    await client(app).post("/commands/sessionLog", content=b'{"dryRun": true}', headers=headers)
    assert spoken_in == ["fr"]
