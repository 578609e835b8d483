"""Told in whatever order, late, wrongly at first, voided meanwhile: the same facts come to the same
state, points, rights and figures.

What order decides, and may:

- which of two tellings of one session is suspected to be the other: the later one, until somebody
  looks at it; here no two are of one day;
- since when a mentorship is agreed, where somebody who has not signed comes or goes meanwhile;
- since when a right is held that rests on another validation than it did, because one lapsed;
- that a completion stands on the day it was reached by what was known, when an earlier session
  comes late (`tests/unit/registry/test_completion_in_any_order.py`);
- what was issued, or put forward, on the word of a slip: it was, and falls with it, by name;
- how it was told: by whom, when, why, as the how-manieth.

`MSHAURI_HISTORIES=500 pytest tests/unit/test_histories_in_any_order.py` tells so many of each kind,
from the seed `MSHAURI_HISTORIES_FROM` on.
"""

import os
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from shared.contracts.definition import CascadeStep, Gate, Validation
from shared.contracts.definition.assessment import FailedRetest
from shared.contracts.definition.visits import Place
from tests.support.histories import Fact, Teller, differences, shown
from tests.support.house import House
from tests.support.year import AREA, Year, beginnings, programme

MANY = int(os.environ.get("MSHAURI_HISTORIES", "3"))
FIRST = int(os.environ.get("MSHAURI_HISTORIES_FROM", "0"))


@dataclass(frozen=True)
class Kind:
    """A kind of history: what happens in it, under which rules."""

    parts: str
    rules: dict[str, Any] = field(default_factory=dict)

    def facts(self, random: Random) -> list[Fact]:
        """Return what happens in one of them."""
        year = Year(random, programme(**self.rules))
        return [fact for part in self.parts.split() for fact in getattr(year, part)()]


def proved(**changes: Any) -> Validation:
    return Validation(threshold=85, technique=True, **changes)


CASCADE = (CascadeStep(programme="year", area=AREA, validated=1, least_percent=90),)
KINDS = {
    "people": Kind("people move sessions"),
    "letters": Kind("letters pauses sessions contacts", {"gates": (Gate.SIGNATURES,)}),
    "parties": Kind("comings leave sessions contacts"),
    "standing": Kind(
        "withdrawals suspensions pauses phases move sessions", {"place": Place.MENTEE_WORKPLACE}
    ),
    "visits": Kind("visits facility suspensions contacts"),
    "plans": Kind("plans pauses sessions", {"gates": (Gate.PLAN_SENT,)}),
    "proofs": Kind(
        "proofs",
        {"gates": (Gate.PRE_TEST,), "validation": proved(coaching_plan=True, valid_months=2)},
    ),
    "retests": Kind("proofs", {"validation": proved(failed_retest=FailedRetest.SUSPENDS)}),
    "rights": Kind("proofs", {"cascade": CASCADE}),
    "all": Kind("comings leave pauses phases people sessions contacts proofs"),
}


async def begun(kind: Kind) -> House:
    """Return a house in which the mentorship of the year has begun."""
    house = await House.built()
    await Teller(house).in_order(list(beginnings(programme(**kind.rules))))
    return house


@pytest.mark.timeout(120 + 5 * MANY)
@pytest.mark.parametrize("name", KINDS)
async def test_told_in_any_order_the_same_facts_come_to_the_same(name: str) -> None:
    kind = KINDS[name]
    house = await begun(kind)
    mark = house.mark()
    for seed in range(FIRST, FIRST + MANY):
        random = Random(f"{name} {seed}")
        facts = kind.facts(random)
        house.back_to(mark)
        await Teller(house).in_order(facts)
        in_order = shown(house)
        house.back_to(mark)
        teller = Teller(house)
        await teller.at_random(facts, random)
        differ = differences(in_order, shown(house))
        assert not differ, f"{name} {seed}: told as {teller.told}"


@pytest.mark.timeout(120 + 5 * MANY)
@pytest.mark.parametrize("name", KINDS)
async def test_what_is_undone_leaves_every_row_as_it_was(name: str) -> None:
    kind = KINDS[name]
    house = await begun(kind)
    random = Random(f"{name} undone {FIRST}")
    facts = kind.facts(random)
    teller = Teller(house)
    await teller.in_order(facts)
    before = shown(house)
    undone = [fact for fact in facts if fact.undone or fact.corrected]
    for fact in random.sample(undone, min(len(undone), 2 * MANY)):
        await teller.undo(fact)
        differ = differences(before, shown(house))
        assert not differ, f"{name} {FIRST}: {fact.key}"
