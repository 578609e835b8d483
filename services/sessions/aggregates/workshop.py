"""A workshop: who was there on which of its days, under no mentorship; corrected, voided or let
stand again, and never deleted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.sessions.aggregates.meeting import AttendeeTwice
from shared.contracts.sessions.workshop import (
    OPENING_KINDS,
    Attended,
    Attendee,
    Facilitated,
    Facilitator,
    NamedFacilitator,
    WorkshopCorrected,
    WorkshopFacts,
    WorkshopHeld,
    WorkshopKind,
    WorkshopModule,
    WorkshopPutInWords,
    WorkshopReinstated,
    WorkshopTested,
    WorkshopVoided,
)
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal

LONGEST = timedelta(days=31)


class WorkshopEndsBeforeStart(Refusal):
    """A workshop is of one day at the least."""

    code = "WORKSHOP_ENDS_BEFORE_START"
    template = "The workshop would end on {ends}, before it starts on {starts}."
    remedy_template = "Give a last day on or after {starts}."


class WorkshopTooLong(Refusal):
    """What takes longer is several workshops, of one course."""

    code = "WORKSHOP_TOO_LONG"
    template = "From {starts} to {ends} there are more than {most} days."
    remedy_template = "Log a workshop for each time that people met; the days of a course add up."


class WorkshopToCome(Refusal):
    """What is logged was held."""

    code = "WORKSHOP_TO_COME"
    template = "The workshop would end on {ends}; it is {day}."
    remedy_template = "Log what was held so far, and correct it as it goes on."


class DayOutsideWorkshop(Refusal):
    """Nobody is there on a day on which there was nothing."""

    code = "DAY_OUTSIDE_WORKSHOP"
    template = "The workshop was not held on {day}."
    remedy_template = "Its days: {days}."


class WorkshopOfNobody(Refusal):
    """Somebody was there."""

    code = "WORKSHOP_OF_NOBODY"
    template = "Nobody was there, as it is told."
    remedy_template = "List in `attendees` who was, or count in `others` those without a record."


class ModuleTwice(Refusal):
    """A workshop has one module a topic."""

    code = "MODULE_TWICE"
    template = "The module {topic!r} is listed twice."
    remedy_template = "List each topic once, with all of its days."


class ModuleUnknown(Refusal):
    """Who was there took modules of this workshop."""

    code = "MODULE_UNKNOWN"
    template = "The workshop has no module {topic!r}."
    remedy_template = "Its modules: {topics}."


class FacilitatorUnsaid(Refusal):
    """A facilitator is somebody, or from somewhere."""

    code = "FACILITATOR_UNSAID"
    template = "Nothing is said of the facilitator number {number}."
    remedy_template = "Give their record, their name, or the organisation they came from."


class WordsOfNobody(Refusal):
    """What is personal is sealed with the key of somebody who has a record."""

    code = "WORDS_OF_NOBODY"
    template = "Names or notes were given, and nobody who was there has a record."
    remedy_template = "List somebody who led it or was there by their record, or leave them out."


class CohortOfAnotherProgramme(Refusal):
    """A workshop is for a cohort of its own programme."""

    code = "COHORT_OF_ANOTHER_PROGRAMME"
    template = "The cohort is one of the programme {programme}."
    remedy_template = "Name a cohort of the workshop's own programme, or none."


class WorkshopIsVoided(Refusal):
    """What is voided is not corrected, and not voided again."""

    code = "WORKSHOP_VOIDED"
    template = "The workshop is voided."
    remedy_template = "Let it stand again first, with `workshopReinstate`."


class WorkshopStands(Refusal):
    """Only what is voided is reinstated."""

    code = "WORKSHOP_STANDS"
    template = "The workshop is not voided."
    remedy_template = "Nothing is left to do."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What is told of a workshop, its people by the records that stand for them.

    Attributes:
        days: on which it was held; none: on each from `starts` to `ends`.
    """

    cohort_id: UUID | None
    workshop_kind: WorkshopKind
    title: str
    place: str | None
    starts: date
    ends: date
    days: tuple[date, ...]
    course: str | None
    modules: tuple[WorkshopModule, ...]
    facilitators: tuple[Facilitator, ...]
    attendees: tuple[Attendee, ...]
    others: int
    notes: str | None

    def told(self, on: date) -> dict[str, Any]:
        """Return what a workshop's record says of it, as of a day.

        Raises:
            WorkshopEndsBeforeStart, WorkshopTooLong, WorkshopToCome, DayOutsideWorkshop,
            WorkshopOfNobody, ModuleTwice, ModuleUnknown, AttendeeTwice, FacilitatorUnsaid,
            WordsOfNobody: as they say.
        """
        days = self._held_on(on)
        if not self.attendees and not self.others:
            raise WorkshopOfNobody("attendees")
        modules = self._modules(days)
        _must_be_once("attendees", (one.health_worker_id for one in self.attendees))
        attendance = tuple(_attended(one, days, modules) for one in self.attendees)
        return {
            "cohort_id": self.cohort_id,
            "workshop_kind": self.workshop_kind,
            "title": self.title,
            "place": self.place,
            "starts": self.starts,
            "ends": self.ends,
            "days": days,
            "course": self.course,
            "modules": self.modules,
            "facilitators": self._facilitators(),
            "attendance": attendance,
            "others": self.others,
        }

    def _held_on(self, on: date) -> tuple[date, ...]:
        starts, ends = self.starts, self.ends
        if ends < starts:
            raise WorkshopEndsBeforeStart("ends", ends=ends, starts=starts)
        if ends - starts >= LONGEST:
            raise WorkshopTooLong("ends", starts=starts, ends=ends, most=LONGEST.days)
        if ends > on:
            raise WorkshopToCome("ends", ends=ends, day=on)
        every = tuple(starts + timedelta(days=n) for n in range((ends - starts).days + 1))
        return _among(self.days, every, field="days") or every

    def _modules(self, days: tuple[date, ...]) -> dict[str, WorkshopModule]:
        modules: dict[str, WorkshopModule] = {}
        for module in self.modules:
            if module.topic in modules:
                raise ModuleTwice("modules", topic=module.topic)
            _among(module.days, days, field="modules")
            modules[module.topic] = module
        return modules

    def _facilitators(self) -> tuple[Facilitated, ...]:
        _must_be_once(
            "facilitators",
            (one.health_worker_id for one in self.facilitators if one.health_worker_id),
        )
        for number, one in enumerate(self.facilitators, 1):
            if not (one.health_worker_id or one.name or one.organisation):
                raise FacilitatorUnsaid("facilitators", number=number)
        if self._personal and self._keeper is None:
            raise WordsOfNobody("notes" if self.notes else "facilitators")
        return tuple(
            Facilitated(health_worker_id=one.health_worker_id, organisation=one.organisation)
            for one in self.facilitators
        )

    @property
    def _personal(self) -> bool:
        return self.notes is not None or any(one.name for one in self.facilitators)

    @property
    def _keeper(self) -> UUID | None:
        """Whose key seals what is personal: of somebody who led it, else of somebody there."""
        led = (one.health_worker_id for one in self.facilitators)
        there = (one.health_worker_id for one in self.attendees)
        return next((one for one in (*led, *there) if one is not None), None)

    def tested(self, said: WorkshopFacts, facts_version: int) -> Iterator[WorkshopTested]:
        """Yield what each of those there scored, if they were tested."""
        for one in self.attendees:
            if one.pre_test is not None or one.post_test is not None:
                yield WorkshopTested(
                    health_worker_id=one.health_worker_id,
                    facts_version=facts_version,
                    programme=said.programme,
                    org_unit_id=said.org_unit_id,
                    pre_test=one.pre_test,
                    post_test=one.post_test,
                )

    def words(self, said: WorkshopFacts, facts_version: int) -> WorkshopPutInWords | None:
        """Return what of it is personal, if anything is."""
        keeper = self._keeper
        if keeper is None or not self._personal:
            return None
        return WorkshopPutInWords(
            health_worker_id=keeper,
            facts_version=facts_version,
            programme=said.programme,
            org_unit_id=said.org_unit_id,
            facilitators=tuple(
                NamedFacilitator(place=place, name=one.name)
                for place, one in enumerate(self.facilitators)
                if one.name is not None
            ),
            notes=self.notes,
        )


class Workshop(Aggregate):
    """One workshop, as it is said to have been."""

    kind = "workshop"

    said: WorkshopFacts
    voided: bool

    @classmethod
    def held(
        cls,
        *,
        id: UUID,
        programme_version_id: UUID,
        programme: str,
        org_unit_id: UUID,
        gathering: Gathering,
        on: date,
    ) -> "Workshop":
        """Begin a workshop that was held by a day.

        Raises:
            what `Gathering.told` raises.
        """
        held = WorkshopHeld(
            programme_version_id=programme_version_id,
            programme=programme,
            org_unit_id=org_unit_id,
            **gathering.told(on),
        )
        workshop = cls.begin(id, held)
        workshop._say_of_each(gathering)
        return workshop

    @event(WorkshopHeld)
    def _held(self, event: WorkshopHeld) -> None:
        self.said, self.voided = event, False

    def correct(self, gathering: Gathering, on: date) -> None:
        """Say anew, whole, how it was.

        Raises:
            WorkshopIsVoided, and what `held` raises.
        """
        self._must_stand()
        told = gathering.told(on)
        there = {one.health_worker_id for one in told["attendance"]}
        self.record(
            WorkshopCorrected(
                programme_version_id=self.said.programme_version_id,
                programme=self.said.programme,
                org_unit_id=self.said.org_unit_id,
                **told,
                no_more=tuple(person for person in self._people if person not in there),
            )
        )
        self._say_of_each(gathering)

    @event(WorkshopCorrected)
    def _corrected(self, event: WorkshopCorrected) -> None:
        self.said = event

    def void(self, on: date) -> None:
        """Say that it was not held.

        Raises:
            WorkshopIsVoided: as it says.
        """
        self._must_stand()
        self.record(
            WorkshopVoided(
                programme=self.said.programme,
                org_unit_id=self.said.org_unit_id,
                people=self._people,
                voided_on=on,
            )
        )

    @event(WorkshopVoided)
    def _voided(self, _event: WorkshopVoided) -> None:
        self.voided = True

    def reinstate(self, on: date) -> None:
        """Let it stand again, as it was said last.

        Raises:
            WorkshopStands: it does.
        """
        if not self.voided:
            raise WorkshopStands("workshopId")
        self.record(
            WorkshopReinstated(
                programme=self.said.programme,
                org_unit_id=self.said.org_unit_id,
                people=self._people,
                reinstated_on=on,
            )
        )

    @event(WorkshopReinstated)
    def _reinstated(self, _event: WorkshopReinstated) -> None:
        self.voided = False

    @event(WorkshopTested)
    def _tested(self, _event: WorkshopTested) -> None:
        """No rule asks what they scored."""

    @event(WorkshopPutInWords)
    def _worded(self, _event: WorkshopPutInWords) -> None:
        """No rule asks what was said."""

    @property
    def opens_for(self) -> frozenset[UUID]:
        """Whom it may train or orient, as it is told now."""
        opens = self.said.workshop_kind in OPENING_KINDS and not self.voided
        return frozenset(self._people) if opens else frozenset()

    @property
    def _people(self) -> tuple[UUID, ...]:
        return tuple(one.health_worker_id for one in self.said.attendance)

    def _must_stand(self) -> None:
        if self.voided:
            raise WorkshopIsVoided("workshopId")

    def _say_of_each(self, gathering: Gathering) -> None:
        """Record what is somebody's own: marks, names and notes."""
        facts_version = self.version
        for tested in gathering.tested(self.said, facts_version):
            self.record(tested)
        words = gathering.words(self.said, facts_version)
        if words is not None:
            self.record(words)


def _attended(
    one: Attendee, days: tuple[date, ...], modules: dict[str, WorkshopModule]
) -> Attended:
    """Return somebody's attendance, with all the days on which they were there."""
    taken = []
    for topic in one.modules:
        if topic not in modules:
            raise ModuleUnknown("attendees", topic=topic, topics=", ".join(modules) or "none")
        taken.append(modules[topic])
    by_module = {day for module in taken for day in module.days}
    known = bool(taken) and all(module.days for module in taken)
    return Attended(
        health_worker_id=one.health_worker_id,
        days=_among(one.days, days, field="attendees")
        or (tuple(sorted(by_module)) if known else days),
        modules=tuple(module.topic for module in taken),
    )


def _among(wanted: Iterable[date], days: tuple[date, ...], *, field: str) -> tuple[date, ...]:
    """Return some of a workshop's days, in order, each once."""
    found = tuple(sorted(set(wanted)))
    for day in found:
        if day not in days:
            raise DayOutsideWorkshop(field, day=day, days=", ".join(map(str, days)))
    return found


def _must_be_once(field: str, people: Iterable[UUID]) -> None:
    seen: set[UUID] = set()
    for person in people:
        if person in seen:
            raise AttendeeTwice(field, person=person)
        seen.add(person)
