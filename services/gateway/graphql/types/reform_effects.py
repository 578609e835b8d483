"""What a reform would do, before it is recorded: to grants, to people, to figures."""

from enum import StrEnum

import strawberry

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.listing import at_most
from shared.contracts.registry.access_grant import Role

graphql_enum(Role)


@graphql_enum
class GrantChange(StrEnum):
    """What becomes of what a grant reaches."""

    GROWS = "GROWS"
    SHRINKS = "SHRINKS"
    BOTH = "BOTH"


@strawberry.type(description="A unit, as a reform leaves it: it may not be there yet.")
class ReformUnit:
    """By code and name."""

    code: str = strawberry.field(description="Its code.")
    name: str = strawberry.field(description="Its name.")
    kind: str = strawberry.field(description="What sort of unit it is, by its code.")


@strawberry.type(description="A grant that would reach other units than before.")
class GrantEffect:
    """Who gains or loses what; of units that are there before and after."""

    subject: str = strawberry.field(description="Whose grant it is, by the subject of their token.")
    role: Role = strawberry.field(description="Which role.")
    programme: str | None = strawberry.field(description="In which programme; null: in all.")
    over: list[ReformUnit] = strawberry.field(
        description="The units that it is over today; more than one where it is over a group's."
    )
    change: GrantChange = strawberry.field(description="Whether it grows or shrinks.")
    gains: int = strawberry.field(description="So many units would come within it.")
    loses: int = strawberry.field(description="So many would leave it.")
    gained: list[ReformUnit] = strawberry.field(description="The first 20 of those it gains.")
    lost: list[ReformUnit] = strawberry.field(description="The first 20 of those it loses.")


@strawberry.type(description="What would belong to another unit of a level than before.")
class ReformMove:
    """From one district, province, facility to another, with all that goes along."""

    level: str = strawberry.field(description="The kind of those units: DISTRICT, COUNTY, …")
    source: ReformUnit | None = strawberry.field(
        name="from", description="The unit that it belongs to before; null: to none of the level."
    )
    target: ReformUnit | None = strawberry.field(
        name="to", description="The unit that it would belong to; null: to none of the level."
    )
    org_units: int = strawberry.field(description="Units that are there before and after.")
    health_workers: int = strawberry.field(description="People posted there.")
    mentees: int = strawberry.field(description="Enrolments that go on there.")
    mentorships: int = strawberry.field(description="Mentorships that go on there.")
    cohorts: int = strawberry.field(description="Cohorts over these units.")


@strawberry.type(description="A unit of a group that would end, or stand elsewhere.")
class ReformGroup:
    """A group is no unit: what becomes of its members, who keeps it says."""

    code: str = strawberry.field(description="The group's code.")
    name: str = strawberry.field(description="The group's name.")
    member: ReformUnit = strawberry.field(description="The unit that belongs to it.")
    ends: bool = strawberry.field(description="Whether the unit would be no more.")
    successors: list[ReformUnit] = strawberry.field(
        description="What it would be split up into: they stand in its place in the group."
    )


@strawberry.type(description="How many mentees, and how many of them validated.")
class ReformCount:
    """Numerators and denominator of the validation table."""

    mentees: int = strawberry.field(description="Mentees.")
    validated: int = strawberry.field(description="Validated in at least one competency.")
    fully_validated: int = strawberry.field(description="Validated in every competency.")


@strawberry.type(
    description="A row of the validation table by units as they are, that would be another."
)
class ReformFigure:
    """Before and after, side by side."""

    programme: str = strawberry.field(description="The programme's code.")
    org_unit: ReformUnit | None = strawberry.field(
        description="The unit of the level; null: under none of it."
    )
    before: ReformCount = strawberry.field(description="As it reads today.")
    after: ReformCount = strawberry.field(description="As it would read.")


@strawberry.type(description="A unit that would stay under one that is no more.")
class ReformLeft:
    """Left behind."""

    org_unit: ReformUnit = strawberry.field(description="The unit.")
    parent: ReformUnit = strawberry.field(description="Under which it would stay.")


@strawberry.type(
    description="What a reform would do. Of people and their records it counts those whom you may "
    "read by name; of grants it tells those over units where you may. Figures by units as they "
    "were do not change by any reform."
)
class ReformEffects:
    """All of it, as if it were carried out now."""

    grants: list[GrantEffect] = strawberry.field(
        description="Grants that would reach more or less.", metadata=at_most(5_000)
    )
    grants_that_stay: int = strawberry.field(
        description="So many others would reach what they reach today."
    )
    moves: list[ReformMove] = strawberry.field(
        description="What would belong to another unit of each level.", metadata=at_most(5_000)
    )
    groups: list[ReformGroup] = strawberry.field(
        description="Units of groups that would end, or stand elsewhere."
    )
    figures: list[ReformFigure] = strawberry.field(
        description="Rows of the validation table, by units as they are, that would be others.",
        metadata=at_most(5_000),
    )
    left_behind: list[ReformLeft] = strawberry.field(
        description="Units that would stay under one that is no more."
    )
