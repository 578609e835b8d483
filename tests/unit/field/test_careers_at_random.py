"""Whatever is told of people's employment, in whatever order: what is shown beforehand is what is
done then, what was not so leaves nothing behind, and whoever is gone is in nothing that goes on.
"""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import UUID

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from services.gateway.figures.consequences import Change
from services.gateway.projections import (
    GRANT,
    HEALTH_WORKER,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    PAUSE,
    VACANCY,
)
from shared.contracts.definition import Ratio
from shared.contracts.registry.employment import Employment
from shared.domain.errors import MshauriError
from tests.support.careers import done, shown, to_happen
from tests.support.mentoring import Country, day, rules

STATES = list(Employment)
tellings = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([*STATES, None]), st.integers(1, 40), st.booleans()
    ),
    min_size=1,
    max_size=7,
)
"""Of which of four people what is told, since when; None: that they were in service all along. And
whether the others do something in between."""


class World:
    """Two mentors and two mentees, in a pair and in a team of two, and a grant each."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.people: list[UUID] = []
        self.grants: list[UUID] = []

    async def begin(self) -> None:
        country = self.country
        self.people = [await country.person() for _ in range(4)]
        mentors = [await country.mentor(one) for one in self.people[:2]]
        mentees = [await country.enrolment(one) for one in self.people[2:]]
        also = await country.enrolment(self.people[3], "LAW")
        law = await country.mentor(self.people[0], "LAW")
        await self._agree([mentors[0]], [mentees[0]])
        await self._agree([*mentors, law], [mentees[1], also])
        for place, one in enumerate(self.people):
            await country.send(
                "accessGrantGive",
                subjectName=f"invented-{place}",
                role="MENTEE",
                orgUnitId=country.facility,
                healthWorkerId=one,
            )

    async def _agree(self, mentors: list[UUID], mentees: list[UUID]) -> None:
        mentorship = await self.country.propose(mentors, mentees)
        parties = {
            row["health_worker_id"]
            for table in (MENTORSHIP_MENTOR, MENTORSHIP_MENTEE)
            for row in self.country.house.rows(table, mentorship_id=mentorship)
        }
        await self.country.sign(mentorship, *parties)

    async def tell(self, person: UUID, state: Employment | None, on: int) -> None:
        """Tell of somebody's employment; that it cannot be is an answer too."""
        house = self.country.house
        change = Change(line=()) if state is None else Change(employment=state, on=day(on))
        beforehand = to_happen(await shown(house, person, change))
        before = len(await done(house, person))
        try:
            await self._tell(person, state, on)
        except MshauriError:
            return
        told = await done(house, person)
        assert [*told[before:], []][0] == beforehand, "another thing was shown"

    async def _tell(self, person: UUID, state: Employment | None, on: int) -> None:
        about = {"healthWorkerId": person}
        send = self.country.send
        if state is None:
            correct = {**about, "employment": [], "reason": "It was not so"}
            await send("healthWorkerCorrectEmployment", **correct, on=99)
        elif state is Employment.ON_LEAVE:
            await send("healthWorkerGoOnLeave", **about, on=on)
        elif state is Employment.ACTIVE:
            await send("healthWorkerReturn", **about, on=on)
        else:
            await send("healthWorkerLeave", **about, cause=state.value, on=on)

    async def meddle(self, on: int) -> None:
        """Do what people do of themselves meanwhile."""
        house = self.country.house
        reason = {"reason": "So it was", "on": 41 + on}
        for row in house.rows(VACANCY):
            if row["filled_on"] is None:
                with suppress(MshauriError):
                    taken = {"replacesId": row["mentor_id"], "mentorId": row["mentor_id"]}
                    await self.country.send(
                        "mentorshipReassign", mentorshipId=row["mentorship_id"], **taken, **reason
                    )
        for row in house.rows(MENTEE):
            if row["status"] == "WITHDRAWN":
                with suppress(MshauriError):
                    await self.country.send("menteeReadmit", enrolmentId=row["id"], **reason)
        for row in house.rows(MENTORSHIP):
            if row["paused_on"] is not None:
                with suppress(MshauriError):
                    await self.country.send("mentorshipResume", mentorshipId=row["id"], on=41 + on)

    def must_hold(self) -> None:
        """Check that whoever is gone is in nothing that goes on."""
        rows = self.country.house.rows
        gone = {row["id"] for row in rows(HEALTH_WORKER) if Employment(row["employment"]).gone}
        for row in rows(MENTEE):
            assert row["health_worker_id"] not in gone or row["status"] != "ENROLLED"
        for row in rows(MENTOR):
            assert row["health_worker_id"] not in gone or row["status"] == "SUSPENDED"
        for row in rows(GRANT):
            assert row["health_worker_id"] not in gone or row["revoked_on"] is not None
        over = {row["id"] for row in rows(MENTORSHIP) if row["status"] in ("CONCLUDED", "DECLINED")}
        for row in rows(MENTORSHIP_MENTOR):
            here = row["left_on"] is None and row["mentorship_id"] not in over
            assert not here or row["health_worker_id"] not in gone

    def standing(self) -> dict[str, Any]:
        """Return how all stands, but for how often it was told, and days on which nothing was."""
        rows = self.country.house.rows
        return {
            "mentees": [
                (row["status"], row["withdrawn_on"], row["withdrawal_cause"])
                for row in rows(MENTEE)
            ],
            "mentors": [(row["status"], row["suspended_on"]) for row in rows(MENTOR)],
            "mentorships": [
                (row["status"], row["agreed_on"], row["paused_on"], row["concluded_on"])
                for row in rows(MENTORSHIP)
            ],
            "places": [
                (row["joined_on"], row["left_on"])
                for table in (MENTORSHIP_MENTOR, MENTORSHIP_MENTEE)
                for row in rows(table)
            ],
            "grants": [row["revoked_on"] for row in rows(GRANT)],
            "pauses": [
                (row["since"], row["until"]) for row in rows(PAUSE) if row["since"] != row["until"]
            ],
            "vacancies": rows(VACANCY),
        }


async def _world() -> World:
    country = await Country.under(
        rules(ratio=Ratio(mentors=(1, 3), mentees=(1, 2), load=3), gates=())
    )
    world = World(country)
    await world.begin()
    return world


SOME = settings(
    max_examples=40, deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
)
"""What fails is short anyway, and no time goes into making it shorter."""
C = Employment


def test_what_is_shown_beforehand_is_what_is_done() -> None:
    with asyncio.Runner() as runner:
        world = runner.run(_world())
        begun = world.country.house.mark()

        @SOME
        @given(told=tellings)
        @example(told=[(2, C.RESIGNED, 1, False), (0, C.RESIGNED, 1, False), (2, None, 1, False)])
        def check(told: list[tuple[int, Employment | None, int, bool]]) -> None:
            world.country.house.back_to(begun)
            runner.run(tell(told))

        async def tell(told: list[tuple[int, Employment | None, int, bool]]) -> None:
            for place, (who, state, on, meddle) in enumerate(told):
                await world.tell(world.people[who], state, on)
                world.must_hold()
                if meddle:
                    await world.meddle(place)

        check()


def test_what_was_not_so_leaves_nothing_behind() -> None:
    with asyncio.Runner() as runner:
        world = runner.run(_world())
        begun, before = world.country.house.mark(), world.standing()

        @SOME
        @given(told=tellings, order=st.permutations(range(4)))
        def check(told: list[tuple[int, Employment | None, int, bool]], order: list[int]) -> None:
            world.country.house.back_to(begun)
            runner.run(tell(told, order))
            assert world.standing() == before

        async def tell(
            told: list[tuple[int, Employment | None, int, bool]], order: list[int]
        ) -> None:
            for who, state, on, _ in told:
                await world.tell(world.people[who], state, on)
            for who in order:
                await world.tell(world.people[who], None, 99)

        check()
