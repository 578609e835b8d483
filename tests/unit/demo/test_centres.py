"""The health-centre tier of the demonstration: exactly Table 2, whoever rose to mentor there."""

from collections import Counter
from uuid import uuid4

import pytest

from mshauri.demo.programmes import load
from mshauri.demo.rwanda import places
from mshauri.demo.rwanda.attempts import reaches
from mshauri.demo.rwanda.centres import Centres, Risen
from mshauri.demo.rwanda.table2 import PRINTED, Line, differing
from mshauri.demo.stage import Script
from shared.domain import derived_id

VERSION = derived_id("programme_version", "ingobyi-health-centre", 2)
OTHER = {"MNH": "FP", "FP": "MNH", "IMCI": "NEONATAL", "NEONATAL": "IMCI"}


def cast(risen: int, *, in_two_areas: bool = False) -> Centres:
    (file,) = load("ingobyi-health-centre")
    tier = Centres(Script("rwanda", 1), file.definition, VERSION, places.centres())
    areas = [area for area in PRINTED for _ in range(risen)]
    rose = [Risen(uuid4(), uuid4(), area, "RW-43-H1") for area in areas]
    if in_two_areas:
        rose += [Risen(uuid4(), one.person_id, OTHER[one.area], one.unit) for one in rose]
    tier.cast(rose)
    return tier


@pytest.mark.parametrize("risen", [0, 5])
def test_the_cast_comes_to_exactly_table_2(risen: int) -> None:
    (file,) = load("ingobyi-health-centre")
    rule = file.definition.validation
    assert rule is not None
    competencies = {
        (area.code, one.code): one
        for area in file.definition.areas
        for framework in file.definition.frameworks
        if framework.code == area.framework
        for one in framework.competencies
    }
    mentors: dict[str, set[object]] = {area: set() for area in PRINTED}
    mentees: Counter[str] = Counter()
    validated: Counter[str] = Counter()
    for care in cast(risen).cares:
        area = care.mentor.area
        mentors[area].add(care.mentor.person_id)
        mentees[area] += len(care.mentees)
        validated[area] += sum(
            any(reaches(one, competencies[area, one.competency], rule) for one in mentee.attempts)
            for mentee in care.mentees
        )
    counted = {area: Line(len(mentors[area]), mentees[area], validated[area]) for area in PRINTED}
    assert differing(counted) == []


def test_nobody_mentors_more_than_two_centres_and_nobody_is_enrolled_twice_in_an_area() -> None:
    tier = cast(3, in_two_areas=True)
    carried = Counter(care.mentor.person_id for care in tier.cares)
    assert max(carried.values()) <= 2
    enrolled = Counter(
        (mentee.person.id, mentee.area) for care in tier.cares for mentee in care.mentees
    )
    assert set(enrolled.values()) == {1}
    assert all(care.mentees for care in tier.cares)


def test_one_mentee_more_or_less_is_seen() -> None:
    counted = {area: line for area, (line, _) in PRINTED.items()}
    counted["IMCI"] = Line(164, 2392, 1278)
    assert differing(counted) == ["IMCI"]
