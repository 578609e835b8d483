"""Competency records: what one enrolled mentee was assessed at, attempt by attempt, and proved."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    Event,
    HealthWorkerId,
    OrgUnitId,
    ProgrammeVersionId,
    asked,
    happened,
)

Points = Annotated[int, Meta(ge=0, le=10_000, description="Points.")]


class ItemScore(Struct, frozen=True, kw_only=True, rename="camel"):
    """The points one checklist item was given."""

    item: Code
    points: Points


ItemScores = Annotated[
    tuple[ItemScore, ...],
    Meta(min_length=1, max_length=200, description="A score for every item of the checklist."),
]


class AboutMentee(Event, kw_only=True):
    """What every event of a record begins with: whose it is, under which rules, and where."""

    health_worker_id: HealthWorkerId
    enrolment_id: EnrolmentId
    programme_version_id: ProgrammeVersionId
    programme: Code
    area: Code
    org_unit_id: OrgUnitId


@happened("validation.competency_record.opened", subject="health_worker_id")
class CompetencyRecordOpened(AboutMentee, kw_only=True):
    """A record is kept for an enrolled mentee, by the framework that their programme names."""

    framework: Code
    framework_version: int
    competencies: int


@happened("validation.competency_record.baseline_assessed", subject="health_worker_id")
class BaselineAssessed(AboutMentee, kw_only=True):
    """The mentee took the pre-test that shows where mentoring begins."""

    assessor_id: HealthWorkerId
    assessed_on: date
    raw: Points
    max: Points


@happened("validation.competency_record.assessment_recorded", subject="health_worker_id")
class AssessmentRecorded(AboutMentee, kw_only=True):
    """One attempt at one competency, kept for ever whatever it shows."""

    competency: Code
    competency_name: str
    framework: Code
    framework_version: int
    assessor_id: HealthWorkerId
    assessed_on: date
    attempt: int
    items: ItemScores
    raw: Points
    max: Points
    technique: bool
    reached: bool


@happened("validation.competency_record.competency_validated", subject="health_worker_id")
class CompetencyValidated(AboutMentee, kw_only=True):
    """The attempt reached the rule: the mentee is validated on this competency.

    `validated` counts the competencies validated so far, of the framework's `competencies`.
    """

    competency: Code
    attempt: int
    validated_on: date
    validated: int
    competencies: int


@happened("validation.competency_record.fully_validated", subject="health_worker_id")
class MenteeFullyValidated(AboutMentee, kw_only=True):
    """Every competency of the framework is validated."""

    validated_on: date


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyBaselineAssess(Command, kw_only=True):
    """Record the pre-test of an enrolled mentee, on the day it occurred on."""

    enrolment_id: EnrolmentId
    assessor_id: HealthWorkerId
    raw: Points
    max: Annotated[int, Meta(ge=1, le=10_000, description="The most points there were.")]


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAssess(Command, kw_only=True):
    """Record one attempt of an enrolled mentee at a competency, item by item."""

    enrolment_id: EnrolmentId
    competency: Code
    assessor_id: HealthWorkerId
    items: ItemScores
    technique: Annotated[bool, Meta(description="The technique was performed properly.")]
