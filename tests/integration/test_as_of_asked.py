"""How a moment is asked for: what is answered, to whom, and what is refused, each by its code."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from msgspec.structs import replace
from starlette.applications import Starlette

from services.gateway.asof.cut import instant_of
from services.gateway.asof.past import HistoryUnreadable
from services.gateway.projections import PROJECTIONS
from shared.contracts.access.operation import AccessKind
from shared.contracts.base import events
from shared.domain.as_of import AsOfWithoutZone
from shared.domain.errors import StaleRead
from shared.ledger import Stood
from shared.ledger.memory import MemoryLedger
from shared.ledger.remote import RemoteLedger
from shared.projection.schema import ensure
from shared.service.ledger_routes import ledger_routes
from tests.support.histories import Teller, day, id_of
from tests.support.house import House
from tests.support.ledgers import a_command, onto
from tests.support.models import Models
from tests.support.moments import Gate, Heard, InTurn, Level, node
from tests.support.servers import PostgresServer
from tests.support.year import BECAUSE, beginnings, programme

pytestmark = pytest.mark.asyncio(loop_scope="module")

CIA = node("Mentee", id_of("enrolment", "cia"))
MENTEE = """query ($id: ID!, $at: AsOfInput) { mentee(id: $id, asOf: $at) {
  status healthWorker { givenNames familyName orgUnit { code } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gate(postgres: PostgresServer) -> AsyncIterator[Gate]:
    """A house with one mentorship, whose mentee was renamed, and then moved, in the end."""
    database = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(await postgres.create_database(database))
    await ensure(connection, PROJECTIONS)
    house = await House.built()
    await Teller(house).in_order(beginnings(programme()))
    person = {"healthWorkerId": str(id_of("cia"))}
    name = {"givenNames": "Cia", "familyName": "Newname", **BECAUSE}
    await house.send("healthWorkerRename", **person, **name)
    move = {"orgUnitId": str(id_of("F3")), "occurredOn": str(day(100)), **BECAUSE}
    await house.send("healthWorkerTransfer", **person, **move)
    for subject, role, unit in (
        ("viewer", "VIEWER", "KE"),
        ("of D1", "COORDINATOR", "D1"),
        ("of D2", "COORDINATOR", "D2"),
    ):
        given = {"subjectName": subject, "role": role, "orgUnitId": str(id_of(unit))}
        await house.send("accessGrantGive", **given, occurredOn=str(day(0)))
    ama = {"subjectName": "ama", "role": "MENTOR", "healthWorkerId": str(id_of("ama"))}
    await house.send("accessGrantGive", **ama, orgUnitId=str(id_of("D1")), occurredOn=str(day(0)))
    yield Gate(house, InTurn(await Models(connection).hold(house)))
    await connection.close()
    await postgres.drop_database(database)


async def _when(gate: Gate, topic: str) -> datetime:
    """Return when the first event of a topic was recorded."""
    history = await gate.house.history()
    return next(entry.recorded for _, entry in history if entry.topic == topic)


async def _code(gate: Gate, query: str, at: dict[str, Any], id: str = CIA, as_: str = "") -> str:
    answer = await gate.answer(query, **({"as_": as_} if as_ else {}), id=id, at=at)
    assert not any((answer["data"] or {}).values()), answer
    [error] = answer["errors"]
    return str(error["extensions"]["code"])


async def test_what_was_known_then_and_what_had_happened_by_then_are_two_answers(
    gate: Gate,
) -> None:
    renamed = await _when(gate, "registry.health_worker.renamed")
    before = {"knownAt": (renamed - timedelta(microseconds=1)).isoformat()}
    after = {"knownAt": renamed.isoformat()}
    person = (await gate.ask(MENTEE, id=CIA, at=before))["mentee"]["healthWorker"]
    assert person == {"givenNames": "cia", "familyName": "cia", "orgUnit": {"code": "F1"}}
    person = (await gate.ask(MENTEE, id=CIA, at=after))["mentee"]["healthWorker"]
    assert (person["familyName"], person["orgUnit"]["code"]) == ("Newname", "F1")
    for number, place in ((99, "F1"), (100, "F3")):
        answer = await gate.ask(MENTEE, id=CIA, at={"happenedBy": day(number).isoformat()})
        assert answer["mentee"]["healthWorker"]["orgUnit"] == {"code": place}


async def test_an_answer_says_of_which_moment_each_part_of_it_is(gate: Gate) -> None:
    renamed = await _when(gate, "registry.health_worker.renamed")
    answer = await gate.answer(
        "query ($id: ID!, $at: AsOfInput, $by: AsOfInput) {"
        " then: mentee(id: $id, asOf: $at) { healthWorker { familyName } }"
        " by: mentee(id: $id, asOf: $by) { status }"
        " now: mentee(id: $id) { healthWorker { familyName } } }",
        id=CIA,
        at={"knownAt": (renamed - timedelta(microseconds=1)).isoformat()},
        by={"happenedBy": "2021-02-01"},
    )
    assert answer["data"]["then"] == {"healthWorker": {"familyName": "cia"}}
    assert answer["data"]["now"] == {"healthWorker": {"familyName": "Newname"}}
    then, by = answer["extensions"]["asOf"]
    assert (then["path"], then["kind"]) == (["then"], "knownAt")
    assert (by["path"], by["kind"], by["happenedBy"]) == (["by"], "happenedBy", "2021-02-01")
    at = {one["service"]: one["position"] for one in then["ledgers"]}
    entries = await gate.house.ledger("registry").feed(after=at["registry"], limit=1)
    assert entries[0].topic == "registry.health_worker.renamed"
    assert {one["epoch"] for one in then["ledgers"]} == {1}


async def test_what_is_asked_next_on_a_socket_is_of_now(gate: Gate) -> None:
    renamed = await _when(gate, "registry.health_worker.renamed")
    before = {"knownAt": (renamed - timedelta(microseconds=1)).isoformat()}
    socket = gate.context()
    then, now = [await gate.within(socket, MENTEE, id=CIA, at=at) for at in (before, None)]
    assert then["data"]["mentee"]["healthWorker"]["familyName"] == "cia"
    assert now["data"]["mentee"]["healthWorker"]["familyName"] == "Newname"
    assert "asOf" not in now["extensions"]


async def test_a_name_of_then_is_noted_as_one_of_now_is(gate: Gate) -> None:
    renamed = await _when(gate, "registry.health_worker.renamed")
    at = {"knownAt": (renamed - timedelta(microseconds=1)).isoformat()}
    looked = Heard()
    await dataclasses.replace(gate, teller=looked).ask(MENTEE, id=CIA, at=at)
    assert looked.kinds == {AccessKind.PERSONAL}
    assert looked.people == {id_of("cia")}
    assert looked.fields == {"HealthWorker.givenNames", "HealthWorker.familyName"}


async def test_a_moment_that_is_to_come_is_refused(gate: Gate) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    assert await _code(gate, MENTEE, {"knownAt": later.isoformat()}) == "AS_OF_IN_FUTURE"
    tomorrow = (later + timedelta(days=2)).date()
    for never in (tomorrow.isoformat(), "2199-12-31"):
        assert await _code(gate, MENTEE, {"happenedBy": never}) == "AS_OF_IN_FUTURE"
    head = (await gate.house.ledger("registry").head()).position
    for token in (f"registry.0.{head + 1}", "registry.0.0", "registry.0.1.2"):
        assert await _code(gate, MENTEE, {"positions": [token]}) == "AS_OF_IN_FUTURE"


async def test_an_instant_without_a_zone_is_refused(gate: Gate) -> None:
    at = {"knownAt": "2021-09-30T23:59:59"}
    answer = await gate.answer(MENTEE, id=CIA, at=at)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "another instant in each time zone" in error["message"]
    with pytest.raises(AsOfWithoutZone) as refused:
        instant_of(datetime(2021, 9, 30, 23, 59))
    assert refused.value.code == "AS_OF_WITHOUT_ZONE"


@pytest.mark.parametrize(
    "at",
    [
        {"knownAt": "0001-01-01T00:00:00+14:00"},
        {"knownAt": "9999-12-31T23:59:59-12:00"},
        {"happenedBy": "0001-01-01"},
        {"happenedBy": "9999-12-31"},
        {"positions": ["registry"]},
        {"positions": ["registry.0"]},
        {"positions": ["elsewhere.0.1"]},
        {"positions": [""]},
    ],
)
async def test_what_no_history_of_ours_can_be_of_is_refused(gate: Gate, at: dict[str, Any]) -> None:
    assert await _code(gate, MENTEE, at) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "at",
    [
        {"knownAt": "1903-01-01T00:00:00Z"},
        {"happenedBy": "1903-01-01"},
        {"happenedBy": "2021-01-04"},
        {"positions": ["registry.0.1"]},
    ],
)
async def test_before_their_first_event_there_was_nobody_rather_than_somebody_empty(
    gate: Gate, at: dict[str, Any]
) -> None:
    assert await _code(gate, MENTEE, at) == "AS_OF_BEFORE_FIRST_EVENT"
    answer = await gate.answer(MENTEE, id=node("Mentee", uuid4()), at=at)
    assert answer["data"] == {"mentee": None}
    assert "errors" not in answer, "of who is nobody now either, nothing is told"
    answer = await gate.answer(MENTEE, "nobody", id=CIA, at=at)
    assert "errors" not in answer, "neither is of who is not theirs to see"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("orgUnit { children(first: 1) { nodes { code } } }", "OrgUnit.children"),
        ("orgUnit { parents { code } }", "OrgUnit.parents"),
        ("programmeVersion { cohorts(first: 1) { nodes { code } } }", "ProgrammeVersion.cohorts"),
    ],
)
async def test_what_a_records_own_history_does_not_tell_is_refused_by_its_name(
    gate: Gate, asked: str, name: str
) -> None:
    query = (
        "query ($id: ID!, $at: AsOfInput) { mentee(id: $id, asOf: $at) { ...more } }"
        f" fragment more on Mentee {{ {asked} }}"
    )
    answer = await gate.answer(query, id=CIA, at={"happenedBy": "2021-02-01"})
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "NOT_KNOWN_AS_OF"
    assert name in error["message"]
    assert "mshauri replay" in error["extensions"]["remedy"]
    await gate.ask(query, id=CIA)


async def test_who_looked_is_refused_by_its_name_too_for_no_service_records_it(gate: Gate) -> None:
    query = (
        "query ($id: ID!, $at: AsOfInput) { mentee(id: $id, asOf: $at) { healthWorker {"
        " accessEvents(first: 1) { totalCount { value } } } } }"
    )
    answer = await gate.answer(query, id=CIA, at={"happenedBy": "2021-02-01"})
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "NOT_KNOWN_AS_OF"
    assert "HealthWorker.accessEvents" in error["message"]


async def test_no_position_and_two_questions_at_once_are_refused(gate: Gate) -> None:
    assert await _code(gate, MENTEE, {"positions": []}) == "MALFORMED"
    both = {"happenedBy": "2021-02-01", "knownAt": "2021-02-01T00:00:00Z"}
    answer = await gate.answer(MENTEE, id=CIA, at=both)
    assert answer["errors"]


async def test_a_position_of_a_history_that_is_gone_is_refused(gate: Gate) -> None:
    ledger = gate.house.ledger("registry")
    entries = ledger._entries
    ledger._entries = [*entries[:-1], _of_epoch(entries[-1], 2)]
    token = f"registry.0.{entries[-1].position}"
    assert await _code(gate, MENTEE, {"positions": [token]}) == "AS_OF_POSITION_LOST"
    ledger._entries = entries


def _of_epoch(entry: Any, epoch: int) -> Any:
    return replace(entry, epoch=epoch)


async def test_an_event_that_cannot_be_read_is_named(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = events["registry.enrolment.enrolled"]
    monkeypatch.setattr(kind, "version", 0)
    code = await _code(gate, MENTEE, {"knownAt": datetime.now(UTC).isoformat()})
    assert code == HistoryUnreadable.code == "HISTORY_UNREADABLE"


async def test_who_may_see_what_is_a_matter_of_today(gate: Gate) -> None:
    before = {"knownAt": (await _when(gate, "registry.mentorship.proposed")).isoformat()}
    names = {"givenNames": None, "familyName": None, "orgUnit": {"code": "F1"}}
    answer = await gate.ask(MENTEE, "viewer", id=CIA, at=before)
    assert answer["mentee"]["healthWorker"] == names
    # Where she was then is not theirs who oversee where she is now, and the other way round.
    answer = await gate.ask(MENTEE, "of D1", id=CIA, at=before)
    assert answer["mentee"]["healthWorker"]["familyName"] == "cia"
    answer = await gate.ask(MENTEE, "of D2", id=CIA, at=before)
    assert answer["mentee"] is None
    # A mentor's grant reaches who is in their mentorships today, also as of before there was one.
    earlier = {"knownAt": (await _when(gate, "registry.enrolment.enrolled")).isoformat()}
    answer = await gate.ask(MENTEE, "ama", id=CIA, at=earlier)
    assert answer["mentee"]["healthWorker"]["familyName"] == "cia"


async def test_whoever_asks_waits_until_the_trail_is_as_far_as_the_moment(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> int:
        raise TimeoutError

    monkeypatch.setattr(Level, "position", lambda *_: 0)
    monkeypatch.setattr(Level, "wait_change", never)
    at = {"knownAt": datetime.now(UTC).isoformat()}
    assert await _code(gate, MENTEE, at) == StaleRead.code
    answer = await gate.answer(MENTEE, id=CIA, at={"knownAt": "1903-01-01T00:00:00Z"})
    assert answer["errors"][0]["extensions"]["code"] == "AS_OF_BEFORE_FIRST_EVENT"


async def test_another_process_is_asked_for_the_past_over_http() -> None:
    ledger, stream = MemoryLedger(service="registry"), uuid4()
    for version in range(3):
        await ledger.append(a_command(onto(stream, version)))
    await ledger.append(a_command(onto(uuid4(), 0)))

    class Served:
        internal_token = "t" * 32

        def __init__(self) -> None:
            self.ledger = ledger

    app = Starlette(routes=ledger_routes(Served))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport) as client:
        remote = RemoteLedger(client, "http://house", "t" * 32)
        assert await remote.streams([stream]) == await ledger.streams([stream])
        assert len(await remote.streams([stream], position=2)) == 2
        _, second, _ = await ledger.streams([stream])
        found = await remote.stood_at(second.recorded)
        assert isinstance(found, Stood)
        assert found == await ledger.stood_at(second.recorded)
