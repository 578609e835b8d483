"""Deviations: what records depart from, rule by rule, as they are said to have been now.

A correction takes back what it no longer departs from; what is voided departs from nothing, until
it is let count again. Each service's records that can deviate have their folds in here.
"""

from collections.abc import Iterable, Iterator
from datetime import date
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
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.deviation import Deviation
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
    AboutMentee,
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
    version=2,
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
    said = {each.rule for each in event.deviations}
    for rule in ConductRule:
        if rule not in said:
            yield Delete(DEVIATION, (_id(happening.stream, rule),))
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
    """Show what an attempt departs from."""
    yield from _of_attempt(event, happening)


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


@DEVIATIONS.on(BaselineAssessed, BaselineCorrected)
def pre_tested(event: BaselineFacts, happening: Happening) -> Iterator[Change]:
    """Show what a pre-test departs from."""
    id = derived_id("baseline", event.enrolment_id, event.competency or "")
    yield from _of_record(
        event, happening, id, "Baseline", event.deviations, event.assessor_id, event.assessed_on
    )


def _of_attempt(event: AttemptFacts | AttemptJudged, happening: Happening) -> Iterator[Change]:
    yield from _of_record(
        event,
        happening,
        _attempt(event.enrolment_id, event.competency, event.attempt),
        "Assessment",
        event.deviations,
        event.assessor_id,
        event.assessed_on,
    )


def _of_record(
    event: AboutMentee,
    happening: Happening,
    id: UUID,
    kind: str,
    deviations: tuple[Deviation, ...],
    assessor_id: UUID,
    day: date,
) -> Iterator[Change]:
    """Show what something in a competency record departs from; whoever assessed mentored there."""
    said = {each.rule for each in deviations}
    for rule in ConductRule:
        if rule not in said:
            yield Delete(DEVIATION, (_id(id, rule),))
    for each in deviations:
        yield Upsert(
            DEVIATION,
            (_id(id, each.rule),),
            {
                "stands": True,
                "record_kind": kind,
                "record_id": id,
                "rule": each.rule.value,
                "counts": each.counts,
                "params": {one.name: one.value for one in each.params},
                "programme": event.programme,
                "programme_version_id": event.programme_version_id,
                "org_unit_id": event.org_unit_id,
                "mentorship_id": None,
                "mentors": (assessor_id,),
                "day": day,
                "reason": happening.meta.reason,
                "recorded_by": happening.meta.actor,
                **record(happening),
            },
        )


def _attempt(enrolment_id: UUID, competency: str, attempt: int) -> UUID:
    return derived_id("attempt", enrolment_id, competency, attempt)


def _of_session(event: SessionFacts, happening: Happening) -> Iterator[Change]:
    for each in event.deviations:
        yield Upsert(
            DEVIATION,
            (_id(happening.stream, each.rule),),
            {
                "stands": True,
                "record_kind": "Session",
                "record_id": happening.stream,
                "rule": each.rule.value,
                "counts": each.counts,
                "params": {one.name: one.value for one in each.params},
                "programme": event.programme,
                "programme_version_id": event.programme_version_id,
                "org_unit_id": event.org_unit_id,
                "mentorship_id": event.mentorship_id,
                "mentors": event.mentors,
                "day": event.held_on,
                "reason": happening.meta.reason,
                "recorded_by": happening.meta.actor,
                **record(happening),
            },
        )


def _let_stand(happening: Happening, id: UUID, *, stands: bool | None) -> Iterator[Change]:
    for rule in ConductRule:
        yield Patch(DEVIATION, (_id(id, rule),), {"stands": stands, **record(happening)})


def _id(of: UUID, rule: ConductRule) -> UUID:
    return derived_id("deviation", of, rule.value)
