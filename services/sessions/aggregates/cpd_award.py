"""Awards of CPD points, and how a yearly cap is shared out: it is filled by a year's sessions in
the order of their days, whatever the order in which they were told.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

NOTHING = Decimal(0)

Place: TypeAlias = tuple[UUID, str]
"""A session and the code of a rule: at most one award stands for both."""
Caps: TypeAlias = Mapping[tuple[str, str], Decimal | None]
"""The most that a rule gives in a year, None: no cap; by the codes of programme and rule."""


class Award(Struct, frozen=True, kw_only=True):
    """An award, or what one would be.

    Attributes:
        points, withheld: what is booked, and what the cap leaves out; together what the session is
            worth.
        cap: the most that its rule gives in a year; none: no cap.
        cap_kept: whether its event keeps the cap; those recorded first did not.
    """

    programme: str
    rule: str
    org_unit_id: UUID
    points: Decimal
    withheld: Decimal
    minutes: int
    fiscal_year: int
    earned_on: date
    cap: Decimal | None
    cap_kept: bool

    @property
    def worth(self) -> Decimal:
        """The points before any cap."""
        return self.points + self.withheld

    @property
    def year(self) -> str:
        """What a cap is counted over: a rule of a programme, in one of its fiscal years."""
        return year_of(self.programme, self.rule, self.fiscal_year)


def year_of(programme: str, rule: str, fiscal_year: int) -> str:
    """Return the key of what a cap is counted over."""
    return f"{programme}/{rule}/{fiscal_year}"


def share_out(awards: Mapping[Place, Award], caps: Caps) -> dict[Place, Award]:
    """Return the awards as they are to stand, in the order of their days.

    Of one day, the order is that of the sessions' ids. Each award is cut by what its own cap has
    left after those before it: versions of a programme may differ.

    Args:
        caps: for awards whose events kept none; where this has none either, they stand as they are.
    """

    def by_year(line: tuple[Place, Award]) -> tuple[str, date, UUID]:
        (source, _), award = line
        return award.year, award.earned_on, source

    shared: dict[Place, Award] = {}
    for _, lines in groupby(sorted(awards.items(), key=by_year), lambda line: line[1].year):
        shared |= dict(_fill(lines, caps))
    return dict(sorted(shared.items(), key=lambda line: (line[1].earned_on, line[0])))


def _fill(lines: Iterator[tuple[Place, Award]], caps: Caps) -> Iterator[tuple[Place, Award]]:
    booked = NOTHING
    for place, award in lines:
        cut = _cut(award, booked, caps)
        booked += cut.points
        yield place, cut


def _cut(award: Award, booked: Decimal, caps: Caps) -> Award:
    code = award.programme, award.rule
    if not award.cap_kept and code not in caps:
        return award
    cap = award.cap if award.cap_kept else caps[code]
    points = award.worth if cap is None else min(award.worth, max(cap - booked, NOTHING))
    if award.cap_kept or points != award.points:
        return replace(award, points=points, withheld=award.worth - points, cap=cap, cap_kept=True)
    return award
