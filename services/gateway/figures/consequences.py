"""What becomes of all that somebody has in programmes, when they go on leave, leave the service,
come back, or did none of it after all: by the plan that the registry carries out, over the read
models; and what stays as it is.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.projections import (
    EMPLOYMENT,
    EMPLOYMENT_OUTCOME,
    GRANT,
    HEALTH_WORKER,
    IMPROVEMENT_ACTION,
    MENTEE,
    MENTOR,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    MENTORSHIP_MENTOR,
    RIGHT_TO_MENTOR,
    SUPPORT_REQUEST,
    VACANCY,
)
from shared.contracts.registry.employment import Becomes, Duty, Employment, Outcome
from shared.domain.careers import Duties, Enrolled, Granted, Nominated, Party, plan
from shared.projection import Table

Row = Mapping[str, Any]
Select = Callable[[Table, str, Collection[UUID]], Awaitable[Sequence[Row]]]
"""Returns the rows of a table in which a column holds one of these ids."""
Line = Sequence[tuple[date, Employment]]

LIVE = ("ACCEPTED", "AGREED", "DISENGAGED")
OVER = ("CONCLUDED", "DECLINED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What becomes of one thing.

    Attributes:
        outcome: what is done; None: it stays as it is.
        mentors_left: of a mentorship, or a question asked in one: mentors besides the person.
    """

    duty: Duty
    record_id: UUID
    party_id: UUID | None = None
    outcome: Outcome | None = None
    mentors_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be told: one change on a day, or the whole line anew."""

    employment: Employment | None = None
    on: date | None = None
    line: Line | None = None

    def of(self, told: Line) -> Line:
        """Return the line as it would be."""
        if self.line is not None:
            return sorted(self.line)
        if self.employment is None or self.on is None:
            return told
        return sorted([*told, (self.on, self.employment)], key=lambda one: one[0])


async def consequences(person: UUID, change: Change, select: Select) -> list[Consequence]:
    """Return what would become of all that a person has, as far as it is recorded by now."""
    aliases = await select(HEALTH_WORKER, "merged_into_id", [person])
    found = _Rows(frozenset({person, *(row["id"] for row in aliases)}))
    await found.read(select)
    told = sorted(
        (row["since"], Employment(row["employment"]))
        for row in await select(EMPLOYMENT, "health_worker_id", [person])
    )
    rows = await select(EMPLOYMENT_OUTCOME, "health_worker_id", [person])
    carried = [_carried(row) for row in rows if not row["undone"]]
    outcomes = plan(change.of(told), carried, found.duties())
    changed = [
        Consequence(
            duty=one.duty,
            record_id=one.record_id,
            party_id=one.party_id,
            outcome=one,
            mentors_left=found.mentors_left.get(one.record_id),
        )
        for one in outcomes
    ]
    return [*changed, *found.stays({(one.duty, one.record_id) for one in outcomes})]


def _carried(row: Row) -> Outcome:
    of_itself = row["party_id"] == row["record_id"]
    return Outcome(
        duty=Duty(row["duty"]),
        record_id=row["record_id"],
        party_id=None if of_itself else row["party_id"],
        becomes=Becomes(row["becomes"]),
        on=row["on"],
        because=Employment(row["because"]),
        since=row["since"],
        until=row["until"],
    )


class _Rows:
    """What the read models have of a person, under whichever of their records."""

    def __init__(self, records: frozenset[UUID]) -> None:
        self.records = records
        self.mentors_left: dict[UUID, int] = {}

    async def read(self, select: Select) -> None:
        """Read it."""
        self.mentees = await select(MENTEE, "health_worker_id", self.records)
        self.mentors = await select(MENTOR, "health_worker_id", self.records)
        self.grants = await select(GRANT, "health_worker_id", self.records)
        enrolments = [row["id"] for row in self.mentees]
        self.rights = await select(RIGHT_TO_MENTOR, "mentee_id", enrolments)
        self.cares = await select(MENTORSHIP_MENTEE, "mentee_id", enrolments)
        self.places = await select(MENTORSHIP_MENTOR, "mentor_id", _ids(self.mentors))
        in_any = {row["mentorship_id"] for row in (*self.cares, *self.places)}
        self.mentorships = {row["id"]: row for row in await select(MENTORSHIP, "id", in_any)}
        self.vacant = {
            (row["mentorship_id"], row["mentor_id"])
            for row in await select(VACANCY, "mentorship_id", in_any)
            if row["filled_on"] is None
        }
        mentors = await select(MENTORSHIP_MENTOR, "mentorship_id", in_any)
        mentees = await select(MENTORSHIP_MENTEE, "mentorship_id", in_any)
        self.mentors_there, self.mentees_there = self._others(mentors), self._others(mentees)
        self.mentors_left = {one: len(self.mentors_there[one]) for one in in_any}
        owned = await select(IMPROVEMENT_ACTION, "owner_id", self.records)
        self.actions = [row for row in owned if row["status"] in ("OPEN", "ESCALATED")]
        asked = await select(SUPPORT_REQUEST, "health_worker_id", self.records)
        mentored = {row["mentorship_id"] for row in self.places if row["left_on"] is None}
        awaited = await select(SUPPORT_REQUEST, "mentorship_id", mentored)
        self.requests = {
            row["id"]: row
            for row in (*asked, *(row for row in awaited if row["awaited_since"] is not None))
            if row["status"] != "CLOSED"
        }

    def _others(self, rows: Sequence[Row]) -> dict[UUID, set[UUID]]:
        found = defaultdict[UUID, set[UUID]](set)
        for row in rows:
            if row["left_on"] is None and row["health_worker_id"] not in self.records:
                found[row["mentorship_id"]].add(row["health_worker_id"])
        return found

    def duties(self) -> Duties:
        """Return it as it is planned on."""
        held = {
            (row["health_worker_id"], row["tier"], row["tier_area"])
            for row in self.rights
            if row["status"] == "HELD"
        }
        return Duties(
            enrolments=[self._enrolled(row) for row in self.mentees],
            parties=[
                *(self._place(row) for row in self.places),
                *(self._care(row) for row in self.cares),
            ],
            nominations=[
                Nominated(
                    id=row["id"],
                    certified_on=row["certified_on"],
                    suspended=row["suspended_on"] if row["status"] == "SUSPENDED" else None,
                    entitled=row["earned_in"] is None
                    or (row["health_worker_id"], row["programme"], row["area"]) in held,
                )
                for row in self.mentors
            ],
            grants=[
                Granted(
                    id=row["id"],
                    since=row["since"],
                    until=row["until"],
                    revoked=row["revoked_on"],
                )
                for row in self.grants
            ],
        )

    def _enrolled(self, row: Row) -> Enrolled:
        free = not any(
            other["status"] == "ENROLLED"
            and (other["programme"], other["area"]) == (row["programme"], row["area"])
            for other in self.mentees
        )
        return Enrolled(
            id=row["id"],
            of=(row["programme"], row["area"]),
            since=row["since"],
            active=row["status"] == "ENROLLED",
            restorable=row["status"] == "WITHDRAWN" and free,
        )

    def _place(self, row: Row) -> Party:
        mentorship = self.mentorships[row["mentorship_id"]]
        vacant = (row["mentorship_id"], row["mentor_id"]) in self.vacant
        return Party(
            mentorship_id=mentorship["id"],
            party_id=row["mentor_id"],
            mentors=True,
            since=row["joined_on"],
            here=row["left_on"] is None,
            restorable=vacant and _could_go_on(mentorship),
            others=len(self.mentors_there[mentorship["id"]]),
            **_stands(mentorship),
        )

    def _care(self, row: Row) -> Party:
        mentorship = self.mentorships[row["mentorship_id"]]
        withdrew = row["left_because"] == "WITHDRAWN"
        # Whoever was in it from its first day is so whenever that is said to be.
        late = row["joined_on"] > mentorship["proposed_on"]
        return Party(
            mentorship_id=mentorship["id"],
            party_id=row["mentee_id"],
            mentors=False,
            since=row["joined_on"] if late else None,
            here=row["left_on"] is None,
            restorable=withdrew and _could_go_on(mentorship),
            others=len(self.mentees_there[mentorship["id"]]),
            **_stands(mentorship),
        )

    def stays(self, changed: Collection[tuple[Duty, UUID]]) -> list[Consequence]:
        """Return what is theirs now and stays as it is."""
        parties = [
            (row["mentorship_id"], party)
            for row, party in (
                *((row, row["mentor_id"]) for row in self.places),
                *((row, row["mentee_id"]) for row in self.cares),
            )
            if row["left_on"] is None
            and self.mentorships[row["mentorship_id"]]["status"] not in OVER
        ]
        left = self.mentors_left
        found = [
            *(
                Consequence(duty=Duty.MENTEE, record_id=row["id"])
                for row in self.mentees
                if row["status"] == "ENROLLED"
            ),
            *(
                Consequence(
                    duty=Duty.MENTORSHIP, record_id=id, party_id=party, mentors_left=left[id]
                )
                for id, party in parties
            ),
            *(Consequence(duty=Duty.MENTOR, record_id=row["id"]) for row in self.mentors),
            *(
                Consequence(duty=Duty.ACCESS_GRANT, record_id=row["id"])
                for row in self.grants
                if row["revoked_on"] is None
            ),
            *(
                Consequence(duty=Duty.RIGHT_TO_MENTOR, record_id=row["mentee_id"])
                for row in self.rights
                if row["status"] == "HELD"
            ),
            *(
                Consequence(duty=Duty.IMPROVEMENT_ACTION, record_id=row["id"])
                for row in self.actions
            ),
            *(
                Consequence(
                    duty=Duty.SUPPORT_REQUEST,
                    record_id=id,
                    mentors_left=left.get(row["mentorship_id"]),
                )
                for id, row in self.requests.items()
            ),
        ]
        order = list(Duty)
        return sorted(
            (one for one in found if (one.duty, one.record_id) not in changed),
            key=lambda one: (order.index(one.duty), str(one.record_id), str(one.party_id)),
        )


def _could_go_on(mentorship: Row) -> bool:
    """Say whether it goes on, or ended by itself, with the last of its mentees."""
    return mentorship["status"] in LIVE or bool(mentorship["ended_with_last"])


def _stands(mentorship: Row) -> dict[str, Any]:
    return {
        "proposed": mentorship["status"] == "PROPOSED",
        "over": mentorship["status"] in OVER,
        "paused": mentorship["paused_on"],
    }


def _ids(rows: Sequence[Row]) -> list[UUID]:
    return [row["id"] for row in rows]
