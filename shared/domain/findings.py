"""What is found of a wish, rule by rule, before it is recorded or refused.

Integrity and conduct part here. What cannot be is a plain `Refusal`, and refused. What a programme
does not want is a `Departure`, and the version in force says whether it is refused, recorded
without counting, or recorded and counted. Everything is looked at before anything is refused, so
that whoever asks is told all of it at once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from shared.contracts.definition.conduct import Conduct, ConductRule, Judgement
from shared.contracts.deviation import Deviation, DeviationValue, Waiver
from shared.domain.errors import Departure, Finding, Refusal


class Findings:
    """What was found so far, each in the order in which it was looked at.

    Attributes:
        all: everything, what is refused and what is recorded.
    """

    def __init__(self, conduct: Conduct, waivers: Iterable[Waiver] = ()) -> None:
        """Judge by what a programme's version has set; what an office waived counts."""
        self._conduct = conduct
        self._waived = {waiver.rule: waiver.approved_by for waiver in waivers}
        self.all: list[Finding] = []

    @contextmanager
    def weighing(self) -> Iterator[None]:
        """Take in what the block refuses; what stands behind it is weighed all the same."""
        try:
            yield
        except Refusal as broken:
            self.all.append(Finding(broken, self._judged(broken)))

    def _judged(self, broken: Refusal) -> Judgement:
        if not isinstance(broken, Departure):
            return Judgement.REFUSE
        rule = ConductRule(broken.code)
        return Judgement.COUNT if rule in self._waived else self._conduct.judge(rule)

    def must_be_recorded(self) -> tuple[Deviation, ...]:
        """Return what is to be recorded with the fact, a rule each, once all has been weighed.

        Raises:
            Refusal: the first of what is refused; it bears all that was found.
        """
        for finding in self.all:
            if finding.severity is Judgement.REFUSE:
                finding.broken.found = tuple(self.all)
                raise finding.broken
        departed: dict[ConductRule, Deviation] = {}
        for broken, severity in self.all:
            rule = ConductRule(broken.code)
            departed.setdefault(
                rule,
                Deviation(
                    rule=rule,
                    counts=severity is Judgement.COUNT,
                    waived_by=self._waived.get(rule),
                    params=tuple(
                        DeviationValue(name=name, value=_plain(value))
                        for name, value in broken.params.items()
                    ),
                ),
            )
        return tuple(departed.values())


def _plain(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)
