"""Outcome stories: what changed because of a mentorship."""

from datetime import date

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import OUTCOME_STORY
from services.gateway.read.declare import InUnit, Order

OutcomeStoryOrder = order_enum(
    "OutcomeStoryOrder",
    "In which order outcome stories are listed.",
    TOLD=(Order(columns=("told_on",)), "By the day they were told."),
    TOLD_DESC=(Order(columns=("told_on",), descending=True), "The latest first."),
)


@strawberry.input(description="Which outcome stories.")
class OutcomeStoryFilter:
    """Filters of `outcomeStories`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    voided: bool | None = where("voided_on", "Voided, or those that stand.", how="filled")


@read_model(
    OUTCOME_STORY,
    scope=InUnit(unit="org_unit_id", programme="programme", parties="mentorship_id"),
    description="Something changed, told by those who were part of it.",
)
class OutcomeStory(Node):
    """A story; it names no patient."""

    id: ID = key("OutcomeStory")
    programme: str = leaf("The programme's code.")
    title: str | None = leaf("What it is about; null if not for you to read.", personal=True)
    story: str | None = leaf("What changed; null if not for you to read.", personal=True)
    told_on: date = leaf("The day it was told.")
    voided_on: date | None = leaf("The day it was voided; null while it stands.")
    version: int = leaf("The record's version.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship it came of."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
