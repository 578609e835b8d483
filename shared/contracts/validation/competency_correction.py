"""Corrections of competency records: a pre-test or an attempt said again, voided, reinstated,
signed by whoever assessed; and what was proved elsewhere, recognised. What was said before stays on
record.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from shared.contracts.base import (
    Code,
    Command,
    EnrolmentId,
    HealthWorkerId,
    OrgUnitId,
    PersonalLongText,
    asked,
    happened,
    ref,
)
from shared.contracts.validation.competency_record import (
    AboutMentee,
    AttemptFacts,
    BaselineFacts,
    ItemScores,
    MostPoints,
    Points,
    Technique,
)

AttemptNumber = Annotated[int, Meta(ge=1, le=10_000, description="The number of the attempt.")]
AssessedOn = Annotated[date, Meta(description="The day it was made.")]


@happened("validation.competency_record.baseline_corrected", subject="health_worker_id")
class BaselineCorrected(BaselineFacts, kw_only=True):
    """What was said of a pre-test is replaced by this, whole; the event's reason says why."""


@happened("validation.competency_record.attempt_corrected", subject="health_worker_id")
class AttemptCorrected(AttemptFacts, kw_only=True):
    """What was said of an attempt is replaced by this, whole; the event's reason says why."""


@happened("validation.competency_record.attempt_voided", subject="health_worker_id")
class AttemptVoided(AboutMentee, kw_only=True):
    """It was not made after all, or does not count; the event's reason says why."""

    competency: Code
    attempt: int
    voided_on: date


@happened("validation.competency_record.attempt_reinstated", subject="health_worker_id")
class AttemptReinstated(AboutMentee, kw_only=True):
    """It counts again; the event's reason says why."""

    competency: Code
    attempt: int
    reinstated_on: date


@happened("validation.competency_record.attempt_countersigned", subject="health_worker_id")
class AttemptCountersigned(AboutMentee, kw_only=True):
    """Whoever assessed says that it is what they saw, after somebody else had recorded it."""

    competency: Code
    attempt: int
    assessor_id: HealthWorkerId
    countersigned_on: date


@happened("validation.competency_record.recognised", subject="health_worker_id", version=2)
class CompetencyRecognised(AboutMentee, kw_only=True):
    """What the mentee proved in another enrolment counts in this one; it is voided like an attempt.

    Attributes:
        attempt: the number it has among the attempts.
        from_enrolment_id: where it was proved; `from_competency` of `from_framework`.
        proved_on: since when it holds there; `raw` of `max` points was the best score.
        valid_until: its last day, there as here.
        evidence: what was seen of it.
        approver: who recognised it, by the subject of their token.
        added_up: it was proved under another name of the same person, whose enrolment rests since
            the two were merged; `recognised_on` is the day of the proof itself.
    """

    competency: Code
    competency_name: str
    framework: Code
    framework_version: int
    attempt: int
    from_enrolment_id: EnrolmentId
    from_framework: Code
    from_competency: Code
    proved_on: date
    recognised_on: date
    valid_until: date | None = None
    raw: Points
    max: Points
    evidence: PersonalLongText | None = None
    approver: str
    added_up: bool = False

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Say the same: nothing was added up then."""


@happened("validation.competency_record.recognition_weighed", subject="health_worker_id", version=2)
class RecognitionWeighed(AboutMentee, kw_only=True):
    """What was recognised is another by now, by a correction where it was proved.

    Attributes:
        attempt: the number that it has among the attempts here.
        holds: whether it is still proved there for the day it was recognised on; else it proves
            nothing here, and what is said of it is as it was.
        proved_on, valid_until, raw, max: as in `CompetencyRecognised`.
        parted: it does not hold, because it was proved by somebody else: a merge was reversed.
    """

    competency: Code
    attempt: int
    holds: bool
    proved_on: date
    valid_until: date | None = None
    raw: Points
    max: Points
    weighed_on: date
    parted: bool = False

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Say the same: nobody was parted then."""


@happened("validation.competency_record.facility_looked_at", subject="health_worker_id")
class FacilityLookedAt(AboutMentee, kw_only=True):
    """When a facility was first looked at is another than what was assessed there was judged by.

    Attributes:
        facility_id: where it was assessed.
        looked_on: the day of the first look that stands; None: none does.
    """

    facility_id: OrgUnitId
    looked_on: date | None
    weighed_on: date


@asked("validation", "CompetencyRecord", by="coordinator policy")
class CompetencyRecognitionWeigh(Command, kw_only=True):
    """Look again at what was recognised elsewhere of a validation that was corrected here."""

    enrolment_id: Annotated[UUID, ref("Mentee", "The enrolment in which it was proved.")]
    competency: Annotated[Code, Meta(description="What it is there, by its code.")]


@asked("validation", "CompetencyRecord", by="coordinator policy")
class CompetencyAddUp(Command, kw_only=True):
    """Let what was proved in an enrolment count in the one it goes on in, while it rests since its
    person's records were merged; and no more, once they are two people again.
    """

    enrolment_id: Annotated[UUID, ref("Mentee", "The enrolment that rests, or rested.")]


@asked("validation", "CompetencyRecord", by="administrator coordinator")
class CompetencyRecognise(Command, kw_only=True):
    """Recognise what a mentee proved in another enrolment: of another programme or version, or an
    earlier one of theirs. It counts from the day it is recognised on, as long as it holds there.
    """

    enrolment_id: EnrolmentId
    competency: Code
    from_enrolment_id: Annotated[UUID, ref("Mentee", "The enrolment in which it was proved.")]
    from_competency: (
        Annotated[Code, Meta(description="What it was there, if it is called otherwise.")] | None
    ) = None
    evidence: PersonalLongText


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyBaselineCorrect(Command, kw_only=True):
    """Correct a pre-test: give it again, whole, with its day; `reason` says why."""

    enrolment_id: EnrolmentId
    competency: (
        Annotated[
            Code, Meta(description="What it was in, by its code; left out: in the whole area.")
        ]
        | None
    ) = None
    assessed_on: AssessedOn
    assessor_id: HealthWorkerId
    raw: Points
    max: MostPoints


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAttemptCorrect(Command, kw_only=True):
    """Correct an attempt: give it again, whole, with its day; `reason` says why.

    What followed from it is weighed again: `dryRun` tells what would fall.
    """

    enrolment_id: EnrolmentId
    competency: Code
    attempt: AttemptNumber
    assessed_on: AssessedOn
    assessor_id: HealthWorkerId
    items: ItemScores
    technique: Technique
    post_test_raw: Points | None = None
    post_test_max: MostPoints | None = None


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAttemptVoid(Command, kw_only=True):
    """Void an attempt: it proves nothing, and stays on record; `reason` says why.

    What followed from it is weighed again: `dryRun` tells what would fall.
    """

    enrolment_id: EnrolmentId
    competency: Code
    attempt: AttemptNumber


@asked("validation", "CompetencyRecord", by="coordinator")
class CompetencyAttemptReinstate(Command, kw_only=True):
    """Let a voided attempt count again; `reason` says why."""

    enrolment_id: EnrolmentId
    competency: Code
    attempt: AttemptNumber


@asked("validation", "CompetencyRecord", by="coordinator mentor")
class CompetencyAttemptCountersign(Command, kw_only=True):
    """Sign, as the assessor, an attempt that somebody else recorded."""

    enrolment_id: EnrolmentId
    competency: Code
    attempt: AttemptNumber
