"""Programmes: the rules that were published, and the cohorts that started under them."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry import ID
from strawberry.scalars import JSON

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.paging import pages
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import COHORT, PROGRAMME_VERSION
from services.gateway.read.declare import InUnit, Order, Published

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
    version: int | None = where("version", "Of this number.")


@strawberry.input(description="Which cohorts.")
class CohortFilter:
    """Filters of `cohorts`."""

    programme: str | None = where("programme", "Of the programme with this code.")
    code: str | None = where("code", "The one with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Over this unit, or over one below it.", how="under", kind="OrgUnit"
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
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    programme_version: (
        Annotated["ProgrammeVersion", strawberry.lazy("services.gateway.graphql.types.programme")]
        | None
    ) = one("ProgrammeVersion", by="programme_version_id", description="The rules it keeps.")
    org_unit: OrgUnit | None = one("OrgUnit", by="org_unit_id", description="Over which unit.")


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
