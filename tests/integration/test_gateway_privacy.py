"""Who reads what was said of people, and why: every field of every read type, by everybody.

The story is folded with each such word marked; its rows stand in a real PostgreSQL, and are read by
the statements that every query is made of, under each reader's own scope.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.gateway.graphql.ids import global_id
from services.gateway.projections import MENTORSHIP_PARTY
from services.gateway.read.declare import Leaf, Order, models
from services.gateway.read.scope import scopes_of
from services.gateway.read.sql import Columns, Page, page
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.support_request import (
    SupportRequestAnswered,
    SupportRequestFollowedUp,
    SupportRequestRaised,
)
from tests.integration.test_gateway_happenings import fill, grant
from tests.support.days import today
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.marking import PERSONAL, texts_of, with_marks
from tests.support.servers import PostgresServer
from tests.support.story import STORY
from tests.support.telling import (
    BEGAN,
    CENTRE,
    HOSPITAL,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    RWANDA,
    id_of,
    of,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRIVATE, OTHER_MENTEE = id_of("private request"), id_of("another mentee of the mentorship")
SECRET = "I cannot sleep since then."
CONFIDED = [
    *of(
        "support_request",
        PRIVATE,
        SupportRequestRaised(
            mentorship_id=MENTORSHIP,
            health_worker_id=MENTEE,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            area="PAED",
            private=True,
            about="Between us",
            question=SECRET,
            raised_at=BEGAN.replace(month=11),
        ),
        SupportRequestAnswered(
            health_worker_id=MENTOR,
            private=True,
            answer="Come to me.",
            answered_at=BEGAN.replace(month=11, hour=9),
            after=5400,
        ),
        SupportRequestFollowedUp(
            health_worker_id=MENTEE,
            private=True,
            side=Side.MENTEE,
            mentorship_id=MENTORSHIP,
            programme="INGOBYI",
            org_unit_id=HOSPITAL,
            text="I will come.",
            followed_up_at=BEGAN.replace(month=11, hour=10),
        ),
        on=32,
        key=MENTORSHIP,
    ),
]  # fmt: skip
OPEN = of(
    "support_request",
    id_of("open request"),
    SupportRequestRaised(
        mentorship_id=MENTORSHIP,
        health_worker_id=MENTEE,
        programme="INGOBYI",
        org_unit_id=HOSPITAL,
        area="PAED",
        about="Feeding at night",
        question="How much?",
        raised_at=BEGAN.replace(month=11),
    ),
    on=32,
    key=MENTORSHIP,
)
TOLD = [*STORY, *CONFIDED, *OPEN]
CONFIDENCES = {"JournalEntry.text", "RelationshipEvaluation.comment"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningGateway]:
    """A gateway over the marked story, for all tests here: they read."""
    name = f"test_{uuid4().hex}"
    url = await postgres.create_database(name)
    async with running_gateway(url, tmp_path_factory.mktemp("gateway")) as running:
        await fill(running, map(with_marks, TOLD))
        await running.insert(
            MENTORSHIP_PARTY, mentorship_id=MENTORSHIP, health_worker_id=OTHER_MENTEE,
            side="MENTEE", areas=["PAED"],
        )  # fmt: skip
        for role in ("ADMINISTRATOR", "COORDINATOR", "AUDITOR", "VIEWER"):
            await grant(running, role.lower(), role, unit=RWANDA)
        await grant(running, "the mentor", "MENTOR", person=MENTOR, unit=RWANDA, own=True)
        await grant(running, "the mentee", "MENTEE", person=MENTEE, unit=RWANDA)
        await grant(running, "another mentee", "MENTEE", person=OTHER_MENTEE, unit=RWANDA)
        await grant(running, "of the centre", "COORDINATOR", unit=CENTRE)
        await running.told()
        yield running
    await postgres.drop_database(name)


async def read_by(gateway: RunningGateway, subject: str) -> set[str]:
    """Return the fields in which somebody reads anything that is personal."""
    return {
        f"{name}.{field}"
        for name, row in await rows_for(gateway, subject)
        for field, value in row.items()
        if any(PERSONAL in each for each in texts_of(value))
    }


async def rows_for(gateway: RunningGateway, subject: str) -> list[tuple[str, dict[str, Any]]]:
    """Return every row of every read type as somebody reads it, by the type's name."""
    assert gateway.gateway._endpoint is not None
    directory = gateway.gateway._endpoint._parts.directory
    scopes = scopes_of(directory.actor(subject), today())
    found = []
    for name, model in models.items():
        fields = tuple(f for f, declared in model.fields.items() if isinstance(declared, Leaf))
        order = Order(columns=model.table.key)
        text, binds = page(model, Columns(fields, ()), Page(order=order, limit=1000), scopes)
        for row in await gateway.database.fetch(text, *binds):
            found.append((name, {field: row[f"f_{field}"] for field in fields}))
    return found


def every_field() -> set[str]:
    """Return all fields that are personal, or confided."""
    return {
        f"{name}.{field}"
        for name, model in models.items()
        for field, declared in model.fields.items()
        if isinstance(declared, Leaf) and (declared.personal or declared.confided)
    }


TRAIL = {
    "AuditEntry.reason",
    "HistoryEntry.reason",
    "HistoryEvent.reason",
    "RecordedEvent.reason",
}
"""What auditors are told of what was recorded, and why."""
NUMBERS = {
    "HealthWorker.phone",
    "HealthWorker.email",
    "HealthWorker.sex",
    "HealthWorker.birth_year",
    "Licence.number",
    "Licence.valid_from",
    "Licence.valid_until",
    "Licence.withdrawn_on",
    "Mentee.withdrawal_cause",
    "PersonIdentifier.value",
}
"""What no word of anybody's stands in: it is not marked."""


async def numbers_read_by(gateway: RunningGateway, subject: str) -> set[str]:
    """Return the fields among those in which somebody reads anything."""
    return {
        f"{name}.{field}"
        for name, row in await rows_for(gateway, subject)
        for field, value in row.items()
        if value is not None
    } & NUMBERS


async def test_numbers_of_people_are_for_who_may_read_their_names(gateway: RunningGateway) -> None:
    assert await numbers_read_by(gateway, "auditor") == NUMBERS
    assert await numbers_read_by(gateway, "coordinator") == NUMBERS
    assert await numbers_read_by(gateway, "viewer") == set()
    assert await numbers_read_by(gateway, "a stranger") == set()


async def test_an_auditor_reads_every_personal_field_but_confidences(
    gateway: RunningGateway,
) -> None:
    assert await read_by(gateway, "auditor") == every_field() - CONFIDENCES - NUMBERS


@pytest.mark.parametrize("subject", ["coordinator", "administrator"])
async def test_who_runs_the_unit_reads_them_too_but_no_trail(
    gateway: RunningGateway, subject: str
) -> None:
    expected = every_field() - CONFIDENCES - NUMBERS - TRAIL
    assert await read_by(gateway, subject) == expected


@pytest.mark.parametrize("subject", ["viewer", "a stranger"])
async def test_a_viewer_and_a_stranger_read_none(gateway: RunningGateway, subject: str) -> None:
    assert await read_by(gateway, subject) == set()


async def test_a_coordinator_of_another_unit_reads_none_of_this_one(
    gateway: RunningGateway,
) -> None:
    everywhere = await read_by(gateway, "coordinator")
    assert len(await read_by(gateway, "of the centre")) < len(everywhere) / 2


@pytest.mark.parametrize("subject", ["the mentor", "the mentee"])
async def test_a_party_reads_what_is_said_in_their_mentorship(
    gateway: RunningGateway, subject: str
) -> None:
    read = await read_by(gateway, subject)
    assert read >= {
        "SupportRequest.topic", "SupportRequest.question", "SupportRequest.answer",
        "SupportFollowUp.text", "Exchange.text", "OutcomeStory.story", "Plan.objectives",
        "ImprovementAction.title", "Initiative.title", "JournalEntry.text",
    }  # fmt: skip
    assert not read & {"SupervisionVisit.findings", "Notice.given_to", *TRAIL}


# ── between the two ───────────────────────────────────────────────────────────────────────────

THREAD = """query Thread($id: ID!) { supportRequest(id: $id) {
  private status answeredAfter topic question answer thread { side text } } }"""


@pytest.mark.parametrize("subject", ["the mentor", "the mentee"])
async def test_the_two_read_what_is_private(gateway: RunningGateway, subject: str) -> None:
    read = await gateway.ask(THREAD, subject, id=global_id("SupportRequest", PRIVATE))
    assert read["supportRequest"] == {
        "private": True, "status": "FOLLOWED_UP", "answeredAfter": 5400,
        "topic": f"Between us{PERSONAL}", "question": SECRET + PERSONAL,
        "answer": f"Come to me.{PERSONAL}",
        "thread": [{"side": "MENTEE", "text": f"I will come.{PERSONAL}"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "subject",
    ["operator@test", "administrator", "coordinator", "auditor", "viewer", "another mentee"],
)
async def test_nobody_else_reads_a_word_and_all_see_its_times(
    gateway: RunningGateway, subject: str
) -> None:
    read = await gateway.ask(THREAD, subject, id=global_id("SupportRequest", PRIVATE))
    assert read["supportRequest"] == {
        "private": True, "status": "FOLLOWED_UP", "answeredAfter": 5400,
        "topic": None, "question": None, "answer": None,
        "thread": [{"side": "MENTEE", "text": None}],
    }  # fmt: skip


COUNTED = """{ supportResponse(programme: "INGOBYI") { total { requests answered } } }"""


async def test_it_counts_among_the_others(gateway: RunningGateway) -> None:
    counted = (await gateway.ask(COUNTED, "coordinator"))["supportResponse"]["total"]
    requests: set[UUID] = {t.stream for t in TOLD if t.kind == "support_request"}
    assert counted["requests"] == len(requests)
