"""Whatever is asked, in whatever order: nobody carries more than their load, what they carry is
what they are in, and no session is held that somebody has not signed for.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.registry.aggregates.mentor import Mentor
from services.registry.aggregates.mentorship import Mentorship
from shared.contracts.definition import Ratio
from shared.contracts.definition.people import Disengagement
from shared.contracts.registry.mentor import MentorAssigned, MentorReleased
from shared.domain import Aggregate
from shared.domain.errors import MshauriError
from tests.support.mentoring import Country, rules

LOAD = 2
RULES = rules(
    ratio=Ratio(mentors=(1, 2), mentees=(1, 2), load=LOAD),
    disengagement=Disengagement(notify=("FOCAL-PERSON",)),
)
WISHES = (
    *("propose", "propose", "match", "accept", "accept", "sign", "sign all", "sign all"),
    *("session", "session", "disengage", "disengage", "reassign", "reassign", "conclude"),
    *("decline", "suspend", "reinstate", "reinstate", "declare"),
)
"""What leads on stands here more than once, so that histories come to something."""
Kind = TypeVar("Kind", bound=Aggregate)
Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(st.sampled_from(WISHES), st.integers(0, 11), st.integers(0, 11)),
    min_size=10,
    max_size=30,
)


class History:
    """Four mentors and four mentees, and what becomes of them."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.mentors: list[UUID] = []
        self.enrolments: list[UUID] = []
        self.day = 0

    async def begin(self) -> None:
        for _ in range(4):
            self.mentors.append(await self.country.mentor())
            self.enrolments.append(await self.country.enrolment())
        await self.country.propose(self.mentors[:2], self.enrolments[:2])

    async def wish(self, step: Step) -> None:
        """Ask for something; that it is refused is an answer too."""
        self.day += 1
        with suppress(MshauriError):
            await self._ask(*step)

    async def _ask(self, name: str, this: int, that: int) -> None:
        mentor, enrolment = self.mentors[this % 4], self.enrolments[that % 4]
        everyone = await self.mentorships()
        mentorships = [one for one in everyone if not over(one)] or everyone
        if name == "propose":
            pair = self.country.pair(
                list({mentor, self.mentors[that % 4]}), list({enrolment, self.enrolments[this % 4]})
            )
            await self._send("mentorshipPropose", **pair)
        elif name == "match":
            await self._send("cohortMatch", cohortId=self.country.cohort)
        elif name in ("suspend", "reinstate"):
            await self._send(f"mentor{name.title()}", mentorId=mentor, reason="A complaint")
        elif name == "declare":
            await self._send("mentorDeclareAvailability", mentorId=mentor, places=that % 3)
        elif mentorships:
            await self._change(name, mentorships[this % len(mentorships)], that)

    async def _change(self, name: str, mentorship: Mentorship, that: int) -> None:
        content = {"mentorshipId": mentorship.id, "reason": "So it was"}
        parties = list(mentorship.sides)
        if name in ("accept", "decline", "conclude"):
            await self._send(f"mentorship{name.title()}", **content)
        elif name == "sign":
            await self._sign(mentorship, parties[that % len(parties)])
        elif name == "sign all":
            for party in parties:
                if party not in mentorship.signatures:
                    await self._sign(mentorship, party)
        elif name == "disengage":
            leaver = [*mentorship.team, *self.mentors][that % 4]
            cause = ("LEAVE", "CONFLICT")[that % 2]
            await self._send("mentorshipDisengage", mentorId=leaver, cause=cause, **content)
        elif name == "reassign" and mentorship.vacant:
            replaces = next(iter(mentorship.vacant))
            taking = {"replacesId": replaces, "mentorId": self.mentors[that % 4]}
            await self._send("mentorshipReassign", **taking, **content)
        elif name == "session":
            session = {"mode": "PHONE", "minutes": 60, "present": parties}
            await self._send("sessionLog", mentorshipId=mentorship.id, **session)
            assert mentorship.agreed(least=1), "a session that somebody has not signed for"

    async def _sign(self, mentorship: Mentorship, party: UUID) -> None:
        await self._send("mentorshipSign", mentorshipId=mentorship.id, healthWorkerId=party)

    async def _send(self, name: str, **content: object) -> None:
        await self.country.send(name, on=self.day, **content)

    async def mentorships(self) -> list[Mentorship]:
        """Return every mentorship as it stands."""
        streams = {
            entry.stream: None
            for _, entry in await self.country.house.history()
            if entry.kind == Mentorship.kind
        }
        return [await self._told(Mentorship, stream) for stream in streams]

    async def _told(self, kind: type[Kind], stream: UUID) -> Kind:
        first, *others = await self.country.house.events(stream)
        told = kind.begin(stream, first)
        for event in others:
            told.record(event)
        return told

    async def must_hold(self) -> None:
        """Check what always holds."""
        mentorships = await self.mentorships()
        for id in self.mentors:
            mentor = await self._told(Mentor, id)
            assert len(mentor.mentorships) <= LOAD
            theirs = [one.id for one in mentorships if id in one.team and not over(one)]
            assert sorted(mentor.mentorships) == sorted(theirs)
            carried: Counter[UUID] = Counter()
            for event in await self.country.house.events(id):
                if isinstance(event, MentorAssigned):
                    carried[event.mentorship_id] += 1
                elif isinstance(event, MentorReleased):
                    carried[event.mentorship_id] -= 1
                assert set(carried.values()) <= {0, 1}, "given back twice, or taken on twice"
        for one in mentorships:
            mentees = {party.health_worker_id for party in one.mentees}
            assert not mentees & one.mentors
            assert not set(one.parted) & one.mentors


def over(mentorship: Mentorship) -> bool:
    return mentorship.standing.value in ("DECLINED", "CONCLUDED")


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    # A history takes a fifth of a second: to make a failing one shorter would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps)
def test_in_any_history_loads_and_signatures_hold(steps: list[Step]) -> None:
    async def live() -> None:
        history = History(await Country.under(RULES))
        await history.begin()
        for step in steps:
            await history.wish(step)
        await history.must_hold()

    asyncio.run(live())
