"""Mentorships: all must sign, phases go forwards, and a mentor who leaves is replaced, not lost."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.aggregates.mentorship import Mentorship
from services.registry.aggregates.mentorship_rules import (
    AlreadyAccepted,
    AlreadyInTeam,
    AlreadySigned,
    DayOutOfOrder,
    ExcludedPair,
    InPhaseAlready,
    MentorIsMentee,
    MentorshipEnded,
    NoPhases,
    NotAccepted,
    NotAParty,
    NotInTeam,
    OtherArea,
    PhaseUnknown,
    PlaceNotVacant,
    RoleNotNamed,
    SignedBefore,
)
from shared.contracts.definition.people import Disengagement
from shared.contracts.registry.mentorship import (
    MenteeParty,
    MentorDisengaged,
    MentorLeaving,
    MentorParty,
    MentorReassigned,
    MentorshipAgreed,
    MentorshipProposed,
    Notified,
)
from shared.domain import new_id
from shared.domain.findings import Findings
from tests.support.definitions import STRICT

DAY = date(2018, 11, 5)
LATER = date(2018, 12, 1)
PHASES = ("PROACTIVE", "REACTIVE", "AFTERCARE")
TOLD = Disengagement(notify=("FOCAL-PERSON", "SECRETARIAT", "MENTEE"), within_days=7)


def mentor(area: str = "RAM") -> MentorParty:
    return MentorParty(mentor_id=new_id(), health_worker_id=new_id(), area=area)


def mentees(count: int) -> tuple[MenteeParty, ...]:
    return tuple(
        MenteeParty(enrolment_id=new_id(), health_worker_id=new_id(), area="RAM")
        for _ in range(count)
    )


def proposed(
    mentee_count: int = 2, team: int = 3, *, matched: bool = False, phase: str | None = None
) -> Mentorship:
    return Mentorship.begin(
        new_id(),
        MentorshipProposed(
            cohort_id=new_id(),
            programme_version_id=new_id(),
            programme="ingobyi-hospital",
            org_unit_id=new_id(),
            mentors=tuple(mentor() for _ in range(team)),
            mentees=mentees(mentee_count),
            matched=matched,
            phase=phase,
        ),
    )


def sign_all(mentorship: Mentorship, day: date = DAY, least: int = 1) -> None:
    for party in list(mentorship.sides):
        if party not in mentorship.signatures:
            mentorship.sign(party, day, least)


def signed(mentee_count: int = 1, team: int = 1, *, phase: str | None = None) -> Mentorship:
    mentorship = proposed(mentee_count, team, phase=phase)
    sign_all(mentorship, least=team)
    return mentorship


def leave(
    mentorship: Mentorship,
    mentor_id: UUID | None = None,
    day: date = DAY,
    *,
    notified: tuple[Notified, ...] = (),
    asked: Disengagement | None = TOLD,
    least: int = 1,
    cause: MentorLeaving | None = None,
) -> MentorDisengaged:
    leaver = mentor_id or next(iter(mentorship.team))
    mentorship.disengage(leaver, day, notified=notified, asked=asked, least=least, cause=cause)
    return next(e for e in reversed(mentorship.recorded) if isinstance(e, MentorDisengaged))


def strict() -> Findings:
    return Findings(STRICT)


def agreements(mentorship: Mentorship) -> list[date]:
    return [e.agreed_on for e in mentorship.recorded if isinstance(e, MentorshipAgreed)]


def test_a_stranger_does_not_sign() -> None:
    with pytest.raises(NotAParty):
        proposed().sign(new_id(), DAY, 3)


def test_nobody_signs_twice() -> None:
    mentorship = proposed()
    party = next(iter(mentorship.sides))
    mentorship.sign(party, DAY, 3)
    with pytest.raises(AlreadySigned):
        mentorship.sign(party, DAY, 3)


@given(st.permutations(range(5)))
def test_it_is_agreed_with_the_last_signature_whoever_gives_it(order: list[int]) -> None:
    mentorship = proposed(mentee_count=2)
    parties = list(mentorship.sides)
    for place, index in enumerate(order, start=1):
        mentorship.sign(parties[index], DAY, 3)
        assert bool(agreements(mentorship)) == (place == 5)


def test_it_is_agreed_on_the_day_of_the_latest_signature() -> None:
    mentorship = proposed(mentee_count=1)
    late, *others = mentorship.sides
    mentorship.sign(late, LATER, 3)
    for party in others:
        mentorship.sign(party, DAY, 3)
    assert mentorship.recorded[-1] == MentorshipAgreed(agreed_on=LATER)


def test_nobody_signs_what_the_matching_proposed_before_it_is_accepted() -> None:
    mentorship = proposed(matched=True)
    party = next(iter(mentorship.sides))
    with pytest.raises(NotAccepted):
        mentorship.sign(party, DAY, 3)
    mentorship.accept(strict())
    mentorship.sign(party, DAY, 3)


def test_what_somebody_proposed_by_hand_needs_no_acceptance() -> None:
    with pytest.raises(AlreadyAccepted):
        proposed().accept(strict())


@pytest.mark.parametrize("matched", [True, False])
def test_a_declined_proposal_comes_to_nothing(matched: bool) -> None:
    mentorship = proposed(matched=matched)
    mentorship.decline()
    party = next(iter(mentorship.sides))
    with pytest.raises(MentorshipEnded):
        mentorship.accept(strict())
    with pytest.raises(MentorshipEnded):
        mentorship.sign(party, DAY, 3)
    with pytest.raises(MentorshipEnded):
        mentorship.decline()


def test_what_somebody_signed_is_not_declined() -> None:
    mentorship = proposed()
    mentorship.sign(next(iter(mentorship.sides)), DAY, 3)
    with pytest.raises(SignedBefore):
        mentorship.decline()


def test_phases_come_in_any_order_but_never_the_same_again() -> None:
    mentorship = signed(phase="PROACTIVE")
    for phase in ("AFTERCARE", "PROACTIVE", "REACTIVE"):
        mentorship.change_phase(phase, LATER, PHASES)
        with pytest.raises(InPhaseAlready):
            mentorship.change_phase(phase, LATER, PHASES)


def test_a_phase_is_one_of_the_programme() -> None:
    with pytest.raises(PhaseUnknown, match="DORMANT"):
        signed(phase="PROACTIVE").change_phase("DORMANT", LATER, PHASES)
    with pytest.raises(NoPhases):
        signed().change_phase("REACTIVE", LATER, ())


def test_a_phase_does_not_begin_before_the_one_it_follows() -> None:
    mentorship = signed(phase="PROACTIVE")
    mentorship.change_phase("REACTIVE", LATER, PHASES)
    with pytest.raises(DayOutOfOrder):
        mentorship.change_phase("AFTERCARE", DAY, PHASES)


def test_who_was_not_told_of_a_disengagement_is_due_in_time() -> None:
    told = Notified(role="SECRETARIAT", name="HRH secretariat", notified_on=DAY)
    left = leave(signed(), notified=(told,))
    assert left.due == ("FOCAL-PERSON", "MENTEE")
    assert left.due_on == date(2018, 11, 12)


def test_when_all_were_told_nothing_is_due() -> None:
    told = tuple(Notified(role=role, name="x", notified_on=DAY) for role in TOLD.notify)
    left = leave(signed(), notified=told)
    assert (left.due, left.due_on) == ((), None)


def test_whom_the_programme_does_not_name_is_not_among_the_told() -> None:
    told = Notified(role="NEIGHBOUR", name="x", notified_on=DAY)
    with pytest.raises(RoleNotNamed, match="NEIGHBOUR"):
        leave(signed(), notified=(told,))
    assert leave(signed(), notified=(told,), asked=None).due == ()


def test_only_who_is_in_the_team_leaves_it_once() -> None:
    mentorship = signed(team=2)
    with pytest.raises(NotInTeam):
        leave(mentorship, new_id())
    leaver = next(iter(mentorship.team))
    assert leave(mentorship, leaver).team == 1
    with pytest.raises(NotInTeam):
        leave(mentorship, leaver)


def test_only_the_new_mentor_has_to_sign_and_then_it_is_agreed_again() -> None:
    mentorship = signed(mentee_count=3, team=1)
    leaver = next(iter(mentorship.team))
    leave(mentorship, leaver)
    assert not mentorship.agreed(least=1)
    new = mentor()
    mentorship.reassign(leaver, new, LATER, strict(), 1)
    reassigned = mentorship.recorded[-1]
    assert isinstance(reassigned, MentorReassigned)
    assert reassigned.awaited == 1
    assert not mentorship.agreed(least=1)
    mentorship.sign(new.health_worker_id, LATER, 1)
    assert agreements(mentorship) == [DAY, LATER]


def test_a_team_that_is_still_large_enough_goes_on() -> None:
    mentorship = signed(team=3)
    leave(mentorship, least=2)
    assert mentorship.agreed(least=2)
    leave(mentorship, least=2)
    assert not mentorship.agreed(least=2)


def test_who_leaves_without_a_signature_is_waited_for_no_more() -> None:
    mentorship = proposed(mentee_count=1, team=3)
    leaver, *_ = mentorship.team.values()
    for party in mentorship.sides:
        if party != leaver.health_worker_id:
            mentorship.sign(party, DAY, 2)
    assert agreements(mentorship) == []
    left = leave(mentorship, leaver.mentor_id, LATER, least=2)
    assert left.awaited == 0
    assert agreements(mentorship) == [LATER]


def test_signatures_without_a_mentor_are_no_agreement() -> None:
    mentorship = proposed(mentee_count=1, team=1)
    leaver = next(iter(mentorship.team))
    leave(mentorship, leaver)
    sign_all(mentorship)
    assert agreements(mentorship) == []
    mentorship.reassign(leaver, mentor(), LATER, strict(), 1)
    sign_all(mentorship, LATER)
    assert agreements(mentorship) == [LATER]


def test_a_place_is_taken_once_and_only_after_it_was_left() -> None:
    mentorship = signed(team=2)
    leaver, stays = mentorship.team
    with pytest.raises(PlaceNotVacant):
        mentorship.reassign(leaver, mentor(), LATER, strict(), 1)
    leave(mentorship, leaver, LATER)
    with pytest.raises(DayOutOfOrder):
        mentorship.reassign(leaver, mentor(), DAY, strict(), 1)
    with pytest.raises(PlaceNotVacant):
        mentorship.reassign(stays, mentor(), LATER, strict(), 1)
    mentorship.reassign(leaver, mentor(), LATER, strict(), 1)
    with pytest.raises(PlaceNotVacant):
        mentorship.reassign(leaver, mentor(), LATER, strict(), 1)


def test_whoever_takes_a_place_fits_it() -> None:
    mentorship = signed(team=2)
    leaver, stays = mentorship.team.values()
    mentee = mentorship.mentees[0]
    leave(mentorship, leaver.mentor_id, cause=MentorLeaving.CONFLICT)
    herself = MentorParty(mentor_id=new_id(), health_worker_id=mentee.health_worker_id, area="RAM")
    for taker, error in (
        (mentor("RPA"), OtherArea),
        (stays, AlreadyInTeam),
        (herself, MentorIsMentee),
        (leaver, ExcludedPair),
    ):
        with pytest.raises(error):
            mentorship.reassign(leaver.mentor_id, taker, LATER, strict(), 1)


def test_nothing_happens_after_the_conclusion() -> None:
    mentorship = signed(phase="PROACTIVE")
    party, mentor_id = next(iter(mentorship.sides)), next(iter(mentorship.team))
    mentorship.conclude(LATER)
    for change in (
        lambda: mentorship.accept(strict()),
        lambda: mentorship.decline(),
        lambda: mentorship.sign(party, LATER, 1),
        lambda: mentorship.change_phase("REACTIVE", LATER, PHASES),
        lambda: leave(mentorship, mentor_id),
        lambda: mentorship.reassign(mentor_id, mentor(), LATER, strict(), 1),
        lambda: mentorship.conclude(LATER),
    ):
        with pytest.raises(MentorshipEnded):
            change()


def test_it_does_not_end_before_the_last_that_happened_in_it() -> None:
    mentorship = signed(phase="PROACTIVE")
    mentorship.change_phase("REACTIVE", LATER, PHASES)
    with pytest.raises(DayOutOfOrder):
        mentorship.conclude(DAY)
    mentorship.conclude(LATER)


def test_what_was_never_accepted_is_declined_not_concluded() -> None:
    with pytest.raises(NotAccepted):
        proposed(matched=True).conclude(LATER)
