"""Notices: who must still be told that a mentor left, or a mentee withdrew, and when they were."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    EnrolmentId,
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


@happened("sessions.notice.raised", version=2)
class NoticeRaised(Event, kw_only=True):
    """Somebody in a role must be told that a mentor has left, or a mentee withdrawn, by a day.

    It is of one of them: of `mentor_id`, or of `enrolment_id`.
    """

    mentorship_id: MentorshipId
    mentor_id: MentorId | None = None
    enrolment_id: EnrolmentId | None = None
    programme: Code
    org_unit_id: OrgUnitId
    role: Code
    raised_on: date
    due: date

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """A notice was of a mentor; it says so still."""


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


@asked("sessions", "Notice", by="coordinator policy")
class NoticeRaiseOfMentee(Command, kw_only=True):
    """Have somebody told that a mentee withdrew, on the day it occurred on."""

    mentorship_id: MentorshipId
    enrolment_id: Annotated[UUID, ref("Mentee", "The mentee who withdrew.")]
    role: Code
    due: Annotated[date, Meta(description="By when.")]


@asked("sessions", "Notice", by="coordinator mentor")
class NoticeGive(Command, kw_only=True):
    """Record that a notice was given, on the day it occurred on."""

    notice_id: NoticeId
    given_to: Annotated[
        str, Meta(min_length=1, max_length=200, description="The office told, not a name.")
    ]
