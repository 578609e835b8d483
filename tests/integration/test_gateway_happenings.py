"""What the gateway answers about everything that the sessions service records: the story is folded,
its rows stand in a real PostgreSQL, and readers of every role ask.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from msgspec.structs import replace

from services.gateway.graphql.ids import global_id
from services.gateway.projections import (
    ALIAS,
    CPD_BOOKING,
    IMPROVEMENT_ACTION,
    JOURNAL_ENTRY,
    MENTORSHIP_PARTY,
    PAUSE,
    PROGRAMME_VERSION,
    SUBJECT_PERSON,
    VACANCY,
)
from services.gateway.projections import MENTOR as MENTOR_TABLE
from services.gateway.projector import KEPT
from shared.access.facts import ACCESS_GRANT
from shared.contracts.definition.visits import ArtefactKind, Artefacts, Mode, Period, Rhythm
from shared.contracts.registry import enrolment, mentorship
from shared.contracts.registry.mentorship import Side
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.contracts.sessions import journal, relationship, session, support_request
from shared.projection.schema import tables_of
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.rows import Rows
from tests.support.servers import PostgresServer
from tests.support.story import MENTORING, PEOPLE, PLACES, PREPARATION, happenings
from tests.support.story_sessions import CORRECTED, ENTRY, EVALUATION, PLANNED, SESSIONS_TOLD
from tests.support.telling import (
    BEGAN,
    CENTRE,
    COHORT,
    HOSPITAL,
    HUYE,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    NOMINEE,
    RULES,
    RWANDA,
    VERSION,
    Told,
    day,
    id_of,
    of,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNMEASURED, COACHED, VOIDED = map(id_of, ("rules without a rhythm", "coached", "voided"))
UNSAID, UNRATED = map(id_of, ("entry taken back", "evaluation taken back"))
FORMER, LEFT, KEPT_ENTRY = id_of("mentor who left"), id_of("left mentorship"), id_of("kept entry")
QUICK, LATE = id_of("quick request"), id_of("request of the next year")
NEVER_VISITED = id_of("enrolment where nobody came")

LIVELY = replace(
    RULES,
    rhythm=Rhythm(sessions=1, per=Period.WEEK),
    artefacts=Artefacts(per=Period.WEEK, kinds=tuple(ArtefactKind)),
)


def lively(told: Told) -> Told:
    """Give the story's programme a rhythm, and artefacts that are due."""
    if told.stream != VERSION or not isinstance(told.body, ProgrammeVersionPublished):
        return told
    body = replace(told.body, definition=LIVELY)
    return Told(kind=told.kind, stream=told.stream, body=body, on=told.on, key=told.key)


def request(stream: UUID, *, area: str, raised: datetime) -> Told:
    """Tell of another request for support."""
    (told,) = of(
        "support_request",
        stream,
        support_request.SupportRequestRaised(
            mentorship_id=MENTORSHIP,
            health_worker_id=MENTEE,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            area=area,
            about="Feeding",
            question="How much?",
            raised_at=raised,
            acknowledge_hours=2,
            answer_hours=24,
        ),
        on=36,
        key=MENTORSHIP,
    )
    return told


_MENTORS: dict[str, Any] = {"mentorship_id": MENTORSHIP, "health_worker_id": MENTOR}

AROUND: list[Told] = [
    *of(
        "enrolment",
        NEVER_VISITED,
        enrolment.MenteeEnrolled(
            health_worker_id=id_of("nurse of the centre"),
            cohort_id=COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            area="PAED",
            technical_area="CHILD",
            org_unit_id=CENTRE,
            since=day(10),
            fiscal_year=2021,
        ),
        on=10,
    ),
    *of(
        "mentorship",
        LEFT,
        mentorship.MentorshipProposed(
            cohort_id=COHORT,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            mentors=(
                mentorship.MentorParty(
                    mentor_id=id_of("former mentor"), health_worker_id=FORMER, area="PAED"
                ),
            ),
            mentees=(),
        ),
        mentorship.MentorDisengaged(
            mentor_id=id_of("former mentor"),
            health_worker_id=FORMER,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            left_on=day(12),
            team=0,
        ),
        on=11,
    ),
    *of(
        "journal_entry",
        KEPT_ENTRY,
        journal.JournalEntryWritten(
            health_worker_id=MENTEE,
            mentorship_id=LEFT,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            written_on=day(14),
            text="Now that we are alone.",
        ),
        on=14,
        key=MENTEE,
    ),
    # What the mentor took back is owed still.
    *of(
        "journal_entry",
        UNSAID,
        journal.JournalEntryWritten(
            **_MENTORS, programme="INGOBYI", org_unit_id=HOSPITAL, written_on=day(20), text="No."
        ),
        journal.JournalEntryVoided(**_MENTORS, voided_on=day(21)),
        on=20,
        key=MENTOR,
    ),
    *of(
        "relationship_evaluation",
        UNRATED,
        relationship.RelationshipEvaluated(
            **_MENTORS,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            side=Side.MENTOR,
            ratings=(relationship.RelationshipRating(item="TRUST", rating=1),),
            total=1,
            most=5,
            evaluated_on=day(20),
        ),
        relationship.RelationshipVoided(**_MENTORS, voided_on=day(21)),
        on=20,
        key=MENTOR,
    ),
    *of(
        "programme_version",
        UNMEASURED,
        ProgrammeVersionPublished(
            programme="MANI", programme_version=1, digest="b" * 64, definition=RULES
        ),
    ),
    *of(
        "mentorship",
        COACHED,
        mentorship.MentorshipProposed(
            cohort_id=COHORT,
            programme_version_id=UNMEASURED,
            programme="MANI",
            org_unit_id=HOSPITAL,
            mentors=(),
            mentees=(),
        ),
        mentorship.MentorshipAgreed(agreed_on=day(1)),
        on=1,
    ),
    *of(
        "session",
        VOIDED,
        session.SessionHeld(
            mentorship_id=MENTORSHIP,
            programme_version_id=VERSION,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            held_on=day(34),
            mode=Mode.IN_PERSON,
            minutes=60,
            mentors=(MENTOR,),
            mentees=(MENTEE,),
        ),
        session.SessionVoided(mentorship_id=MENTORSHIP, voided_on=day(35)),
        on=34,
        key=MENTORSHIP,
    ),
    request(QUICK, area="PAED", raised=BEGAN.replace(year=2020, month=11, day=7)),
    *of(
        "support_request",
        QUICK,
        support_request.SupportRequestAnswered(
            health_worker_id=MENTOR,
            answer="Two millilitres.",
            answered_at=BEGAN.replace(year=2020, month=11, day=7, hour=10),
            after=3 * 3600,
        ),
        on=37,
        key=MENTORSHIP,
    ),
    # The evening before the new fiscal year in UTC; in Kigali it has begun.
    request(LATE, area="OBS", raised=datetime(2021, 9, 30, 22, 30, tzinfo=UTC)),
]


async def fill(gateway: RunningGateway, story: Iterable[Told]) -> None:
    """Write the rows that a story comes to."""
    tables = {table.name: table for table in tables_of(KEPT)}
    rows = Rows()
    for happening in happenings(story):
        rows.happen(KEPT, happening)
    for name in rows.tables:
        for row in rows.of(name):
            filled = {column: value for column, value in row.items() if value is not None}
            await gateway.insert(tables[name], **filled)


async def grant(
    gateway: RunningGateway,
    subject: str,
    role: str,
    *,
    person: UUID | None = None,
    unit: UUID | None = HUYE,
    until: date | None = None,
    own: bool = False,
    programme: str | None = None,
    since: date = date(2020, 1, 1),
) -> None:
    """Give a role, and say who its holder is."""
    await gateway.insert(
        ACCESS_GRANT, grant_id=uuid4(), subject=subject, role=role, org_unit_id=unit,
        health_worker_id=person, since=since, until=until, position=uuid4().int % 2**40,
        own_mentorships=own, programme=programme,
    )  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        told = [*PLACES, *PEOPLE, *PREPARATION, *MENTORING, *SESSIONS_TOLD, *AROUND]
        await fill(running, map(lively, told))
        for role in ("ADMINISTRATOR", "COORDINATOR", "AUDITOR", "VIEWER", "MENTOR"):
            await grant(running, role.lower(), role)
        await grant(running, "the mentor", "MENTOR", person=MENTOR)
        await grant(running, "the mentee", "VIEWER", person=MENTEE)
        await grant(running, "another mentor", "MENTOR", person=id_of("somebody else"))
        await grant(running, "who left", "MENTOR", person=FORMER)
        await grant(running, "was the mentor", "MENTOR")
        await grant(running, "was the mentor", "MENTOR", person=MENTOR, until=date(2020, 2, 1))
        await grant(running, "mentee themselves", "MENTEE", person=MENTEE)
        await grant(running, "another mentee", "MENTEE", person=id_of("somebody else"))
        for name, programme in (("own", None), ("own of it", "INGOBYI"), ("own of another", "X")):
            await grant(running, name, "MENTOR", person=MENTOR, own=True, programme=programme)
        await grant(running, "own of nobody", "MENTOR", person=id_of("somebody else"), own=True)
        await grant(running, "of the centre", "COORDINATOR", unit=CENTRE)
        await running.told()
        yield running
    await postgres.drop_database(name)


WORDS = """
query Words($entry: ID!, $evaluation: ID!) {
  journalEntry(id: $entry) { writtenOn text session { day } }
  relationshipEvaluation(id: $evaluation) { side total most comment ratings }
  journalEntries(first: 9, filter: {voided: false}) { nodes { text } }
}
"""


async def words(gateway: RunningGateway, subject: str) -> Any:
    """Return what somebody reads of the journals and evaluations."""
    return await gateway.ask(
        WORDS,
        subject,
        entry=global_id("JournalEntry", ENTRY),
        evaluation=global_id("RelationshipEvaluation", EVALUATION),
    )


@pytest.mark.parametrize("subject", ["the mentor", "the mentee", "mentee themselves"])
async def test_a_party_reads_what_was_confided_in_their_mentorship(
    gateway: RunningGateway, subject: str
) -> None:
    read = await words(gateway, subject)
    assert read["journalEntry"]["text"] == "I was afraid of the prongs, and am not any more."
    assert read["relationshipEvaluation"]["comment"] == "She listens before she speaks."


@pytest.mark.parametrize(
    "subject",
    [
        "operator@test",
        "administrator",
        "coordinator",
        "auditor",
        "viewer",
        "mentor",
        "another mentor",
        "who left",
        "was the mentor",
    ],
)
async def test_nobody_else_reads_a_word_whatever_their_role(
    gateway: RunningGateway, subject: str
) -> None:
    read = await words(gateway, subject)
    assert read["journalEntry"] == {"writtenOn": "2020-10-29", "text": None,
                                    "session": {"day": "2020-10-29"}}  # fmt: skip
    assert (
        read["relationshipEvaluation"] | {"comment": None, "total": 7, "most": 10}
        == (read["relationshipEvaluation"])
    )
    assert read["journalEntries"]["nodes"] == [{"text": None}, {"text": None}]


async def test_a_party_reads_nothing_of_mentorships_that_are_not_theirs(
    gateway: RunningGateway,
) -> None:
    entries = (await words(gateway, "the mentor"))["journalEntries"]["nodes"]
    assert [entry["text"] is None for entry in entries] == [True, False]


DONE_BY = """
query DoneBy($entry: ID!, $evaluation: ID!, $mentorship: ID!) {
  journalEntry(id: $entry) { recordedBy recordedForAnother }
  relationshipEvaluation(id: $evaluation) { recordedBy recordedForAnother }
  mentorship(id: $mentorship) {
    parties { side signedOn signatureRecordedBy signatureRecordedForAnother }
  }
}
"""


async def test_what_somebody_did_themselves_is_told_from_what_was_recorded_for_them(
    gateway: RunningGateway,
) -> None:
    ids = {
        "entry": global_id("JournalEntry", ENTRY),
        "evaluation": global_id("RelationshipEvaluation", EVALUATION),
        "mentorship": global_id("Mentorship", MENTORSHIP),
    }
    clerk = "coordinator@example.org"
    read = await gateway.ask(DONE_BY, "coordinator", **ids)
    for each in (read["journalEntry"], read["relationshipEvaluation"]):
        assert each == {"recordedBy": clerk, "recordedForAnother": True}
    await gateway.insert(SUBJECT_PERSON, subject=clerk, health_worker_id=MENTEE)
    read = await gateway.ask(DONE_BY, "coordinator", **ids)
    assert read["journalEntry"]["recordedForAnother"] is False
    parties = [one for one in read["mentorship"]["parties"] if one["signedOn"]]
    for_another = {one["side"]: one["signatureRecordedForAnother"] for one in parties}
    assert for_another == {"MENTOR": True, "MENTEE": False}
    assert {one["signatureRecordedBy"] for one in parties} == {clerk}


OWN = """{
  sessions(first: 9) { nodes { day } }
  journalEntries(first: 9, filter: {voided: false}) { nodes { writtenOn } }
  mentorships(first: 9) { nodes { id } } mentees(first: 9) { nodes { area } }
  healthWorkers(first: 9) { nodes { id familyName } } mentors(first: 9) { nodes { id } }
  supervisionVisits(first: 9) { nodes { joint } } }"""


async def seen_by(gateway: RunningGateway, subject: str) -> dict[str, int]:
    """Return how much somebody sees of each kind."""
    own = await gateway.ask(OWN, subject)
    return {name: len(connection["nodes"]) for name, connection in own.items()}


@pytest.mark.parametrize("subject", ["own", "own of it"])
async def test_a_mentor_sees_their_own_mentorships_and_the_people_in_them(
    gateway: RunningGateway, subject: str
) -> None:
    own = await gateway.ask(OWN, subject)
    mentorships = {node["id"] for node in own["mentorships"]["nodes"]}
    assert mentorships == {global_id("Mentorship", MENTORSHIP)}
    people = {node["id"]: node["familyName"] for node in own["healthWorkers"]["nodes"]}
    assert set(people) == {global_id("HealthWorker", one) for one in (MENTOR, MENTEE)}
    assert None not in people.values(), "by their names"
    everybody = await seen_by(gateway, "mentor")
    assert everybody["mentees"] > len(own["mentees"]["nodes"]) > 0


async def test_a_mentor_without_mentorships_there_sees_nobody_but_themselves(
    gateway: RunningGateway,
) -> None:
    seen = await seen_by(gateway, "own of another")
    assert {name: count for name, count in seen.items() if count} == {"healthWorkers": 1}
    seen = await seen_by(gateway, "own of nobody")
    assert not any(seen.values())


async def test_a_mentee_sees_their_own_record_and_nobody_elses(gateway: RunningGateway) -> None:
    own = await gateway.ask(OWN, "mentee themselves")
    seen = {name: connection["nodes"] for name, connection in own.items()}
    assert {name: len(nodes) for name, nodes in seen.items()} == {
        "sessions": 6, "journalEntries": 2, "mentorships": 1, "mentees": 2, "healthWorkers": 1,
        "mentors": 0, "supervisionVisits": 0,
    }  # fmt: skip
    assert seen["healthWorkers"] == [
        {"id": global_id("HealthWorker", MENTEE), "familyName": "Mutoni"}
    ]
    nothing = await gateway.ask(OWN, "another mentee")
    assert all(connection == {"nodes": []} for connection in nothing.values())


SESSION = """
query One($id: ID!) { session(id: $id) {
  status day plannedFor heldOn minutes format initiative corrected factsVersion version
  attendance { side present minutes healthWorker { id } }
} }
"""


async def test_a_corrected_session_shows_only_what_counts(gateway: RunningGateway) -> None:
    data = await gateway.ask(SESSION, id=global_id("Session", CORRECTED))
    session = data["session"]
    there = {each["healthWorker"]["id"]: each for each in session.pop("attendance")}
    assert session == {
        "status": "HELD", "day": "2020-10-29", "plannedFor": "2020-10-28",
        "heldOn": "2020-10-29", "minutes": 90, "format": "INDIVIDUAL", "initiative": "MENTEE",
        "corrected": True, "factsVersion": 4, "version": 7,
    }  # fmt: skip
    mentor, mentee = (there[global_id("HealthWorker", who)] for who in (MENTOR, MENTEE))
    assert (mentor["side"], mentor["present"], mentor["minutes"]) == ("MENTOR", True, 45)
    assert (mentee["side"], mentee["present"], mentee["minutes"]) == (None, False, 0)


SUPERVISED = """{
  sessions(filter: {guestRole: SUPERVISOR}, first: 9) { nodes {
    day guests { role name healthWorker { familyName } } } }
  none: sessions(filter: {guestRole: COLLEAGUE}, first: 9) { nodes { day } }
  encounterReport(programme: "INGOBYI") {
    total { sessions counted contacts inPerson virtual minutes withGuest }
    byMode { mode sessions contacts } byMonth { month sessions withGuest }
    byOrgUnit { orgUnit { code } sessions withGuest } } }"""


async def test_supervised_sessions_can_be_asked_and_counted(gateway: RunningGateway) -> None:
    read = await gateway.ask(SUPERVISED, "coordinator")
    (supervised,) = read["sessions"]["nodes"]
    assert [(one["role"], one["name"]) for one in supervised["guests"]] == [
        ("SUPERVISOR", None),
        ("DIRECTOR", "Doctor Mugisha"),
    ]
    assert read["none"]["nodes"] == []
    report = read["encounterReport"]
    assert report["total"]["withGuest"] == 1
    assert report["total"]["sessions"] == sum(one["sessions"] for one in report["byMode"])
    assert report["total"]["sessions"] == sum(one["sessions"] for one in report["byOrgUnit"])
    assert sum(one["withGuest"] for one in report["byMonth"]) == 1


async def test_virtual_and_in_person_encounters_are_told_apart(gateway: RunningGateway) -> None:
    report = (await gateway.ask(SUPERVISED, "coordinator"))["encounterReport"]
    total = report["total"]
    assert total["contacts"] == 1, "what was voided is none"
    assert total["inPerson"] + total["virtual"] == total["sessions"] + total["contacts"]
    by_message = [one for one in report["byMode"] if one["mode"] == "MESSAGE"]
    assert by_message == [{"mode": "MESSAGE", "sessions": 0, "contacts": 1}]


@pytest.mark.parametrize(
    ("subject", "about"), [("the mentor", "How she found the prongs."), ("viewer", None)]
)
async def test_what_a_contact_was_about_is_personal(
    gateway: RunningGateway, subject: str, about: str | None
) -> None:
    asked = "{ contacts(first: 9, orderBy: MADE) { nodes { about voided reachedBy } } }"
    first, *_ = (await gateway.ask(asked, subject))["contacts"]["nodes"]
    assert first == {"about": about, "voided": False, "reachedBy": "MENTEE"}


TAUGHT = """{ sessions(filter: {competency: "CPAP"}, first: 9) { nodes {
  topics competencies observedCases simulations { topic doses } begins
  attendance { side minutes credited }
  debriefs { strengths weaknesses feedback homework nextSteps }
  supportRequest { topic } improvementAction { title } plan { kind } } } }"""


async def test_what_a_session_was_about_leads_to_what_it_took_up(gateway: RunningGateway) -> None:
    (read,) = (await gateway.ask(TAUGHT, "the mentor"))["sessions"]["nodes"]
    assert read["simulations"] == [{"topic": "CPAP", "doses": 4}]
    assert (read["topics"], read["observedCases"]) == (["Respectful care"], 2)
    assert sorted(one["credited"] for one in read["attendance"]) == [30, 60]
    assert read["debriefs"][0]["homework"] == "Ten drills."
    assert (read["supportRequest"], read["plan"]) == ({"topic": "CPAP"}, {"kind": "DEVELOPMENT"})
    assert read["improvementAction"] == {"title": "A second oxygen source"}


async def test_a_visit_holds_its_days_and_sessions(gateway: RunningGateway) -> None:
    asked = "{ visits(first: 9) { nodes { starts ends days sessions { day visit { id } } id } } }"
    (read,) = (await gateway.ask(asked, "coordinator"))["visits"]["nodes"]
    assert read["days"] == 3
    assert [one["visit"]["id"] for one in read["sessions"]] == [read["id"]]


async def test_a_debrief_is_not_for_everybody(gateway: RunningGateway) -> None:
    (read,) = (await gateway.ask(TAUGHT, "viewer"))["sessions"]["nodes"]
    assert set(read["debriefs"][0].values()) == {None}


async def test_an_action_tells_its_way_and_who_has_it(gateway: RunningGateway) -> None:
    asked = """{ improvementActions(first: 9, filter: {status: DROPPED}) { nodes {
      ownerOffice ownerUnit { id } overdue steps { kind office } } } }"""
    (read,) = (await gateway.ask(asked, "coordinator"))["improvementActions"]["nodes"]
    assert (read["ownerOffice"], read["overdue"]) == ("The hospital's director", False)
    assert [step["kind"] for step in read["steps"]] == [
        "RESCHEDULED",
        "PROGRESSED",
        "ESCALATED",
        "RETURNED",
        "DROPPED",
    ]
    assert read["steps"][2]["office"] == "The national supply agency"


async def test_what_is_late_now_is_asked_for(gateway: RunningGateway) -> None:
    asked = """{ supportRequests(first: 9, filter: {lateToAnswer: true}) { nodes {
      topic answerBy } } others: supportRequests(first: 9, filter: {lateToAnswer: false}) {
      nodes { status thread { side text competency } } } }"""
    read = await gateway.ask(asked, "the mentor")
    assert [one["topic"] for one in read["supportRequests"]["nodes"]] == ["Feeding"]
    threads = [one["thread"] for one in read["others"]["nodes"] if one["thread"]]
    assert threads == [
        [{"side": "MENTEE", "text": "And when she is restless?", "competency": "CPAP"}]
    ]


@pytest.mark.parametrize(
    ("subject", "topics"),
    [
        ("the mentor", ["Feeding"]),
        ("own", ["Feeding"]),
        ("mentee themselves", []),
        ("another mentor", []),
        ("coordinator", []),
    ],
)
async def test_a_mentor_asks_for_the_requests_that_wait_for_their_word(
    gateway: RunningGateway, subject: str, topics: list[str]
) -> None:
    asked = "{ supportRequests(first: 9, filter: {awaiting: ME}) { nodes { topic awaitedSince } } }"
    read = (await gateway.ask(asked, subject))["supportRequests"]["nodes"]
    assert [one["topic"] for one in read] == topics
    assert all(one["awaitedSince"] is not None for one in read)


async def test_an_initiative_tells_what_happened_on_its_way(gateway: RunningGateway) -> None:
    asked = """{ initiatives(first: 9, filter: {status: CLOSED}) { nodes {
      result endedOn notes { kind text } measures { code } } } }"""
    (read,) = (await gateway.ask(asked, "the mentor"))["initiatives"]["nodes"]
    assert [one["code"] for one in read["measures"]] == ["QUEUE", "COUNTERS"]
    assert read["notes"] == [{"kind": "SETBACK", "text": "The second counter closed again."}]
    (read,) = (await gateway.ask(asked, "viewer"))["initiatives"]["nodes"]
    assert (read["result"], read["notes"]) == (None, [{"kind": "SETBACK", "text": None}])


async def test_a_guests_name_is_not_for_everybody(gateway: RunningGateway) -> None:
    read = await gateway.ask(SUPERVISED, "viewer")
    (supervised,) = read["sessions"]["nodes"]
    assert [one["name"] for one in supervised["guests"]] == [None, None]


async def test_a_planned_session_has_no_attendance_yet(gateway: RunningGateway) -> None:
    data = await gateway.ask(SESSION, id=global_id("Session", PLANNED))
    assert data["session"]["status"] == "PLANNED"
    assert data["session"]["attendance"] == []


EVERYTHING = """{
  sessions(first: 9, filter: {status: HELD}) { nodes { day } }
  plans(first: 9, filter: {sent: true, kind: DEVELOPMENT}) { nodes { sentTo healthWorker { id } } }
  supportRequests(first: 9, filter: {status: CLOSED}) {
    nodes { topic acknowledgedAfter answeredAfter escalatedTo { code } answeredBy { id } } }
  improvementActions(first: 9, filter: {status: DONE}) {
    nodes { title overdue result escalatedTo { code } owner { id } session { day } } }
  initiatives(first: 9, filter: {status: OPEN}) { nodes { title
    measures { code kind baseline target }
    leading { measure value target measuredOn } lagging { value } } }
  exchanges(first: 9, filter: {takenUp: true}) { nodes { kind text takenUpBy { id } } }
  supervisionVisits(first: 9, filter: {joint: true}) {
    nodes { supervisors findings scores { checklist points most } nextVisitOn
            mentors { healthWorker { id } } actions { title finding aroseFrom overdue } }
  }
  coordinationMeetings(first: 9) {
    nodes { orgUnit { code } decisions agenda offices reports attendees { healthWorker { id } }
            actions { title } }
  }
  notices(first: 9, filter: {given: true}) { nodes { role late overdue mentor { id } } }
  outcomeStories(first: 9) { nodes { title mentorship { id } } }
  relationshipEvaluations(first: 9, filter: {side: MENTEE}) { nodes { total } }
}"""


async def test_everything_that_happened_can_be_read(gateway: RunningGateway) -> None:
    data = await gateway.ask(EVERYTHING)
    nodes = {name: connection["nodes"] for name, connection in data.items()}
    assert [each["day"] for each in nodes["sessions"]] == ["2020-10-21", "2020-10-29", "2020-11-30"]
    assert nodes["supportRequests"][0]["answeredAfter"] == 108_000
    assert nodes["supportRequests"][0]["escalatedTo"] == {"code": "RW-S-1"}
    assert [each["title"] for each in nodes["improvementActions"]] == [
        "Label the prongs",
        "A second oxygen source",
    ]
    (visit,) = (one for one in nodes["supervisionVisits"] if one["scores"])
    mentor = {"healthWorker": {"id": global_id("HealthWorker", MENTOR)}}
    assert (visit["scores"], visit["mentors"]) == (
        [{"checklist": "Oxygen", "points": 8, "most": 10}],
        [mentor],
    )
    assert visit["actions"] == [
        {
            "title": "Charts for the night shift",
            "finding": 1,
            "aroseFrom": "SUPERVISION_VISIT",
            "overdue": True,
        }
    ]
    (meeting,) = (one for one in nodes["coordinationMeetings"] if one["attendees"])
    assert (meeting["attendees"], meeting["actions"]) == ([mentor], [])
    assert nodes["initiatives"][0]["measures"] == [
        {"code": "CHECKS", "kind": "LEADING", "baseline": "2", "target": "8"},
        {"code": "COLD", "kind": "LAGGING", "baseline": None, "target": "0.5"},
    ]
    assert [each["value"] for each in nodes["initiatives"][0]["leading"]] == ["4", "7.5"]
    assert nodes["initiatives"][0]["lagging"] == []
    assert all(len(found) >= 1 for found in nodes.values()), nodes


async def test_who_is_granted_another_unit_sees_none_of_it(gateway: RunningGateway) -> None:
    data = await gateway.ask(EVERYTHING, "of the centre")
    assert all(connection == {"nodes": []} for connection in data.values())


BOARD = """query Board($filter: ImprovementActionFilter) {
  improvementActions(first: 9, filter: $filter) { nodes { title overdue status } } }"""


async def test_the_action_board_tells_what_is_overdue_from_the_rest(
    gateway: RunningGateway,
) -> None:
    id = uuid4()
    await gateway.insert(
        IMPROVEMENT_ACTION, id=id, arose_from="MENTORSHIP", mentorship_id=MENTORSHIP,
        programme="INGOBYI", org_unit_id=HOSPITAL, title="Late", root_causes=[],
        owner_id=MENTEE, status="OPEN",
        agreed_on=day(0), due=day(1), open_due=day(1), record_version=1, position=1,
    )  # fmt: skip
    try:
        late = await gateway.ask(BOARD, filter={"overdue": True})
        assert late["improvementActions"]["nodes"] == [
            {"title": "Late", "overdue": True, "status": "OPEN"},
            {"title": "Charts for the night shift", "overdue": True, "status": "OPEN"},
        ]
        arose = {"overdue": True, "aroseFrom": "SUPERVISION_VISIT"}
        (found,) = (await gateway.ask(BOARD, filter=arose))["improvementActions"]["nodes"]
        assert found["title"] == "Charts for the night shift"
        others = await gateway.ask(BOARD, filter={"overdue": False})
        assert len(others["improvementActions"]["nodes"]) == 3
    finally:
        await gateway.database.execute(
            f'DELETE FROM "{IMPROVEMENT_ACTION.physical}" WHERE id = $1', id
        )


CASELOAD = """query Load($asOf: Date) {
  mentorCaseload(programme: "INGOBYI", first: 9, asOf: $asOf) {
    area places mentorships mentees ratio lastSession idleDays mentor { id } } }"""


async def test_a_caseload_says_what_a_mentor_carries_and_since_when_nothing_happened(
    gateway: RunningGateway,
) -> None:
    data = await gateway.ask(CASELOAD, asOf=day(36).isoformat())
    assert data["mentorCaseload"] == [
        {"area": "PAED", "places": 2, "mentorships": 1, "mentees": 1, "ratio": "0.5",
         "lastSession": "2020-10-29", "idleDays": 8, "mentor": {"id": global_id("Mentor", NOMINEE)}}
    ]  # fmt: skip
    before = await gateway.ask(CASELOAD, asOf=day(16).isoformat())
    assert before["mentorCaseload"][0]["idleDays"] == 3
    nothing = await gateway.ask(CASELOAD, asOf=day(12).isoformat())
    assert nothing["mentorCaseload"][0]["idleDays"] is None
    assert (await gateway.ask(CASELOAD, "of the centre"))["mentorCaseload"] == []


async def test_a_load_of_a_person_is_shown_with_each_of_their_areas(
    gateway: RunningGateway,
) -> None:
    version, other = PROGRAMME_VERSION.physical, uuid4()
    person = await gateway.database.fetchval(
        f'SELECT health_worker_id FROM "{MENTOR_TABLE.physical}" WHERE id = $1', NOMINEE
    )
    await gateway.insert(
        MENTOR_TABLE, id=other, health_worker_id=person, programme_version_id=VERSION,
        programme="INGOBYI", area="MIDW", org_unit_id=HOSPITAL, status="CERTIFIED",
        nominated_on=day(1), certified_on=day(2), nominated_by="PERSON", criteria=[], skills=[],
        languages=[], record_version=1, position=1,
    )  # fmt: skip
    shown = []
    try:
        for per in ("AREA", "PERSON"):
            await gateway.database.execute(
                f"""UPDATE "{version}" SET definition =
                    jsonb_set(definition::jsonb, '{{ratio,loadPer}}', to_jsonb($2::text))
                    WHERE id = $1""",
                VERSION,
                per,
            )
            data = await gateway.ask(CASELOAD, asOf=day(36).isoformat())
            shown.append({one["area"]: one["mentorships"] for one in data["mentorCaseload"]})
    finally:
        await gateway.database.execute(
            f'DELETE FROM "{MENTOR_TABLE.physical}" WHERE id = $1', other
        )
    assert shown == [{"PAED": 1, "MIDW": 0}, {"PAED": 1, "MIDW": 1}]


COVERAGE = """query Coverage($unit: ID, $all: Boolean!) {
  facilityCoverage(programme: "INGOBYI", first: 9, asOf: "2020-11-06", orgUnitId: $unit, all: $all)
  { orgUnit { code } mentees sessions lastVisit daysSince } }"""


async def test_a_facility_that_nobody_ever_visited_comes_first(gateway: RunningGateway) -> None:
    data = await gateway.ask(COVERAGE, all=False)
    assert data["facilityCoverage"] == [
        {"orgUnit": {"code": "C-1"}, "mentees": 1, "sessions": 0,
         "lastVisit": None, "daysSince": None},
        {"orgUnit": {"code": "H-1"}, "mentees": 2, "sessions": 2,
         "lastVisit": "2020-10-29", "daysSince": 8},
    ]  # fmt: skip


async def test_coverage_can_be_asked_of_a_unit_and_stays_in_scope(gateway: RunningGateway) -> None:
    unit = global_id("OrgUnit", RWANDA)
    whole = await gateway.ask(COVERAGE, unit=unit, all=True)
    assert {row["orgUnit"]["code"] for row in whole["facilityCoverage"]} == {"C-1", "H-1"}
    one = await gateway.ask(COVERAGE, unit=global_id("OrgUnit", HOSPITAL), all=True)
    assert [row["orgUnit"]["code"] for row in one["facilityCoverage"]] == ["H-1"]
    seen = await gateway.ask(COVERAGE, "of the centre", unit=unit, all=True)
    assert [row["orgUnit"]["code"] for row in seen["facilityCoverage"]] == ["C-1"]


VISITS = """query Visits($asOf: Date) {
  overdueVisits(programme: "INGOBYI", first: 9, asOf: $asOf) {
    asked held lastSession due daysOverdue mentorship { id } orgUnit { code } } }"""


@pytest.mark.parametrize(
    ("number", "overdue"), [(20, None), (21, None), (27, None), (28, None), (35, None), (36, 1)]
)
async def test_a_visit_is_overdue_the_day_after_the_rhythm_asked_for_it(
    gateway: RunningGateway, number: int, overdue: int | None
) -> None:
    rows = (await gateway.ask(VISITS, asOf=day(number).isoformat()))["overdueVisits"]
    assert [row["daysOverdue"] for row in rows] == ([] if overdue is None else [overdue])
    if rows:
        assert rows[0]["mentorship"] == {"id": global_id("Mentorship", MENTORSHIP)}
        assert (rows[0]["asked"], rows[0]["held"], rows[0]["due"]) == (1, 0, "2020-11-05")


async def test_the_clock_stands_still_in_a_pause_and_nothing_is_overdue_while_it_lasts(
    gateway: RunningGateway,
) -> None:
    async def overdue(number: int) -> list[int]:
        rows = (await gateway.ask(VISITS, asOf=day(number).isoformat()))["overdueVisits"]
        return [row["daysOverdue"] for row in rows]

    async def owed(number: int) -> list[str]:
        data = await gateway.ask(ARTEFACTS, asOf=day(number).isoformat())
        return [row["begins"] for row in data["overdueArtefacts"]]

    # The cohort pauses for three days, and the mentorship on one of them.
    await gateway.insert(PAUSE, record_id=COHORT, since=day(30), until=day(33), cause="STRIKE")
    await gateway.insert(PAUSE, record_id=MENTORSHIP, since=day(31), until=day(32), cause="LEAVE")
    await gateway.insert(PAUSE, record_id=MENTORSHIP, since=day(45), cause="LEAVE")
    try:
        assert [await overdue(number) for number in (36, 38, 39, 44, 45)] == [[], [], [1], [6], []]
        assert await owed(39) == ["2020-10-19"], "it touched the weeks of 26 October and after"
    finally:
        await gateway.database.execute(f'DELETE FROM "{PAUSE.physical}" WHERE cause <> $1', "")


VACANCIES = """query Vacancies($asOf: Date) {
  vacancies(programme: "INGOBYI", first: 9, asOf: $asOf) {
    area since days team mentorship { id } mentor { id } orgUnit { code } } }"""


async def test_a_vacancy_is_told_from_the_day_a_mentor_left_until_somebody_came(
    gateway: RunningGateway,
) -> None:
    await gateway.insert(
        VACANCY, mentorship_id=MENTORSHIP, mentor_id=NOMINEE, since=day(30), filled_on=day(50),
        team=0,
    )  # fmt: skip
    here = global_id("Mentorship", MENTORSHIP)
    try:
        for number, days in ((29, None), (30, 0), (49, 19), (50, None)):
            told = (await gateway.ask(VACANCIES, asOf=day(number).isoformat()))["vacancies"]
            ours = [row for row in told if row["mentorship"]["id"] == here]
            assert [row["days"] for row in ours] == ([] if days is None else [days]), number
        assert (await gateway.ask(VACANCIES, "of the centre", asOf=day(40).isoformat()))[
            "vacancies"
        ] == []
    finally:
        await gateway.database.execute(f'DELETE FROM "{VACANCY.physical}" WHERE team = 0')


async def test_nothing_is_overdue_where_the_rules_name_no_rhythm(gateway: RunningGateway) -> None:
    for document in (VISITS, ARTEFACTS):
        data = await gateway.ask(document.replace("INGOBYI", "MANI"))
        assert list(data.values()) == [[]]


ARTEFACTS = """query Artefacts($asOf: Date) {
  overdueArtefacts(programme: "INGOBYI", first: 9, asOf: $asOf) {
    begins ends missing mentorship { id } } }"""


async def test_artefacts_are_owed_for_every_period_that_is_over(gateway: RunningGateway) -> None:
    data = await gateway.ask(ARTEFACTS, asOf=day(39).isoformat())
    rows = [(row["begins"], row["ends"], row["missing"]) for row in data["overdueArtefacts"]]
    # What the mentee wrote stands in for nothing that the mentor owes; the plan covers all weeks.
    owed = ["JOURNAL", "RELATIONSHIP_EVALUATION"]
    assert rows == [
        ("2020-11-02", "2020-11-08", ["SESSION_LOG", *owed]),
        ("2020-10-26", "2020-11-01", owed),
        ("2020-10-19", "2020-10-25", owed),
    ]


async def test_what_one_mentor_of_a_team_submits_clears_the_team_and_not_each_of_them(
    gateway: RunningGateway,
) -> None:
    colleague = id_of("a colleague in the team")
    await gateway.insert(
        MENTORSHIP_PARTY, mentorship_id=MENTORSHIP, health_worker_id=colleague, side="MENTOR",
        areas=["PAED"], mentor_id=uuid4(), joined_on=day(20),
    )  # fmt: skip
    await gateway.insert(
        JOURNAL_ENTRY, id=uuid4(), health_worker_id=MENTOR, mentorship_id=MENTORSHIP,
        programme="INGOBYI", org_unit_id=HOSPITAL, written_on=date(2020, 10, 28), text="Mine.",
        recorded_by="somebody", record_version=1, position=1,
    )  # fmt: skip
    document = """query Artefacts($asOf: Date, $each: Boolean!) {
      overdueArtefacts(programme: "INGOBYI", first: 9, asOf: $asOf, byMentor: $each) {
        begins missing mentor { id } } }"""

    async def owed(each: bool) -> list[tuple[str | None, list[str]]]:
        data = await gateway.ask(document, asOf=day(39).isoformat(), each=each)
        rows = [row for row in data["overdueArtefacts"] if row["begins"] == "2020-10-26"]
        return [(row["mentor"] and row["mentor"]["id"], row["missing"]) for row in rows]

    try:
        assert await owed(False) == [(None, ["RELATIONSHIP_EVALUATION"])]
        of_each = dict(await owed(True))
        # The colleague was not at the session of that week; their record is no row here.
        assert of_each == {
            global_id("HealthWorker", MENTOR): ["RELATIONSHIP_EVALUATION"],
            None: ["SESSION_LOG", "JOURNAL", "RELATIONSHIP_EVALUATION"],
        }
        data = await gateway.ask(document, asOf=day(39).isoformat(), each=True)
        before = [row for row in data["overdueArtefacts"] if row["begins"] == "2020-10-19"]
        assert len(before) == 1, "the colleague came in the middle of that week"
    finally:
        await gateway.database.execute(
            f'DELETE FROM "{MENTORSHIP_PARTY.physical}" WHERE health_worker_id = $1', colleague
        )
        await gateway.database.execute(
            f'DELETE FROM "{JOURNAL_ENTRY.physical}" WHERE text = $1', "Mine."
        )


async def test_nothing_is_owed_for_a_period_that_is_not_over(gateway: RunningGateway) -> None:
    assert (await gateway.ask(ARTEFACTS, asOf=day(24).isoformat()))["overdueArtefacts"] == []
    assert len((await gateway.ask(ARTEFACTS, asOf=day(25).isoformat()))["overdueArtefacts"]) == 1


TIMES = """requests acknowledged answered acknowledgeMedian answerMedian acknowledgeNinetieth
  answerNinetieth acknowledgePromised acknowledgedWithin answerPromised answeredWithin"""
SUPPORT = f"""query Support($year: Int) {{
  supportResponse(programme: "INGOBYI", fiscalYear: $year) {{
    total {{ {TIMES} }} byPhase {{ key {TIMES} }} byArea {{ key requests }} }} }}"""


async def test_support_is_counted_and_timed_in_hours(gateway: RunningGateway) -> None:
    data = (await gateway.ask(SUPPORT, year=2021))["supportResponse"]
    assert data["total"] == {
        "requests": 2, "acknowledged": 2, "answered": 2, "acknowledgeMedian": 2.0,
        "answerMedian": 16.5, "acknowledgeNinetieth": 2.8, "answerNinetieth": pytest.approx(27.3),
        "acknowledgePromised": 2, "acknowledgedWithin": 1, "answerPromised": 2,
        "answeredWithin": 1,
    }  # fmt: skip
    assert [row["key"] for row in data["byPhase"]] == ["REACTIVE", None]
    assert data["byArea"] == [{"key": "PAED", "requests": 2}]
    # Raised on the evening of 30 September in UTC, on 1 October where the programme is.
    later = (await gateway.ask(SUPPORT, year=2022))["supportResponse"]
    assert later["byArea"] == [{"key": "OBS", "requests": 1}]
    assert later["total"]["answerMedian"] is None
    elsewhere = (await gateway.ask(SUPPORT, "of the centre"))["supportResponse"]
    assert elsewhere["total"]["requests"] == 0


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        ('{ overdueVisits(programme: "X", first: 0) { due } }', "FIRST_OUT_OF_RANGE", "first"),
        ('{ overdueVisits(programme: "X", first: 1001) { due } }', "FIRST_OUT_OF_RANGE", "first"),
        (
            '{ mentorCaseload(programme: "X", first: 1, orgUnitId: "x") { area } }',
            "WRONG_ID_KIND",
            "orgUnitId",
        ),
        (
            '{ supportResponse(programme: "X", fiscalYear: 2021, until: "2021-01-01")'
            " { total { requests } } }",
            "MALFORMED",
            "fiscalYear",
        ),
    ],
)
async def test_a_figure_asked_for_wrongly_is_refused(
    gateway: RunningGateway, document: str, code: str, field: str
) -> None:
    (error,) = (await gateway.send(document))["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == (code, field)


STATEMENT = """query Statement($id: ID!, $year: Int) {
  cpdStatement(healthWorkerId: $id, fiscalYear: $year) { opening closing
    bookings { number booked points withheld balance minutes session { day } } } }"""


async def test_a_cpd_statement_closes_on_the_sum_of_what_was_booked(
    gateway: RunningGateway,
) -> None:
    id = global_id("HealthWorker", MENTOR)
    for year in (None, 2021):
        statement = (await gateway.ask(STATEMENT, id=id, year=year))["cpdStatement"]
        assert [each["points"] for each in statement["bookings"]] == ["2.00", "-2.00", "0.75"]
        assert statement["bookings"][0]["withheld"] == "0.50"
        assert (statement["opening"], statement["closing"]) in {("0", "0.75"), ("0.00", "0.75")}
    later = (await gateway.ask(STATEMENT, id=id, year=2022))["cpdStatement"]
    assert (later["opening"], later["bookings"], later["closing"]) == ("0.75", [], "0.75")


async def test_a_cpd_statement_of_a_person_under_two_names_keeps_one_cap(
    gateway: RunningGateway,
) -> None:
    other, account, session = uuid4(), uuid4(), uuid4()
    await gateway.insert(ALIAS, alias_id=other, into_id=MENTOR)
    await gateway.insert(
        CPD_BOOKING,
        account_id=account,
        number=1,
        health_worker_id=other,
        programme="INGOBYI",
        rule="OTHER",
        source=session,
        settled_for=session,
        booked="AWARDED",
        minutes=60,
        points=Decimal(3),
        withheld=Decimal(0),
        cap=Decimal(2),
        balance=Decimal(3),
        fiscal_year=2021,
        booked_on=day(30),
    )
    try:
        id = global_id("HealthWorker", MENTOR)
        asked = STATEMENT.replace("opening", "opening beyondCaps")
        statement = (await gateway.ask(asked, id=id, year=2021))["cpdStatement"]
        booked = [each["points"] for each in statement["bookings"]]
        assert booked == ["2.00", "-2.00", "0.75", "3"]
        assert (statement["beyondCaps"], statement["closing"]) == ("1", "2.75")
        later = (await gateway.ask(STATEMENT, id=id, year=2022))["cpdStatement"]
        assert (later["opening"], later["closing"]) == ("2.75", "2.75")
    finally:
        await gateway.database.execute(
            f"DELETE FROM {CPD_BOOKING.physical} WHERE account_id = $1", account
        )
        await gateway.database.execute(f"DELETE FROM {ALIAS.physical} WHERE alias_id = $1", other)


async def test_a_cpd_statement_is_for_who_sees_the_person_and_for_themselves(
    gateway: RunningGateway,
) -> None:
    id = global_id("HealthWorker", MENTOR)
    seen = {
        subject: (await gateway.ask(STATEMENT, subject, id=id))["cpdStatement"] is not None
        for subject in ("viewer", "the mentor", "of the centre", "nobody")
    }
    assert seen == {"viewer": True, "the mentor": True, "of the centre": False, "nobody": False}
