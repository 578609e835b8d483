"""Deviations: what records depart from, rule by rule, as they are said to have been now.

A correction takes back what it no longer departs from; what is voided departs from nothing, until
it is let count again. Each service's records that can deviate have their folds in here.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from services.gateway.projections.columns import (
    BOOLEAN,
    DATE,
    ID,
    IDS,
    JSON,
    RECORD,
    TEXT,
    maybe,
    record,
)
from shared.contracts.base import Event
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation
from shared.contracts.registry.enrolment import MenteeEnrolled
from shared.contracts.registry.mentorship import (
    MenteeJoined,
    MentorReassigned,
    MentorshipAccepted,
    MentorshipDeclined,
    MentorshipProposed,
    MentorshipWaived,
)
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.contracts.validation.competency_correction import (
    AttemptCorrected,
    AttemptReinstated,
    AttemptVoided,
    BaselineCorrected,
)
from shared.contracts.validation.competency_record import (
    AssessmentRecorded,
    AttemptFacts,
    AttemptJudged,
    BaselineAssessed,
    BaselineFacts,
)
from shared.domain import derived_id
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

DEVIATION = Table(
    name="deviation",
    version=3,
    key=("id",),
    columns={
        "id": ID,
        "stands": maybe(BOOLEAN),
        "record_kind": TEXT,
        "record_id": ID,
        "rule": TEXT,
        "counts": BOOLEAN,
        "params": JSON,
        "programme": TEXT,
        "programme_version_id": ID,
        "org_unit_id": ID,
        "mentorship_id": maybe(ID),
        "mentors": IDS,
        "day": DATE,
        "reason": maybe(TEXT),
        "waived_by": maybe(TEXT),
        "recorded_by": TEXT,
        **RECORD,
    },
    indexes=(
        ("day", "id"),
        ("record_id", "rule"),
        ("rule", "day", "id"),
        ("programme", "day", "id"),
        ("org_unit_id", "day", "id"),
        ("mentorship_id", "day", "id"),
    ),
)
"""One row for a rule that a record departs from; `stands` is empty while the record is voided.
`mentors` are the health workers who mentored in it."""

DEVIATIONS = Projection("deviations", DEVIATION)


@DEVIATIONS.on(SessionHeld)
def held(event: SessionHeld, happening: Happening) -> Iterator[Change]:
    """Show what a session departs from."""
    yield from _of_session(event, happening)


@DEVIATIONS.on(SessionCorrected)
def corrected(event: SessionCorrected, happening: Happening) -> Iterator[Change]:
    """Show what it departs from after all."""
    yield from _taken_back(happening.stream, event.deviations)
    yield from _of_session(event, happening)


@DEVIATIONS.on(SessionVoided)
def voided(_event: SessionVoided, happening: Happening) -> Iterable[Change]:
    """Show nothing of it."""
    return _let_stand(happening, happening.stream, stands=None)


@DEVIATIONS.on(SessionReinstated)
def reinstated(_event: SessionReinstated, happening: Happening) -> Iterable[Change]:
    """Show again what it departs from."""
    return _let_stand(happening, happening.stream, stands=True)


@DEVIATIONS.on(AssessmentRecorded)
def assessed(event: AssessmentRecorded, happening: Happening) -> Iterator[Change]:
    """Show what an attempt departs from: it is told for the first time, nothing is taken back."""
    yield from _at_first(event, happening)


@DEVIATIONS.on(AttemptCorrected)
def attempt_corrected(event: AttemptCorrected, happening: Happening) -> Iterator[Change]:
    """Show what it departs from after all."""
    yield from _of_attempt(event, happening)


@DEVIATIONS.on(AttemptJudged)
def attempt_judged(event: AttemptJudged, happening: Happening) -> Iterator[Change]:
    """Show what it departs from, by what came late."""
    yield from _of_attempt(event, happening)


@DEVIATIONS.on(AttemptVoided)
def attempt_voided(event: AttemptVoided, happening: Happening) -> Iterable[Change]:
    """Show nothing of it."""
    id = _attempt(event.enrolment_id, event.competency, event.attempt)
    return _let_stand(happening, id, stands=None)


@DEVIATIONS.on(AttemptReinstated)
def attempt_reinstated(event: AttemptReinstated, happening: Happening) -> Iterable[Change]:
    """Show again what it departs from."""
    id = _attempt(event.enrolment_id, event.competency, event.attempt)
    return _let_stand(happening, id, stands=True)


@DEVIATIONS.on(BaselineAssessed)
def pre_tested(event: BaselineAssessed, happening: Happening) -> Iterator[Change]:
    """Show what a pre-test departs from: there is one, told for the first time."""
    yield from _of_assessment("Baseline", _baseline(event), event, happening)


@DEVIATIONS.on(BaselineCorrected)
def pre_test_corrected(event: BaselineCorrected, happening: Happening) -> Iterator[Change]:
    """Show what it departs from after all."""
    id = _baseline(event)
    yield from _taken_back(id, event.deviations)
    yield from _of_assessment("Baseline", id, event, happening)


def _baseline(event: BaselineFacts) -> UUID:
    return derived_id("baseline", event.enrolment_id, event.competency or "")


def _at_first(event: AttemptFacts, happening: Happening) -> Iterator[Change]:
    id = _attempt(event.enrolment_id, event.competency, event.attempt)
    yield from _of_assessment("Assessment", id, event, happening)


def _of_attempt(event: AttemptFacts | AttemptJudged, happening: Happening) -> Iterator[Change]:
    id = _attempt(event.enrolment_id, event.competency, event.attempt)
    yield from _taken_back(id, event.deviations)
    yield from _of_assessment("Assessment", id, event, happening)


def _of_assessment(
    kind: str,
    id: UUID,
    event: AttemptFacts | AttemptJudged | BaselineFacts,
    happening: Happening,
) -> Iterator[Change]:
    """Show what something in a competency record departs from; whoever assessed mentored there."""
    yield from _of(
        kind,
        event.deviations,
        event,
        happening,
        id=id,
        day=event.assessed_on,
        mentors=(event.assessor_id,),
    )


def _attempt(enrolment_id: UUID, competency: str, attempt: int) -> UUID:
    return derived_id("attempt", enrolment_id, competency, attempt)


@DEVIATIONS.on(MenteeEnrolled)
def enrolled(event: MenteeEnrolled, happening: Happening) -> Iterator[Change]:
    """Show what an enrolment departs from."""
    yield from _of("Mentee", event.deviations, event, happening, day=event.since)


@DEVIATIONS.on(MentorshipProposed)
def proposed(event: MentorshipProposed, happening: Happening) -> Iterator[Change]:
    """Show what a mentorship departs from."""
    mentors = tuple(dict.fromkeys(party.health_worker_id for party in event.mentors))
    yield from _of_mentorship(event, event.deviations, happening, mentors=mentors)


@DEVIATIONS.on(MentorshipAccepted)
def accepted(event: MentorshipAccepted, happening: Happening) -> Iterator[Change]:
    """Show what it departs from when it is taken up."""
    yield from _of_mentorship(event, event.deviations, happening)


@DEVIATIONS.on(MentorReassigned)
def reassigned(event: MentorReassigned, happening: Happening) -> Iterator[Change]:
    """Show what it departs from since a mentor came."""
    mentors = (event.mentor.health_worker_id,)
    yield from _of_mentorship(event, event.deviations, happening, day=event.since, mentors=mentors)


@DEVIATIONS.on(MenteeJoined)
def joined(event: MenteeJoined, happening: Happening) -> Iterator[Change]:
    """Show what it departs from since a mentee came."""
    yield from _of_mentorship(event, event.deviations, happening, day=event.since)


@DEVIATIONS.on(MentorshipWaived)
def waived(event: MentorshipWaived, happening: Happening) -> Iterator[Change]:
    """Show who waived the rule: it counts in spite of it."""
    yield Patch(
        DEVIATION,
        (_id(happening.stream, event.rule),),
        {"counts": True, "waived_by": event.approved_by, **record(happening)},
    )


@DEVIATIONS.on(MentorshipDeclined)
def declined(_event: MentorshipDeclined, happening: Happening) -> Iterable[Change]:
    """Show nothing of what nothing came of."""
    return _let_stand(happening, happening.stream, stands=None)


def _of_session(event: SessionFacts, happening: Happening) -> Iterator[Change]:
    yield from _of(
        "Session",
        event.deviations,
        event,
        happening,
        day=event.held_on,
        mentorship_id=event.mentorship_id,
        mentors=event.mentors,
    )


def _of_mentorship(
    event: Event, deviations: tuple[Deviation, ...], happening: Happening, **more: Any
) -> Iterator[Change]:
    yield from _of(
        "Mentorship", deviations, event, happening, mentorship_id=happening.stream, **more
    )


def _of(
    kind: str,
    deviations: tuple[Deviation, ...],
    said: Any,
    happening: Happening,
    *,
    id: UUID | None = None,
    **more: Any,
) -> Iterator[Change]:
    """Yield a row for each rule; `said` is the event, which says under which rules and where.

    `id` is that of what departs; None: it is the record itself. What is judged again says nothing
    anew: why it departs is what its sender said, who gave a reason for a correction, too.
    """
    of = id or happening.stream
    reason = happening.meta.reason
    why = {} if reason is None else {"reason": reason}
    for each in deviations:
        yield Upsert(
            DEVIATION,
            (_id(of, each.rule),),
            {
                "stands": True,
                "record_kind": kind,
                "record_id": of,
                "rule": each.rule.value,
                "counts": each.counts,
                "params": {one.name: one.value for one in each.params},
                "programme": said.programme,
                "programme_version_id": said.programme_version_id,
                "org_unit_id": said.org_unit_id,
                "mentors": (),
                "day": happening.meta.occurred_on,
                **why,
                "waived_by": each.waived_by,
                "recorded_by": happening.meta.actor,
                **more,
                **record(happening),
            },
        )


def _taken_back(id: UUID, deviations: tuple[Deviation, ...]) -> Iterator[Change]:
    """Yield what something said anew no longer departs from."""
    said = {each.rule for each in deviations}
    for rule in ConductRule:
        if rule not in said:
            yield Delete(DEVIATION, (_id(id, rule),))


def _let_stand(happening: Happening, id: UUID, *, stands: bool | None) -> Iterator[Change]:
    for rule in ConductRule:
        yield Patch(DEVIATION, (_id(id, rule),), {"stands": stands, **record(happening)})


def _id(of: UUID, rule: ConductRule) -> UUID:
    return derived_id("deviation", of, rule.value)
