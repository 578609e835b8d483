"""How well each mentor fits each seat: a score out of 100, reasons, and what rules a pair out.

All pairs at once, as matrices: 2,000 mentees and 800 mentors are 1.6 million pairs.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.registry.matching.parties import Group, Location, Offer
from shared.contracts.definition.people import Matching, Ratio
from shared.contracts.registry.cohort import Constraint

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
NEAR_KM = 150.0
"""From here on, nearness counts nothing: about a day's travel there and back."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One place in a group's team."""

    group: int
    area: str


@dataclass(frozen=True, slots=True)
class Fit:
    """What every mentor (column) is to every seat (row).

    Attributes:
        scores: out of 100.
        allowed: whether the pair may be proposed.
        ruled_out: by constraint, in the order they are looked at, whether it still left the pair.
    """

    scores: Scores
    allowed: Mask
    left_after: tuple[tuple[Constraint, Mask], ...]
    parts: dict[str, Scores]
    km: Scores


def fit(
    groups: Sequence[Group],
    seats: Sequence[Seat],
    offers: Sequence[Offer],
    matching: Matching,
    ratio: Ratio,
) -> Fit:
    """Work out all pairs of seats and mentors."""
    rows = np.array([seat.group for seat in seats], dtype=np.intp)
    parts, km = _parts(groups, offers, ratio)
    parts = {name: part[rows] for name, part in parts.items()}
    km = km[rows]
    weights = matching.weights
    weighed = {name: getattr(weights, name) for name in parts}
    total = sum(weighed.values()) or 1
    scores = sum(
        (100.0 * weighed[name] / total * part for name, part in parts.items()),
        start=np.zeros((len(seats), len(offers))),
    )
    left = _left_after(groups, seats, offers, matching, parts["language"], km)
    return Fit(scores, left[-1][1], left, parts, km)


def _parts(
    groups: Sequence[Group], offers: Sequence[Offer], ratio: Ratio
) -> tuple[dict[str, Scores], Scores]:
    shape = len(groups), len(offers)
    needs, skills = _marks([one.needs for one in groups], [one.skills for one in offers])
    asked = np.maximum(needs.sum(axis=1, keepdims=True), 1)
    met = np.where(needs.any(axis=1, keepdims=True), needs @ skills.T / asked, 1.0)
    spoken, speaks = _marks([one.languages for one in groups], [one.languages for one in offers])
    # Where nothing is said of a side's languages, nothing speaks against the pair.
    silent = np.logical_or.outer(spoken.sum(axis=1) == 0, speaks.sum(axis=1) == 0)
    language = ((spoken @ speaks.T > 0) | silent).astype(float)
    district = _same(
        [one.location.parent_id or one.location.org_unit_id for one in groups],
        [one.location.parent_id or one.location.org_unit_id for one in offers],
    ).astype(float)
    km = _distances([one.location for one in groups], [one.location for one in offers])
    nearness = np.where(np.isnan(km), district, np.clip(1.0 - km / NEAR_KM, 0.0, 1.0))
    free = np.array([1.0 - min(one.carried / ratio.load, 1.0) for one in offers])
    return {
        "needs": met,
        "language": language,
        "district": district,
        "distance": nearness,
        "load": np.broadcast_to(free, shape),
    }, km


def _left_after(
    groups: Sequence[Group],
    seats: Sequence[Seat],
    offers: Sequence[Offer],
    matching: Matching,
    language: Scores,
    km: Scores,
) -> tuple[tuple[Constraint, Mask], ...]:
    """Return, constraint by constraint, which pairs are left once it is looked at too."""
    left = _same([seat.area for seat in seats], [one.area for one in offers])
    steps = [(Constraint.NO_MENTOR_OF_AREA, left)]
    left = left & np.array([one.places > 0 for one in offers], dtype=bool)[None, :]
    steps.append((Constraint.NO_AVAILABILITY, left))
    people = {one.health_worker_id: place for place, one in enumerate(offers)}
    barred = np.zeros(left.shape, dtype=bool)
    for row, seat in enumerate(seats):
        for person in groups[seat.group].excluded & people.keys():
            barred[row, people[person]] = True
    left = left & ~barred
    steps.append((Constraint.EXCLUDED, left))
    if matching.language_required:
        left = left & (language > 0)
        steps.append((Constraint.NO_COMMON_LANGUAGE, left))
    if matching.max_km is not None:
        left = left & ~(km > matching.max_km)  # an unknown distance is not too far
        steps.append((Constraint.TOO_FAR, left))
    return tuple(steps)


def _marks(
    left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]
) -> tuple[Scores, Scores]:
    """Return two matrices of 0 and 1, with the same words as columns."""
    words = {word: place for place, word in enumerate(sorted(frozenset().union(*left, *right)))}
    return _marked(left, words), _marked(right, words)


def _marked(sets: Sequence[frozenset[str]], words: dict[str, int]) -> Scores:
    marks = np.zeros((len(sets), max(len(words), 1)))
    for row, held in enumerate(sets):
        for word in held:
            marks[row, words[word]] = 1.0
    return marks


def _same(left: Sequence[Hashable], right: Sequence[Hashable]) -> Mask:
    """Return for every pair whether the two are equal."""
    codes: dict[Hashable, int] = {}
    a = np.array([codes.setdefault(one, len(codes)) for one in left], dtype=np.intp)
    b = np.array([codes.setdefault(one, len(codes)) for one in right], dtype=np.intp)
    same: Mask = np.equal.outer(a, b)
    return same


def _distances(left: Sequence[Location], right: Sequence[Location]) -> Scores:
    """Return great-circle distances in kilometres; NaN where a position is not known."""
    a, b = _radians(left), _radians(right)
    latitude = a[:, 0][:, None] - b[:, 0][None, :]
    longitude = a[:, 1][:, None] - b[:, 1][None, :]
    cosines = np.cos(a[:, 0])[:, None] * np.cos(b[:, 0])[None, :]
    half = np.sin(latitude / 2) ** 2 + cosines * np.sin(longitude / 2) ** 2
    km: Scores = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return km


def _radians(places: Sequence[Location]) -> Scores:
    unknown = float("nan")
    radians: Scores = np.radians(
        np.array(
            [
                (unknown, unknown)
                if one.latitude is None or one.longitude is None
                else (one.latitude, one.longitude)
                for one in places
            ],
            dtype=float,
        ).reshape(len(places), 2)
    )
    return radians
