"""Sessions: held under a signed agreement, by its parties, as the programme's rules allow."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from services.sessions.aggregates.agreement import (
    Agreement,
    BeforeAgreement,
    MentorMissing,
    MentorshipOver,
    NotSigned,
)
from services.sessions.aggregates.meeting import (
    AttendeeNotAParty,
    AttendeeTwice,
    ConsentMissing,
    FormatNotInPhase,
    Meeting,
    ModeNotAllowed,
    NobodyPresent,
    PartlyNotPresent,
    PartlyTheWhole,
    PlaceNotAllowed,
    StepUnknown,
    TooShort,
)
from services.sessions.aggregates.session import Session
from shared.contracts.definition import Conduct, Mode, Phase, Ratio
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.contracts.definition.visits import Initiative, Place, SessionFormat
from shared.contracts.sessions.session import PartAttendance, SessionHeld
from shared.domain import new_id
from shared.domain.errors import Refusal
from tests.support.agreements import (
    AGREED_ON,
    MENTEE,
    MENTOR,
    SECOND_MENTEE,
    UNSIGNED,
    agreement,
    weighed,
)
from tests.support.definitions import definition

COLLEAGUE = new_id()
DAY = date(2018, 11, 20)
PAIR = replace(definition(), ratio=Ratio(mentors=(1, 2), mentees=(1, 2), load=2))


def meeting(**changes: Any) -> Meeting:
    return Meeting(
        **{
            "held_on": DAY,
            "mode": Mode.IN_PERSON,
            "minutes": 480,
            "steps": ("entry",),
            "present": (MENTOR, MENTEE),
            **changes,
        }
    )


def pair(**changes: Any) -> Agreement:
    return agreement(**{"rules": PAIR, "mentors": frozenset({MENTOR}), **changes})


def hold(under: Agreement | None = None, **changes: Any) -> SessionHeld:
    under = under or pair()
    session = Session.held(
        id=new_id(), agreement=under, meeting=meeting(**changes), findings=weighed(under)
    )
    (held,) = session.recorded
    assert isinstance(held, SessionHeld)
    return held


def test_who_was_there_is_told_apart_by_side_and_from_who_was_not() -> None:
    held = hold()
    assert (held.mentors, held.mentees) == ((MENTOR,), (MENTEE,))
    assert held.absent == (SECOND_MENTEE,)


def test_a_session_counts_for_the_enrolments_that_brought_its_mentees() -> None:
    first, second = new_id(), new_id()
    held = hold(pair(enrolments={MENTEE: (first, second), SECOND_MENTEE: (new_id(),)}))
    assert held.enrolments == (first, second)


def test_sessions_of_a_mentorship_stay_in_its_partition() -> None:
    under = pair()
    session = Session.held(id=new_id(), agreement=under, meeting=meeting(), findings=weighed(under))
    assert session.key == under.mentorship_id


def test_nobody_is_in_a_session_before_they_have_signed() -> None:
    with pytest.raises(NotSigned, match="lacks 2 signatures"):
        hold(pair(signed_on=UNSIGNED))
    signed = {MENTOR: AGREED_ON, MENTEE: AGREED_ON}
    hold(pair(signed_on={**UNSIGNED, **signed}))
    with pytest.raises(NotSigned, match="lacks 1 signatures"):
        hold(pair(signed_on={**UNSIGNED, **signed}), present=(MENTOR, MENTEE, SECOND_MENTEE))


def test_a_programme_without_letters_asks_for_none() -> None:
    rules = replace(PAIR, gates=())
    hold(pair(rules=rules, signed_on=UNSIGNED))


def test_no_session_before_the_day_of_the_last_signature() -> None:
    with pytest.raises(BeforeAgreement):
        hold(held_on=date(AGREED_ON.year, AGREED_ON.month, AGREED_ON.day - 1))
    hold(held_on=AGREED_ON)


def test_no_session_while_a_mentor_of_the_team_is_missing() -> None:
    with pytest.raises(MentorMissing, match="1 mentors; the programme asks for 3"):
        hold(agreement(mentors=frozenset({MENTOR}), rules=definition()))


def test_no_session_once_the_mentorship_is_over() -> None:
    with pytest.raises(MentorshipOver):
        hold(pair(live=False))


def test_a_session_is_as_long_as_the_programme_counts() -> None:
    with pytest.raises(TooShort):
        hold(minutes=59)
    hold(minutes=60)


def test_a_session_is_held_in_a_mode_of_the_programme() -> None:
    with pytest.raises(ModeNotAllowed):
        hold(mode=Mode.VIDEO)


def test_steps_are_the_programmes_own() -> None:
    with pytest.raises(StepUnknown):
        hold(steps=("entry", "tea"))


def test_no_patient_is_observed_without_consent() -> None:
    with pytest.raises(ConsentMissing):
        hold(steps=("observation",))
    hold(steps=("observation",), consent_recorded=True)


def test_strangers_do_not_attend() -> None:
    with pytest.raises(AttendeeNotAParty):
        hold(present=(MENTOR, MENTEE, new_id()))


def test_nobody_attends_twice() -> None:
    with pytest.raises(AttendeeTwice):
        hold(present=(MENTOR, MENTEE, MENTEE))


@pytest.mark.parametrize(("present", "missing"), [((MENTOR,), "mentee"), ((MENTEE,), "mentor")])
def test_a_session_needs_both_sides(present: Any, missing: str) -> None:
    with pytest.raises(NobodyPresent, match=missing):
        hold(present=present)


def part(person: Any, minutes: int) -> PartAttendance:
    return PartAttendance(health_worker_id=person, minutes=minutes)


def test_whoever_was_there_for_a_part_has_their_own_minutes() -> None:
    under = pair()
    session = Session.held(
        id=new_id(),
        agreement=under,
        meeting=meeting(partly=(part(MENTEE, 90),)),
        findings=weighed(under),
    )
    assert {person: minutes for person, (_, minutes) in session.attendance().items()} == {
        MENTOR: 480,
        MENTEE: 90,
    }


@pytest.mark.parametrize(
    ("partly", "refused"),
    [
        ((part(SECOND_MENTEE, 90),), PartlyNotPresent),
        ((part(MENTEE, 480),), PartlyTheWhole),
        ((part(MENTEE, 90), part(MENTEE, 80)), AttendeeTwice),
    ],
)
def test_a_part_is_of_those_present_and_shorter_than_the_whole(
    partly: Any, refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        hold(partly=partly)


@pytest.mark.parametrize(
    ("present", "met"),
    [
        ((MENTOR, MENTEE), SessionFormat.INDIVIDUAL),
        ((MENTOR, MENTEE, SECOND_MENTEE), SessionFormat.GROUP),
        ((MENTOR, COLLEAGUE, MENTEE), SessionFormat.TEAM),
        ((MENTOR, COLLEAGUE, MENTEE, SECOND_MENTEE), SessionFormat.TEAM),
    ],
)
def test_what_kind_of_session_it_was_follows_from_who_was_there(
    present: Any, met: SessionFormat
) -> None:
    under = pair(mentors=frozenset({MENTOR, COLLEAGUE}))
    assert hold(under, present=present).format == met


GROUPS_FIRST = replace(
    PAIR,
    phases=(
        Phase(code="open", name="Open", formats=(SessionFormat.GROUP,)),
        Phase(code="coach", name="Coach", initiative=Initiative.MENTEE),
    ),
)


def test_a_phase_has_its_own_formats() -> None:
    with pytest.raises(FormatNotInPhase, match="open has no INDIVIDUAL"):
        hold(pair(rules=GROUPS_FIRST, phase="open"))
    assert hold(pair(rules=GROUPS_FIRST, phase="coach")).phase == "coach"


def test_a_programme_that_goes_to_its_mentees_meets_nowhere_else_in_person() -> None:
    at_work = pair(rules=replace(PAIR, place=Place.MENTEE_WORKPLACE))
    elsewhere = new_id()
    with pytest.raises(PlaceNotAllowed):
        hold(at_work, org_unit_id=elsewhere)
    assert hold(at_work, org_unit_id=at_work.org_unit_id).org_unit_id == at_work.org_unit_id
    assert hold(at_work, org_unit_id=elsewhere, mode=Mode.PHONE).org_unit_id == elsewhere
    assert hold(pair(), org_unit_id=elsewhere).org_unit_id == elsewhere


def test_the_same_session_is_judged_by_the_rules_of_its_own_version() -> None:
    shorter = replace(PAIR, minutes=replace(PAIR.minutes, min=30))
    hold(pair(rules=shorter), minutes=30)


# ── what a version wants, and what becomes of what departs from it ──────────────────────────────

GENTLE = replace(PAIR, conduct=Conduct())


def test_what_departs_is_recorded_and_does_not_count_where_a_version_says_nothing() -> None:
    held = hold(pair(rules=GENTLE), minutes=10, mode=Mode.VIDEO)
    assert [(each.rule, each.counts) for each in held.deviations] == [
        (ConductRule.SESSION_TOO_SHORT, False),
        (ConductRule.MODE_NOT_ALLOWED, False),
    ]
    values = {each.name: each.value for each in held.deviations[0].params}
    assert values == {"minutes": 10, "least": 60}
    assert (held.counts, held.counts_to_end) == (False, False)


def test_what_departs_counts_where_a_version_says_so() -> None:
    rules = replace(GENTLE, conduct=Conduct(count=(ConductRule.SESSION_TOO_SHORT,)))
    held = hold(pair(rules=rules), minutes=45)
    assert [(each.rule, each.counts) for each in held.deviations] == [
        (ConductRule.SESSION_TOO_SHORT, True)
    ]
    assert held.counts


def test_one_deviation_that_does_not_count_is_enough() -> None:
    rules = replace(GENTLE, conduct=Conduct(count=(ConductRule.SESSION_TOO_SHORT,)))
    assert not hold(pair(rules=rules), minutes=45, mode=Mode.VIDEO).counts


def test_a_version_refuses_what_it_names() -> None:
    rules = replace(GENTLE, conduct=Conduct(refuse=(ConductRule.MODE_NOT_ALLOWED,)))
    with pytest.raises(ModeNotAllowed):
        hold(pair(rules=rules), mode=Mode.VIDEO)


def test_what_cannot_be_is_refused_under_every_programme() -> None:
    with pytest.raises(AttendeeNotAParty):
        hold(pair(rules=GENTLE), present=(MENTOR, MENTEE, new_id()))


def test_a_refusal_tells_all_that_was_found() -> None:
    rules = replace(GENTLE, conduct=Conduct(refuse=(ConductRule.MODE_NOT_ALLOWED,)))
    with pytest.raises(ModeNotAllowed) as refused:
        hold(pair(rules=rules), minutes=10, mode=Mode.VIDEO, steps=("tea",))
    assert [(each.broken.code, each.severity) for each in refused.value.found] == [
        ("SESSION_TOO_SHORT", Judgement.RECORD),
        ("MODE_NOT_ALLOWED", Judgement.REFUSE),
        ("STEP_UNKNOWN", Judgement.REFUSE),
    ]


def test_what_does_not_count_earns_nobody_anything() -> None:
    under = pair(rules=GENTLE)
    session = Session.held(
        id=new_id(), agreement=under, meeting=meeting(minutes=10), findings=weighed(under)
    )
    assert session.attendance() == {}
