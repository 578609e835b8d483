"""Matching: the best there is for all together, by the programme's own weights and walls."""

from itertools import permutations
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.registry.matching.fitting import Seat, fit
from services.registry.matching.grouping import grouped
from services.registry.matching.parties import Location, Offer, Seeker
from services.registry.matching.proposing import propose
from services.registry.matching.solving import solve
from shared.contracts.definition import Definition
from shared.contracts.definition.people import MatchBy, Matching, Ratio, Weights
from shared.contracts.registry.cohort import Constraint
from tests.support.story import RULES

HERE, THERE, DISTRICT = uuid4(), uuid4(), uuid4()


def place(unit: UUID = HERE, at: tuple[float, float] | None = None) -> Location:
    latitude, longitude = at or (None, None)
    return Location(org_unit_id=unit, parent_id=DISTRICT, latitude=latitude, longitude=longitude)


def seeker(
    *needs: str, area: str = "PAED", location: Location | None = None, **more: object
) -> Seeker:
    return Seeker(
        enrolment_id=uuid4(),
        health_worker_id=uuid4(),
        area=area,
        location=location or place(),
        needs=frozenset(needs),
        **more,  # type: ignore[arg-type]
    )


def offer(*skills: str, area: str = "PAED", places: int = 1, **more: object) -> Offer:
    found = {"location": place(), **more}
    return Offer(
        mentor_id=uuid4(),
        health_worker_id=uuid4(),
        area=area,
        places=places,
        skills=frozenset(skills),
        **found,  # type: ignore[arg-type]
    )


def rules(
    ratio: Ratio | None = None, by: MatchBy = MatchBy.MENTEE, **matching: object
) -> Definition:
    return replace(
        RULES,
        ratio=ratio or Ratio(mentors=1, mentees=(1, 1), load=3),
        matching=Matching(by=by, **matching),  # type: ignore[arg-type]
    )


def test_needs_decide_where_all_else_is_equal() -> None:
    cpap, triage = offer("CPAP"), offer("TRIAGE")
    wants_cpap, wants_triage = seeker("CPAP"), seeker("TRIAGE")
    found = propose([wants_cpap, wants_triage], [triage, cpap], rules())
    pairs = {one.group.seekers[0]: one.team[0] for one in found.proposals}
    assert pairs == {wants_cpap: cpap, wants_triage: triage}
    said = [reason for one in found.proposals for reason in one.reasons]
    assert "Meets 1 of 1 needs: CPAP" in said


def test_the_best_for_all_is_not_the_best_for_the_first() -> None:
    """The greedy answer gives the first mentee the mentor whom the second one cannot do without."""
    both, one = offer("A", "B"), offer("A")
    first, second = seeker("A"), seeker("A", "B")
    found = propose([first, second], [both, one], rules())
    pairs = {each.group.seekers[0]: each.team[0] for each in found.proposals}
    assert pairs == {first: one, second: both}


def test_as_many_as_possible_are_served_before_anybody_is_served_well() -> None:
    only = offer("A", languages=frozenset({"rw"}))
    other = offer("B", languages=frozenset({"fr"}))
    flexible = seeker("A", languages=frozenset({"rw", "fr"}))
    bound = seeker("B", languages=frozenset({"rw"}))
    found = propose([flexible, bound], [only, other], rules(language_required=True))
    assert len(found.proposals) == 2


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 100), min_size=n, max_size=n), min_size=n, max_size=n
        )
    )
)
def test_no_other_assignment_is_better(rows: list[list[int]]) -> None:
    """Checked against every assignment there is, on small squares."""
    scores = np.array(rows, dtype=float)
    size = len(rows)
    found = solve(
        scores, np.ones((size, size), bool), np.ones(size, dtype=np.intp), np.arange(size)
    )
    best = max(
        sum(scores[row, column] for row, column in enumerate(order))
        for order in permutations(range(size))
    )
    assert found.score == pytest.approx(best)
    assert found.bound == pytest.approx(best)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 6),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_no_mentor_is_proposed_beyond_their_places(
    mentees: int, mentors: int, most: int, random: object
) -> None:
    generator = np.random.default_rng(mentees * 100 + mentors * 10 + most)
    scores = generator.random((mentees, mentors)) * 100
    allowed = generator.random((mentees, mentors)) < 0.7
    places = generator.integers(0, most + 1, size=mentors)
    found = solve(scores, allowed, places, np.arange(mentees))
    taken = np.bincount(found.mentor[found.mentor >= 0], minlength=mentors)
    assert (taken <= places).all()
    for row, column in enumerate(found.mentor):
        assert column < 0 or allowed[row, column]
    assert found.bound >= found.score - 1e-6


def test_a_team_is_whole_or_not_at_all() -> None:
    areas = tuple(replace(RULES.areas[0], code=code) for code in ("A", "B", "C"))
    ratio = Ratio(mentors=3, mentees=(1, 5), one_of_each_area=True, load=1)
    definition = replace(rules(ratio, by=MatchBy.FACILITY), areas=areas)
    team = [offer(area=code) for code in ("A", "B", "C")]
    here = [seeker(area="A"), seeker(area="B")]
    there = [seeker(area="A", location=place(THERE))]
    found = propose([*here, *there], team, definition)
    assert len(found.proposals) == 1
    assert {one.area for one in found.proposals[0].team} == {"A", "B", "C"}
    assert {constraint for _, constraint in found.left} == {Constraint.LOAD}


def test_groups_are_of_the_programmes_size() -> None:
    ratio = Ratio(mentors=1, mentees=(5, 9), load=4)
    groups, left = grouped([seeker() for _ in range(22)], rules(ratio))
    assert sorted(len(one.seekers) for one in groups) == [7, 7, 8]
    assert not left


def test_too_few_for_a_group_are_left_and_the_ratio_binds() -> None:
    ratio = Ratio(mentors=1, mentees=(5, 9), load=4)
    found = propose([seeker() for _ in range(4)], [offer()], rules(ratio))
    assert [constraint for _, constraint in found.left] == [Constraint.RATIO] * 4


@pytest.mark.parametrize(
    ("mentor", "settings_", "constraint"),
    [
        (offer(area="OTHER"), {}, Constraint.NO_MENTOR_OF_AREA),
        (offer(places=0), {}, Constraint.NO_AVAILABILITY),
        (
            offer(languages=frozenset({"fr"})),
            {"language_required": True},
            Constraint.NO_COMMON_LANGUAGE,
        ),
        (offer(location=place(THERE, (-1.9, 30.1))), {"max_km": 50}, Constraint.TOO_FAR),
    ],
)
def test_who_is_left_is_told_what_binds(
    mentor: Offer, settings_: dict[str, object], constraint: Constraint
) -> None:
    mentee = seeker(languages=frozenset({"rw"}), location=place(HERE, (-2.6, 29.7)))
    found = propose([mentee], [mentor], rules(**settings_))  # type: ignore[arg-type]
    assert found.left == ((mentee, constraint),)


def test_nobody_is_proposed_to_their_supervisor_nor_to_who_left_them() -> None:
    supervisor = offer()
    mentee = seeker(excluded=frozenset({supervisor.health_worker_id}))
    found = propose([mentee], [supervisor], rules())
    assert found.left == ((mentee, Constraint.EXCLUDED),)


def test_nobody_is_proposed_to_themselves() -> None:
    mentor = offer()
    mentee = replace_person(seeker(), mentor.health_worker_id)
    assert propose([mentee], [mentor], rules()).left == ((mentee, Constraint.EXCLUDED),)


def replace_person(one: Seeker, person: UUID) -> Seeker:
    return Seeker(
        enrolment_id=one.enrolment_id,
        health_worker_id=person,
        area=one.area,
        location=one.location,
    )


def test_the_same_cohort_is_matched_the_same_way_twice() -> None:
    mentees, mentors = [seeker("A") for _ in range(9)], [offer("A", places=3) for _ in range(3)]
    once, again = (propose(mentees, mentors, rules()) for _ in range(2))
    assert once == again


def test_kilometres_are_those_of_the_earth() -> None:
    """Kigali to Huye is about 80 km as the crow flies."""
    kigali, huye = place(HERE, (-1.944, 30.062)), place(THERE, (-2.596, 29.739))
    groups, _ = grouped([seeker(location=kigali)], rules())
    fitted = fit(
        groups,
        [Seat(0, "PAED")],
        [offer(location=huye)],
        Matching(weights=Weights(needs=0, language=0, district=0, distance=100, load=0)),
        Ratio(mentors=1, mentees=(1, 1), load=1),
    )
    assert fitted.km[0, 0] == pytest.approx(81, abs=2)
