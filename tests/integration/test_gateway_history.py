"""Somebody's history over a real database: what it tells, in which order, and to whom."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import AUDIT_EVENT, HEALTH_WORKER, RIGHT_TO_MENTOR
from shared.contracts.definition import CascadeStep, Conduct
from tests.integration.test_gateway_happenings import fill, grant
from tests.support.gateway import OPERATOR, RunningGateway, running_gateway
from tests.support.hospital import Hospital
from tests.support.house import House
from tests.support.servers import PostgresServer
from tests.support.story import STORY
from tests.support.telling import ENROLMENT, HOSPITAL, HUYE, MENTEE, MENTOR, RWANDA, SOUTH

pytestmark = pytest.mark.asyncio(loop_scope="module")

Row = dict[str, Any]

LINKS = "actor cause { eventId } effects { eventId topic }"
CHANGES = """difference {
  statusBefore statusAfter validatedBefore validatedAfter competencyCount
  sessionsBefore sessionsAfter rightsBefore rightsAfter pointsBefore pointsAfter mentee { id }
}"""
UNDER = "recordedUnder { id } orgUnit { name }"
HISTORY = """
query History($id: ID!, $first: Int! = 100, $after: Cursor, $filter: HistoryFilter,
              $orderBy: HistoryOrder, $asOf: DateTime) {
  healthWorker(id: $id) {
    history(first: $first, after: $after, filter: $filter, orderBy: $orderBy, asOf: $asOf) {
      nodes { eventId words topic recorded occurredOn reason service record %s }
      totalCount { value } pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def page(
    gateway: RunningGateway,
    person: UUID = MENTEE,
    as_: str = OPERATOR,
    fields: str = "",
    **asked: Any,
) -> Row:
    """Return one page of somebody's history, with these fields besides."""
    id = global_id("HealthWorker", person)
    answer = await gateway.ask(HISTORY % fields, as_, id=id, **asked)
    found: Row = answer["healthWorker"]["history"]
    return found


async def history(
    gateway: RunningGateway,
    person: UUID = MENTEE,
    as_: str = OPERATOR,
    fields: str = "",
    **asked: Any,
) -> list[Row]:
    """Return the entries of one page."""
    return list((await page(gateway, person, as_, fields, **asked))["nodes"])


def the(entries: list[Row], topic: str) -> Row:
    """Return the first entry of what happened."""
    return next(one for one in entries if one["topic"].endswith(topic))


# ── the story ─────────────────────────────────────────────────────────────────────────────────


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the whole story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running, STORY)
        await grant(running, "auditor", "AUDITOR", unit=RWANDA)
        await grant(running, "auditor of the district", "AUDITOR", unit=HUYE)
        await grant(running, "coordinator", "COORDINATOR", unit=RWANDA)
        await grant(running, "the mentee", "MENTEE", person=MENTEE, unit=RWANDA)
        await running.told()
        yield running
    await postgres.drop_database(name)


async def test_it_tells_what_happened_in_words_with_names(gateway: RunningGateway) -> None:
    told = [one["words"] for one in await history(gateway)]
    assert told[0] == "Grace Mutoni was registered at Sovu, since 1 October 2020: Nurse."
    assert (
        "Grace Mutoni was assessed in Bubble CPAP by Aline Uwase on 20 November 2020: 17 of 20, "
        "attempt 2." in told
    )
    assert (
        "Grace Mutoni was validated in Bubble CPAP on 20 November 2020: 1 of 2 competencies."
        in told
    )


async def test_it_is_told_in_the_language_that_is_asked_for(gateway: RunningGateway) -> None:
    answer = await gateway.client.post(
        f"{gateway.url}/graphql",
        json={
            "query": HISTORY % "",
            "variables": {"id": global_id("HealthWorker", MENTEE), "first": 20},
        },
        headers={
            "Authorization": f"Bearer {gateway.token(OPERATOR)}",
            "Accept-Language": "fr-RW, en;q=0.5",
        },
    )
    told = [one["words"] for one in answer.json()["data"]["healthWorker"]["history"]["nodes"]]
    assert told[0] == ("Enregistrement de Grace Mutoni à Sovu, à partir du 1 octobre 2020 : Nurse.")


async def test_what_names_nobody_is_told_of_whose_record_it_happened_to(
    gateway: RunningGateway,
) -> None:
    told = {one["topic"] for one in await history(gateway)}
    assert "registry.mentorship.agreed" in told
    assert "validation.certificate.issued" in told
    # Of what belongs to many, only what names them.
    of_the_mentor = {one["topic"] for one in await history(gateway, MENTOR)}
    assert not {one for one in of_the_mentor | told if one.startswith("registry.cohort.")}


@pytest.mark.parametrize("order", ["RECORDED", "RECORDED_DESC"])
async def test_pages_follow_each_other_by_place(gateway: RunningGateway, order: str) -> None:
    whole = [one["eventId"] for one in await history(gateway, orderBy=order)]
    assert len(whole) == len(set(whole)) > 40
    seen: list[str] = []
    after, more = None, True
    while more:
        found = await page(gateway, first=7, after=after, orderBy=order)
        assert found["totalCount"]["value"] == len(whole)
        seen += [one["eventId"] for one in found["nodes"]]
        after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
    assert seen == whole


async def test_the_newest_comes_first_if_asked_so(gateway: RunningGateway) -> None:
    oldest_first = [one["eventId"] for one in await history(gateway)]
    newest_first = [one["eventId"] for one in await history(gateway, orderBy="RECORDED_DESC")]
    assert newest_first == oldest_first[::-1]


async def test_it_is_narrowed_by_what_where_who_and_when(gateway: RunningGateway) -> None:
    whole = await history(gateway)

    async def of(**filter: Any) -> list[str]:
        return [one["eventId"] for one in await history(gateway, filter=filter)]

    def those(keep: Callable[[Row], bool]) -> list[str]:
        return [one["eventId"] for one in whole if keep(one)]

    held = "sessions.session.held"
    assert await of(topics=[held]) == those(lambda one: one["topic"] == held) != []
    assert await of(record="enrolment") == those(lambda one: one["record"] == "enrolment")
    assert await of(service="validation") == those(lambda one: one["service"] == "validation")
    assert await of(actor="coordinator@example.org") == those(lambda _: True)
    assert await of(actor="somebody else") == []
    since = whole[10]["recorded"]
    assert await of(recordedSince=since) == those(lambda one: one["recorded"] >= since)
    assert await of(recordedBefore=since) == those(lambda one: one["recorded"] < since)
    day = "2020-11-01"
    assert await of(occurredSince=day) == those(lambda one: one["occurredOn"] >= day)
    assert await of(occurredBefore=day) == those(lambda one: one["occurredOn"] < day) != []
    assert await of(withReason=True) == those(lambda one: one["reason"] is not None)
    until = [one["eventId"] for one in await history(gateway, asOf=since)]
    assert until == those(lambda one: one["recorded"] <= since)


async def test_it_is_for_auditors_of_where_it_happened(gateway: RunningGateway) -> None:
    assert await history(gateway, as_="coordinator") == []
    assert await history(gateway, as_="the mentee") == []
    everything = {one["eventId"] for one in await history(gateway)}
    seen = await history(gateway, as_="auditor of the district", fields=f"{LINKS} {UNDER}")
    assert {one["eventId"] for one in seen} < everything
    assert {one["orgUnit"]["name"] for one in seen} == {"Kabutare DH", "Sovu", "Huye"}
    links = [link for one in seen for link in [*one["effects"], one["cause"]] if link]
    assert {link["eventId"] for link in links} <= {one["eventId"] for one in seen}


async def test_it_says_what_each_event_changed(gateway: RunningGateway) -> None:
    whole = await history(gateway, fields=CHANGES)
    (enrolled,) = the(whole, "enrolment.enrolled")["difference"]
    assert (enrolled["statusBefore"], enrolled["statusAfter"]) == (None, "ENROLLED")
    assert enrolled["mentee"]["id"] == global_id("Mentee", ENROLMENT)
    (validated,) = the(whole, "competency_validated")["difference"]
    assert (validated["validatedBefore"], validated["validatedAfter"]) == (0, 1)
    assert (validated["competencyCount"], validated["sessionsAfter"]) == (2, None)
    (earned,) = the(whole, "right_to_mentor_earned")["difference"]
    assert (earned["rightsBefore"], earned["rightsAfter"]) == (0, 1)
    assert the(whole, "journal.written")["difference"] == []


async def test_the_mentees_history_is_the_persons(gateway: RunningGateway) -> None:
    document = (HISTORY % "").replace("healthWorker(id", "mentee(id")
    answer = await gateway.ask(document, id=global_id("Mentee", ENROLMENT))
    theirs = [one["eventId"] for one in answer["mentee"]["history"]["nodes"]]
    assert theirs == [one["eventId"] for one in await history(gateway)]


async def test_who_may_not_be_read_is_not_named(gateway: RunningGateway) -> None:
    # An auditor of the district does not see people of elsewhere.
    move = f'UPDATE "{HEALTH_WORKER.physical}" SET org_unit_id = $1 WHERE id = $2'
    await gateway.database.execute(move, SOUTH, MENTOR)
    try:
        seen = await history(gateway, as_="auditor of the district")
        told = the(seen, "assessment_recorded")["words"]
        assert "by somebody outside of your scope on" in told
        assert not [one for one in seen if "Uwase" in one["words"]]
    finally:
        await gateway.database.execute(move, HOSPITAL, MENTOR)


# ── houses in which something follows from something ──────────────────────────────────────────

Over = Callable[[House], Awaitable[RunningGateway]]


@pytest_asyncio.fixture(loop_scope="module")
async def over(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Over]:
    """A gateway over a house in memory."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path) as running:

        async def filled(house: House) -> RunningGateway:
            await running.hold(house)
            return running

        yield filled
    await postgres.drop_database(name)


FIELDS = f"{LINKS} {CHANGES} {UNDER}"
STEP = CascadeStep(programme="test-hospital", area="RPA", validated="all")


async def twice() -> tuple[Hospital, UUID]:
    """Return a hospital whose mentee is in its register under another name, too."""
    here = await Hospital.built(gates=(), conduct=Conduct(), cascade=(STEP,))
    alias = uuid4()
    await here.register(alias, "Keza")
    await here.send(
        "menteeEnrol",
        "2018-11-01",
        id=uuid4(),
        healthWorkerId=alias,
        cohortId=here.cohort,
        area="RAM",
    )
    return here, alias


async def test_from_an_assessment_to_the_right_it_gave_and_what_that_led_to(over: Over) -> None:
    here, _ = await twice()
    await here.assess("HBB", "2019-02-03")
    await here.assess("PPH", "2019-03-04")
    assert here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    gateway = await over(here.house)
    whole = await history(gateway, here.mentee, fields=FIELDS)
    by_id = {one["eventId"]: one for one in whole}
    assessed = [one for one in whole if one["topic"].endswith("assessment_recorded")][-1]
    earned = the(whole, "right_to_mentor_earned")
    assert earned["cause"]["eventId"] == assessed["eventId"]
    assert earned["eventId"] in {one["eventId"] for one in assessed["effects"]}
    assert assessed["cause"] is None
    (nominated,) = [one for one in earned["effects"] if one["topic"] == "registry.mentor.nominated"]
    entry = by_id[nominated["eventId"]]
    assert entry["actor"] == "policy:cascade"
    assert entry["cause"]["eventId"] == earned["eventId"]
    assert entry["words"].endswith(": cascade.")


async def test_what_an_older_release_recorded_follows_from_what_set_it_off(over: Over) -> None:
    here, _ = await twice()
    await here.assess("HBB", "2019-02-03")
    await here.assess("PPH", "2019-03-04")
    gateway = await over(here.house)
    await gateway.database.execute(f'UPDATE "{AUDIT_EVENT.physical}" SET causation_id = command_id')
    whole = await history(gateway, here.mentee, fields=FIELDS)
    assessed = [one for one in whole if one["topic"].endswith("assessment_recorded")][-1]
    nominated = the(whole, "mentor.nominated")
    assert nominated["cause"]["eventId"] == assessed["eventId"]
    assert nominated["eventId"] in {one["eventId"] for one in assessed["effects"]}


async def test_a_person_who_was_merged_has_one_history_that_says_so(over: Over) -> None:
    here, alias = await twice()
    await here.assess("HBB", "2019-02-03")
    pair = {"healthWorkerId": alias, "intoId": here.mentee}
    await here.send("healthWorkerMerge", "2019-06-01", **pair, reason="One")
    gateway = await over(here.house)
    whole = await history(gateway, here.mentee, fields=FIELDS)
    assert len(whole) == len({one["eventId"] for one in whole})
    under = {
        one["topic"]: one["recordedUnder"] and one["recordedUnder"]["id"]
        for one in whole
        if one["recordedUnder"]
    }
    other = global_id("HealthWorker", alias)
    assert under["registry.health_worker.registered"] == other
    assert under["registry.enrolment.enrolled"] == other
    assert set(under.values()) == {other}
    merged = the(whole, "health_worker.merged")
    # It names them by the name that stands for both: it is theirs by that one.
    assert merged["recordedUnder"] is None
    assert merged["words"].startswith("The record of ")
    assert the(whole, "assessment_recorded")["recordedUnder"] is None
    aside = [one for one in whole if one["topic"].endswith("set_aside")]
    assert aside[0]["difference"][0]["statusAfter"] == "SET_ASIDE"


async def test_once_they_are_parted_each_has_a_history_of_their_own_that_says_so(
    over: Over,
) -> None:
    here, alias = await twice()
    pair = {"healthWorkerId": alias, "intoId": here.mentee}
    await here.send("healthWorkerMerge", "2019-06-01", **pair, reason="One")
    await here.send("healthWorkerUnmerge", "2019-07-01", healthWorkerId=alias, reason="Two")
    gateway = await over(here.house)
    theirs = await history(gateway, here.mentee, fields=UNDER)
    assert not [one for one in theirs if one["recordedUnder"]]
    told = {one["topic"] for one in theirs}
    assert {"registry.health_worker.merged", "registry.health_worker.merge_reversed"} <= told
    others = {one["topic"] for one in await history(gateway, alias)}
    assert {"registry.health_worker.merged", "registry.health_worker.merge_reversed"} <= others


async def test_the_last_difference_is_how_they_stand(over: Over) -> None:
    here, _ = await twice()
    await here.assess("HBB", "2019-02-03")
    await here.assess("PPH", "2019-03-04")
    await here.send(
        "competencyRevoke",
        "2019-04-01",
        enrolmentId=here.enrolment,
        competency="PPH",
        reason="The checklist was misread",
    )
    gateway = await over(here.house)
    whole = await history(gateway, here.mentee, fields=FIELDS)
    changes = [each for one in whole for each in one["difference"]]
    validated = [one["validatedAfter"] for one in changes if one["validatedAfter"] is not None]
    assert validated == [1, 2, 1]
    document = "query M($id: ID!) { mentee(id: $id) { validated status } }"
    stands = await gateway.ask(document, id=global_id("Mentee", here.enrolment))
    assert stands["mentee"] == {"validated": 1, "status": "ENROLLED"}
    rights = [one["rightsAfter"] for one in changes if one["rightsAfter"] is not None]
    assert rights == [1, 0]
