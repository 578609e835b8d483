"""What an event changed of somebody's progress, as the events say it, in the order of recording."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec

from services.gateway.projections import PROJECTIONS
from services.gateway.projections.audit import AUDIT, AUDIT_EVENT
from services.gateway.telling.progress import TOPICS, Difference, Facts, Fold, Step
from shared.contracts.base import events
from shared.contracts.sessions.cpd import CpdPointsAwarded
from shared.projection import Upsert
from tests.support.rows import Rows
from tests.support.story import STORY, happenings
from tests.support.telling import ENROLMENT, MENTEE, RECORD, SESSION

OTHER = uuid4()


def step(topic: str, stream: UUID = ENROLMENT, **facts: Any) -> Step:
    assert topic in TOPICS
    return Step(uuid4(), topic, stream, Facts(**facts))


def begun(**changes: Any) -> Fold:
    """Return the fold of somebody who is enrolled."""
    fold = Fold(people=frozenset({MENTEE}), **changes)
    fold.take(step("registry.enrolment.enrolled", health_worker_id=MENTEE))
    return fold


def test_every_event_that_is_counted_is_published() -> None:
    assert events.keys() >= set(TOPICS)


def test_a_session_counts_until_it_is_voided_and_again_once_it_is_reinstated() -> None:
    fold = begun()
    counted = []
    for topic in ("held", "voided", "reinstated"):
        (change,) = fold.take(step(f"sessions.session.{topic}", SESSION, enrolments=(ENROLMENT,)))
        counted.append((len(change.before.sessions), len(change.after.sessions)))
    assert counted == [(0, 1), (1, 0), (0, 1)]


def test_a_session_that_never_counted_does_not_count_once_it_is_reinstated() -> None:
    fold = begun()
    held = step("sessions.session.held", SESSION, enrolments=(ENROLMENT,), counts=False)
    assert fold.take(held) == []
    assert fold.take(step("sessions.session.voided", SESSION, enrolments=(ENROLMENT,))) == []
    assert fold.take(step("sessions.session.reinstated", SESSION, enrolments=(ENROLMENT,))) == []


def test_who_was_not_there_after_all_has_a_session_less() -> None:
    fold = begun()
    fold.take(step("sessions.session.held", SESSION, enrolments=(ENROLMENT,)))
    (change,) = fold.take(step("sessions.session.corrected", SESSION, enrolments=(OTHER,)))
    assert (len(change.before.sessions), len(change.after.sessions)) == (1, 0)


def test_the_enrolments_of_others_are_none_of_theirs() -> None:
    fold = begun()
    fold.take(step("registry.enrolment.enrolled", OTHER, health_worker_id=uuid4()))
    assert fold.take(step("registry.enrolment.completed", OTHER)) == []
    proved = step(
        "validation.competency_record.competency_validated",
        RECORD,
        enrolment_id=OTHER,
        validated=1,
        competencies=2,
    )
    assert fold.take(proved) == []


def test_what_was_done_under_another_name_is_theirs() -> None:
    alias = uuid4()
    fold = Fold(people=frozenset({MENTEE, alias}))
    enrolled = fold.take(step("registry.enrolment.enrolled", OTHER, health_worker_id=alias))
    assert [change.enrolment_id for change in enrolled] == [OTHER]


def test_points_are_of_all_enrolments() -> None:
    (change,) = begun().take(
        step(CpdPointsAwarded.topic, uuid4(), health_worker_id=MENTEE, balance=Decimal("1.5"))
    )
    assert change.enrolment_id is None
    assert (change.before.points, change.after.points) == (Decimal(0), Decimal("1.5"))


def test_what_changes_nothing_makes_no_difference() -> None:
    assert begun().take(step("registry.enrolment.readmitted")) == []


def told() -> Iterator[Step]:
    """Yield what of the story is counted, as the trail holds it."""
    for one in happenings(STORY):
        for change in AUDIT.changes(one):
            if isinstance(change, Upsert) and change.table is AUDIT_EVENT:
                details = msgspec.json.encode(change.values["details"])
                if one.body.topic in TOPICS:
                    facts = msgspec.json.decode(details, type=Facts)
                    yield Step(one.id, one.body.topic, one.stream, facts)


def test_the_last_difference_of_each_is_what_the_read_models_say() -> None:
    rows = Rows()
    for happening in happenings(STORY):
        rows.happen(PROJECTIONS, happening)
    mentees = {row["id"]: row for row in rows.of("mentee") if row["since"] is not None}
    fold = Fold(people=frozenset(row["health_worker_id"] for row in mentees.values()))
    changes: list[Difference] = [change for each in told() for change in fold.take(each)]
    assert len(changes) > 20
    for id, row in mentees.items():
        stands = fold.of(id)
        assert (stands.status, stands.validated) == (row["status"], row["validated"] or 0)
        assert stands.competencies == row["competencies"]
