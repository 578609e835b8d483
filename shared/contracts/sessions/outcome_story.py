"""Outcome stories: what changed because of a mentorship, told by those who were part of it."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import (
    ITS_RECORD,
    Code,
    Command,
    Event,
    LongText,
    MentorshipId,
    NewId,
    OrgUnitId,
    OutcomeStoryId,
    PersonalLongText,
    PersonalText,
    SealedSinceV2,
    Text,
    asked,
    happened,
)
from shared.contracts.taking_back import Reinstated, Voided


@happened("sessions.outcome_story.told", subject=ITS_RECORD, version=2, in_clear=1)
class OutcomeStoryTold(SealedSinceV2, kw_only=True):
    """Something changed; whoever was part of it may be in the story, so its own key seals it."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    title: PersonalText
    story: PersonalLongText
    told_on: date


@happened("sessions.outcome_story.corrected", subject=ITS_RECORD)
class OutcomeStoryCorrected(Event, kw_only=True):
    """What was told is replaced by this, whole; the event's reason says why."""

    mentorship_id: MentorshipId
    programme: Code
    org_unit_id: OrgUnitId
    title: PersonalText
    story: PersonalLongText
    told_on: date


@happened("sessions.outcome_story.voided")
class OutcomeStoryVoided(Voided, kw_only=True):
    """It was not so after all, or is not to be told; the event's reason says why."""

    mentorship_id: MentorshipId


@happened("sessions.outcome_story.reinstated")
class OutcomeStoryReinstated(Reinstated, kw_only=True):
    """It is told again; the event's reason says why."""

    mentorship_id: MentorshipId


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryTell(Command, kw_only=True):
    """Tell what changed; the story names no patient."""

    id: NewId = None
    mentorship_id: MentorshipId
    title: Text
    story: LongText


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryCorrect(Command, kw_only=True):
    """Tell a story again, whole, with its day; it names no patient, and `reason` says why."""

    outcome_story_id: OutcomeStoryId
    told_on: Annotated[date, Meta(description="The day it was told.")]
    title: Text
    story: LongText


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryVoid(Command, kw_only=True):
    """Void a story that was not so, or is not to be told; `reason` says why."""

    outcome_story_id: OutcomeStoryId


@asked("sessions", "OutcomeStory", by="coordinator mentor mentee")
class OutcomeStoryReinstate(Command, kw_only=True):
    """Let a voided story stand again; `reason` says why."""

    outcome_story_id: OutcomeStoryId
