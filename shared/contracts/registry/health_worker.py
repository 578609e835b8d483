"""Health workers: who they are, what they are trained as, and where they are posted since when."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from shared.contracts.base import (
    Code,
    Command,
    Event,
    HealthWorkerId,
    Languages,
    NewId,
    OrgUnitId,
    PersonalText,
    asked,
    happened,
    later,
    ref,
)
from shared.contracts.registry.licence import Licences


class Identifier(Struct, frozen=True, kw_only=True, rename="camel"):
    """A number that somebody else knows the person by, unique within its system."""

    system: Annotated[str, Meta(min_length=1, max_length=40, description="NID, NCNM, KMPDC, …")]
    value: Annotated[str, Meta(min_length=1, max_length=60, description="The number itself.")]


Identifiers = Annotated[
    tuple[Identifier, ...],
    Meta(max_length=10, description="Numbers they are known by.", extra={"personal": True}),
]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+?[0-9 ]{6,20}$",
        description="A phone number, with the country's prefix.",
        extra={"personal": True},
    ),
]
TypedPhone = Annotated[
    str,
    Meta(
        pattern=r"^\+?[0-9 ().-]{6,30}$",
        description="A phone number, best with the country's prefix; dashes, dots and brackets are "
        "kept as spaces.",
        extra={"personal": True},
    ),
]
Email = Annotated[
    str,
    Meta(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        max_length=254,
        description="An e-mail address.",
        extra={"personal": True},
    ),
]


class Sex(StrEnum):
    """A person's sex, as they say it; where nobody said, it is left out."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"


PersonalSex = Annotated[
    Sex, Meta(description="A person's sex, as they say it.", extra={"personal": True})
]
BirthYear = Annotated[
    int,
    Meta(ge=1900, le=2999, description="The year they were born in.", extra={"personal": True}),
]


class Detail(StrEnum):
    """What is told of a person, and can be taken away again."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    LANGUAGES = "LANGUAGES"
    SEX = "SEX"
    BIRTH_YEAR = "BIRTH_YEAR"
    QUALIFICATION = "QUALIFICATION"
    EMPLOYER = "EMPLOYER"


Details = Annotated[tuple[Detail, ...], Meta(max_length=10, description="What is told no more.")]
EnrolmentIds = Annotated[
    tuple[Annotated[UUID, ref("Mentee")], ...], Meta(max_length=100, description="Enrolments.")
]
Cadre = Annotated[str, Meta(min_length=1, max_length=60, description="Nurse, midwife, doctor, …")]


@happened("registry.health_worker.registered", subject="health_worker_id", version=2)
class HealthWorkerRegistered(Event, kw_only=True):
    """A health worker is known, with a first posting; who has one name has given names alone."""

    health_worker_id: HealthWorkerId
    number: Code | None = None
    given_names: PersonalText
    family_name: PersonalText | None = None
    phone: Phone | None = None
    identifiers: Identifiers = ()
    cadre: Cadre
    languages: Languages = ()
    org_unit_id: OrgUnitId
    since: date
    email: Email | None = None
    sex: PersonalSex | None = None
    birth_year: BirthYear | None = None
    qualification: PersonalText | None = None
    employer: PersonalText | None = None

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: what is told of a person besides since then, nobody had told."""


@happened("registry.health_worker.transferred", subject="health_worker_id")
class HealthWorkerTransferred(Event, kw_only=True):
    """A health worker is posted elsewhere since a day; the posting before ends the day before."""

    health_worker_id: HealthWorkerId
    from_org_unit_id: OrgUnitId
    org_unit_id: OrgUnitId
    since: date


@happened("registry.health_worker.cadre_changed", subject="health_worker_id")
class HealthWorkerCadreChanged(Event, kw_only=True):
    """A health worker has another cadre since a day."""

    health_worker_id: HealthWorkerId
    cadre: Cadre
    since: date


@happened("registry.health_worker.details_updated", subject="health_worker_id", version=2)
class HealthWorkerDetailsUpdated(Event, kw_only=True):
    """A health worker is reached otherwise, speaks other languages, or has more numbers.

    What is empty stays as it was; `identifiers` were added to those before. What stands in
    `cleared` is told no more. `corrected`: it always was so, and was written down wrongly.
    """

    health_worker_id: HealthWorkerId
    phone: Phone | None = None
    identifiers: Identifiers = ()
    languages: Languages = ()
    email: Email | None = None
    sex: PersonalSex | None = None
    birth_year: BirthYear | None = None
    qualification: PersonalText | None = None
    employer: PersonalText | None = None
    cleared: Details = ()
    corrected: bool = False

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: it took nothing away, and corrected nothing."""


@happened("registry.health_worker.identifiers_corrected", subject="health_worker_id")
class HealthWorkerIdentifiersCorrected(Event, kw_only=True):
    """Numbers that somebody was said to be known by were wrong; `right` stand in their place.

    A number of which no right one is told is not theirs.
    """

    health_worker_id: HealthWorkerId
    wrong: Identifiers
    right: Identifiers = ()


class PostingSince(Struct, frozen=True, kw_only=True, rename="camel"):
    """A posting, until the next one begins."""

    org_unit_id: OrgUnitId
    since: Annotated[date, Meta(description="The first day there.")]


class CadreSince(Struct, frozen=True, kw_only=True, rename="camel"):
    """A cadre, until the next one begins."""

    cadre: Cadre
    since: Annotated[date, Meta(description="The first day with it.")]


Postings = Annotated[
    tuple[PostingSince, ...], Meta(max_length=100, description="Every posting, in any order.")
]
Cadres = Annotated[
    tuple[CadreSince, ...], Meta(max_length=100, description="Every cadre, in any order.")
]
Days = Annotated[tuple[date, ...], Meta(max_length=100)]


@happened("registry.health_worker.postings_told", subject="health_worker_id")
class HealthWorkerPostingsTold(Event, kw_only=True):
    """Where they were posted since when, the whole line, in place of what was said before.

    `removed` are the days on which a posting was said to begin, and none does. A reason comes with
    a correction; one that was found late and put between has none.
    """

    health_worker_id: HealthWorkerId
    postings: Postings
    removed: Days = ()


@happened("registry.health_worker.cadres_told", subject="health_worker_id")
class HealthWorkerCadresTold(Event, kw_only=True):
    """What they were trained as since when, the whole line; see `HealthWorkerPostingsTold`."""

    health_worker_id: HealthWorkerId
    cadres: Cadres


@happened("registry.health_worker.renamed", subject="health_worker_id")
class HealthWorkerRenamed(Event, kw_only=True):
    """They are called otherwise; `corrected`: they always were, and it was written down wrongly."""

    health_worker_id: HealthWorkerId
    given_names: PersonalText
    family_name: PersonalText | None = None
    corrected: bool = False


class Ground(StrEnum):
    """Why two records may be of one person."""

    IDENTIFIER = "IDENTIFIER"
    PHONE = "PHONE"
    NAME_AND_FACILITY = "NAME_AND_FACILITY"
    NAME_AND_BIRTH = "NAME_AND_BIRTH"
    NAME_AND_NEAR_NUMBER = "NAME_AND_NEAR_NUMBER"
    NAME_AND_NEAR_PHONE = "NAME_AND_NEAR_PHONE"


@happened("registry.health_worker.duplicate_suspected", subject="health_worker_id", version=2)
class DuplicateSuspected(Event, kw_only=True):
    """This record may be of the same person as another; somebody should look.

    `score` is how alike the two names are, out of 100. The first version knew the grounds
    IDENTIFIER, PHONE and NAME_AND_FACILITY alone.
    """

    health_worker_id: HealthWorkerId
    other_id: HealthWorkerId
    grounds: tuple[Ground, ...]
    score: Annotated[int, Meta(ge=0, le=100)]

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Say the same: no ground went, others came."""


@happened("registry.health_worker.duplicate_dismissed", subject="health_worker_id")
class DuplicateDismissed(Event, kw_only=True):
    """Somebody looked: the two are two people."""

    health_worker_id: HealthWorkerId
    other_id: HealthWorkerId


@happened("registry.health_worker.merged", subject="health_worker_id")
class HealthWorkerMergedInto(Event, kw_only=True):
    """This record is another name for a person; the other record stands for them from now on.

    Nothing that was recorded of either is moved. `set_aside` are this record's active enrolments in
    areas where the other has an active one too: they rest, until the merge is reversed.
    `into_number` is the other record's number; none: it has none, or it was not kept.
    """

    health_worker_id: HealthWorkerId
    into_id: HealthWorkerId
    set_aside: EnrolmentIds = ()
    into_number: Code | None = None


@happened("registry.health_worker.merge_reversed", subject="health_worker_id")
class HealthWorkerMergeReversed(Event, kw_only=True):
    """The two are two people after all; all is as it was before the merge."""

    health_worker_id: HealthWorkerId
    from_id: HealthWorkerId
    restored: EnrolmentIds = ()


@happened("registry.health_worker.alias_taken", subject="health_worker_id")
class AliasTaken(Event, kw_only=True):
    """This record stands for the person of another one too, since that was merged into it."""

    health_worker_id: HealthWorkerId
    alias_id: HealthWorkerId


@happened("registry.health_worker.alias_given_up", subject="health_worker_id")
class AliasGivenUp(Event, kw_only=True):
    """This record stands for the other one no more: the merge was reversed."""

    health_worker_id: HealthWorkerId
    alias_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerRegister(Command, kw_only=True):
    """Register a health worker, posted where they work since the day it occurred on.

    Who has one name has it in `givenNames`.
    """

    id: NewId = None
    number: Code | None = None
    given_names: PersonalText
    family_name: PersonalText | None = None
    phone: TypedPhone | None = None
    identifiers: Identifiers = ()
    cadre: Cadre
    languages: Languages = ()
    org_unit_id: OrgUnitId
    email: Annotated[Email, later("An e-mail address.")] | None = None
    sex: Annotated[PersonalSex, later("A person's sex, as they say it.")] | None = None
    birth_year: Annotated[BirthYear, later("The year they were born in.")] | None = None
    qualification: Annotated[PersonalText, later("What they learnt and passed.")] | None = None
    employer: Annotated[PersonalText, later("Who pays them, if not who runs the unit.")] | None = (
        None
    )
    licences: Annotated[Licences, later("What they may practise by.")] = ()


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerTransfer(Command, kw_only=True):
    """Post a health worker elsewhere, since the day it occurred on.

    One that is told late takes its place in their history, before a later one.
    """

    health_worker_id: HealthWorkerId
    org_unit_id: OrgUnitId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerChangeCadre(Command, kw_only=True):
    """Give a health worker another cadre, since the day it occurred on; late ones, too."""

    health_worker_id: HealthWorkerId
    cadre: Cadre


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectPostings(Command, kw_only=True):
    """Say anew where a health worker was posted since when, all of it; `reason` says why."""

    health_worker_id: HealthWorkerId
    postings: Postings


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectCadres(Command, kw_only=True):
    """Say anew what a health worker was trained as since when, all of it; `reason` says why."""

    health_worker_id: HealthWorkerId
    cadres: Cadres


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerRename(Command, kw_only=True):
    """Call a health worker otherwise, from the day it occurred on; `reason` says why."""

    health_worker_id: HealthWorkerId
    given_names: PersonalText
    family_name: PersonalText | None = None
    corrected: Annotated[
        bool, Meta(description="It was written down wrongly; they are called as ever.")
    ] = False


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerUpdateDetails(Command, kw_only=True):
    """Say how a health worker is reached now, what they speak, and more numbers they are known by.

    What is left out stays as it is. `identifiers` are added to those they have; all else takes the
    place of what was said before. `clear` takes away what is told no more; `corrected` says that
    it was written down wrongly, and `reason` why.
    """

    health_worker_id: HealthWorkerId
    phone: TypedPhone | None = None
    identifiers: Identifiers = ()
    languages: Languages = ()
    email: Annotated[Email, later("An e-mail address.")] | None = None
    sex: Annotated[PersonalSex, later("A person's sex, as they say it.")] | None = None
    birth_year: Annotated[BirthYear, later("The year they were born in.")] | None = None
    qualification: Annotated[PersonalText, later("What they learnt and passed.")] | None = None
    employer: Annotated[PersonalText, later("Who pays them, if not who runs the unit.")] | None = (
        None
    )
    clear: Annotated[Details, later("What is told no more.")] = ()
    corrected: Annotated[bool, later("It was written down wrongly.")] = False


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerCorrectIdentifiers(Command, kw_only=True):
    """Say that numbers that somebody is known by are wrong; `reason` says why.

    `right` stand in their place; without any, the numbers are not theirs, and are free for whoever
    has them.
    """

    health_worker_id: HealthWorkerId
    wrong: Identifiers
    right: Identifiers = ()


@asked("registry", "HealthWorker", by="administrator coordinator policy")
class HealthWorkerCheckDuplicates(Command, kw_only=True):
    """Look whether a record may be of somebody who is recorded already, at whichever facility.

    It compares identifiers, phone, and name, and records what it suspects; what is merely possible
    a screening looks for (`screeningBegin`).
    """

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator policy")
class HealthWorkerSuspectDuplicate(Command, kw_only=True):
    """Look at two records that a screening came upon, and record it where they may be of one
    person.
    """

    health_worker_id: HealthWorkerId
    other_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator policy")
class HealthWorkerWeighWorkshops(Command, kw_only=True):
    """Let a person be trained and oriented by the workshops they were at, as those are told now.

    It adds what is new, corrects what was corrected, and takes back what was voided, in all their
    enrolments and nominations.
    """

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator policy")
class HealthWorkerWeighRights(Command, kw_only=True):
    """Let a person mentor by right as long as validations under any of their names give it.

    Whoever was put forward by a right and holds none now is suspended; whose right had fallen, and
    is held again, is reinstated.
    """

    health_worker_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator coordinator")
class HealthWorkerDismissDuplicate(Command, kw_only=True):
    """Say that two records, suspected to be of one person, are of two; `reason` says why."""

    health_worker_id: HealthWorkerId
    other_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerMerge(Command, kw_only=True):
    """Make one record another name for the person that `into_id` stands for; it can be reversed.

    `reason` says why.
    """

    health_worker_id: HealthWorkerId
    into_id: HealthWorkerId


@asked("registry", "HealthWorker", by="administrator")
class HealthWorkerUnmerge(Command, kw_only=True):
    """Reverse a merge: all is as it was before; `reason` says why."""

    health_worker_id: HealthWorkerId
