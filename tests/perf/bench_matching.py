"""How long matching a large cohort takes, and how good it is: beside the greedy answer, and beside
the bound that the solver proves. `make bench-matching` runs it.

Greedy is what a workshop does by hand: mentees one by one, each the best mentor still free.
"""

from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID

import numpy as np
from msgspec.structs import replace
from rich.console import Console

from services.registry.matching.fitting import Seat, fit
from services.registry.matching.parties import Group, Location, Offer, Seeker
from services.registry.matching.proposing import propose
from shared.contracts.definition.people import Matching, Ratio
from tests.support.story import RULES

MENTEES, MENTORS, ROUNDS = 2_000, 800, 5
SKILLS = [f"SKILL-{number:02d}" for number in range(30)]
DISTRICTS = 30


def cohort(seed: int) -> tuple[list[Seeker], list[Offer]]:
    """Return people spread over 30 districts, with five needs or eight skills each."""
    random = Random(seed)

    def ids() -> UUID:
        return UUID(int=random.getrandbits(128), version=4)

    districts = [ids() for _ in range(DISTRICTS)]
    facilities = [
        Location(
            org_unit_id=ids(),
            parent_id=random.choice(districts),
            latitude=random.uniform(-2.8, -1.1),
            longitude=random.uniform(28.9, 30.8),
        )
        for _ in range(400)
    ]
    languages = [frozenset({"rw"}), frozenset({"rw", "fr"}), frozenset({"rw", "en"})]
    seekers = [
        Seeker(
            enrolment_id=ids(),
            health_worker_id=ids(),
            area="PAED",
            location=random.choice(facilities),
            needs=frozenset(random.sample(SKILLS, 5)),
            languages=random.choice(languages),
        )
        for _ in range(MENTEES)
    ]
    offers = [
        Offer(
            mentor_id=ids(),
            health_worker_id=ids(),
            area="PAED",
            location=random.choice(facilities),
            places=3,
            skills=frozenset(random.sample(SKILLS, 8)),
            languages=random.choice(languages),
        )
        for _ in range(MENTORS)
    ]
    return seekers, offers


def greedy(seekers: list[Seeker], offers: list[Offer], matching: Matching, ratio: Ratio) -> float:
    """Return the total score of taking the best mentor still free, mentee after mentee."""
    groups = [Group(seekers=(one,), seats=("PAED",), location=one.location) for one in seekers]
    fitted = fit(groups, [Seat(at, "PAED") for at in range(len(groups))], offers, matching, ratio)
    free = np.array([one.places for one in offers])
    total = 0.0
    for row in range(len(groups)):
        worth = np.where(fitted.allowed[row] & (free > 0), fitted.scores[row], -1.0)
        best = int(worth.argmax())
        if worth[best] >= 0:
            free[best] -= 1
            total += float(worth[best])
    return total


def main() -> None:
    """Print seconds and scores of a few cohorts."""
    ratio = Ratio(mentors=1, mentees=(1, 1), load=3)
    matching = Matching(max_km=120)
    definition = replace(RULES, ratio=ratio, matching=matching)
    console = Console(highlight=False)
    console.print(f"{MENTEES:,} mentees, {MENTORS:,} mentors, {ROUNDS} cohorts")
    seconds, gains = [], []
    for seed in range(ROUNDS):
        seekers, offers = cohort(seed)
        began = perf_counter()
        found = propose(seekers, offers, definition)
        seconds.append(perf_counter() - began)
        by_hand = greedy(seekers, offers, matching, ratio)
        gains.append(found.score / by_hand)
        console.print(
            f"  {seconds[-1]:5.2f} s   score {found.score:>10,.1f}   bound {found.bound:>10,.1f}   "
            f"greedy {by_hand:>10,.1f}   {found.score / by_hand:.4f} ×   "
            f"{len(found.proposals):,} proposals, {len(found.left)} left"
        )
    console.print(
        f"median {median(seconds):.2f} s; {median(gains):.4f} × the greedy score, at the bound"
    )


if __name__ == "__main__":
    main()
