"""Who looked: of every way to read of people, who read, whose, what and why is on record, and who
may see that.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from services.gateway.graphql.ids import global_id
from services.gateway.projections import BROKEN_GLASS, ERASURE
from services.gateway.projections import MENTEE as MENTEE_TABLE
from services.gateway.unreviewed import count_unreviewed
from shared.access.facts import ACCESS_GRANT
from shared.contracts.access.operation import AccessKind, AccessPurpose, PersonalDataShown
from shared.domain.pausing import end
from shared.positions import partition_of
from shared.runtime.metrics import glass_unreviewed
from tests.integration.test_gateway_happenings import fill, grant
from tests.integration.test_gateway_subscription import connected
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.looked import fold, position, recorded, shown_by
from tests.support.marking import with_marks
from tests.support.servers import PostgresServer
from tests.support.story import STORY
from tests.support.telling import CENTRE, ENROLMENT, HOSPITAL, MENTEE, MENTOR, RWANDA

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = "query Names { healthWorkers(first: 50) { nodes { id givenNames phone } } }"
PERSON = "query P($id: ID!) { healthWorker(id: $id) { number familyName } }"
NUMBERS = "{ healthWorkers(first: 50) { nodes { id number cadre } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running, map(with_marks, STORY))
        for role in ("ADMINISTRATOR", "COORDINATOR", "AUDITOR", "VIEWER"):
            await grant(running, role.lower(), role, unit=RWANDA)
        await grant(running, "the mentor", "MENTOR", person=MENTOR, unit=RWANDA, own=True)
        await grant(running, "the mentee", "MENTEE", person=MENTEE, unit=RWANDA)
        await grant(running, "auditor of the centre", "AUDITOR", unit=CENTRE)
        await running.told()
        yield running
    await postgres.drop_database(name)


def person(id: Any) -> str:
    return global_id("HealthWorker", id)


async def test_names_that_are_read_are_recorded_with_who_read_whose_and_what(
    gateway: RunningGateway,
) -> None:
    ((meta, shown),) = await shown_by(gateway, NAMES, "coordinator")

    assert meta.actor == "coordinator"
    assert {MENTEE, MENTOR} <= set(shown.people)
    assert shown.kinds == (AccessKind.PERSONAL,)
    assert set(shown.fields) == {"HealthWorker.givenNames", "HealthWorker.phone"}
    assert (shown.name, shown.asked) == ("Names", ("healthWorkers",))
    assert not shown.own
    assert not shown.operator


async def test_who_may_read_no_name_was_shown_none(gateway: RunningGateway) -> None:
    assert await shown_by(gateway, NAMES, "viewer") == []
    assert await shown_by(gateway, NUMBERS, "coordinator") == []


async def test_an_operator_is_recorded_as_one(gateway: RunningGateway) -> None:
    ((meta, shown),) = await shown_by(gateway, PERSON, OPERATOR, id=person(MENTEE))

    assert (meta.actor, shown.operator, shown.people) == (OPERATOR, True, (MENTEE,))
    assert shown.fields == ("HealthWorker.familyName",)


async def test_the_grants_that_were_held_are_recorded(gateway: RunningGateway) -> None:
    held = await gateway.database.fetchval(
        "SELECT grant_id FROM access_grant_v5 WHERE subject = 'coordinator'"
    )

    ((_, shown),) = await shown_by(gateway, PERSON, "coordinator", id=person(MENTEE))

    assert shown.grants == (held,)
    assert not shown.broken_glass


async def test_why_is_recorded_as_the_sender_says_it_by_a_code(gateway: RunningGateway) -> None:
    before = await position(gateway)
    for said, status in (("COMPLAINT", 200), ("because Uwase cried", 400)):
        response = await gateway.client.post(
            f"{gateway.url}/graphql",
            json={"query": PERSON, "variables": {"id": person(MENTEE)}},
            headers={
                "Authorization": f"Bearer {gateway.token('coordinator')}",
                "X-Mshauri-Purpose": said,
                "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
            },
        )
        assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == "UNKNOWN_PURPOSE"

    (told,) = await recorded(gateway, before)
    assert told.body.purpose is AccessPurpose.COMPLAINT  # type: ignore[attr-defined]
    assert told.body.trace_id == "a" * 32  # type: ignore[attr-defined]


async def test_that_a_journal_exists_is_shown_to_who_may_not_read_it(
    gateway: RunningGateway,
) -> None:
    ((_, shown),) = await shown_by(
        gateway, "{ journalEntries(first: 5) { nodes { writtenOn } } }", "viewer"
    )

    assert (shown.kinds, shown.fields) == ((AccessKind.JOURNAL,), ())
    assert shown.people == (MENTEE,)


async def test_what_is_confided_is_recorded_of_the_pair_that_reads_it(
    gateway: RunningGateway,
) -> None:
    ((meta, shown),) = await shown_by(
        gateway, "{ journalEntries(first: 5) { nodes { text } } }", "the mentor"
    )

    assert meta.actor == "the mentor"
    assert set(shown.kinds) == {AccessKind.JOURNAL, AccessKind.CONFIDED}
    assert shown.fields == ("JournalEntry.text",)


@pytest.mark.parametrize(
    "asked",
    [
        "recordedEvents(first: 5) { nodes { topic } }",
        "journalEntries(first: 1) { totalCount { value } }",
    ],
)
async def test_a_history_and_a_count_of_journals_are_recorded_too(
    gateway: RunningGateway, asked: str
) -> None:
    ((_, shown),) = await shown_by(gateway, f"{{ {asked} }}", "auditor")

    assert shown.kinds in ((AccessKind.HISTORY,), (AccessKind.JOURNAL,))
    assert shown.asked == (asked.partition("(")[0],)


async def test_a_trail_is_recorded_of_the_person_whose_it_is(gateway: RunningGateway) -> None:
    trail = "query($id: ID!) { healthWorker(id: $id) { auditTrail(first: 3) { nodes { topic } } } }"

    ((_, shown),) = await shown_by(gateway, trail, "auditor", id=person(MENTOR))

    assert (shown.kinds, shown.people) == ((AccessKind.HISTORY,), (MENTOR,))


async def test_a_history_in_words_is_recorded_of_the_person_whose_it_is(
    gateway: RunningGateway,
) -> None:
    history = "query($id: ID!) { healthWorker(id: $id) { history(first: 1) { %s } } }"

    ((_, read),) = await shown_by(
        gateway, history % "nodes { topic }", "auditor", id=person(MENTOR)
    )
    ((_, counted),) = await shown_by(
        gateway, history % "totalCount { value }", "auditor", id=person(MENTOR)
    )

    assert (read.kinds, read.people) == ((AccessKind.HISTORY,), (MENTOR,))
    assert counted.kinds == (AccessKind.HISTORY,)


async def test_who_is_found_by_who_they_are_was_shown_by_it(gateway: RunningGateway) -> None:
    phone = await gateway.database.fetchval(
        "SELECT shown FROM person_number_v1 WHERE kind = 'PHONE' AND health_worker_id = $1", MENTEE
    )
    found = "query($p: String!) { healthWorkers(first: 5, filter: {phone: $p}) { nodes { id } } }"
    searched = "query($p: String!) { search(text: $p, first: 5) { nodes { score } } }"

    for document in (found, searched):
        ((_, shown),) = await shown_by(gateway, document, "coordinator", p=phone)
        assert (shown.kinds, shown.people) == ((AccessKind.PERSONAL,), (MENTEE,))
        assert not await shown_by(gateway, document, "viewer", p=phone)


async def test_who_is_found_by_a_public_number_is_not(gateway: RunningGateway) -> None:
    number = (await gateway.ask(NUMBERS, "coordinator"))["healthWorkers"]["nodes"][0]["number"]

    assert not await shown_by(
        gateway,
        "query($n: String!) { search(text: $n, first: 5) { nodes { score } } }",
        "coordinator",
        n=number,
    )


async def test_what_is_of_no_one_person_is_recorded_of_its_unit(gateway: RunningGateway) -> None:
    ((_, shown),) = await shown_by(
        gateway, "{ supervisionVisits(first: 5) { nodes { findings } } }", "coordinator"
    )

    assert shown.people == ()
    assert HOSPITAL in shown.units


async def test_what_is_of_a_mentorship_is_recorded_of_its_parties(gateway: RunningGateway) -> None:
    ((_, shown),) = await shown_by(
        gateway, "{ contacts(first: 5) { nodes { about } } }", "coordinator"
    )

    assert {MENTEE, MENTOR} <= set(shown.people)


async def test_ones_own_record_is_recorded_once_an_hour(gateway: RunningGateway) -> None:
    ((meta, shown),) = await shown_by(gateway, PERSON, "the mentee", id=person(MENTEE))

    assert (meta.actor, shown.own, shown.people) == ("the mentee", True, (MENTEE,))
    assert not await shown_by(gateway, PERSON, "the mentee", id=person(MENTEE))
    # Others' reads of the same record are recorded each.
    for _ in range(2):
        assert await shown_by(gateway, PERSON, "the mentor", id=person(MENTEE))


FOLLOW = """subscription Follow($id: ID!) {
  menteeProgress(id: $id) { mentee { validated healthWorker { familyName } } }
}"""


async def test_every_message_of_a_subscription_that_shows_somebody_is_recorded(
    gateway: RunningGateway,
) -> None:
    before = await position(gateway)
    async with connected(gateway, gateway.token("coordinator")) as socket:
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        payload = {"query": FOLLOW, "variables": {"id": global_id("Mentee", ENROLMENT)}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        for message in (1, 2):
            told = (await said(socket))["payload"]["data"]["menteeProgress"]
            assert told["mentee"]["healthWorker"]["familyName"]
            events = [one.body for one in await recorded(gateway, before)]
            assert len(events) == message
            assert {one.people for one in events} == {(MENTEE,)}  # type: ignore[attr-defined]
            assert {one.asked for one in events} == {("menteeProgress",)}  # type: ignore[attr-defined]
            place = 1_000_000 + message
            await gateway.database.execute(
                f'UPDATE "{MENTEE_TABLE.physical}" SET validation_position = $2 WHERE id = $1',
                ENROLMENT,
                place,
            )
            await gateway.applied("validation", partition_of(MENTEE), place)


async def test_operations_side_by_side_on_a_socket_are_recorded_each_for_itself(
    gateway: RunningGateway,
) -> None:
    before = await position(gateway)
    async with connected(gateway, gateway.token("coordinator"), purpose="SUPERVISION") as socket:
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        for id, whose in (("1", MENTEE), ("2", MENTOR)):
            payload = {"query": PERSON, "variables": {"id": person(whose)}}
            await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))
        types = [(await said(socket))["type"] for _ in range(4)]
        assert sorted(types) == ["complete", "complete", "next", "next"]

    told = [one.body for one in await recorded(gateway, before)]
    assert sorted(one.people for one in told) == sorted([(MENTEE,), (MENTOR,)])  # type: ignore[attr-defined]
    assert {one.purpose for one in told} == {AccessPurpose.SUPERVISION}  # type: ignore[attr-defined]


async def test_a_socket_reads_by_the_grants_of_now_not_of_when_it_was_opened(
    gateway: RunningGateway,
) -> None:
    await grant(gateway, "for a while", "COORDINATOR", unit=RWANDA)
    await gateway.told()
    async with connected(gateway, gateway.token("for a while")) as socket:
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        found = []
        for id in ("1", "2"):
            payload = {"query": PERSON, "variables": {"id": person(MENTEE)}}
            await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))
            found.append((await said(socket))["payload"]["data"]["healthWorker"])
            await said(socket)
            await gateway.database.execute(
                "UPDATE access_grant_v5 SET revoked = since, position = position + 1"
                " WHERE subject = 'for a while'"
            )
            await gateway.told()

    assert found[0]["familyName"]
    assert found[1] is None


async def said(socket: Any) -> Any:
    async with asyncio.timeout(5):
        return json.loads(await socket.recv())


# ── in an emergency ───────────────────────────────────────────────────────────────────────────


async def break_glass(gateway: RunningGateway, subject: str, ends: datetime, **over: Any) -> UUID:
    """Have somebody hold what `accessBreakGlass` gives."""
    await gateway.insert(
        ACCESS_GRANT,
        grant_id=(id := uuid4()),
        subject=subject,
        role="BREAK_GLASS",
        since=date(2020, 1, 1),
        until=date(2100, 1, 1),
        ends=ends,
        position=uuid4().int % 2**40,
        **over,
    )
    await gateway.told()
    return id


async def test_what_is_read_in_an_emergency_is_marked_and_ends_in_time(
    gateway: RunningGateway,
) -> None:
    await grant(gateway, "elsewhere", "COORDINATOR", unit=CENTRE)
    await gateway.told()
    names = "query($id: ID!) { healthWorker(id: $id) { familyName enrolments { id } } }"
    assert (await gateway.ask(names, "elsewhere", id=person(MENTEE)))["healthWorker"] is None
    ends = datetime.now(UTC) + timedelta(seconds=4)
    glass = await break_glass(gateway, "elsewhere", ends, over_person=MENTEE)

    found = await gateway.ask(names, "elsewhere", id=person(MENTEE))
    ((meta, shown),) = await shown_by(gateway, PERSON, "elsewhere", id=person(MENTEE))

    assert found["healthWorker"]["familyName"]
    assert found["healthWorker"]["enrolments"]
    assert meta.actor == "elsewhere"
    assert shown.broken_glass == (glass,)
    assert glass in shown.grants
    assert (await gateway.ask(PERSON, "elsewhere", id=person(MENTOR)))["healthWorker"] is None
    await asyncio.sleep((ends - datetime.now(UTC)).total_seconds() + 0.05)
    assert (await gateway.ask(names, "elsewhere", id=person(MENTEE)))["healthWorker"] is None


async def test_an_emergency_does_not_open_what_is_confided(gateway: RunningGateway) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    await break_glass(gateway, "in haste", ends, org_unit_id=RWANDA)

    nodes = (
        await gateway.ask("{ journalEntries(first: 5) { nodes { writtenOn text } } }", "in haste")
    )["journalEntries"]["nodes"]

    assert nodes
    assert {node["text"] for node in nodes} == {None}


async def test_an_auditor_finds_what_was_read_in_an_emergency(gateway: RunningGateway) -> None:
    await break_glass(
        gateway, "hurried", datetime.now(UTC) + timedelta(hours=1), over_person=MENTEE
    )
    await gateway.ask(PERSON, "hurried", id=person(MENTEE))
    await fold(gateway)

    found = await events(gateway, "auditor", brokenGlass=True)

    assert "hurried" in {node["actor"] for node in found}
    assert "coordinator" not in {node["actor"] for node in found}


GLASS = """query($filter: BrokenGlassFilter) { brokenGlass(first: 50, filter: $filter) { nodes {
  id takenBy reason outcome found timesRead healthWorker { id } orgUnit { id } } } }"""
AT = "query($id: ID!) { healthWorkers(first: 1, filter: {orgUnitId: $id}) { nodes { phone } } }"
TAKEN = datetime.now(UTC) - timedelta(hours=1)


async def taken(gateway: RunningGateway, id: UUID, subject: str, **more: Any) -> dict[str, Any]:
    """Have it be listed, too, and return how it is known to be asked for."""
    await gateway.insert(
        BROKEN_GLASS,
        id=id,
        taken_by=subject,
        taken_at=TAKEN,
        ends=TAKEN + timedelta(hours=2),
        reason="An emergency.",
        record_version=1,
        position=uuid4().int % 2**40,
        **more,
    )
    return {"id": global_id("BrokenGlass", id)}


async def glass_of(gateway: RunningGateway, subject: str, **filter: Any) -> dict[str, Any]:
    nodes = (await gateway.ask(GLASS, subject, filter=filter))["brokenGlass"]["nodes"]
    return {node["id"]: node for node in nodes}


async def test_who_answers_for_the_place_is_told_and_so_is_whom_it_opens(
    gateway: RunningGateway,
) -> None:
    over = {"org_unit_id": HOSPITAL, "over_person_id": MENTEE}
    id = (await taken(gateway, uuid4(), "far", **over))["id"]

    told = {role: await glass_of(gateway, role) for role in ("administrator", "coordinator")}
    told |= {role: await glass_of(gateway, role) for role in ("auditor", "the mentee", "viewer")}

    assert {role for role, listed in told.items() if id in listed} == set(told) - {"viewer"}
    assert told["coordinator"][id]["reason"] == "An emergency."
    assert told["coordinator"][id]["healthWorker"] == {"id": person(MENTEE)}
    assert id not in await glass_of(gateway, "auditor of the centre")


async def test_what_nobody_looked_into_is_listed_by_itself(gateway: RunningGateway) -> None:
    waits = (await taken(gateway, uuid4(), "far", org_unit_id=HOSPITAL))["id"]
    seen = {"outcome": "JUSTIFIED", "reviewed_by": "auditor", "reviewed_at": TAKEN, "found": "So."}
    over = (await taken(gateway, uuid4(), "far", org_unit_id=HOSPITAL, **seen))["id"]

    for reviewed, (there, not_there) in {False: (waits, over), True: (over, waits)}.items():
        listed = await glass_of(gateway, "auditor", reviewed=reviewed)
        assert there in listed
        assert not_there not in listed
    assert listed[over]["found"] == "So."
    under = {"orgUnitId": global_id("OrgUnit", CENTRE)}
    assert not {waits, over} & (await glass_of(gateway, "auditor", **under)).keys()


async def test_how_much_waits_is_counted_for_whoever_is_alerted(gateway: RunningGateway) -> None:
    await taken(gateway, uuid4(), "far", org_unit_id=HOSPITAL)
    waits = await glass_of(gateway, OPERATOR, reviewed=False)
    glass_unreviewed.set(0)

    counting = asyncio.create_task(count_unreviewed(gateway.settings.database_url))
    try:
        async with asyncio.timeout(10):
            while REGISTRY.get_sample_value("mshauri_broken_glass_unreviewed") != len(waits):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await end(counting)


@pytest.mark.parametrize("whole", [False, True])
async def test_it_says_how_often_what_it_opens_was_read_by_it(
    gateway: RunningGateway, whole: bool
) -> None:
    """Reads of others, and those of others, are none of them."""
    subject = f"reads {whole}"
    await grant(gateway, subject, "COORDINATOR", unit=CENTRE)
    opens: dict[str, Any] = {"org_unit_id": HOSPITAL} if whole else {"over_person": MENTEE}
    glass = await break_glass(gateway, subject, datetime.now(UTC) + timedelta(hours=1), **opens)
    over = {"org_unit_id": HOSPITAL} | ({} if whole else {"over_person_id": MENTEE})
    id = (await taken(gateway, glass, subject, **over))["id"]
    await fold(gateway)
    assert (await glass_of(gateway, "auditor"))[id]["timesRead"] == 0

    for _ in range(2):
        await gateway.ask(PERSON, subject, id=person(MENTEE))
    await gateway.ask(PERSON, "coordinator", id=person(MENTEE))
    elsewhere = await gateway.ask(AT, subject, id=global_id("OrgUnit", CENTRE))
    assert elsewhere["healthWorkers"]["nodes"]
    await fold(gateway)

    assert (await glass_of(gateway, "auditor"))[id]["timesRead"] == 2


# ── and who may see that ──────────────────────────────────────────────────────────────────────

EVENTS = """query($filter: AccessEventFilter) { accessEvents(first: 50, filter: $filter) {
  nodes { actor own kinds fields purpose name asked grants healthWorker { id } orgUnit { id } }
} }"""
OF_ONE = """query($id: ID!) { healthWorker(id: $id) { accessEvents(first: 50) {
  nodes { actor own healthWorker { id } } } } }"""


async def events(gateway: RunningGateway, subject: str, **filter: Any) -> list[Any]:
    nodes: list[Any] = (await gateway.ask(EVENTS, subject, filter=filter))["accessEvents"]["nodes"]
    return nodes


async def test_an_auditor_sees_who_looked_at_whom_they_audit_and_nobody_elses(
    gateway: RunningGateway,
) -> None:
    await gateway.ask(NAMES, "coordinator")
    await fold(gateway)

    of_all = await events(gateway, "auditor", actor="coordinator", kind="PERSONAL")
    of_the_centre = await events(gateway, "auditor of the centre", actor="coordinator")

    seen = {node["healthWorker"]["id"] for node in of_all if node["healthWorker"]}
    assert {person(MENTEE), person(MENTOR)} <= seen
    there = {node["healthWorker"]["id"] for node in of_the_centre}
    assert there
    assert person(MENTEE) not in there
    assert all(node["actor"] == "coordinator" for node in of_all)


@pytest.mark.parametrize("subject", ["viewer", "coordinator", "administrator", "nobody"])
async def test_who_audits_nothing_sees_no_access_event(
    gateway: RunningGateway, subject: str
) -> None:
    await gateway.ask(PERSON, "coordinator", id=person(MENTEE))
    await fold(gateway)

    assert await events(gateway, subject) == []


HANDED_OUT = """query($id: ID!) { healthWorker(id: $id) { erasure {
  evidenceBefore { at actor kinds } } } }"""


async def test_evidence_that_was_made_before_an_erasure_is_listed_with_it(
    gateway: RunningGateway,
) -> None:
    erased = datetime(2021, 6, 1, tzinfo=UTC)
    await gateway.database.execute(
        f'''INSERT INTO "{ERASURE.physical}" (id, state, decided_at) VALUES ($1, 'ERASED', $2)
            ON CONFLICT (id) DO UPDATE SET state = 'ERASED', decided_at = $2''',
        MENTOR,
        erased,
    )
    access = gateway.gateway._access
    assert access is not None
    for kind, days in (
        (AccessKind.EVIDENCE, -2),
        (AccessKind.EVIDENCE, 2),
        (AccessKind.HISTORY, -1),
    ):
        made = PersonalDataShown(
            operation_id=uuid4(),
            at=erased + timedelta(days=days),
            kinds=(kind,),
            people=(MENTOR,),
            trace_id="a" * 32,
        )
        access.write(made, actor="an auditor", correlation_id=uuid4(), cause=made.operation_id)
    await fold(gateway)

    told = (await gateway.ask(HANDED_OUT, "auditor", id=person(MENTOR)))["healthWorker"]["erasure"]
    unseen = (await gateway.ask(HANDED_OUT, "coordinator", id=person(MENTOR)))["healthWorker"]

    (made_before,) = told["evidenceBefore"]
    assert (made_before["actor"], made_before["kinds"]) == ("an auditor", ["EVIDENCE"])
    assert datetime.fromisoformat(made_before["at"]) == erased - timedelta(days=2)
    assert unseen["erasure"]["evidenceBefore"] == []


async def test_somebody_sees_who_looked_at_their_own_record_and_at_no_other(
    gateway: RunningGateway,
) -> None:
    await gateway.ask(NAMES, "coordinator")
    await fold(gateway)

    mine = (await gateway.ask(OF_ONE, "the mentee", id=person(MENTEE)))["healthWorker"]
    listed = await events(gateway, "the mentee")

    for nodes in (mine["accessEvents"]["nodes"], listed):
        assert "coordinator" in {node["actor"] for node in nodes}
        assert {node["healthWorker"]["id"] for node in nodes} == {person(MENTEE)}


async def test_a_mentor_does_not_see_who_looked_at_their_mentee(gateway: RunningGateway) -> None:
    await gateway.ask(PERSON, "coordinator", id=person(MENTEE))
    await fold(gateway)

    found = (await gateway.ask(OF_ONE, "the mentor", id=person(MENTEE)))["healthWorker"]

    assert found["accessEvents"]["nodes"] == []


async def test_to_read_who_looked_is_an_access_event_too(gateway: RunningGateway) -> None:
    await gateway.ask(PERSON, "coordinator", id=person(MENTEE))
    await fold(gateway)

    ((meta, shown),) = await shown_by(gateway, OF_ONE, "auditor", id=person(MENTEE))

    assert meta.actor == "auditor"
    assert (shown.kinds, shown.people) == ((AccessKind.ACCESS_EVENTS,), (MENTEE,))


async def test_pages_of_access_events_follow_one_another(gateway: RunningGateway) -> None:
    await gateway.ask(NAMES, "coordinator")
    await fold(gateway)
    paged = """query($after: Cursor) { accessEvents(first: 3, after: $after, orderBy: AT) {
      nodes { eventId healthWorker { id } } pageInfo { endCursor hasNextPage } } }"""

    seen, after = [], None
    while True:
        page = (await gateway.ask(paged, OPERATOR, after=after))["accessEvents"]
        seen += [(n["eventId"], (n["healthWorker"] or {}).get("id")) for n in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    total = await gateway.database.fetchval("SELECT count(*) FROM access_shown_v1")
    assert len(seen) == total
