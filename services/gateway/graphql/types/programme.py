"""Programmes: the rules that were published, and the cohorts that started under them."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, many, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import COHORT, COHORT_UNMATCHED, PROGRAMME_VERSION
from services.gateway.read.declare import InUnit, Order, Published, Through
from shared.contracts.registry.cohort import Constraint

if TYPE_CHECKING:
    from services.gateway.graphql.types.mentee import Mentee

graphql_enum(Constraint)


@graphql_enum
class CohortStatus(StrEnum):
    """How far a cohort has come."""

    OPEN = "OPEN"
    STARTED = "STARTED"
    CLOSED = "CLOSED"


ProgrammeVersionOrder = order_enum(
    "ProgrammeVersionOrder",
    "In which order programme versions are listed.",
    PROGRAMME=(Order(columns=("programme", "version")), "By programme, then by version."),
    PROGRAMME_DESC=(
        Order(columns=("programme", "version"), descending=True),
        "By programme, then by version, backwards.",
    ),
)

CohortOrder = order_enum(
    "CohortOrder",
    "In which order cohorts are listed.",
    STARTS=(Order(columns=("starts",)), "By their first day."),
    STARTS_DESC=(Order(columns=("starts",), descending=True), "The latest first."),
)


@strawberry.input(description="Which programme versions.")
class ProgrammeVersionFilter:
    """Filters of `programmeVersions`."""

    programme: str | None = where("programme", "Of the programme with this code.")
    version: int | None = where(
        "version", "Of this number.", unindexed="a country publishes some dozens: all are few"
    )


@strawberry.input(description="Which cohorts.")
class CohortFilter:
    """Filters of `cohorts`."""

    programme: str | None = where("programme", "Of the programme with this code.")
    code: str | None = where("code", "The one with this code.")
    status: CohortStatus | None = where("status", "That has come so far.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Over this unit, or over one below it.", how="under", kind="OrgUnit"
    )
    group_id: ID | None = where(
        "org_unit_id",
        "For this group, or over a unit of it of today, or below one.",
        how="in_group",
        kind="Group",
    )


@read_model(
    COHORT_UNMATCHED,
    scope=Through(to="Cohort", by="cohort_id"),
    description="A mentee whom a matching left without a proposal.",
)
class UnmatchedMentee:
    """Somebody for whom there was no proposal."""

    matched_on: date = leaf("The day of the matching.")
    constraint: Constraint = leaf("What kept them from it.", column="binding", convert=Constraint)
    mentee: Annotated["Mentee", strawberry.lazy("services.gateway.graphql.types.mentee")] | None = (
        one("Mentee", by="mentee_id", description="The enrolment, if in your scope.")
    )


@read_model(
    COHORT,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="People who start a programme together, under one version of its rules.",
)
class Cohort(Node):
    """A cohort."""

    id: ID = key("Cohort")
    code: str = leaf("Its stable key.")
    name: str = leaf("What it is called.")
    programme: str = leaf("The programme's code.")
    starts: date = leaf("Its first day.")
    ends: date = leaf("Its last day.")
    status: CohortStatus = leaf("How far it has come.", convert=CohortStatus)
    approved_by: str | None = leaf("The office that agreed to it.")
    approved_on: date | None = leaf("The day the leadership agreed.")
    started_on: date | None = leaf("The day it started.")
    closed_on: date | None = leaf("The day it was closed.")
    paused_on: date | None = leaf("Since when its mentorships pause; null while they go on.")
    matched_on: date | None = leaf("The day of the last matching; null before.")
    match_score: float | None = leaf("The score of that matching's proposals together.")
    match_bound: float | None = leaf("What no other set of proposals could exceed.")
    match_proposals: int | None = leaf("How many mentorships were proposed.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    programme_version: (
        Annotated["ProgrammeVersion", strawberry.lazy("services.gateway.graphql.types.programme")]
        | None
    ) = one("ProgrammeVersion", by="programme_version_id", description="The rules it keeps.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Over which unit.")
    unmatched: list[UnmatchedMentee] = many(
        "UnmatchedMentee",
        by="cohort_id",
        order=Order(columns=("matched_on",)),
        description="Who was left without a proposal, by every matching.",
    )


@read_model(
    PROGRAMME_VERSION,
    scope=Published(),
    description="The rules of a programme, published once and never changed.",
)
class ProgrammeVersion(Node):
    """A version of a programme."""

    id: ID = key("ProgrammeVersion")
    programme: str = leaf("The programme's code, the same for all its versions.")
    version: int = leaf("Counts up.")
    name: str = leaf("What the programme is called.")
    digest: str = leaf("SHA-256 of the definition's canonical JSON.")
    published_on: date = leaf("The day it was published.")
    definition: JSON = leaf("The whole definition.")
    cohorts: Connection[Cohort] = pages(
        "Cohort",
        by="programme_version_id",
        orders=CohortOrder,
        description="The cohorts that keep these rules.",
    )
