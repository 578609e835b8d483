"""One person under two names: what they did is added up from the merge on, and parted with them."""

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import CERTIFICATE, MENTEE, MENTOR, RECOGNITION, RIGHT_TO_MENTOR
from services.registry.aggregates.enrolment import Enrolment, Standing
from shared.contracts.definition import CascadeStep, Conduct, Validation
from shared.contracts.definition.assessment import Basis, Certificate, End
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.hospital import POORLY, Hospital
from tests.support.house import House
from tests.support.mentoring import Country, day, rules


class Twice:
    """A country in which somebody is enrolled twice, and mentored under both names."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.names: list[UUID] = []
        self.enrolments: list[UUID] = []
        self.mentors: list[UUID] = []
        self.mentorships: list[UUID] = []

    @classmethod
    async def under(cls, end: End) -> "Twice":
        there = cls(await Country.under(rules(end=end)))
        country = there.country
        for _ in range(2):
            mentor, mentee = await country.person(), await country.person()
            enrolment = await country.enrolment(mentee)
            mentorship = await country.propose([await country.mentor(mentor)], [enrolment])
            await country.sign(mentorship, mentor, mentee)
            there.mentors.append(mentor)
            there.names.append(mentee)
            there.enrolments.append(enrolment)
            there.mentorships.append(mentorship)
        return there

    async def session(self, name: int, on: int) -> UUID:
        """Hold a session under one of the names."""
        parties = self.mentors[name], self.names[name]
        return await self.country.session(self.mentorships[name], *parties, on=on)

    async def merge(self, on: int = 60) -> None:
        """Make the second name another one for the first."""
        alias, survivor = self.names[1], self.names[0]
        await self.country.send(
            "healthWorkerMerge", healthWorkerId=alias, intoId=survivor, reason="One", on=on
        )

    async def unmerge(self, on: int = 61) -> None:
        """Say that they are two."""
        alias = self.names[1]
        await self.country.send("healthWorkerUnmerge", healthWorkerId=alias, reason="Two", on=on)

    async def enrolment(self, name: int) -> Enrolment:
        """Return how an enrolment stands."""
        first, *others = await self.country.house.events(self.enrolments[name])
        enrolment = Enrolment.begin(self.enrolments[name], first)
        for event in others:
            enrolment.evolve(event)
        return enrolment


async def test_four_and_three_sessions_are_seven() -> None:
    twice = await Twice.under(End(sessions=7))
    for on in (7, 14, 21, 28):
        await twice.session(0, on)
    for on in (8, 15, 50):
        await twice.session(1, on)
    assert (await twice.enrolment(0)).standing is Standing.ACTIVE
    await twice.merge()
    done = await twice.enrolment(0)
    assert (done.standing, done.ended_on) == (Standing.COMPLETED, day(50))
    assert (await twice.enrolment(1)).standing is Standing.SET_ASIDE
    await twice.unmerge()
    for name in (0, 1):
        assert (await twice.enrolment(name)).standing is Standing.ACTIVE


async def test_a_session_that_is_voided_under_the_other_name_counts_for_the_person_no_more() -> (
    None
):
    twice = await Twice.under(End(sessions=2))
    await twice.session(0, 7)
    session = await twice.session(1, 8)
    await twice.merge()
    assert (await twice.enrolment(0)).standing is Standing.COMPLETED
    await twice.country.send("sessionVoid", sessionId=session, reason="Never held", on=62)
    assert (await twice.enrolment(0)).standing is Standing.ACTIVE
    await twice.country.send("sessionReinstate", sessionId=session, reason="It was", on=63)
    assert (await twice.enrolment(0)).standing is Standing.COMPLETED


async def test_what_comes_late_under_the_other_name_counts_for_the_person() -> None:
    twice = await Twice.under(End(sessions=2))
    await twice.session(0, 7)
    await twice.merge()
    await twice.session(1, 8)
    done = await twice.enrolment(0)
    assert (done.standing, done.ended_on) == (Standing.COMPLETED, day(8))
    await twice.unmerge()
    assert (await twice.enrolment(0)).standing is Standing.ACTIVE


async def test_goals_that_rest_are_not_asked_for_and_those_reached_count() -> None:
    twice = await Twice.under(End(goals=True))
    send = twice.country.send
    for goal in ("DONE", "OPEN"):
        await send("menteeSetGoal", enrolmentId=twice.enrolments[1], goal=goal, text="Do it")
    await send("menteeReachGoal", enrolmentId=twice.enrolments[1], goal="DONE", on=2)
    await twice.merge()
    assert (await twice.enrolment(0)).standing is Standing.COMPLETED
    await twice.unmerge()
    assert (await twice.enrolment(0)).standing is Standing.ACTIVE


class Assessed:
    """A hospital in which somebody is enrolled twice, and assessed under both names."""

    def __init__(self, here: Hospital, name: UUID, enrolment: UUID) -> None:
        self.here, self.name, self.enrolment = here, name, enrolment

    @classmethod
    async def under(cls, **changes: Any) -> "Assessed":
        here = await Hospital.built(gates=(), conduct=Conduct(), **changes)
        there = cls(here, new_id(), new_id())
        await here.register(there.name, "Keza")
        await here.send(
            "menteeEnrol",
            "2018-11-01",
            id=there.enrolment,
            healthWorkerId=there.name,
            cohortId=here.cohort,
            area="RAM",
        )
        return there

    async def assess(self, competency: str, day: str, **more: Any) -> None:
        """Assess them under their other name."""
        await self.here.assess(competency, day, enrolmentId=self.enrolment, **more)

    async def merge(self, on: str = "2019-06-01") -> None:
        """Make the other name one of the mentee's."""
        pair = {"healthWorkerId": self.name, "intoId": self.here.mentee}
        await self.here.send("healthWorkerMerge", on, **pair, reason="One")

    async def unmerge(self) -> None:
        """Say that they are two."""
        name = {"healthWorkerId": self.name}
        await self.here.send("healthWorkerUnmerge", "2019-07-01", **name, reason="Two")

    def mentee(self) -> dict[str, Any]:
        """Return how the mentee stands."""
        [row] = self.here.house.rows(MENTEE, id=self.here.enrolment)
        return row


STEP = CascadeStep(programme="test-hospital", area="RPA", validated="all")


async def test_what_is_proved_under_two_names_is_proved() -> None:
    terms = Certificate(name="Certificate", prefix="TEST", basis=Basis.VALIDATION)
    there = await Assessed.under(cascade=(STEP,), certificate=terms, end=End(validated="all"))
    here = there.here
    await here.assess("HBB", "2019-02-03")
    await there.assess("PPH", "2019-03-04")
    await there.merge()
    mentee = there.mentee()
    assert (mentee["validated"], mentee["fully_validated_on"]) == (2, date(2019, 3, 4))
    assert (mentee["status"], mentee["completed_on"]) == ("COMPLETED", date(2019, 3, 4))
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert (right["status"], right["earned_on"]) == ("HELD", date(2019, 3, 4))
    assert right["health_worker_id"] == here.mentee
    (certificate,) = here.house.rows(CERTIFICATE)
    assert certificate["in_doubt_since"] is None
    await there.unmerge()
    mentee = there.mentee()
    assert (mentee["validated"], mentee["fully_validated_on"]) == (1, None)
    assert mentee["status"] == "ENROLLED"
    (right,) = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert right["status"] == "LOST"
    (certificate,) = here.house.rows(CERTIFICATE)
    assert certificate["in_doubt_since"] is not None


async def test_the_best_proof_counts_whichever_name_it_was_made_under() -> None:
    step = CascadeStep(programme="test-hospital", area="RPA", validated=1, least_percent=95)
    there = await Assessed.under(
        cascade=(step,), validation=Validation(threshold=50, technique=False)
    )
    here = there.here
    await here.assess("HBB", "2019-02-03", items=POORLY["HBB"])
    await there.assess("HBB", "2019-03-04")
    rights = here.house.gateway.tables.of(RIGHT_TO_MENTOR)
    assert [one["health_worker_id"] for one in rights] == [there.name]
    await there.merge()
    rights = here.house.gateway.tables.of(RIGHT_TO_MENTOR, mentee_id=here.enrolment)
    assert [one["status"] for one in rights] == ["HELD"]
    await there.unmerge()
    rights = here.house.gateway.tables.of(RIGHT_TO_MENTOR, mentee_id=here.enrolment)
    assert [one["status"] for one in rights] == ["LOST"]


async def test_an_attempt_that_is_voided_under_the_other_name_proves_nothing_here() -> None:
    there = await Assessed.under()
    await there.here.assess("HBB", "2019-02-03")
    await there.assess("PPH", "2019-03-04")
    await there.merge()
    assert there.mentee()["validated"] == 2
    attempt = {"enrolmentId": there.enrolment, "competency": "PPH", "attempt": 1}
    await there.here.send("competencyAttemptVoid", "2019-06-02", **attempt, reason="Not she")
    assert there.mentee()["validated"] == 1
    await there.here.send("competencyAttemptReinstate", "2019-06-03", **attempt, reason="She")
    assert there.mentee()["validated"] == 2


async def test_what_was_added_up_is_added_up_once_and_again_after_they_were_parted() -> None:
    there = await Assessed.under()
    await there.here.assess("HBB", "2019-02-03")
    await there.assess("PPH", "2019-03-04")
    add_up = {"enrolmentId": there.enrolment}
    assert await refused(there, **add_up) == "NOTHING_TO_ADD_UP"
    await there.merge()
    assert await refused(there, **add_up) == "NOTHING_TO_ADD_UP"
    await there.unmerge()
    assert await refused(there, **add_up) == "NOTHING_TO_ADD_UP"
    assert there.here.house.rows(RECOGNITION) == []
    await there.merge()
    assert there.mentee()["validated"] == 2


async def refused(there: Assessed, **content: Any) -> str:
    with pytest.raises(MshauriError) as refusal:
        await there.here.send("competencyAddUp", "2019-06-05", **content)
    return refusal.value.code


HISTORIES = {
    "audit_event",
    "audit_trail",
    "naming_nobody",
    "person_record",
    "validation_fact",
    "validation_turn",
    "known_recognition",
}
"""Tables that tell what happened, one row each time: of them nothing is taken away."""
COMINGS = {"party_change", "known_party_change", "mentorship_party", "mentorship_mentee"}
COMINGS |= {"mentor_load"}
"""Tables that tell since when somebody is cared for: who had completed came back on a day."""
SETTLED = {"suspected_duplicate"}
"""Who says that two are two people has answered a suspicion, whatever was so before."""
STEPS = {"record_version", "position", "registry_position", "validation_position"}
STEPS |= {"competency_record_version"}
"""Columns that tell which step a record is at."""


def rows_of(house: House, *besides: str) -> dict[str, list[dict[str, Any]]]:
    """Return all that is read of a house, but how it came to be so."""
    return {
        f"{reader}.{table}": [
            {name: value for name, value in row.items() if name not in STEPS} for row in rows
        ]
        for reader, tables in house.everything().items()
        for table, rows in tables.items()
        if table.rpartition("_v")[0] not in {*HISTORIES, *SETTLED, *besides}
    }


async def test_a_merge_that_is_reversed_leaves_all_that_is_read_as_it_was() -> None:
    twice = await Twice.under(End(sessions=4))
    house, random = twice.country.house, Random(11)
    began = house.mark()
    seen = set()
    for _ in range(25):
        house.back_to(began)
        held = [random.sample(range(1, 50), random.randrange(5)) for _ in twice.names]
        for name, days in enumerate(held):
            for on in days:
                await twice.session(name, on)
        stood = [(await twice.enrolment(name)).standing for name in (0, 1)]
        completed = Standing.COMPLETED not in stood and sum(map(len, held)) >= 4
        besides = COMINGS if completed else set()
        before = rows_of(house, *besides)
        await twice.merge()
        if Standing.COMPLETED not in stood:
            standing = (await twice.enrolment(0)).standing
            assert standing is (Standing.COMPLETED if completed else Standing.ACTIVE)
            seen.add(standing)
        await twice.unmerge()
        after = rows_of(house, *besides)
        assert {name for name in before | after if before.get(name) != after.get(name)} == set()
    assert seen == {Standing.COMPLETED, Standing.ACTIVE}


async def test_what_was_proved_is_read_as_before_once_a_merge_is_reversed() -> None:
    there = await Assessed.under(end=End(validated="all"))
    house = there.here.house
    await there.here.assess("HBB", "2019-02-03")
    await there.assess("PPH", "2019-03-04")
    before = rows_of(house)
    await there.merge()
    assert there.mentee()["status"] == "COMPLETED"
    await there.unmerge()
    after = rows_of(house)
    assert {name for name in before | after if before.get(name) != after.get(name)} == set()


async def test_who_mentors_by_a_right_mentors_as_long_as_any_name_of_theirs_gives_it() -> None:
    step = CascadeStep(programme="test-hospital", area="RPA", validated=1)
    there = await Assessed.under(cascade=(step,))
    await there.here.assess("HBB", "2019-02-03")
    await there.assess("HBB", "2019-03-04")
    by_right = there.here.house.gateway.tables.of(MENTOR, nominated_by="CASCADE")
    assert len(by_right) == 2

    def suspended() -> set[UUID]:
        rows = there.here.house.gateway.tables.of(MENTOR, nominated_by="CASCADE")
        return {row["health_worker_id"] for row in rows if row["status"] == "SUSPENDED"}

    await there.merge()
    attempt = {"enrolmentId": there.enrolment, "competency": "HBB", "attempt": 1}
    await there.here.send("competencyAttemptVoid", "2019-06-02", **attempt, reason="Not she")
    assert suspended() == set()
    worker = {"healthWorkerId": there.here.mentee, "reason": "To see"}
    assert await there.here.refused("healthWorkerWeighRights", **worker) == "RIGHTS_AS_HELD"
    await there.unmerge()
    assert suspended() == {there.name}
    await there.merge("2019-08-01")
    assert suspended() == set()
