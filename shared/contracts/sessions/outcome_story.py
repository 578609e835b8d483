"""Outcome stories: what changed because of a mentorship, told by those who were part of it."""

from datetime import date

from shared.contracts.base import (
    Code,
    Command,
    Event,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    Text,
    asked,
    happened,
)


@happened("sessions.outcome_story.told")
class OutcomeStoryTold(Event, kw_only=True):
    """Something changed."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    title: Text
    story: LongText
    told_on: date


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryTell(Command, kw_only=True):
    """Tell what changed; the story names no patient."""

    id: NewId = None
    mentorship_id: MentorshipId
    title: Text
    story: LongText
