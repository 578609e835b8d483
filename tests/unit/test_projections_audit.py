"""Whom the audit trail names, and what it never holds."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import Struct

from services.gateway.projections.audit import (
    AUDIT,
    AUDIT_EVENT,
    AUDIT_TRAIL,
    NAMING_NOBODY,
    PERSON_RECORD,
)
from services.gateway.projections.people import people_named
from shared.contracts.base import (
    Event,
    HealthWorkerId,
    PersonalText,
    camel,
    events,
    personal_fields,
)
from shared.privacy.payload import check_contract
from shared.projection import Happening, Table, Upsert
from tests.support.story import FIRST_YEAR, MENTEE, MENTOR, MENTORSHIP, STORY, happenings
from tests.support.story_looked import LOOKED


def rows_of(table: Table, told: Iterable[Happening]) -> list[Upsert]:
    """Return what is written to one of the trail's tables."""
    changes = [change for happening in told for change in AUDIT.changes(happening)]
    return [one for one in changes if isinstance(one, Upsert) and one.table is table]


ROWS = rows_of(AUDIT_EVENT, happenings())


def topics_of(person: UUID) -> list[str]:
    """Return what the trail of a person tells of the story's first year."""
    year = happenings(FIRST_YEAR)
    topics = {row.key[0]: row.values["topic"] for row in rows_of(AUDIT_EVENT, year)}
    return [topics[row.key[1]] for row in rows_of(AUDIT_TRAIL, year) if row.key[0] == person]


def test_a_mentees_trail_tells_everything_that_names_them_in_order() -> None:
    assert topics_of(MENTEE) == [
        "registry.health_worker.registered",
        "registry.health_worker.transferred",
        "registry.enrolment.enrolled",
        "registry.enrolment.enrolled",
        "registry.mentorship.proposed",
        "registry.mentorship.signed",
        "sessions.session.held",
        "validation.competency_record.opened",
        "validation.competency_record.baseline_assessed",
        "validation.competency_record.assessment_recorded",
        "validation.competency_record.assessment_recorded",
        "validation.competency_record.competency_validated",
        "validation.competency_record.assessment_recorded",
        "validation.competency_record.competency_validated",
        "validation.competency_record.fully_validated",
    ]


def test_an_assessor_finds_the_assessment_in_their_trail_too() -> None:
    assert topics_of(MENTOR).count("validation.competency_record.assessment_recorded") == 3


def test_what_names_nobody_is_kept_by_the_record_it_happened_to() -> None:
    topics = {row.key[0]: row.values["topic"] for row in ROWS}
    nobody = [row.key for row in rows_of(NAMING_NOBODY, happenings())]
    assert {topics[event] for _, event in nobody} >= {
        "registry.mentorship.agreed",
        "validation.certificate.issued",
        "sessions.session.voided",
    }
    named = {row.key[1] for row in rows_of(AUDIT_TRAIL, happenings())}
    assert not named & {event for _, event in nobody}


def test_a_record_is_of_everybody_it_ever_named() -> None:
    theirs = {row.key[1] for row in rows_of(PERSON_RECORD, happenings()) if row.key[0] == MENTEE}
    assert MENTORSHIP in theirs
    assert {row.values["kind"] for row in rows_of(PERSON_RECORD, happenings())} >= {
        "mentorship",
        "session",
        "certificate",
        "support_request",
    }


def test_what_is_of_many_is_nobodys_record() -> None:
    kinds = {row.values["kind"] for row in rows_of(PERSON_RECORD, happenings())}
    assert not kinds & {"group", "screening", "cohort", "org_unit"}
    streams = {told.stream for told in STORY if told.kind in ("cohort", "org_unit", "group")}
    assert not streams & {row.key[0] for row in rows_of(NAMING_NOBODY, happenings())}


class Nested(Struct, frozen=True):
    """A party with people of its own."""

    someone: HealthWorkerId
    listed: tuple[HealthWorkerId, ...] = ()


class Meeting(Event, frozen=True, kw_only=True):
    """It names people wherever an event can."""

    topic: ClassVar[str] = "test.meeting"
    chair: HealthWorkerId
    absent: HealthWorkerId | None = None
    parties: tuple[Nested, ...] = ()
    minuted_by: Nested | None = None
    place: UUID


def test_people_are_found_at_any_depth_and_each_once() -> None:
    chair, absent, first, second, third = (uuid4() for _ in range(5))
    meeting = Meeting(
        chair=chair,
        absent=absent,
        parties=(Nested(first, (second, chair)), Nested(second)),
        minuted_by=Nested(third),
        place=uuid4(),
    )
    assert people_named(meeting) == (chair, absent, first, second, third)


def test_who_is_not_there_is_not_named() -> None:
    chair = uuid4()
    assert people_named(Meeting(chair=chair, place=uuid4())) == (chair,)


@pytest.mark.parametrize("event", events.values(), ids=events.keys())
def test_people_can_be_found_in_every_event_of_the_contracts(event: type[Event]) -> None:
    told = next(told for told in [*STORY, *LOOKED] if type(told.body) is event)
    assert all(isinstance(person, UUID) for person in people_named(told.body))


def test_details_hold_what_happened_by_its_wire_names() -> None:
    (row,) = [row for row in ROWS if row.values["topic"] == "registry.health_worker.transferred"]
    assert set(row.values["details"]) == {"healthWorkerId", "fromOrgUnitId", "orgUnitId", "since"}


@pytest.mark.parametrize("event", events.values(), ids=events.keys())
def test_no_personal_field_of_any_event_reaches_the_trail(event: type[Event]) -> None:
    personal = {camel(name) for name in personal_fields(event)}
    check_contract(event)  # and no field hides a personal one within
    of_kind = [r for r in ROWS if r.values["topic"] == event.topic]
    assert not any(personal & row.values["details"].keys() for row in of_kind)
    for told in (told for told in STORY if type(told.body) is event):
        content = msgspec.to_builtins(told.body)
        # A day or a code may stand in a plain field too.
        plain = set(texts_in({name: content[name] for name in content.keys() - personal}))
        for secret in (getattr(told.body, name) for name in personal_fields(event)):
            for clear in set(texts_in(msgspec.to_builtins(secret))) - plain:
                assert all(clear not in msgspec.json.encode(r.values).decode() for r in of_kind)


class Confided(Event, frozen=True, kw_only=True):
    """It has a personal field that no code of the trail knows of."""

    topic: ClassVar[str] = "test.confided"
    who: HealthWorkerId
    what: Annotated[PersonalText, "told in trust"]


def test_a_personal_field_added_later_is_left_out_as_well() -> None:
    body = Confided(who=MENTEE, what="a secret")
    told = msgspec.structs.replace(happenings()[0], body=body)
    (row,) = rows_of(AUDIT_EVENT, [told])
    assert row.values["details"] == {"who": MENTEE}


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text of a JSON value that is long enough to tell of somebody."""
    if isinstance(value, str) and len(value) > 3:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)
