"""Deviations: what records depart from, rule by rule, as they are said to have been now.

A correction takes back what it no longer departs from; what is voided departs from nothing, until
it is let count again. Each service's records that can deviate have their folds in here.
"""

from collections.abc import Iterable, Iterator
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
from shared.contracts.sessions.session import (
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionReinstated,
    SessionVoided,
)
from shared.domain import derived_id
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

DEVIATION = Table(
    name="deviation",
    version=1,
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
    return _let_stand(happening, stands=None)


@DEVIATIONS.on(SessionReinstated)
def reinstated(_event: SessionReinstated, happening: Happening) -> Iterable[Change]:
    """Show again what it departs from."""
    return _let_stand(happening, stands=True)


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


def _let_stand(happening: Happening, *, stands: bool | None) -> Iterator[Change]:
    for rule in ConductRule:
        key = (_id(happening.stream, rule),)
        yield Patch(DEVIATION, key, {"stands": stands, **record(happening)})


def _id(stream: UUID, rule: ConductRule) -> UUID:
    return derived_id("deviation", stream, rule.value)
