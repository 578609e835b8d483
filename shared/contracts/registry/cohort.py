"""Cohorts: the people who start a programme together, under one version of its rules."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    Event,
    NewId,
    OrgUnitId,
    ProgrammeVersionId,
    Text,
    asked,
    happened,
)


@happened("registry.cohort.opened")
class CohortOpened(Event, kw_only=True):
    """A cohort takes enrolments, under the programme version it keeps."""

    programme_version_id: ProgrammeVersionId
    programme: Code
    code: Code
    name: Text
    org_unit_id: OrgUnitId
    starts: date
    ends: date


@asked("registry", "Cohort", by="administrator coordinator")
class CohortOpen(Command, kw_only=True):
    """Open a cohort of a published programme version, over an org unit and a period."""

    id: NewId = None
    programme_version_id: ProgrammeVersionId
    code: Code
    name: Text
    org_unit_id: OrgUnitId
    starts: Annotated[date, Meta(description="The first day of the cohort.")]
    ends: Annotated[date, Meta(description="The last day of the cohort.")]
