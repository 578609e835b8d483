"""A year as `year` has it, with what figures tell rows apart by: two areas and mentorships, two
records of one person, levels and owners, a district that loses a facility, a facility that becomes
part of another, clusters, and somebody of a group who is no unit. Who is validated in the first
area may mentor in the second, where one of its mentees does; and mentees ask for help.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from shared.contracts.definition import Area, CascadeStep, Definition
from shared.domain.errors import MshauriError
from tests.support.histories import LAST, Content, Fact, Teller, day, id_of
from tests.support.house import House
from tests.support.year import (
    BECAUSE,
    LATE,
    MENTEES,
    MENTORS,
    MENTORSHIP,
    PROGRAMME,
    Year,
    _fact,
    beginnings,
    programme,
)

SECOND = {"mentorshipId": id_of("second")}
TWICE = ("gia", "cia")
"""A record, and the one that stands for the same person in the end."""


def rules() -> Definition:
    """Return the programme of the year with a second area, of an association."""
    base = programme()
    (first,) = base.areas
    other = Area(
        code="PAED",
        name="Paediatrics",
        technical_area="children",
        association="PAEDS",
        association_name="Association of paediatricians",
        framework=first.framework,
        framework_version=first.framework_version,
    )
    steps = (
        CascadeStep(areas=(first.code,), programme=base.programme, area="PAED", validated=1),
        CascadeStep(areas=("PAED",), programme=base.programme, area=first.code, validated=1),
    )
    return replace(base, areas=(first, other), gates=(), cascade=steps)


def beginnings_of_two() -> Iterator[Fact]:
    """Yield what the year begins with, and a second mentorship in the second area."""
    yield from beginnings(rules())
    under = {"parentId": id_of("D2")}
    content = {"id": id_of("F4"), "code": "F4", "name": "F4", "unitKind": "FACILITY"}
    yield _fact("F4", "orgUnitEstablish", 0, **content, **under)
    for person, cadre in (("gia", "MIDWIFE"), ("hal", "CLINICAL_OFFICER")):
        names = {"givenNames": person, "familyName": person, "cadre": cadre}
        yield _fact(
            person, "healthWorkerRegister", 0, id=id_of(person), orgUnitId=id_of("F4"), **names
        )
        of = {"healthWorkerId": id_of(person), "cohortId": id_of("cohort"), "area": "PAED"}
        yield _fact(f"{person} enrolled", "menteeEnrol", 2, id=id_of("enrolment", person), **of)
    team = {one: id_of("mentor", one, "PAED") for one in ("bea", "dan")}
    for person, this in team.items():
        of = {"healthWorkerId": id_of(person), "programmeVersionId": PROGRAMME, "area": "PAED"}
        yield _fact(f"{person} nominated in it", "mentorNominate", 0, id=this, **of)
        yield _fact(f"{person} certified in it", "mentorCertify", 1, mentorId=this)
    yield _fact(
        "second",
        "mentorshipPropose",
        3,
        id=id_of("second"),
        cohortId=id_of("cohort"),
        orgUnitId=id_of("F4"),
        mentorIds=list(team.values()),
        enrolmentIds=[id_of("enrolment", one) for one in ("gia", "hal")],
    )


class Figured(Year):
    """What happens in it.

    Attributes:
        known: what is told of people themselves: before one of them turns out to be another.
    """

    known: tuple[str, ...] = ()

    def everything(self) -> Iterator[Fact]:
        """All of it."""
        told = list(self.details())
        yield from told
        self.known = tuple(fact.key for fact in told)
        yield from self.random.choice([self.comings, self.withdrawals])()
        yield from self.leave()
        yield from self.move()
        yield from self.sessions()
        yield from self.contacts()
        yield from self.proofs()
        yield from self.others()
        yield from self.requests()
        yield from self.places()
        yield from self.groups()

    def details(self) -> Iterator[Fact]:
        """What is told of people, where somebody says it, and that one of them is in two places."""
        for person in (*MENTORS, *MENTEES, "gia", "hal"):
            who = {"healthWorkerId": id_of(person)}
            if self.random.random() < 0.8:
                sex = self.random.choice(["FEMALE", "MALE", "OTHER"])
                yield _fact(f"{person}'s sex", "healthWorkerUpdateDetails", 5, sex=sex, **who)
            if self.random.random() < 0.8:
                born = self.random.randint(1950, 2000)
                key = f"{person}'s birth"
                yield _fact(key, "healthWorkerUpdateDetails", 5, birthYear=born, **who)
        (on,) = self.days(1)
        where = {"healthWorkerId": id_of("cia"), "orgUnitId": id_of("F3")}
        yield _fact("cia in F3, too", "healthWorkerBeginSecondPosting", on, **where)

    def proofs(self) -> Iterator[Fact]:
        """What is proved, from pre-tests of single competencies on, and in the second area."""
        yield from super().proofs()
        for mentee, competency in (("cia", "HBB"), ("dan", "PPH"), ("gia", "PPH"), ("hal", "HBB")):
            of = {"enrolmentId": id_of("enrolment", mentee), "competency": competency}
            yield self._pre_test(f"{mentee} {competency} before", of)
            if mentee in ("gia", "hal"):
                for number, on in enumerate(self.days(2)):
                    yield self._attempt(f"{mentee} {competency} {number}", on, of)

    def _points(self, competency: str) -> dict[str, Any]:
        test = {"postTestRaw": self.random.randint(0, 20), "postTestMax": 20}
        return {**super()._points(competency), **self.random.choice([{}, test])}

    def _attempt(self, key: str, on: int, of: Content) -> Fact:
        fact = super()._attempt(key, on, of)
        if self.random.random() < 0.15:
            return dataclasses.replace(fact, content={**fact.content, "formative": True})
        return fact

    def others(self) -> Iterator[Fact]:
        """What the second mentorship does, and how one of its mentees turns out to be another."""
        for number, on in enumerate(self.days(4)):
            key = f"second {number}"
            there = [id_of(one) for one in ("bea", *self._some(["gia", "hal"]))]
            this = {"sessionId": id_of(key)}
            told = {
                "mode": self.random.choice(["IN_PERSON", "PHONE"]),
                "minutes": self.random.choice([20, 45, 90]),
                "present": there,
            }
            again = {**this, **told, "heldOn": day(on)}
            yield Fact(
                key=key,
                name="sessionLog",
                on=on,
                content={"id": id_of(key), **SECOND, **told},
                slip={"minutes": 30, "occurredOn": day(on + 1)},
                corrected=_correction("sessionCorrect", again),
                undone=_undoing("sessionVoid", "sessionReinstate", this),
            )
        (on,) = self.days(1)
        both = {"mentor": id_of("bea"), "mentee": id_of("gia")}
        said = {"mode": "PHONE", "reachedBy": "MENTEE", "about": "A question."}
        yield _fact("gia calls", "contactLog", on, id=id_of("gia calls"), **SECOND, **both, **said)
        if self.random.random() < 0.7:
            gone = {"enrolmentId": id_of("enrolment", "hal"), **BECAUSE}
            cause = self.random.choice([{}, {"cause": "WORKLOAD"}, {"cause": "HEALTH"}])
            yield _fact("hal withdraws", "menteeWithdraw", LATE + 1, **gone, **cause)
        if self.random.random() < 0.6:
            (leaves,) = self.days(1)
            gone = {"mentorId": id_of("mentor", "dan", "PAED"), "cause": "LEAVE", **BECAUSE}
            yield _fact("dan mentors no more", "mentorshipDisengage", leaves, **SECOND, **gone)
        if self.random.random() < 0.7:
            double, whole = TWICE
            into = {"healthWorkerId": id_of(double), "intoId": id_of(whole), **BECAUSE}
            yield _fact("one person", "healthWorkerMerge", LAST, "seal", *self.known, **into)

    def requests(self) -> Iterator[Fact]:
        """What mentees ask, some of it late in the evening, and what mentors say to it."""
        for number, on in enumerate(self.days(4)):
            ours = self.random.random() < 0.6
            this = MENTORSHIP if ours else SECOND
            mentee, mentor = ("cia", "ama") if ours else (self.random.choice(["gia", "hal"]), "bea")
            key = f"request {number}"
            at = datetime.combine(day(on), time(self.random.choice([9, 21, 23])), UTC)
            said = {"topic": "Cold chain", "question": "Which fridge?"}
            who = {"healthWorkerId": id_of(mentee)}
            first = self._at(at)
            yield _fact(
                key, "supportRequestRaise", on, id=id_of(key), **this, **who, **said, **first
            )
            of = {"supportRequestId": id_of(key), "healthWorkerId": id_of(mentor)}
            before = [key]
            if self.random.random() < 0.5:
                at += timedelta(minutes=self.random.choice([30, 600, 3000]))
                seen = f"{key} seen"
                yield _fact(seen, "supportRequestAcknowledge", on, *before, **of, **self._at(at))
                before = [seen]
            if self.random.random() < 0.7:
                at += timedelta(minutes=self.random.choice([1, 1500, 6000]))
                told = {"answer": "The blue one.", **self._at(at)}
                yield _fact(f"{key} answered", "supportRequestAnswer", on, *before, **of, **told)

    def _at(self, at: datetime) -> dict[str, Any]:
        """Return when something was, and on which day that is where the programme is."""
        there = at.astimezone(ZoneInfo(self.rules.calendar.zone)).date()
        return {"at": at.isoformat(), "occurredOn": there}

    def places(self) -> Iterator[Fact]:
        """What facilities are, where they lie, and what becomes of one of them in the end."""
        for code in ("F1", "F2", "F3", "F4"):
            before: tuple[str, ...] = ()
            for on in (0, *self.days(1)):
                facility = {
                    "level": self.random.choice(["2", "3"]),
                    "ownership": self.random.choice(["PUBLIC", "FAITH"]),
                }
                where = {"orgUnitId": id_of(code), "facility": facility}
                key = f"{code} is so on {on}"
                yield _fact(key, "orgUnitUpdateFacility", on, *before, **where)
                before = (key,)
        (on,) = self.days(1)
        moved = {"orgUnitId": id_of("F2"), "parentId": id_of("D2"), **BECAUSE}
        yield _fact("F2 goes to D2", "orgUnitReparent", on, **moved)
        # Nothing happens there any more once it is part of another.
        yield _fact("seal", "orgUnitRename", LAST, *before, orgUnitId=id_of("KE"), name="Kenya")
        if self.random.random() < 0.7:
            into = {"orgUnitId": id_of("F4"), "intoId": id_of("F1"), **BECAUSE}
            yield _fact("F4 is part of F1", "orgUnitMerge", LAST, "seal", **into)

    def groups(self) -> Iterator[Fact]:
        """Two clusters that overlap, and a group of one person."""
        members = {
            "G1": ("orgUnitId", "D2"),
            "G2": ("orgUnitId", "F2"),
            "G3": ("healthWorkerId", "dan"),
        }
        for code, (kind, member) in members.items():
            content = {"id": id_of(code), "code": code, "name": f"Group {code}"}
            yield _fact(code, "groupEstablish", 0, groupKind="CLUSTER", **content)
            whom = {"groupId": id_of(code), kind: id_of(member)}
            since, until = self.days(2)
            yield _fact(f"{member} in {code}", "groupMemberAdd", since, code, **whom)
            if self.random.random() < 0.4:
                key = f"{member} leaves {code}"
                yield _fact(key, "groupMemberRemove", until, f"{member} in {code}", **whom)


def _correction(name: str, content: Any) -> Any:
    return lambda _: (name, content)


def _undoing(void: str, reinstate: str, content: Any) -> Any:
    return lambda _: (void, reinstate, content)


async def tell(house: House, seed: int) -> None:
    """Tell one such year: every other one in order, the rest at random; some of it never was."""
    random = Random(f"figured {seed}")
    facts = list(Figured(random, rules()).everything())
    teller = Teller(house)
    await (teller.at_random(facts, random) if seed % 2 else teller.in_order(facts))
    for fact in facts:
        if fact.undone is not None and random.random() < 0.15:
            void, _, content = fact.undone(teller)
            told = {name: msgspec.to_builtins(value) for name, value in content.items()}
            with suppress(MshauriError):  # something else rests on it
                await house.send(void, occurredOn=str(day(LAST)), **{**BECAUSE, **told})
