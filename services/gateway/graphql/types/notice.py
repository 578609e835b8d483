"""Notices of a mentor's disengagement: who must be told by when, and who was."""

from datetime import date
from typing import Any

import strawberry
from strawberry import ID

from services.gateway.graphql.days import is_over
from services.gateway.graphql.enums import order_enum
from services.gateway.graphql.reading import Node, key, leaf, needing, one, read_model, where
from services.gateway.graphql.types.mentee import Mentee
from services.gateway.graphql.types.mentor import Mentor
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.graphql.types.session import LazyMentorship
from services.gateway.projections import NOTICE
from services.gateway.read.declare import InUnit, Order

NoticeOrder = order_enum(
    "NoticeOrder",
    "In which order notices are listed.",
    DUE=(Order(columns=("due",)), "What is due first, first."),
    DUE_DESC=(Order(columns=("due",), descending=True), "What is due last, first."),
)


@strawberry.input(description="Which notices.")
class NoticeFilter:
    """Filters of `notices`."""

    programme: str | None = where("programme", "In the programme with this code.")
    org_unit_id: ID | None = where(
        "org_unit_id", "At this unit, or at one below it.", how="under", kind="OrgUnit"
    )
    mentorship_id: ID | None = where("mentorship_id", "Of this mentorship.", kind="Mentorship")
    role: str | None = where("role", "To somebody in this role.")
    given: bool | None = where("given_on", "Given, or not yet.", how="filled")
    overdue: bool | None = where(
        "open_due", "Not given though the day is over, or all others.", how="past"
    )


def _overdue(root: Any) -> bool:
    return is_over(root.c_open_due)


@read_model(
    NOTICE,
    scope=InUnit(unit="org_unit_id", programme="programme"),
    description="Somebody in a role must be told that a mentor left, or a mentee withdrew.",
)
class Notice(Node):
    """A notice, due and perhaps given."""

    id: ID = key("Notice")
    programme: str = leaf("The programme's code.")
    role: str = leaf("The role of whom to tell.")
    due: date = leaf("The day by which they are to be told.")
    overdue: bool = strawberry.field(
        resolver=_overdue,
        metadata=needing("open_due"),
        description="Whether that day is over, and they were not told.",
    )
    given_to: str | None = leaf("Who was told; null if not for you to read.", personal=True)
    given_on: date | None = leaf("The day they were told; null before.")
    late: bool | None = leaf("Whether they were told after the day; null before.")
    version: int = leaf("The record's version, for `expectedVersion`.", column="record_version")
    mentorship: LazyMentorship | None = one(
        "Mentorship", by="mentorship_id", description="The mentorship that they left."
    )
    mentor: Mentor | None = one(
        "Mentor", by="mentor_id", description="The mentor who left; null of a mentee."
    )
    mentee: Mentee | None = one(
        "Mentee", by="enrolment_id", description="The mentee who withdrew; null of a mentor."
    )
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="Where the mentorship is."
    )
