"""Outcome stories: what changed because of a mentorship, told by those who were part of it."""

from datetime import date

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    PersonalLongText,
    PersonalText,
    SealedSinceV2,
    Text,
    asked,
    happened,
)


@happened("sessions.outcome_story.told", subject=ITS_RECORD, version=2, in_clear=1)
class OutcomeStoryTold(SealedSinceV2, kw_only=True):
    """Something changed; whoever was part of it may be in the story, so its own key seals it."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    title: PersonalText
    story: PersonalLongText
    told_on: date


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryTell(Command, kw_only=True):
    """Tell what changed; the story names no patient."""

    id: NewId = None
    mentorship_id: MentorshipId
    title: Text
    story: LongText
