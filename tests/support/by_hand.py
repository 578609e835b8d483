"""What figures come to, counted by hand: over the events of a history, without SQL and without the
folds that read models are made by. Slow, and plain on purpose: it is what figures are held against.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.gateway.figures.frame.asked import Asked, FigureBy
from shared.following.decoding import EventDecoder
from tests.support.house import House

Key = tuple[str | None, ...]
Values = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An event, with the stream and the version of it."""

    stream: UUID
    version: int
    body: Any

    @property
    def name(self) -> str:
        """Its class's name."""
        return type(self.body).__name__


@dataclass(kw_only=True)
class Thing:
    """Something that is counted.

    Attributes:
        worker: the record of whom it is about.
        tags: by what it is told apart.
        more: what is counted of it.
    """

    day: date
    programme: str
    unit: UUID | None = None
    worker: UUID | None = None
    tags: dict[str, str | None] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


async def told(house: House) -> list[Told]:
    """Return every event of a house, decoded."""
    decoder = EventDecoder(dict(house.keys))
    entries = [entry for _, entry in await house.history()]
    await decoder.prepare(entries)
    return [Told(one.stream, one.version, decoder.decode(one)) for one in entries]


class World:
    """What the events say there was."""

    def __init__(self, events: Iterable[Told]) -> None:
        self.events = list(events)

    @cache  # noqa: B019 - a world lives as long as one history
    def of(self, *names: str) -> tuple[Told, ...]:
        """Return the events of these classes, each record's in the order of its versions."""
        found = (one for one in self.events if one.name in names)
        return tuple(sorted(found, key=lambda one: (str(one.stream), one.version)))

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    @cache  # noqa: B019
    def person(self, worker: UUID) -> UUID:
        """Return the record that stands for the person."""
        into = worker
        for one in self.of("HealthWorkerMergedInto", "HealthWorkerMergeReversed"):
            if one.body.health_worker_id == worker:
                into = one.body.into_id if one.name == "HealthWorkerMergedInto" else worker
        return into

    @cache  # noqa: B019
    def posted(self, person: UUID, on: date) -> UUID | None:
        """Return where somebody was posted on a day, else where they are posted now."""
        days: dict[date, UUID] = {}
        now = None
        for one in self.of(
            "HealthWorkerRegistered", "HealthWorkerTransferred", "HealthWorkerPostingsTold"
        ):
            body = one.body
            if body.health_worker_id != person:
                continue
            if one.name == "HealthWorkerPostingsTold":
                days = {each.since: each.org_unit_id for each in body.postings}
                now = body.postings[-1].org_unit_id
            else:
                days[body.since] = now = body.org_unit_id
        before = [since for since in days if since <= on]
        return days[max(before)] if before else now

    @cache  # noqa: B019
    def cadre(self, person: UUID) -> str | None:
        """Return what somebody is trained as."""
        found = None
        for one in self.of(
            "HealthWorkerRegistered", "HealthWorkerCadreChanged", "HealthWorkerCadresTold"
        ):
            if one.body.health_worker_id == person:
                last = one.name == "HealthWorkerCadresTold"
                found = one.body.cadres[-1].cadre if last else one.body.cadre
        return found

    @cache  # noqa: B019
    def detail(self, person: UUID, name: str) -> Any:
        """Return something else that is told of somebody; None: nothing is."""
        found = None
        for one in self.of("HealthWorkerRegistered", "HealthWorkerDetailsUpdated"):
            if one.body.health_worker_id != person:
                continue
            found = getattr(one.body, name) or found
            if name in {each.value.lower() for each in getattr(one.body, "cleared", ())}:
                found = None
        return found

    # ── places ──────────────────────────────────────────────────────────────────────────────────

    def parent(self, unit: UUID, on: date) -> UUID | None:
        """Return under which unit another was on a day; before its first, where it first was."""
        days: dict[date, UUID | None] = {}
        for one in self.of("OrgUnitEstablished", "OrgUnitReparented", "OrgUnitPlacesTold"):
            if one.stream != unit:
                continue
            if one.name == "OrgUnitPlacesTold":
                days = {each.since: each.parent_id for each in one.body.places}
            else:
                days[one.body.since] = one.body.parent_id
        if not days:
            return None
        return days[max((since for since in days if since <= on), default=min(days))]

    @cache  # noqa: B019
    def line(self, unit: UUID, on: date) -> list[UUID]:
        """Return a unit, and all above it, the nearest first."""
        found = [unit]
        while (above := self.parent(found[-1], on)) is not None and above not in found:
            found.append(above)
        return found

    @cache  # noqa: B019
    def unit(self, unit: UUID) -> tuple[str, str]:
        """Return a unit's code and kind."""
        (one,) = (one.body for one in self.of("OrgUnitEstablished") if one.stream == unit)
        return one.code, str(one.unit_kind)

    @cache  # noqa: B019
    def facility(self, unit: UUID, on: date) -> Any:
        """Return what a facility was on a day."""
        days: dict[date, Any] = {}
        for one in self.of("OrgUnitEstablished", "OrgUnitFacilityUpdated", "OrgUnitFacilityTold"):
            if one.stream != unit:
                continue
            if one.name == "OrgUnitFacilityTold":
                days = {each.since: each.facility for each in one.body.facilities}
            elif one.body.facility is not None:
                days[one.body.since] = one.body.facility
        before = [since for since in days if since <= on]
        return days[max(before)] if before else None

    @cache  # noqa: B019
    def stands_for(self, unit: UUID) -> UUID:
        """Return the unit that a unit is part of in the end."""
        into = {one.stream: one.body.into_id for one in self.of("OrgUnitMergedInto")}
        seen = [unit]
        while (after := into.get(seen[-1])) is not None and after not in seen:
            seen.append(after)
        return seen[-1]

    def groups(self, line: Iterable[UUID], person: UUID | None, on: date) -> set[UUID]:
        """Return the groups of a unit, by it or by one above it, and of a person, on a day."""
        members: dict[tuple[UUID, UUID], tuple[date, date | None]] = {}
        for one in self.of("GroupMemberAdded", "GroupMemberRemoved", "GroupMemberTold"):
            member = one.body.org_unit_id or one.body.health_worker_id
            key = (one.stream, member)
            if one.name == "GroupMemberAdded":
                members[key] = (one.body.since, None)
            elif one.name == "GroupMemberRemoved":
                members[key] = (members[key][0], one.body.since)
            elif one.body.stays:
                members[key] = (one.body.stays[-1].since, one.body.stays[-1].until)
            else:
                members.pop(key, None)
        whom = {*line, person}
        return {
            group
            for (group, member), (since, until) in members.items()
            if self.person(member) in whom and since <= on and (until is None or until > on)
        }

    @cache  # noqa: B019
    def group(self, group: UUID) -> str:
        """Return a group's code."""
        (code,) = (one.body.code for one in self.of("GroupEstablished") if one.stream == group)
        return str(code)

    # ── what happens ────────────────────────────────────────────────────────────────────────────

    @cache  # noqa: B019
    def sessions(self) -> dict[UUID, Any]:
        """Return what is said of each session that was held, as it is said last."""
        said: dict[UUID, Any] = {}
        void: set[UUID] = set()
        for one in self.of("SessionHeld", "SessionCorrected", "SessionVoided", "SessionReinstated"):
            if one.name == "SessionVoided":
                void.add(one.stream)
            elif one.name == "SessionReinstated":
                void.discard(one.stream)
            else:
                said[one.stream] = one.body
        return {id: body for id, body in said.items() if id not in void}

    @cache  # noqa: B019
    def contacts(self) -> dict[UUID, Any]:
        """Return the contacts that were made."""
        void = {one.stream for one in self.of("ContactVoided")}
        return {one.stream: one.body for one in self.of("ContactMade") if one.stream not in void}

    @cache  # noqa: B019
    def enrolments(self) -> dict[UUID, "Enrolled"]:
        """Return how each enrolment stands."""
        found: dict[UUID, Enrolled] = {}
        for one in self.of(
            "MenteeEnrolled", "MenteeWithdrawn", "MenteeReadmitted", "MenteeTransferred",
            "EnrolmentSetAside", "EnrolmentRestored", "MenteeCompleted", "CompletionReopened",
        ):  # fmt: skip
            body = one.body
            if one.name == "MenteeEnrolled":
                found[one.stream] = Enrolled(body, body.org_unit_id)
            elif one.name == "MenteeTransferred":
                found[one.stream].now = body.org_unit_id
            elif one.name == "MenteeWithdrawn":
                found[one.stream].withdrawn = body
            elif one.name == "MenteeReadmitted":
                found[one.stream].withdrawn = None
            elif one.name in ("EnrolmentSetAside", "EnrolmentRestored"):
                found[one.stream].aside = one.name == "EnrolmentSetAside"
        return found

    @cache  # noqa: B019
    def in_care(self, mentorship: UUID) -> set[UUID]:
        """Return the enrolments that were ever in a mentorship's care."""
        found: set[UUID] = set()
        for one in self.of("MentorshipProposed", "MenteeJoined"):
            if one.stream == mentorship:
                joined = one.body.mentees if one.name == "MentorshipProposed" else [one.body.mentee]
                found |= {each.enrolment_id for each in joined}
        return found

    @cache  # noqa: B019
    def teams(self) -> dict[UUID, list["Place"]]:
        """Return the places of mentors in each mentorship, as they are told last."""
        found: dict[UUID, dict[UUID, Place]] = defaultdict(dict)
        for one in self.of("MentorshipProposed", "MentorReassigned", "MentorDisengaged"):
            team = found[one.stream]
            if one.name == "MentorDisengaged":
                team[one.body.mentor_id].until = one.body.left_on
                continue
            again = one.name == "MentorReassigned"
            for mentor in (one.body.mentor,) if again else one.body.mentors:
                team[mentor.mentor_id] = Place(mentor, one.body.since if again else None)
        return {id: list(team.values()) for id, team in found.items()}

    def live(self, mentorship: UUID, day: date) -> bool:
        """Say whether a mentorship was agreed on a day, and not over."""
        agreed, over = None, None
        for one in self.of("MentorshipAgreed", "MentorshipConcluded", "MentorshipReopened"):
            if one.stream != mentorship:
                continue
            if one.name == "MentorshipAgreed":
                agreed = one.body.agreed_on
            else:
                over = one.body.concluded_on if one.name == "MentorshipConcluded" else None
        return agreed is not None and agreed <= day and (over is None or over > day)

    def local(self, programme: str, at: datetime) -> date:
        """Return the day that an instant is of where a programme is."""
        published = [
            one.body
            for one in self.of("ProgrammeVersionPublished")
            if one.body.programme == programme
        ]
        newest = max(published, key=lambda body: body.programme_version)
        return at.astimezone(ZoneInfo(newest.definition.calendar.zone)).date()

    @cache  # noqa: B019
    def attempts(self) -> dict[tuple[UUID, str, int], "Tried"]:
        """Return every attempt, as it is said last."""
        found: dict[tuple[UUID, str, int], Tried] = {}
        for one in self.of(
            "AssessmentRecorded", "AttemptCorrected", "AttemptJudged", "AttemptVoided",
            "AttemptReinstated", "AttemptCountersigned",
        ):  # fmt: skip
            body = one.body
            key = (body.enrolment_id, body.competency, body.attempt)
            if one.name in ("AssessmentRecorded", "AttemptCorrected"):
                void = key in found and found[key].void
                found[key] = Tried(body, body.counts, body.unsigned, void)
            elif key not in found:
                continue  # it was recognised
            elif one.name == "AttemptJudged":
                found[key].counts = body.counts
            elif one.name == "AttemptCountersigned":
                found[key].unsigned = False
            else:
                found[key].void = one.name == "AttemptVoided"
        return found

    @cache  # noqa: B019
    def proofs(self) -> dict[UUID, dict[str, list[tuple[str, date]]]]:
        """Return of each enrolment, by competency, what was validated and what ended, as told."""
        found: dict[UUID, dict[str, list[tuple[str, date]]]] = defaultdict(dict)
        for one in self.of("CompetencyValidated", "CompetencyRevoked", "CompetencyLapsed"):
            body = one.body
            line = found[body.enrolment_id].setdefault(body.competency, [])
            if one.name == "CompetencyValidated":
                line.append(("holds", body.validated_on))
            elif one.name == "CompetencyLapsed":
                line.append(("ends", body.lapsed_on))
            else:
                how = "never was" if body.cause.value == "FELL" else "ends"
                line.append((how, body.revoked_on))
        return found


@dataclass
class Enrolled:
    """An enrolment."""

    said: Any
    now: UUID
    withdrawn: Any = None
    aside: bool = False

    @property
    def figures(self) -> bool:
        """Whether figures count it."""
        return not self.aside and all(each.counts for each in self.said.deviations)

    @property
    def tags(self) -> dict[str, str | None]:
        """What it is in."""
        return {
            "AREA": self.said.area,
            "ASSOCIATION": self.said.association,
            "TECHNICAL_AREA": self.said.technical_area,
        }


@dataclass
class Place:
    """A mentor's place in a mentorship, from when until when."""

    mentor: Any
    since: date | None
    until: date | None = None

    def held(self, day: date) -> bool:
        """Say whether they held it on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or self.until > day
        )


@dataclass
class Tried:
    """An attempt."""

    said: Any
    counts: bool
    unsigned: bool
    void: bool


# ── what there is to count ──────────────────────────────────────────────────────────────────────


def encounters(world: World, _asked: Asked) -> Iterator[Thing]:
    for said in world.sessions().values():
        yield Thing(
            day=said.held_on,
            programme=said.programme,
            unit=said.org_unit_id,
            tags={"MODE": said.mode.value},
            more={"session": True, "counts": said.counts, "minutes": said.minutes},
        )
    for said in world.contacts().values():
        yield Thing(
            day=said.made_on,
            programme=said.programme,
            unit=said.org_unit_id,
            tags={"MODE": said.mode.value},
            more={"session": False, "counts": False, "minutes": said.minutes or 0},
        )


def count_encounters(things: list[Thing], _world: World) -> Values:
    sessions = [one for one in things if one.more["session"]]
    in_person = [one for one in things if one.tags["MODE"] == "IN_PERSON"]
    return {
        "encounters": len(things),
        "sessions": len(sessions),
        "counted": sum(one.more["counts"] for one in sessions),
        "contacts": len(things) - len(sessions),
        "in_person": len(in_person),
        "virtual": len(things) - len(in_person),
        "units": len({one.unit for one in things}),
        "minutes": sum(one.more["minutes"] for one in things),
    }


def reach(world: World, asked: Asked) -> Iterator[Thing]:
    enrolled = world.enrolments()

    def met(day: date, programme: str, worker: UUID, ids: Iterable[UUID]) -> Iterator[Thing]:
        in_them = [enrolled[id] for id in ids]
        for one in in_them:
            carried = asked.since is not None and one.said.since < asked.since
            more = {"met": True, "carried": carried}
            yield Thing(day=day, programme=programme, worker=worker, tags=one.tags, more=more)
        if not in_them:
            more = {"met": True, "carried": False}
            tags = dict.fromkeys(("AREA", "ASSOCIATION", "TECHNICAL_AREA"))
            yield Thing(day=day, programme=programme, worker=worker, tags=tags, more=more)

    for said in world.sessions().values():
        for id in said.enrolments:
            yield from met(said.held_on, said.programme, enrolled[id].said.health_worker_id, [id])
    for said in world.contacts().values():
        hers = [
            id
            for id in world.in_care(said.mentorship_id)
            if world.person(enrolled[id].said.health_worker_id)
            == world.person(said.health_worker_id)
            and enrolled[id].said.since <= said.made_on
        ]
        yield from met(said.made_on, said.programme, said.health_worker_id, hers)
    for one in enrolled.values():
        if one.figures:
            yield Thing(
                day=one.said.since,
                programme=one.said.programme,
                worker=one.said.health_worker_id,
                tags=one.tags,
                more={"met": False, "carried": False},
            )


def count_reach(things: list[Thing], world: World) -> Values:
    def people(of: Callable[[Thing], bool]) -> int:
        return len({world.person(one.worker) for one in things if one.worker and of(one)})

    return {
        "reached": people(lambda one: one.more["met"]),
        "carried_over": people(lambda one: one.more["carried"]),
        "enrolled": people(lambda one: not one.more["met"]),
    }


def validations(world: World, asked: Asked) -> Iterator[Thing]:
    proofs = world.proofs()
    opened = {
        one.body.enrolment_id: one.body.competencies for one in world.of("CompetencyRecordOpened")
    }
    for id, one in world.enrolments().items():
        if not one.figures:
            continue
        held = sum(_held(line, asked) for line in proofs.get(id, {}).values())
        yield Thing(
            day=one.said.since,
            programme=one.said.programme,
            unit=one.said.org_unit_id,
            worker=one.said.health_worker_id,
            tags=one.tags,
            more={"validated": held > 0, "fully": held > 0 and held >= opened[id]},
        )


def _held(line: list[tuple[str, date]], asked: Asked) -> bool:
    """Say whether a competency is validated: on the day asked for, else by the last told."""
    if not asked.dated:
        return line[-1][0] == "holds"
    afresh = max((place for place, (how, _) in enumerate(line) if how == "never was"), default=0)
    return any(
        how == "holds"
        and place >= afresh
        and since <= asked.as_of
        and (place + 1 == len(line) or line[place + 1][1] > asked.as_of)
        for place, (how, since) in enumerate(line)
    )


def count_validations(things: list[Thing], _world: World) -> Values:
    return {
        "mentees": len(things),
        "validated": sum(one.more["validated"] for one in things),
        "fully_validated": sum(one.more["fully"] for one in things),
    }


def attrition(world: World, _asked: Asked) -> Iterator[Thing]:
    for one in world.enrolments().values():
        if one.withdrawn is not None and one.figures:
            cause = one.withdrawn.cause
            yield Thing(
                day=one.withdrawn.withdrawn_on,
                programme=one.said.programme,
                unit=one.now,
                worker=one.said.health_worker_id,
                tags={**one.tags, "CAUSE": cause and cause.value},
                more={"mentor": False},
            )
    nominated = {one.stream: one.body for one in world.of("MentorNominated")}
    proposed = {one.stream: one.body for one in world.of("MentorshipProposed")}
    left = {
        (one.stream, one.body.mentor_id, one.body.left_on): one.body
        for one in world.of("MentorDisengaged")
    }
    for (mentorship, mentor, _), said in left.items():
        of = nominated[mentor]
        tags = {"AREA": of.area, "ASSOCIATION": of.association, "TECHNICAL_AREA": None}
        yield Thing(
            day=said.left_on,
            programme=said.programme,
            unit=proposed[mentorship].org_unit_id,
            worker=said.health_worker_id,
            tags={**tags, "CAUSE": said.cause and said.cause.value},
            more={"mentor": True},
        )


def count_attrition(things: list[Thing], world: World) -> Values:
    mentors = [world.person(one.worker) for one in things if one.worker and one.more["mentor"]]
    mentees = [world.person(one.worker) for one in things if one.worker and not one.more["mentor"]]
    return {
        "mentees": len(set(mentees)),
        "withdrawals": len(mentees),
        "mentors": len(set(mentors)),
        "departures": len(mentors),
    }


Pair = tuple[UUID, dict[str, str | None], tuple[int, int], tuple[int, int], date]


def _gains(world: World, pairs: Iterable[Pair]) -> Iterator[Thing]:
    enrolled = world.enrolments()
    for id, tags, first, last, day in pairs:
        one = enrolled[id]
        if one.figures:
            yield Thing(
                day=day,
                programme=one.said.programme,
                unit=one.said.org_unit_id,
                worker=one.said.health_worker_id,
                tags={**one.tags, **tags},
                more={
                    "before": Fraction(100 * first[0], first[1]),
                    "after": Fraction(100 * last[0], last[1]),
                },
            )


def _baselines(world: World) -> dict[tuple[UUID, str | None], Any]:
    told = world.of("BaselineAssessed", "BaselineCorrected")
    return {(one.body.enrolment_id, one.body.competency): one.body for one in told}


def _standing(world: World, asked: Asked, enrolment: UUID, since: date) -> list[Any]:
    """Return the attempts of an enrolment that count from a day up to the end of what is asked."""
    tried = [
        one.said
        for (id, _, _), one in world.attempts().items()
        if id == enrolment and one.counts and not (one.void or one.unsigned or one.said.formative)
    ]
    return [said for said in tried if since <= said.assessed_on <= asked.seen_on]


def _last(attempts: list[Any]) -> Any:
    return max(attempts, key=lambda said: (said.assessed_on, said.attempt))


def competency_gains(world: World, asked: Asked) -> Iterator[Thing]:
    def pairs() -> Iterator[Pair]:
        for (id, competency), said in _baselines(world).items():
            tried = [
                each
                for each in _standing(world, asked, id, said.assessed_on)
                if each.competency == competency
            ]
            if competency is not None and said.counts and tried and said.max:
                last = _last(tried)
                tags: dict[str, str | None] = {"COMPETENCY": competency}
                yield id, tags, (said.raw, said.max), (last.raw, last.max), last.assessed_on

    yield from _gains(world, pairs())


def test_gains(world: World, asked: Asked) -> Iterator[Thing]:
    def pairs() -> Iterator[Pair]:
        for (id, competency), said in _baselines(world).items():
            tried = [
                each for each in _standing(world, asked, id, said.assessed_on) if each.post_test
            ]
            if competency is None and tried and said.max:
                # Of two of one day and one number, that of the first competency.
                best = max((each.assessed_on, each.attempt) for each in tried)
                last = min(
                    (each for each in tried if (each.assessed_on, each.attempt) == best),
                    key=lambda each: each.competency,
                )
                test = last.post_test
                yield id, {}, (said.raw, said.max), (test.raw, test.max), last.assessed_on

    yield from _gains(world, pairs())


def indicator_gains(world: World, asked: Asked) -> Iterator[Thing]:
    scores: dict[tuple[UUID, str, int], Any] = {}
    void: set[tuple[UUID, str, int]] = set()
    for one in world.of(
        "IndicatorScored", "IndicatorCorrected", "IndicatorVoided", "IndicatorReinstated"
    ):
        key = (one.body.enrolment_id, one.body.indicator, one.body.round)
        if one.name == "IndicatorVoided":
            void.add(key)
        elif one.name == "IndicatorReinstated":
            void.discard(key)
        else:
            scores[key] = one.body

    def pairs() -> Iterator[Pair]:
        standing = [(key, said) for key, said in scores.items() if key not in void]
        for (id, indicator, _), said in standing:
            if said.occasion.value != "BASELINE":
                continue
            after = [
                (other.scored_on, round_, other)
                for (whose, what, round_), other in standing
                if (whose, what) == (id, indicator)
                and other.occasion.value == "FOLLOW_UP"
                and said.scored_on <= other.scored_on <= asked.seen_on
            ]
            if after:
                day, _, last = max(after, key=lambda each: each[:2])
                yield (
                    id,
                    {"INDICATOR": indicator},
                    (said.score, said.most),
                    (last.score, last.most),
                    day,
                )

    yield from _gains(world, pairs())


def count_gains(things: list[Thing], world: World) -> Values:
    def mean(numbers: list[Fraction]) -> Fraction | None:
        return sum(numbers, Fraction(0)) / len(numbers) if numbers else None

    better = [one for one in things if one.more["after"] > one.more["before"]]
    return {
        "mentees": len({world.person(one.worker) for one in things if one.worker}),
        "measured": len(things),
        "before": mean([one.more["before"] for one in things]),
        "after": mean([one.more["after"] for one in things]),
        "gain": mean([one.more["after"] - one.more["before"] for one in things]),
        "improved": len({world.person(one.worker) for one in better if one.worker}),
    }


def items(world: World, _asked: Asked) -> Iterator[Thing]:
    worth = {
        (one.body.code, one.body.framework_version, each.code, item.code): item.points
        for one in world.of("FrameworkPublished")
        for each in one.body.competencies
        for item in each.checklist
    }
    enrolled = world.enrolments()
    for (id, competency, _), tried in world.attempts().items():
        if tried.void or not enrolled[id].figures:
            continue
        said = tried.said
        for score in said.items:
            most = worth[said.framework, said.framework_version, competency, score.item]
            item = f"{competency}/{score.item}"
            yield Thing(
                day=said.assessed_on,
                programme=enrolled[id].said.programme,
                unit=said.org_unit_id,
                worker=said.health_worker_id,
                tags={**enrolled[id].tags, "COMPETENCY": competency, "ITEM": item},
                more={"points": score.points, "worth": most},
            )


def count_items(things: list[Thing], world: World) -> Values:
    def people(of: list[Thing]) -> int:
        return len({world.person(one.worker) for one in of if one.worker})

    failed = [one for one in things if one.more["points"] < one.more["worth"]]
    missed = [one for one in things if one.more["points"] == 0]
    got, most = (sum(one.more[name] for one in things) for name in ("points", "worth"))
    return {
        "mentees": people(things),
        "seen": len(things),
        "failed_by": people(failed),
        "failed": len(failed),
        "lost": 100 - Fraction(100 * got, most) if things else None,
        "missed_by": people(missed),
        "missed": len(missed),
    }


def support(world: World, asked: Asked) -> Iterator[Thing]:
    found = {one.stream: one.body for one in world.of("SupportRequestRaised")}
    seen = {one.stream: one.body.acknowledged_at for one in world.of("SupportRequestAcknowledged")}
    answers = {one.stream: one.body.answered_at for one in world.of("SupportRequestAnswered")}
    for id, said in found.items():

        def hours(*instants: datetime | None, said: Any = said) -> Fraction | None:
            told = [at for at in instants if at is not None]
            if not told:
                return None
            if asked.dated and world.local(said.programme, min(told)) > asked.as_of:
                return None
            return Fraction(int((min(told) - said.raised_at).total_seconds()), 3600)

        yield Thing(
            day=world.local(said.programme, said.raised_at),
            programme=said.programme,
            unit=said.org_unit_id,
            worker=said.health_worker_id,
            tags={"AREA": said.area},
            more={
                "seen": hours(seen.get(id), answers.get(id)),
                "answered": hours(answers.get(id)),
                "to see": said.acknowledge_hours,
                "to answer": said.answer_hours,
            },
        )


def count_support(things: list[Thing], _world: World) -> Values:
    def times(of: str) -> list[Fraction]:
        return [one.more[of] for one in things if one.more[of] is not None]

    def within(of: str, promise: str) -> int:
        promised = [one.more for one in things if one.more[promise] is not None]
        return sum(more[of] is not None and more[of] <= more[promise] for more in promised)

    seen, answered = times("seen"), times("answered")
    return {
        "requests": len(things),
        "acknowledged": len(seen),
        "acknowledge_median": median(seen) if seen else None,
        "answered": len(answered),
        "answer_median": median(answered) if answered else None,
        "acknowledge_promised": sum(one.more["to see"] is not None for one in things),
        "acknowledged_within": within("seen", "to see"),
        "answer_promised": sum(one.more["to answer"] is not None for one in things),
        "answered_within": within("answered", "to answer"),
    }


def cpd(world: World, _asked: Asked) -> Iterator[Thing]:
    standing: dict[tuple[UUID, UUID, str], Any] = {}
    for one in world.of("CpdPointsAwarded", "CpdPointsReversed"):
        key = (one.stream, one.body.source, one.body.rule)
        if one.name == "CpdPointsAwarded":
            standing[key] = one.body
        else:
            del standing[key]
    for said in standing.values():
        if said.points:
            yield Thing(
                day=said.earned_on,
                programme=said.programme,
                worker=said.health_worker_id,
                more={"points": said.points},
            )


def count_cpd(things: list[Thing], world: World) -> Values:
    return {
        "people": _people(things, world),
        "awards": len(things),
        "points": sum((Fraction(one.more["points"]) for one in things), Fraction(0)),
    }


def rights(world: World, asked: Asked) -> Iterator[Thing]:
    last: dict[tuple[UUID, str, str], tuple[Any, date | None]] = {}
    for one in world.of("RightToMentorEarned", "RightToMentorLost"):
        body = one.body
        key = (body.enrolment_id, body.tier, body.tier_area)
        earned = one.name == "RightToMentorEarned"
        last[key] = (body, None) if earned else (last[key][0], body.lost_on)
    nominated = {one.stream: one.body for one in world.of("MentorNominated")}
    for said, lost_on in last.values():
        if said.earned_on > asked.as_of or (lost_on is not None and lost_on <= asked.as_of):
            continue
        person = world.person(said.health_worker_id)
        mentoring = any(
            place.held(asked.as_of)
            and world.live(mentorship, asked.as_of)
            and world.person(place.mentor.health_worker_id) == person
            and nominated[place.mentor.mentor_id].programme == said.tier
            and nominated[place.mentor.mentor_id].area == said.tier_area
            for mentorship, team in world.teams().items()
            for place in team
        )
        yield Thing(
            day=said.earned_on,
            programme=said.programme,
            worker=said.health_worker_id,
            tags={"AREA": said.area},
            more={"mentoring": mentoring},
        )


def count_rights(things: list[Thing], world: World) -> Values:
    holders = _people(things, world)
    mentoring = _people([one for one in things if one.more["mentoring"]], world)
    return {
        "holders": holders,
        "rights": len(things),
        "mentoring": mentoring,
        "idle": holders - mentoring,
    }


def mentors(world: World, _asked: Asked) -> Iterator[Thing]:
    nominated = {one.stream: one.body for one in world.of("MentorNominated")}
    teams = world.teams()
    for id, said in world.sessions().items():
        for worker in said.mentors:
            places = [
                nominated[place.mentor.mentor_id]
                for place in teams[said.mentorship_id]
                if place.mentor.health_worker_id == worker
            ]
            for place in places:
                yield Thing(
                    day=said.held_on,
                    programme=said.programme,
                    worker=worker,
                    tags={"AREA": place.area, "ASSOCIATION": place.association},
                    more={"session": id},
                )
    since: dict[UUID, date] = {}
    for one in world.of(
        "MentorCertified", "MentorCertificationCorrected", "MentorCertificationVoided"
    ):
        if one.name == "MentorCertificationVoided":
            del since[one.stream]
        else:
            since[one.stream] = one.body.certified_on
    for id, day in since.items():
        of = nominated[id]
        yield Thing(
            day=day,
            programme=of.programme,
            worker=of.health_worker_id,
            tags={"AREA": of.area, "ASSOCIATION": of.association},
            more={"session": None},
        )


def count_mentors(things: list[Thing], world: World) -> Values:
    held = [one for one in things if one.more["session"] is not None]
    there = {(one.more["session"], world.person(one.worker)) for one in held if one.worker}
    return {
        "active": _people(held, world),
        "attended": len(there),
        "certified": _people([one for one in things if one.more["session"] is None], world),
    }


def _people(things: list[Thing], world: World) -> int:
    return len({world.person(one.worker) for one in things if one.worker})


COUNTED: dict[str, tuple[Callable[[World, Asked], Iterator[Thing]], Any]] = {
    "encounter_figure": (encounters, count_encounters),
    "reach_figure": (reach, count_reach),
    "validation_figure": (validations, count_validations),
    "attrition_figure": (attrition, count_attrition),
    "competency_gain_figure": (competency_gains, count_gains),
    "test_gain_figure": (test_gains, count_gains),
    "indicator_gain_figure": (indicator_gains, count_gains),
    "item_figure": (items, count_items),
    "support_figure": (support, count_support),
    "cpd_figure": (cpd, count_cpd),
    "right_to_mentor_figure": (rights, count_rights),
    "mentor_figure": (mentors, count_mentors),
}
"""Every figure: what there is to count, and how."""
POSTED = frozenset({"reach_figure", "cpd_figure", "right_to_mentor_figure", "mentor_figure"})
"""Figures that count people where they are posted at the end of what is asked."""

# ── the frame ───────────────────────────────────────────────────────────────────────────────────


def by_hand(name: str, world: World, asked: Asked) -> tuple[Values, Mapping[Key, Values]]:
    """Return the total of a figure, and its rows by their keys."""
    things, count = COUNTED[name]
    wanted = [
        (one, seen)
        for one in things(world, asked)
        if _in_time(one, asked) and (seen := _seen(name, one, world, asked)) is not None
    ]
    cells: dict[Key, list[Thing]] = defaultdict(list)
    for one, seen in wanted:
        for key in _keys(one, seen, world, asked):
            cells[key].append(one)
    total = count([one for one, _ in wanted], world)
    return total, {key: count(of, world) for key, of in cells.items()} if asked.by else {}


@dataclass
class Seen:
    """Where, when and under whom something is looked at."""

    here: UUID | None
    on: date
    line: list[UUID]
    groups: set[UUID]
    seen_on: date


def _in_time(one: Thing, asked: Asked) -> bool:
    return (
        asked.programme in (None, one.programme)
        and (asked.since is None or one.day >= asked.since)
        and (asked.last is None or one.day <= asked.last)
    )


def _seen(name: str, one: Thing, world: World, asked: Asked) -> Seen | None:
    """Return how something is looked at; None where it is not at the unit or in the group."""
    unit, seen_on = one.unit, one.day
    if name in POSTED:
        assert one.worker is not None
        seen_on = asked.seen_on
        unit = world.posted(world.person(one.worker), seen_on)
    assert unit is not None
    here, on = (world.stands_for(unit), asked.today) if asked.as_is else (unit, seen_on)
    line = world.line(here, on)
    person = None if one.worker is None else world.person(one.worker)
    groups = world.groups(line, person, on)
    if asked.under is not None and asked.under not in line:
        return None
    if asked.group is not None and asked.group not in groups:
        return None
    return Seen(here, on, line, groups, seen_on)


def _keys(one: Thing, seen: Seen, world: World, asked: Asked) -> Iterator[Key]:
    keys: list[Key] = [()]
    for by in asked.by:
        values = _values(by, one, seen, world, asked)
        keys = [(*key, value) for key in keys for value in values]
    yield from keys


def _values(by: FigureBy, one: Thing, seen: Seen, world: World, asked: Asked) -> list[str | None]:
    person = None if one.worker is None else world.person(one.worker)
    match by:
        case FigureBy.MONTH:
            return [f"{one.day:%Y-%m}"]
        case FigureBy.QUARTER | FigureBy.FISCAL_YEAR:
            return [_of_year(one.day, asked, quarter=by is FigureBy.QUARTER)]
        case FigureBy.PROGRAMME:
            return [one.programme]
        case FigureBy.CADRE:
            assert person is not None
            return [world.cadre(person)]
        case FigureBy.SEX:
            assert person is not None
            sex = world.detail(person, "sex")
            return [sex and sex.value]
        case FigureBy.AGE_BAND:
            assert person is not None
            born = world.detail(person, "birth_year")
            return [None if born is None else _band(seen.seen_on.year - born)]
        case FigureBy.LEVEL | FigureBy.OWNERSHIP:
            assert seen.here is not None
            facility = world.facility(seen.here, seen.on)
            return [facility and getattr(facility, by.value.lower())]
        case FigureBy.GROUP:
            return [world.group(group) for group in seen.groups] or [None]
        case FigureBy.ORG_UNIT:
            line = seen.line[:1] if asked.level is None else seen.line
            kinds = (asked.level, None)
            codes = [c for c, kind in map(world.unit, line) if asked.level is None or kind in kinds]
            return [codes[0] if codes else None]
    return [one.tags[by.value]]


def _band(age: int) -> str:
    bands = {24: "<25", 34: "25-34", 44: "35-44", 54: "45-54", 64: "55-64", 200: "65+"}
    return bands[min(oldest for oldest in bands if age <= oldest)]


def _of_year(day: date, asked: Asked, *, quarter: bool) -> str:
    """Return the fiscal year, and the quarter of it, by going through the months of it."""
    month, first = asked.year_starts
    assert first == 1, "years that begin within a month are told by a test of their own"
    months = [(month - 1 + n) % 12 + 1 for n in range(12)]
    place = months.index(day.month)
    begins = day.year if day.month >= month else day.year - 1
    ends = begins if month == 1 else begins + 1
    return f"{ends}-Q{place // 3 + 1}" if quarter else str(ends)
