"""Makes groups of a cohort's mentees, of the sizes that the programme's ratio allows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from services.registry.matching.parties import Group, Seeker
from shared.contracts.definition import Definition, Ratio
from shared.contracts.definition.people import MatchBy


def grouped(seekers: Iterable[Seeker], definition: Definition) -> tuple[list[Group], list[Seeker]]:
    """Return the groups, and those of whom no group of an allowed size can be made."""
    ratio = definition.ratio
    groups: list[Group] = []
    left: list[Seeker] = []
    for together in _together(seekers, definition):
        shares = _shares(len(together), ratio.mentees)
        if shares is None:
            left += together
            continue
        remaining = iter(together)
        for size in shares:
            members = tuple(next(remaining) for _ in range(size))
            groups.append(
                Group(
                    seekers=members,
                    seats=_seats(members, ratio, definition),
                    location=members[0].location,
                )
            )
    return groups, left


def _together(seekers: Iterable[Seeker], definition: Definition) -> Iterator[list[Seeker]]:
    """Yield the mentees who could be in one mentorship, in an order that is always the same."""
    by_facility = definition.matching.by is MatchBy.FACILITY or definition.ratio.mentees[0] > 1
    sets: dict[tuple[str, ...], list[Seeker]] = defaultdict(list)
    for one in sorted(seekers, key=lambda one: one.enrolment_id):
        if not by_facility:
            yield [one]
            continue
        facility = str(one.location.org_unit_id)
        area = "" if definition.ratio.one_of_each_area else one.area
        sets[facility, area].append(one)
    for key in sorted(sets):
        yield sets[key]


def _shares(many: int, allowed: tuple[int, int]) -> list[int] | None:
    """Share so many mentees out over as few groups as may be, as evenly as it goes.

    None: there is no way, with so few or with such bounds.
    """
    least, most = allowed
    groups = -(-many // most)
    if many < least * groups:
        return None
    return [many // groups + (place < many % groups) for place in range(groups)]


def _seats(members: Sequence[Seeker], ratio: Ratio, definition: Definition) -> tuple[str, ...]:
    if ratio.one_of_each_area:
        return tuple(area.code for area in definition.areas)
    # One area's mentees meet mentors of that area; where a group is of several, of each in turn.
    areas = sorted({one.area for one in members})
    return tuple(areas[place % len(areas)] for place in range(ratio.team[0]))
