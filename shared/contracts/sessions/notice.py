"""Notices: who must still be told of a disengagement, and when they were."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    Event,
    MentorId,
    MentorshipId,
    NoticeId,
    OrgUnitId,
    PersonalText,
    SealedSinceV2,
    asked,
    happened,
    ref,
)


@happened("sessions.notice.raised")
class NoticeRaised(Event, kw_only=True):
    """Somebody in a role must be told that a mentor has left, by a day."""

    mentorship_id: MentorshipId
    mentor_id: MentorId
    programme: Code
    org_unit_id: OrgUnitId
    role: Code
    raised_on: date
    due: date


@happened("sessions.notice.given", subject=ITS_RECORD, version=2, in_clear=1)
class NoticeGiven(SealedSinceV2, kw_only=True):
    """They were told."""

    given_to: PersonalText
    given_on: date
    late: bool


@asked("sessions", "Notice", by="coordinator policy")
class NoticeRaise(Command, kw_only=True):
    """Have somebody told of a mentor's disengagement, on the day it occurred on."""

    mentorship_id: MentorshipId
    mentor_id: Annotated[UUID, ref("Mentor", "The mentor who left.")]
    role: Code
    due: Annotated[date, Meta(description="By when.")]


@asked("sessions", "Notice", by="coordinator mentor")
class NoticeGive(Command, kw_only=True):
    """Record that a notice was given, on the day it occurred on."""

    notice_id: NoticeId
    given_to: Annotated[
        str, Meta(min_length=1, max_length=200, description="The office told, not a name.")
    ]
