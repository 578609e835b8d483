"""From a cohort's mentees and mentors to proposals with reasons, and a reason for who is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from services.registry.matching.fitting import Fit, Seat, fit
from services.registry.matching.grouping import grouped
from services.registry.matching.parties import Group, Offer, Seeker
from services.registry.matching.solving import Solution, solve
from shared.contracts.definition import Definition
from shared.contracts.registry.cohort import Constraint


@dataclass(frozen=True, slots=True)
class Proposal:
    """A team for a group.

    Attributes:
        score: the team's mean fit, out of 100.
        reasons: for people, in short sentences.
    """

    group: Group
    team: tuple[Offer, ...]
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the matching comes to.

    Attributes:
        score: of all seats filled together, and the `bound` that no other filling exceeds.
        left: who has no proposal, each with the constraint that binds.
    """

    proposals: tuple[Proposal, ...]
    left: tuple[tuple[Seeker, Constraint], ...]
    score: float
    bound: float


def propose(
    seekers: Iterable[Seeker], offers: Sequence[Offer], definition: Definition
) -> Proposals:
    """Propose the best mentorships for all of these mentees together."""
    groups, alone = grouped(seekers, definition)
    left = [(one, Constraint.RATIO) for one in alone]
    seats = [Seat(place, area) for place, group in enumerate(groups) for area in group.seats]
    if not seats or not offers:
        left += [(one, Constraint.NO_MENTOR_OF_AREA) for group in groups for one in group.seekers]
        return Proposals((), tuple(left), 0.0, 0.0)
    fitted = fit(groups, seats, offers, definition.matching, definition.ratio)
    solution = solve(
        fitted.scores,
        fitted.allowed,
        np.array([one.places for one in offers], dtype=np.intp),
        np.array([seat.group for seat in seats], dtype=np.intp),
    )
    rows: list[list[int]] = [[] for _ in groups]
    for row, seat in enumerate(seats):
        rows[seat.group].append(row)
    proposals = []
    for group, its_rows in zip(groups, rows, strict=True):
        if any(solution.mentor[row] < 0 for row in its_rows):
            binding = _binding(fitted, its_rows, solution)
            left += [(one, binding) for one in group.seekers]
        else:
            proposals.append(_proposal(group, its_rows, fitted, solution, offers))
    return Proposals(tuple(proposals), tuple(left), solution.score, solution.bound)


def _binding(fitted: Fit, rows: Sequence[int], solution: Solution) -> Constraint:
    """Return the first constraint that leaves a seat without anybody; none does: all are taken."""
    for constraint, left in fitted.left_after:
        if any(not left[row].any() for row in rows):
            return constraint
    return Constraint.LOAD


def _proposal(
    group: Group,
    rows: Sequence[int],
    fitted: Fit,
    solution: Solution,
    offers: Sequence[Offer],
) -> Proposal:
    columns = [int(solution.mentor[row]) for row in rows]
    team = tuple(offers[column] for column in columns)
    pairs = list(zip(rows, columns, strict=True))
    score = float(np.mean([fitted.scores[pair] for pair in pairs]))
    return Proposal(group, team, round(score, 2), tuple(_reasons(group, team, pairs, fitted)))


def _reasons(
    group: Group, team: tuple[Offer, ...], pairs: Sequence[tuple[int, int]], fitted: Fit
) -> Iterable[str]:
    skills = frozenset[str]().union(*(one.skills for one in team))
    met = sorted(group.needs & skills)
    if group.needs:
        named = f": {', '.join(met)}" if met else ""
        yield f"Meets {len(met)} of {len(group.needs)} needs{named}"[:200]
    common = sorted(group.languages & frozenset[str]().union(*(one.languages for one in team)))
    if common:
        yield f"In common: {', '.join(common)}"
    if all(fitted.parts["district"][pair] for pair in pairs):
        yield "Works in the same district"
    far = [fitted.km[pair] for pair in pairs if not np.isnan(fitted.km[pair])]
    if far:
        yield f"{max(far):.0f} km away"
    carried = [one.carried for one in team]
    yield f"Carries {max(carried)} mentorship{'' if max(carried) == 1 else 's'} now"
