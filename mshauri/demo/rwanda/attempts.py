"""What a mentee is assessed at, attempt by attempt: repeated until reached, or not reached yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from shared.contracts.definition import Competency, Framework, Validation


@dataclass(frozen=True, slots=True)
class Attempt:
    """One assessment: the points of every item of the checklist, and the technique."""

    competency: str
    items: tuple[tuple[str, int], ...]
    technique: bool

    @property
    def raw(self) -> int:
        """The points in all."""
        return sum(points for _, points in self.items)


def with_coaching(attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, bool]]:
    """Yield each attempt, and whether the competency is tried again: it is coached in between."""
    for place, attempt in enumerate(attempts):
        later = {one.competency for one in attempts[place + 1 :]}
        yield attempt, attempt.competency in later


def reaches(attempt: Attempt, competency: Competency, rule: Validation) -> bool:
    """Say whether an attempt validates: both sides in whole numbers, before any rounding."""
    most = sum(item.points for item in competency.checklist)
    return attempt.raw * 100 >= rule.threshold * most and (attempt.technique or not rule.technique)


class Learner:
    """Makes the attempts of mentees in one area."""

    def __init__(self, framework: Framework, rule: Validation, random: Random) -> None:
        self._framework = framework
        self._rule = rule
        self._random = random

    def validated(self) -> list[Attempt]:
        """Return the attempts of a mentee who reaches at least one competency; few reach all."""
        random = self._random
        many = len(self._framework.competencies)
        reached = many if random.random() < 0.02 else min(random.choice([1, 1, 1, 2, 2, 3]), many)
        attempts: list[Attempt] = []
        if reached == many > 3:
            return self.excellent()
        for competency in random.sample(self._framework.competencies, reached):
            failures = random.choice([0, 0, 0, 1, 1, 2])
            attempts += [self._failing(competency) for _ in range(failures)]
            attempts.append(self._reaching(competency))
        return attempts

    def excellent(self) -> list[Attempt]:
        """Return the attempts of one who reaches every competency at once, and 90 % in each."""
        return [self._reaching(one, at_least=90) for one in self._framework.competencies]

    def not_validated(self) -> list[Attempt]:
        """Return the attempts, if any, of a mentee who reaches none; some had no chance to try."""
        tries = self._random.choice([0, 1, 2, 2, 3])
        competencies = self._random.sample(self._framework.competencies, min(tries, 2))
        spread = [*competencies, *competencies][:tries]
        return [self._failing(one) for one in sorted(spread, key=lambda one: one.code)]

    def just_below(self) -> list[Attempt]:
        """Return an attempt as close below the threshold as the framework's checklists allow.

        With a checklist of 84 points it is 71: 84.52 %, which prints as 85 % and is not.
        """
        competency = max(
            self._framework.competencies,
            key=lambda one: Fraction(self._least(one) - 1, self._most(one)),
        )
        return [self._scored(competency, self._least(competency) - 1, technique=True)]

    def just_reached(self) -> list[Attempt]:
        """Return an attempt at exactly the least that validates, after one without technique."""
        competency = min(
            self._framework.competencies,
            key=lambda one: Fraction(self._least(one), self._most(one)),
        )
        least = self._least(competency)
        return [
            self._scored(competency, least, technique=False),
            self._scored(competency, least, technique=True),
        ]

    def _failing(self, competency: Competency) -> Attempt:
        least, most = self._least(competency), self._most(competency)
        if self._random.random() < 0.2:  # the points are there, the technique is not yet
            return self._scored(competency, self._random.randint(least, most), technique=False)
        raw = self._random.randint(most * 4 // 10, least - 1)
        return self._scored(competency, raw, technique=self._random.random() < 0.6)

    def _reaching(self, competency: Competency, at_least: int = 0) -> Attempt:
        most = self._most(competency)
        least = max(self._least(competency), -(-at_least * most // 100))
        raw = self._random.randint(least, most)
        return self._scored(competency, raw, technique=True)

    def _scored(self, competency: Competency, raw: int, *, technique: bool) -> Attempt:
        """Take the missing points from items by chance, so that they add up to `raw`."""
        points = {item.code: item.points for item in competency.checklist}
        units = [code for code, most in points.items() for _ in range(most)]
        for code in self._random.sample(units, len(units) - raw):
            points[code] -= 1
        return Attempt(competency.code, tuple(points.items()), technique)

    def _most(self, competency: Competency) -> int:
        return sum(item.points for item in competency.checklist)

    def _least(self, competency: Competency) -> int:
        return -(-self._rule.threshold * self._most(competency) // 100)


def spread(many: int, over: int, random: Random) -> Iterator[int]:
    """Share `many` mentees out over `over` hospitals, as evenly as it goes; yield each share."""
    shares = [many // over + (place < many % over) for place in range(over)]
    random.shuffle(shares)
    yield from shares
