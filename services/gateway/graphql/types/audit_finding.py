"""Audit findings: what an auditor looks for by hand, with its evidence, and when it is innocent."""

import asyncio
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from strawberry import ID
from strawberry.scalars import JSON
from strawberry.types import Info

from services.gateway.figures.findings.asked import (
    MOST_EVENTS,
    AuditFindingStanding,
    evidence,
    id_of,
)
from services.gateway.figures.findings.declared import AuditFindingSeverity, Found
from services.gateway.figures.findings.thresholds import STANDARD, Thresholds
from services.gateway.graphql.context import context_of
from services.gateway.graphql.cost import weighing
from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.ids import global_id
from services.gateway.graphql.reading import one
from services.gateway.graphql.selection import columns_for
from services.gateway.graphql.types.audit import RecordedEvent
from services.gateway.graphql.types.certificate import Certificate
from services.gateway.graphql.types.health_worker import HealthWorker
from services.gateway.graphql.types.mentorship import Mentorship
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import Session
from services.gateway.read.declare import models
from shared.contracts.base import camel
from shared.contracts.validation.audit_finding import AuditFindingKind
from shared.domain.errors import Malformed
from shared.language import phrase_of

graphql_enum(AuditFindingSeverity)
graphql_enum(AuditFindingStanding)
graphql_enum(AuditFindingKind)
for _value in vars(AuditFindingKind)["__strawberry_definition__"].values:
    _value.description = {
        AuditFindingKind.TWO_PLACES_AT_ONCE: "A mentor at two sessions in person, in two places, "
        "at one time.",
        AuditFindingKind.DAY_TOO_FULL: "More minutes of sessions than a person's day has.",
        AuditFindingKind.TOO_FAR_APART: "Two sessions in person of one day, between which nobody "
        "could have travelled.",
        AuditFindingKind.RECORDED_IN_A_BURST: "Sessions of many days, recorded within one minute; "
        "imported lists are not meant.",
        AuditFindingKind.SCORES_NEVER_VARY: "An assessor whose scores are all the same, as those "
        "of others are not.",
        AuditFindingKind.SCORES_JUST_ABOVE: "An assessor whose scores cluster just above the "
        "threshold, as those of others do not.",
        AuditFindingKind.ASSESSOR_WITHOUT_RIGHT: "A validation by an assessor whose own right had "
        "ended by that day.",
        AuditFindingKind.POINTS_BEYOND_HOURS: "CPD points for more time than somebody was at "
        "sessions that day.",
        AuditFindingKind.RECORDED_LATE: "A unit, or somebody who records for several, whose "
        "sessions of a quarter are mostly recorded long after.",
        AuditFindingKind.CORRECTED_AFTER_VALIDATION: "A score that was changed after it had led "
        "to a validation.",
        AuditFindingKind.MENTORSHIP_WITHOUT_SESSIONS: "A mentorship that was agreed long ago, and "
        "never met.",
        AuditFindingKind.GROUP_ABOVE_NINE: "A session of more mentees than a group has.",
        AuditFindingKind.CERTIFICATE_OF_ONES_OWN: "A certificate approved by whom it certifies, "
        "or in which one person took two steps.",
        AuditFindingKind.FIGURES_CHANGED: "Sessions of a quarter that were added or changed after "
        "it was closed: `sessions.session.held`, `.corrected`, `.voided`, `.reinstated`.",
    }[AuditFindingKind(_value.value)]


MOST_SESSIONS = 100
MOST = 100_000
"""Above this, no threshold is one."""


class ThresholdOutOfRange(Malformed):
    """A threshold that nothing, or everything, would pass."""

    code = "THRESHOLD_OUT_OF_RANGE"
    template = "{value} is no threshold."
    remedy_template = "Give 1 to {most}, or leave it out."


@strawberry.input(description="What is held to be too much, where a ministry may think otherwise.")
class AuditFindingThresholds:
    """See `Thresholds` for the source of each."""

    minutes_per_day: int = strawberry.field(
        default=STANDARD.minutes_per_day,
        description="Minutes of sessions in one person's day that are credible.",
    )
    kilometres_per_hour: int = strawberry.field(
        default=STANDARD.kilometres_per_hour,
        description="How fast one travels at the most, as the crow flies.",
    )
    burst_days: int = strawberry.field(
        default=STANDARD.burst_days,
        description="Different days of sessions that are too many to record within a minute.",
    )
    late_days: int = strawberry.field(
        default=STANDARD.late_days, description="Days after which a session is recorded late."
    )
    late_percent: int = strawberry.field(
        default=STANDARD.late_percent,
        description="Of a quarter's sessions that are late, from which it is a habit.",
    )
    days_without_session: int = strawberry.field(
        default=STANDARD.days_without_session,
        description="Days after it was agreed in which a mentorship has met, without its pauses.",
    )
    group_most: int = strawberry.field(
        default=STANDARD.group_most, description="Mentees at one session."
    )
    grace_days: int = strawberry.field(
        default=STANDARD.grace_days,
        description="Days after a fiscal quarter at whose end its figures count as reported.",
    )
    changed_percent: int = strawberry.field(
        default=STANDARD.changed_percent,
        description="Of a unit's sessions of a quarter that changed after that.",
    )

    def known(self) -> Thresholds:
        """Return them.

        Raises:
            ThresholdOutOfRange: one is none.
        """
        values = {name: getattr(self, name) for name in Thresholds.__slots__}
        for name, value in values.items():
            if not 1 <= value <= MOST:
                field = f"thresholds.{camel(name)}"
                raise ThresholdOutOfRange(field, value=value, most=MOST)
        return Thresholds(**values)


@strawberry.type(description="Who dismissed a finding, when, and why.")
class AuditFindingDismissal:
    """What somebody said of it."""

    by: str = strawberry.field(description="The token subject.")
    at: datetime = strawberry.field(description="When it was recorded.")
    reason: str | None = strawberry.field(description="How it is known that it is innocent.")


async def _several(info: Info[Any, Any], kind: str, ids: Any) -> list[Any]:
    """Return the rows with these ids that are to be seen."""
    model = models[kind]
    rows = await context_of(info).reader.all(model, columns_for(info, model), ids)
    return [row for row in rows if row is not None]


async def _people(root: Any, info: Info[Any, Any]) -> Any:
    return await _several(info, "HealthWorker", root.found.people)


async def _sessions(root: Any, info: Info[Any, Any]) -> Any:
    return await _several(info, "Session", root.found.sessions[:MOST_SESSIONS])


async def _evidence(root: Any, info: Info[Any, Any]) -> Any:
    reader = context_of(info).reader
    events = await evidence(reader, root.found)
    model = models["RecordedEvent"]
    columns = columns_for(info, model)
    rows = await asyncio.gather(
        *(reader.one(model, columns, event, by="event_id") for event in events)
    )
    return [row for row in rows if row is not None]


@strawberry.type(description="Something that an auditor looks for by hand, as it was found.")
class AuditFinding:
    """A finding. `kind`, unit, programme, `peopleIds`, `actors` and `about` together are what it is
    about: commands on it give them all.
    """

    found: strawberry.Private[Found]
    c_org_unit_id: strawberry.Private[UUID]
    c_mentorship_id: strawberry.Private[UUID | None]
    c_certificate_id: strawberry.Private[UUID | None]

    id: ID = strawberry.field(
        description="The same for what is found of the same, after every rebuild: what it is about "
        "makes it."
    )
    kind: AuditFindingKind = strawberry.field(description="What it is.")
    severity: AuditFindingSeverity = strawberry.field(description="How grave, if it is so.")
    since: date = strawberry.field(description="The day it is about; of several, the last.")
    explanation: str = strawberry.field(
        description="What was found, with its figures, in the language of the request."
    )
    figures: JSON = strawberry.field(description="The values in the explanation, by name.")
    false_positives: str = strawberry.field(
        description="When it is innocent, and what to look at first; likewise."
    )
    programme: str | None = strawberry.field(description="The programme's code.")
    about: str = strawberry.field(description="What tells it from others of the same people.")
    actors: list[str] = strawberry.field(description="The token subjects it is about.")
    people_ids: list[ID] = strawberry.field(
        description="The health workers it is about, as they were recorded."
    )
    dismissal: AuditFindingDismissal | None = strawberry.field(
        description="What somebody said who found it innocent; null while it stands."
    )
    people: list[HealthWorker] = strawberry.field(
        resolver=_people,
        description="The health workers it is about, those in your scope.",
    )
    sessions: list[Session] = strawberry.field(
        resolver=_sessions,
        description=f"The sessions it is about, those in your scope: {MOST_SESSIONS} at most.",
    )
    evidence: list[RecordedEvent] = strawberry.field(
        resolver=_evidence,
        metadata=weighing(20),
        description="The events it rests on, in the order they were recorded, those that you may "
        f"read: {MOST_EVENTS} at most.",
    )
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Where.")
    mentorship: Mentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it is about, if about one."
    )
    certificate: Certificate | None = one(
        "Certificate", by="certificate_id", description="The certificate, likewise."
    )

    @classmethod
    def of(cls, found: Found) -> Self:
        """Show what was found."""
        dismissed = found.dismissal
        return cls(
            found=found,
            c_org_unit_id=found.org_unit_id,
            c_mentorship_id=found.mentorship_id,
            c_certificate_id=found.certificate_id,
            id=global_id("AuditFinding", id_of(found)),
            kind=found.kind.kind,
            severity=found.severity,
            since=found.day,
            explanation=phrase_of(found.kind.explained(found.figures)),
            figures=JSON(found.figures),
            false_positives=phrase_of(found.kind.innocent),
            programme=found.programme,
            about=found.about,
            actors=list(found.actors),
            people_ids=[global_id("HealthWorker", person) for person in found.people],
            dismissal=None
            if dismissed is None
            else AuditFindingDismissal(
                by=dismissed["dismissed_by"],
                at=dismissed["dismissed_at"],
                reason=dismissed["reason"],
            ),
        )
