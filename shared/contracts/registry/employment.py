"""Employment: who is in service, on leave, or gone since when; and what followed of that."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import Command, Event, HealthWorkerId, asked, happened
from shared.contracts.registry.health_worker import Days


class Employment(StrEnum):
    """How somebody stands to the service."""

    ACTIVE = "ACTIVE"
    """They are in service: whoever was never told otherwise is."""
    ON_LEAVE = "ON_LEAVE"
    """Parental, sick or study leave: they come back."""
    RESIGNED = "RESIGNED"
    """They left of their own will."""
    RETIRED = "RETIRED"
    """They left for their age, or their health."""
    END_OF_CONTRACT = "END_OF_CONTRACT"
    """Their contract ended, or was ended."""
    DECEASED = "DECEASED"
    """They died."""
    STRUCK_OFF = "STRUCK_OFF"
    """Their council struck them off its register: they may not practise."""

    @property
    def gone(self) -> bool:
        """Whether they left it: nothing of what they did goes on."""
        return self not in (Employment.ACTIVE, Employment.ON_LEAVE)


class LeavingCause(StrEnum):
    """Why somebody left the service, by kind."""

    RESIGNED = "RESIGNED"
    RETIRED = "RETIRED"
    END_OF_CONTRACT = "END_OF_CONTRACT"
    DECEASED = "DECEASED"
    STRUCK_OFF = "STRUCK_OFF"


class EmploymentSince(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """How they stood to the service, until the next one begins."""

    employment: Employment
    since: Annotated[date, Meta(description="The first day of it.")]
    expected_return: (
        Annotated[date, Meta(description="Of a leave: the day they are expected back.")] | None
    ) = None


EmploymentLine = Annotated[
    tuple[EmploymentSince, ...],
    Meta(max_length=100, description="Every change, in any order; none: in service all along."),
]


@happened("registry.health_worker.employment_told", subject="health_worker_id")
class HealthWorkerEmploymentTold(Event, kw_only=True):
    """How they stood to the service since when, the whole line, in place of what was said before.

    It begins with the first leave or leaving; before, they were in service. `removed` are the days
    on which something was said to begin, and nothing does. A correction comes with a reason.
    """

    health_worker_id: HealthWorkerId
    employment: EmploymentLine
    removed: Days = ()


class Duty(StrEnum):
    """What somebody has in a programme, and what becomes of it when they are away."""

    MENTEE = "MENTEE"
    """An enrolment: they are mentored."""
    MENTORSHIP = "MENTORSHIP"
    """A mentorship that they are a party of."""
    MENTOR = "MENTOR"
    """A nomination: they mentor, or may."""
    ACCESS_GRANT = "ACCESS_GRANT"
    """A grant that names them as its holder."""
    RIGHT_TO_MENTOR = "RIGHT_TO_MENTOR"
    """A right that their validations gave them."""
    IMPROVEMENT_ACTION = "IMPROVEMENT_ACTION"
    """An action that they own."""
    SUPPORT_REQUEST = "SUPPORT_REQUEST"
    """A question that they asked, or that their mentee waits for them to answer."""


class Becomes(StrEnum):
    """What becomes of it."""

    WITHDRAWN = "WITHDRAWN"
    """The mentee is withdrawn."""
    LEFT = "LEFT"
    """They leave the mentorship's care; it goes on with its other mentees."""
    CONCLUDED = "CONCLUDED"
    """They leave its care as the last, so that it ends."""
    DISENGAGED = "DISENGAGED"
    """They leave the team; their place is vacant."""
    DECLINED = "DECLINED"
    """What was only proposed comes to nothing."""
    PAUSED = "PAUSED"
    """Nothing is due in it while they are on leave: they are alone on their side."""
    SUSPENDED = "SUSPENDED"
    """They take on nothing, and assess nobody once they left the service."""
    REVOKED = "REVOKED"
    """It allows nothing any more."""
    READMITTED = "READMITTED"
    """The mentee goes on as if they had not been withdrawn."""
    REJOINED = "REJOINED"
    """They are in it as if they had not left."""
    RESUMED = "RESUMED"
    """It goes on."""
    REINSTATED = "REINSTATED"
    """They may mentor again."""
    RESTORED = "RESTORED"
    """It allows what it allowed before."""
    STAYS = "STAYS"
    """Nothing becomes of it by itself."""


class Outcome(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What became of one thing.

    Attributes:
        party_id: in a mentorship, the mentor or the enrolment by which they are in it.
        on: the day it is so from.
        because, since: of what absence it follows, and the first day of that.
        until: the first day on which it is so no more, of what ends with the absence.
        undone: the absence was none after all, or of another day.
    """

    duty: Duty
    record_id: UUID
    party_id: UUID | None = None
    becomes: Becomes
    on: date
    because: Employment
    since: date
    until: date | None = None
    undone: bool = False

    @property
    def about(self) -> tuple[Duty, UUID, UUID | None]:
        """What it is about."""
        return self.duty, self.record_id, self.party_id


def line_of(told: Sequence[EmploymentSince]) -> list[tuple[date, Employment]]:
    """Return an employment line as the days on which each state begins."""
    return [(one.since, one.employment) for one in told]


@happened("registry.health_worker.employment_followed", subject="health_worker_id")
class HealthWorkerEmploymentFollowed(Event, kw_only=True):
    """What they have in programmes was brought in line with their employment, and is told with it.

    Each outcome was recorded in its own record, in the same transaction.
    """

    health_worker_id: HealthWorkerId
    outcomes: tuple[Outcome, ...]


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerGoOnLeave(Command, kw_only=True):
    """Say that a health worker is on leave since the day it occurred on, which may be long past.

    They take on no mentorship meanwhile, and where they are alone on their side of one, it pauses.
    `healthWorkerConsequences` shows it beforehand.
    """

    health_worker_id: HealthWorkerId
    expected_return: Annotated[date, Meta(description="The day they are expected back.")] | None = (
        None
    )


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerLeave(Command, kw_only=True):
    """Say that a health worker left the service, or died: the day it occurred on is the first
    without them.

    Enrolments end, places in teams become vacant, grants that name them end, and they mentor and
    assess no more from that day on; what they proved and held before stays.
    `healthWorkerConsequences` shows it beforehand.
    """

    health_worker_id: HealthWorkerId
    cause: Annotated[LeavingCause, Meta(description="Why, by kind.")]


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerReturn(Command, kw_only=True):
    """Say that a health worker is back since the day it occurred on, from leave or for good.

    What pauses goes on, and they may mentor again. What had ended with a leaving has ended: it is
    begun anew, or undone by its own commands.
    """

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectEmployment(Command, kw_only=True):
    """Say anew how a health worker stood to the service since when, all of it; `reason` says why.

    Without any change they were in service all along. Whatever followed of what was not so is
    undone.
    """

    health_worker_id: HealthWorkerId
    employment: EmploymentLine


@asked("registry", "HealthWorker", by="administrator coordinator policy")
class HealthWorkerWeighEmployment(Command, kw_only=True):
    """Bring all that a health worker has in programmes in line with their employment."""

    health_worker_id: HealthWorkerId
