"""What an import asks the API before it sends anything: no more than its rows need to know."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mshauri.api import Api, ApiFault
from mshauri.importing.known import Mentorship, Mentorships
from mshauri.importing.lists.sessions import SESSIONS
from mshauri.importing.lookups import BESIDE, look_up, side_by_side
from mshauri.importing.plan import plan_list
from tests.support.lists import read, told

MET = "programme,cohort,mentee,mode,minutes,present,occurredOn"
PEOPLE = {"N-1", "N-2", "M-1"}


class Country(Api):
    """Answers with a cohort of two pairs, and with the sessions that stand."""

    def __init__(self, stand: int) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.stand = stand
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        self.asked.append((document, variables))
        if "query People" in document:
            found = sorted(PEOPLE & set(variables["numbers"]))
            return {"healthWorkers": {"nodes": [{"id": one, "number": one} for one in found]}}
        if "query Cohort" in document:
            return {"cohorts": {"nodes": [{"id": "cohort"}]}}
        if "query Mentorships" in document:
            return {"mentorships": {"nodes": self.pairs(), "pageInfo": {"hasNextPage": False}}}
        names = re.findall(r"(s\d+): session", document)
        stand = [self.session(variables[name]) for name in names[: self.stand]]
        return dict(zip(names, [*stand, *[None] * len(names)], strict=False))

    @staticmethod
    def pairs() -> list[dict[str, Any]]:
        def party(number: str, side: str, left: str | None = None) -> dict[str, Any]:
            who = {"number": number}
            return {"side": side, "leftOn": left, "signedOn": "2024-01-31", "healthWorker": who}

        return [
            {
                "id": f"TWVudG9yc2hpcDowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMD{place}",
                "status": "AGREED",
                "parties": [
                    party("M-1", "MENTOR"),
                    party("M-9", "MENTOR", "2024-02-01"),
                    party(number, "MENTEE"),
                ],
            }
            for place, number in (("E", "N-1"), ("I", "N-2"))
        ]

    @staticmethod
    def session(id: str) -> dict[str, Any]:
        there = [{"present": True, "healthWorker": {"number": one}} for one in ("M-1", "N-1")]
        return {"id": id, "mode": "PHONE", "minutes": 45, "attendance": there}


def standing(api: Country) -> list[tuple[bool, int]]:
    """Return for each question after sessions whether it was of all of them, and of how many."""
    return [
        ("attendance" in document, len(variables))
        for document, variables in api.asked
        if "query Standing" in document
    ]


async def test_what_stands_is_asked_for_and_of_that_alone_all_that_is_compared() -> None:
    rows = [f"chw,FY24,{mentee},PHONE,45,M-1;{mentee},2024-05-01" for mentee in ("N-1", "N-2")]
    listed = read(SESSIONS, MET, *rows)
    api = Country(stand=0)
    known = await look_up(api, listed)
    assert standing(api) == [(False, 2)], "nothing stands: nothing more is asked"
    assert [len(one.wishes) for one in plan_list(listed, known)] == [1, 1]

    api = Country(stand=1)
    await look_up(api, read(SESSIONS, MET, *rows))
    assert standing(api) == [(False, 2), (True, 1)]
    assert not any("guests" in document for document, _ in api.asked), "the list does not tell them"


async def test_who_mentors_is_told_by_the_parties_that_have_not_left() -> None:
    row = "chw,FY24,N-1,PHONE,45,M-1;N-1,2024-05-01"
    known = await look_up(Country(stand=0), read(SESSIONS, MET, row))
    (pair,) = known.mentorships["cohort"].of("N-1")
    assert (set(pair.mentors), set(pair.mentees)) == ({"M-1"}, {"N-1"})


class Closed(Mentorships):
    """Mentorships of a cohort through which nobody goes one by one."""

    def __iter__(self) -> Iterator[Mentorship]:
        raise AssertionError("a row went through all mentorships of its cohort")


async def test_a_row_looks_at_the_mentorships_of_its_mentee_alone() -> None:
    """A country's list asks a cohort of thousands hundreds of thousands of times."""
    listed = read(SESSIONS, MET, "chw,FY24,N-1,PHONE,45,M-1;N-1,2024-05-01")
    known = await look_up(Country(stand=0), listed)
    known.mentorships["cohort"] = Closed(known.mentorships["cohort"])
    assert len(plan_list(listed, known)) == 1
    assert told(listed) == []


async def test_some_questions_are_asked_side_by_side_and_none_after_one_that_failed() -> None:
    under_way, most, begun = 0, 0, 0

    async def ask(place: int) -> None:
        nonlocal under_way, most, begun
        begun += 1
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        if place == 20:
            raise ApiFault("UNAVAILABLE", "No.")

    await side_by_side(ask(place) for place in range(20))
    assert (begun, most) == (20, BESIDE)
    assert BESIDE > 1
    with pytest.raises(ApiFault, match="No"):
        await side_by_side(ask(place) for place in range(20, 60))
    assert begun < 20 + 2 * BESIDE
