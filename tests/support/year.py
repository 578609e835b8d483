"""A year around two mentors and three mentees, as facts that can be told in any order. What
happens, when, and what is said of it wrongly at first, a seed decides.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from shared.contracts.definition import (
    Area,
    Conduct,
    Definition,
    Gate,
    Minutes,
    Mode,
    Phase,
    Ratio,
    Validation,
)
from shared.contracts.definition.visits import CpdRule, CpdSide, Support
from shared.domain import derived_id
from tests.support.definitions import definition
from tests.support.histories import LAST, Content, Fact, Teller, day, id_of
from tests.support.records import DRIVE, WATER

MENTORS = ("ama", "bea")
MENTEES = ("cia", "dan", "eva")
AREA = "RAM"
PROGRAMME = derived_id("programme_version", "year", 1)
MENTORSHIP = {"mentorshipId": id_of("mentorship")}
BECAUSE = {"reason": "It was found so."}
EARLY, LATE = 20, 280
"""The first and the last day on which anything happens."""


def programme(**changes: Any) -> Definition:
    """Return a programme that records what departs from it, with a rule of every kind."""
    points = tuple(
        CpdRule(code=f"{side}-HOUR", side=side, points_per_hour=Decimal(1), cap_per_year=Decimal(5))
        for side in CpdSide
    )
    area = Area(
        code=AREA,
        name="Midwifery",
        technical_area="midwifery",
        framework="test-newborn",
        framework_version=1,
    )
    base: dict[str, Any] = {
        "programme": "year",
        "conduct": Conduct(),
        "ratio": Ratio(mentors=(1, 3), mentees=(1, 6), load=3),
        "gates": (),
        "orientation": None,
        "minutes": Minutes(min=30, target=120),
        "modes": (Mode.IN_PERSON, Mode.PHONE),
        "phases": (Phase(code="FIRST", name="First"), Phase(code="SECOND", name="Second")),
        "areas": (area,),
        "cpd": points,
        "validation": Validation(threshold=85, technique=True),
        "indicators": (DRIVE,),
        "facility_baseline": (WATER,),
        "support": Support(acknowledge_hours=24, answer_hours=72),
    }
    return replace(definition(), **(base | changes))


def _fact(key: str, name: str, on: int, /, *after: str, **content: Any) -> Fact:
    return Fact(key=key, name=name, on=on, content=content, after=after)


def beginnings(rules: Definition) -> Iterator[Fact]:
    """Yield the places, the people, the programme and one mentorship, which all else rests on."""
    yield from _places()
    for person in (*MENTORS, *MENTEES, "fay"):
        names = {"givenNames": person, "familyName": person, "cadre": "NURSE"}
        where = {"id": id_of(person), "orgUnitId": id_of("F1")}
        yield _fact(person, "healthWorkerRegister", 0, **names, **where)
    for framework in rules.frameworks:
        fields = msgspec.to_builtins(framework)
        fields["frameworkVersion"] = fields.pop("version")
        yield _fact(framework.code, "frameworkPublish", 0, **fields)
    text = msgspec.json.encode(rules).decode()
    yield _fact("programme", "programmePublish", 0, definition=text)
    yield _fact(
        "cohort",
        "cohortOpen",
        0,
        id=id_of("cohort"),
        programmeVersionId=PROGRAMME,
        code="C1",
        name="First",
        orgUnitId=id_of("KE"),
        starts=day(0),
        ends=day(LAST + 600),
    )
    yield _fact("started", "cohortStart", 0, cohortId=id_of("cohort"))
    for mentor in MENTORS:
        of = {"healthWorkerId": id_of(mentor), "programmeVersionId": PROGRAMME, "area": AREA}
        this = id_of("mentor", mentor)
        yield _fact(f"{mentor} nominated", "mentorNominate", 0, id=this, **of)
        yield _fact(f"{mentor} certified", "mentorCertify", 1, mentorId=this)
    for mentee in MENTEES:
        of = {"healthWorkerId": id_of(mentee), "cohortId": id_of("cohort"), "area": AREA}
        yield _fact(f"{mentee} enrolled", "menteeEnrol", 2, id=_enrolment(mentee), **of)
    yield _fact(
        "mentorship",
        "mentorshipPropose",
        3,
        id=id_of("mentorship"),
        cohortId=id_of("cohort"),
        orgUnitId=id_of("F1"),
        mentorIds=[id_of("mentor", one) for one in MENTORS],
        enrolmentIds=[_enrolment(one) for one in MENTEES[:2]],
    )


def _places() -> Iterator[Fact]:
    for code, kind, parent in (
        ("KE", "COUNTRY", None),
        ("D1", "DISTRICT", "KE"),
        ("D2", "DISTRICT", "KE"),
        ("F1", "FACILITY", "D1"),
        ("F2", "FACILITY", "D1"),
        ("F3", "FACILITY", "D2"),
    ):
        content = {"id": id_of(code), "code": code, "name": code, "unitKind": kind}
        under = {} if parent is None else {"parentId": id_of(parent)}
        yield _fact(code, "orgUnitEstablish", 0, **content, **under)


def _enrolment(mentee: str) -> Any:
    return id_of("enrolment", mentee)


class Year:
    """What happens in it.

    Attributes:
        there: from which day, and up to which, each of the people may be at a session.
        wrong: days on which nothing happened, each to be said of one session by mistake: of two of
            a day, one would be suspected to be the other until somebody looks at it.
    """

    def __init__(self, random: Random, rules: Definition) -> None:
        self.random = random
        self.rules = rules
        self.there = dict.fromkeys((*MENTORS, *MENTEES[:2]), (0, LAST))
        odd = range(EARLY + 1, LATE, 2)
        self.wrong = random.sample(odd, len(odd))

    def days(self, many: int) -> list[int]:
        """Return so many days on which something happens, in order."""
        return sorted(self.random.sample(range(EARLY, LATE, 2), many))

    # ── who is in it, and how they stand ────────────────────────────────────────────────────────

    def letters(self) -> Iterator[Fact]:
        """The letters, some of them after the first sessions."""
        if Gate.SIGNATURES in self.rules.gates:
            for person in (*MENTORS, *MENTEES[:2]):
                on = self.random.choice([4, 4, self.days(1)[0]])
                who = {"healthWorkerId": id_of(person)}
                yield _fact(f"{person} signs", "mentorshipSign", on, **MENTORSHIP, **who)

    def comings(self) -> Iterator[Fact]:
        """One mentee joins, another leaves."""
        (joins,), (leaves,) = self.days(1), self.days(1)
        self.there |= {"eva": (joins, LAST), "dan": (0, leaves)}
        for name, on, who in (("Add", joins, "eva"), ("Remove", leaves, "dan")):
            content = {**MENTORSHIP, **BECAUSE, "enrolmentId": _enrolment(who)}
            yield _fact(f"{name} {who}", f"mentorship{name}Mentee", on, **content)

    def leave(self) -> Iterator[Fact]:
        """A mentor leaves, and comes back."""
        leaves, returns = self.days(2)
        self.there["bea"] = (returns, LAST) if self.random.random() < 0.5 else (0, leaves - 1)
        bea = id_of("mentor", "bea")
        gone, back = {"mentorId": bea, "cause": "LEAVE"}, {"mentorId": bea, "replacesId": bea}
        yield _fact("bea leaves", "mentorshipDisengage", leaves, **MENTORSHIP, **BECAUSE, **gone)
        name = "mentorshipReassign"
        yield _fact("bea returns", name, returns, "bea leaves", **MENTORSHIP, **BECAUSE, **back)

    def withdrawals(self) -> Iterator[Fact]:
        """A mentee withdraws, and is readmitted."""
        leaves, returns = self.days(2)
        this = {"enrolmentId": _enrolment("dan"), **BECAUSE}
        yield _fact("dan withdraws", "menteeWithdraw", leaves, **this)
        yield _fact("dan is back", "menteeReadmit", returns, "dan withdraws", **this)

    def suspensions(self) -> Iterator[Fact]:
        """A mentor is suspended, and reinstated."""
        since, until = self.days(2)
        this = {"mentorId": id_of("mentor", "ama"), **BECAUSE}
        ground = self.random.choice(["CONDUCT", "LEAVE"])
        yield _fact("ama suspended", "mentorSuspend", since, ground=ground, **this)
        yield _fact("ama reinstated", "mentorReinstate", until, "ama suspended", **this)

    def pauses(self) -> Iterator[Fact]:
        """The mentorship pauses, or its whole cohort."""
        since, until = self.days(2)
        kind = self.random.choice(["mentorship", "cohort"])
        this = {f"{kind}Id": id_of(kind), **BECAUSE}
        yield _fact("paused", f"{kind}Pause", since, cause="STRIKE", **this)
        yield _fact("resumed", f"{kind}Resume", until, "paused", **this)

    def phases(self) -> Iterator[Fact]:
        """It goes to the second phase, and back to the first."""
        for phase, on in zip(("SECOND", "FIRST"), self.days(2), strict=True):
            content = {**MENTORSHIP, **BECAUSE, "phase": phase}
            before = ("to SECOND",) if phase == "FIRST" else ()
            yield _fact(f"to {phase}", "mentorshipChangePhase", on, *before, **content)

    def people(self) -> Iterator[Fact]:
        """People are posted elsewhere, and become something else; mentoring follows one of them."""
        for person in self.random.sample((*MENTEES[1:], *MENTORS, "fay"), 3):
            who = {"healthWorkerId": id_of(person)}
            for on, place in zip(self.days(2), ("F2", "F3"), strict=True):
                where = {"orgUnitId": id_of(place)}
                yield _fact(f"{person} to {place}", "healthWorkerTransfer", on, **who, **where)
            for on, cadre in zip(self.days(2), ("MIDWIFE", "DOCTOR"), strict=True):
                key = f"{person} a {cadre}"
                yield _fact(key, "healthWorkerChangeCadre", on, cadre=cadre, **who)

    def move(self) -> Iterator[Fact]:
        """A mentee moves, and her enrolment with her."""
        (on,) = self.days(1)
        where = {"healthWorkerId": id_of("cia"), "orgUnitId": id_of("F2")}
        yield _fact("cia moves", "healthWorkerTransfer", on, **where)
        this = {"enrolmentId": _enrolment("cia")}
        yield _fact("cia is mentored there", "menteeTransfer", on, "cia moves", **this)

    # ── what they do ────────────────────────────────────────────────────────────────────────────

    def sessions(self, many: int = 6) -> Iterator[Fact]:
        """Sessions on days of their own, on both sides of the end of a year of points."""
        days = self.days(many + 2)
        self.random.shuffle(days)
        for number, on in enumerate(days[2:]):
            yield self._session(f"session {number}", on)
        for number, on in enumerate(days[:2]):
            gone = self._session(f"never {number}", on)
            yield Fact(key=gone.key, name=gone.name, on=on, content=gone.content)
            void = {"sessionId": id_of(gone.key), **BECAUSE}
            yield _fact(f"{gone.key} held", "sessionVoid", LAST, gone.key, **void)

    def _session(self, key: str, on: int) -> Fact:
        right = self._held(on)
        this = {"sessionId": id_of(key)}
        again = {**this, **right, "heldOn": day(on)}
        return Fact(
            key=key,
            name="sessionLog",
            on=on,
            content={"id": id_of(key), **MENTORSHIP, **right},
            slip={**self._held(None), "occurredOn": day(self.wrong.pop())},
            corrected=lambda _: ("sessionCorrect", again),
            undone=lambda _: ("sessionVoid", "sessionReinstate", this),
        )

    def _held(self, on: int | None) -> dict[str, Any]:
        """Return what is said of a session on a day; None: whichever day that is said to be."""
        mentors, mentees = self._at_hand(MENTORS, on), self._at_hand(MENTEES, on)
        there = [*self._some(mentors), *self._some(mentees)]
        said = {"healthWorkerId": id_of(there[-1]), "feedback": f"Well done, {there[-1]}."}
        return {
            "mode": self.random.choice(["IN_PERSON", "PHONE"]),
            "minutes": self.random.choice([20, 45, 60, 90, 180, 300]),
            "present": [id_of(one) for one in there],
            "about": {"topics": [self.random.choice(["Cold chain", "Partograph"])]},
            "debriefs": [said],
            "guests": self.random.choice([[], [{"role": "DIRECTOR", "name": "Doctor"}]]),
        }

    def _at_hand(self, people: tuple[str, ...], on: int | None) -> list[str]:
        spans = ((one, self.there[one]) for one in people if one in self.there)
        if on is None:
            return [one for one, span in spans if span == (0, LAST)]
        return [one for one, (since, until) in spans if since <= on <= until]

    def _some(self, people: list[str]) -> list[str]:
        return self.random.sample(people, self.random.randint(1, min(2, len(people))))

    def _some_day(self) -> date:
        return day(self.random.randint(EARLY, LATE))

    def plans(self) -> Iterator[Fact]:
        """Plans for some of the days, sent before them or after the first."""
        for number, on in enumerate(self.days(2)):
            key, sent = f"plan {number}", on + self.random.randint(0, 30)
            days = {"starts": day(on), "ends": day(on + self.random.randint(30, 90))}
            said = {"planKind": "VISIT", "objectives": ["Two days at the bedside."]}
            yield _fact(key, "planAgree", on, id=id_of(key), **MENTORSHIP, **days, **said)
            this = {"planId": id_of(key), "sentTo": "The hospital"}
            yield _fact(f"{key} sent", "planSend", sent, key, **this)

    def contacts(self) -> Iterator[Fact]:
        """Calls of ten minutes, one of them never made."""
        for number, on in enumerate(self.days(3)):
            both = {"mentor": id_of("ama"), "mentee": id_of("cia")}
            said = {"mode": "PHONE", "reachedBy": "MENTOR", "minutes": 10, "about": "How it went."}
            key = f"call {number}"
            yield _fact(key, "contactLog", on, id=id_of(key), **MENTORSHIP, **both, **said)
        void = {"contactId": id_of("call 0"), **BECAUSE}
        yield _fact("call 0 never made", "contactVoid", LAST, "call 0", **void)

    def visits(self) -> Iterator[Fact]:
        """Visits of three days, with a session on the second."""
        for number, on in enumerate(self.days(2)):
            key = f"visit {number}"
            where = {"programmeVersionId": PROGRAMME, "orgUnitId": id_of("F1")}
            days = {"starts": day(on), "ends": day(on + 2)}
            yield Fact(
                key=key,
                name="visitLog",
                on=on + 2,
                content={"id": id_of(key), **where, **days},
                slip={"ends": day(on + 1)},
                corrected=_always("visitCorrect", {"visitId": id_of(key), **days}),
            )
            held = self._session(f"session of {key}", on + 1)
            content = {**held.content, "visitId": id_of(key)}
            content["occurredOn"] = day(on + 1)
            yield Fact(key=held.key, name=held.name, on=on + 2, content=content, after=(key,))

    def facility(self) -> Iterator[Fact]:
        """What the facility was found to have, twice."""
        where = {"orgUnitId": id_of("F1"), "programmeVersionId": PROGRAMME}
        for number, on in enumerate(self.days(2)):
            key = f"look {number}"
            yield self._look(key, on, where)

    def _look(self, key: str, on: int, where: Content) -> Fact:
        def found() -> dict[str, Any]:
            tap = {"item": "tap", "points": self.random.randint(0, 1)}
            return {"areas": [{"area": WATER.code, "items": [tap]}]}

        right = found()

        def numbered(teller: Teller) -> Content:
            return {**where, "attempt": teller.numbers[key]}

        return Fact(
            key=key,
            name="facilityBaselineAssess",
            on=on,
            content={**where, **right},
            slip={**found(), "occurredOn": self._some_day()},
            corrected=lambda teller: (
                "facilityBaselineCorrect",
                {**numbered(teller), **right, "assessedOn": day(on)},
            ),
            undone=lambda teller: (
                "facilityBaselineVoid",
                "facilityBaselineReinstate",
                numbered(teller),
            ),
            counted="facility",
        )

    # ── what they prove ─────────────────────────────────────────────────────────────────────────

    def proofs(self) -> Iterator[Fact]:
        """Pre-tests, attempts at two competencies, and where mentees stand on an indicator."""
        for mentee in MENTEES[:2]:
            enrolment = {"enrolmentId": _enrolment(mentee)}
            yield self._pre_test(f"{mentee} pre-test", enrolment)
            for competency in ("HBB", "PPH"):
                for number, on in enumerate(self.days(self.random.randint(0, 3))):
                    of = {**enrolment, "competency": competency}
                    yield self._attempt(f"{mentee} {competency} {number}", on, of)
            yield from self._scores(mentee, enrolment)

    def _attempt(self, key: str, on: int, of: Content) -> Fact:
        right = self._points(of["competency"])

        def numbered(teller: Teller) -> Content:
            return {**of, "attempt": teller.numbers[key]}

        return Fact(
            key=key,
            name="competencyAssess",
            on=on,
            content={**of, **right},
            slip={**self._points(of["competency"]), "occurredOn": self._some_day()},
            corrected=lambda teller: (
                "competencyAttemptCorrect",
                {**numbered(teller), **right, "assessedOn": day(on)},
            ),
            undone=lambda teller: (
                "competencyAttemptVoid",
                "competencyAttemptReinstate",
                numbered(teller),
            ),
            counted=f"{of['enrolmentId']} {of['competency']}",
        )

    def _points(self, competency: str) -> dict[str, Any]:
        if competency == "PPH":
            items = {"oxytocin": self.random.choice([0, 17, 20])}
        else:
            items = {"prepare": self.random.choice([0, 24, 28, 36, 40]), "ventilate": 60}
        return {
            "items": [{"item": item, "points": points} for item, points in items.items()],
            "technique": self.random.random() < 0.9,
            "assessorId": id_of(self.random.choice(MENTORS)),
        }

    def _pre_test(self, key: str, of: Content) -> Fact:
        def scored() -> dict[str, Any]:
            assessor = id_of(self.random.choice(MENTORS))
            return {"raw": self.random.randint(0, 20), "max": 20, "assessorId": assessor}

        right, on = scored(), self.random.randint(EARLY, EARLY + 60)
        again = {**of, **right, "assessedOn": day(on)}
        return Fact(
            key=key,
            name="competencyBaselineAssess",
            on=on,
            content={**of, **right},
            slip={**scored(), "occurredOn": self._some_day()},
            corrected=lambda _: ("competencyBaselineCorrect", again),
        )

    def _scores(self, mentee: str, of: Content) -> Iterator[Fact]:
        first = f"{mentee} at first"
        began, went_on = self.random.randint(EARLY, 60), self.random.randint(100, LATE)
        for key, occasion, on, round_, before in (
            (first, "BASELINE", began, 0, ()),
            (f"{mentee} again", "FOLLOW_UP", went_on, 1, (first,)),
        ):
            score = self.random.randint(0, 20)
            this = {**of, "indicator": DRIVE.code, "round": round_}
            told = {**of, "indicator": DRIVE.code, "occasion": occasion, "score": score}
            yield Fact(
                key=key,
                name="indicatorScore",
                on=on,
                content=told,
                after=before,
                slip={"score": self.random.randint(0, 20)},
                corrected=_always(
                    "indicatorCorrect", {**this, "scoredOn": day(on), "score": score}
                ),
                undone=_always("indicatorVoid", "indicatorReinstate", this),
            )


def _always(*told: Any) -> Callable[[Teller], Any]:
    return lambda _: told
