"""What really happens to mentorships, row by row of the field's list: recorded, and weighed."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.gateway.projections import (
    DEVIATION,
    MENTEE,
    MENTORSHIP,
    MENTORSHIP_MENTEE,
    PARTY_CHANGE,
    PAUSE,
    SESSION,
    VACANCY,
)
from shared.contracts.definition import Conduct, Definition, Gate, Minutes, Mode, Phase, Ratio
from shared.contracts.definition.assessment import End
from shared.contracts.definition.people import Matching, Training
from shared.contracts.definition.visits import Initiative, Place, SessionFormat
from shared.contracts.sessions.session import SessionHeld
from tests.support.mentoring import Country, day, rules

WHY = "So it was."


def gentle(**changes: Any) -> Definition:
    """Return the programme of pairs and small groups, that records what departs from its rules."""
    base: dict[str, Any] = {
        "conduct": Conduct(),
        "ratio": Ratio(mentors=(1, 3), mentees=(1, 3), load=2),
    }
    return rules(**(base | changes))


class Team:
    """A mentorship of some mentors and mentees, with their people."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.mentors: list[UUID] = []
        self.mentor_ids: list[UUID] = []
        self.mentees: list[UUID] = []
        self.enrolments: list[UUID] = []
        self.id: UUID

    async def proposed(self, mentors: int = 1, mentees: int = 1, **more: Any) -> "Team":
        country = self.country
        self.mentors = [await country.person() for _ in range(mentors)]
        self.mentor_ids = [await country.mentor(person) for person in self.mentors]
        self.mentees = [await country.person() for _ in range(mentees)]
        self.enrolments = [await country.enrolment(person) for person in self.mentees]
        self.id = await country.propose(self.mentor_ids, self.enrolments, **more)
        return self

    async def signed(self) -> "Team":
        await self.country.sign(self.id, *self.mentors, *self.mentees)
        return self

    async def send(self, name: str, **content: Any) -> UUID:
        return await self.country.send(
            f"mentorship{name}", mentorshipId=self.id, **{"reason": WHY, **content}
        )

    async def refused(self, name: str, **content: Any) -> str:
        code, _ = await self.country.refused(
            f"mentorship{name}", mentorshipId=self.id, **{"reason": WHY, **content}
        )
        return code

    async def log(self, *present: UUID, on: int, **more: Any) -> dict[str, Any]:
        """Log a session by phone, and return what is shown of it."""
        content = {"mode": "PHONE", "minutes": 90, "present": list(present)} | more
        session = await self.country.send("sessionLog", mentorshipId=self.id, on=on, **content)
        (row,) = self.country.house.rows(SESSION, id=session)
        return dict(row)

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.country.house.rows(MENTORSHIP, id=self.id)
        return dict(row)

    def departs(self, record: UUID | None = None) -> set[str]:
        """Return the rules that it, or another record, departs from as it stands."""
        rows = self.country.house.rows(DEVIATION, record_id=record or self.id)
        return {row["rule"] for row in rows if row["stands"]}


async def team(under: Definition | None = None, **sizes: int) -> Team:
    """Return a mentorship, signed where there are letters."""
    programme = under or gentle()
    made = await Team(await Country.under(programme)).proposed(**sizes)
    return await made.signed() if Gate.SIGNATURES in programme.gates else made


# ── who comes and goes ──────────────────────────────────────────────────────────────────────────


async def test_a_new_midwife_attends_her_hospitals_visit() -> None:
    hers = await team()
    country = hers.country
    midwife = await country.person()
    enrolment = await country.enrolment(midwife, on=10)
    await hers.send("AddMentee", enrolmentId=enrolment, on=10)
    await country.sign(hers.id, midwife, on=10)
    session = await hers.log(hers.mentors[0], midwife, on=12)
    assert session["counts"]
    assert await hers.refused("AddMentee", enrolmentId=enrolment, on=12) == "ALREADY_IN_CARE"


async def test_sessions_are_judged_by_who_was_in_it_on_their_day() -> None:
    hers = await team(mentees=2)
    mentor, stays, leaves = hers.mentors[0], *hers.mentees
    await hers.send("RemoveMentee", enrolmentId=hers.enrolments[1], on=20)
    session = await hers.log(mentor, stays, leaves, on=20)
    assert session["counts"], "her last day is hers"
    content = {"mode": "PHONE", "minutes": 90, "present": [mentor, leaves]}
    refused = await hers.country.refused("sessionLog", mentorshipId=hers.id, on=21, **content)
    assert refused[0] == "ATTENDEE_NOT_A_PARTY"
    changes = hers.country.house.rows(PARTY_CHANGE, mentorship_id=hers.id)
    last = max(changes, key=lambda row: row["version"])
    assert (last["health_worker_id"], last["change"], last["day"]) == (leaves, "LEFT", day(20))
    left = hers.enrolments[1]
    assert await hers.refused("RemoveMentee", enrolmentId=left, on=22) == "NOT_IN_CARE"
    assert await hers.refused("AddMentee", enrolmentId=left, on=19) == "DAY_OUT_OF_ORDER"
    await hers.send("AddMentee", enrolmentId=left, on=30)
    assert (await hers.log(mentor, leaves, on=31))["counts"], "she had signed before"


async def test_a_mentor_does_not_join_as_mentee_and_nobody_of_another_cohort() -> None:
    hers = await team()
    country = hers.country
    own = await country.enrolment(hers.mentors[0])
    assert await hers.refused("AddMentee", enrolmentId=own) == "MENTOR_IS_MENTEE"
    other = await country.start_cohort(country.version)
    stranger = await country.enrolment(cohort=other)
    assert await hers.refused("AddMentee", enrolmentId=stranger) == "OTHER_COHORT"


@pytest.mark.parametrize("name", ["menteeWithdraw", "menteeComplete"])
async def test_who_withdrew_or_completed_unsigned_is_waited_for_no_more(name: str) -> None:
    hers = await Team(await Country.under(gentle())).proposed(mentees=2)
    country = hers.country
    await country.sign(hers.id, hers.mentors[0], hers.mentees[0], on=1)
    assert hers.row["status"] == "ACCEPTED"
    await country.send(name, enrolmentId=hers.enrolments[1], reason=WHY, on=3)
    assert (hers.row["status"], hers.row["agreed_on"]) == ("AGREED", day(3))
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=4)
    assert session["counts"]
    (held,) = await country.house.events(session["id"])
    assert isinstance(held, SessionHeld)
    assert held.absent == (), "nobody expects them"


async def test_who_was_removed_unsigned_is_waited_for_no_more() -> None:
    hers = await Team(await Country.under(gentle())).proposed(mentees=2)
    await hers.country.sign(hers.id, hers.mentors[0], hers.mentees[0], on=1)
    await hers.send("RemoveMentee", enrolmentId=hers.enrolments[1], on=2)
    assert hers.row["status"] == "AGREED"


async def test_without_letters_a_mentorship_is_agreed_when_it_is_proposed() -> None:
    hers = await team(gentle(gates=()))
    assert (hers.row["status"], hers.row["agreed_on"], hers.row["letters"]) == (
        "AGREED",
        day(0),
        False,
    )
    assert (await hers.log(hers.mentors[0], hers.mentees[0], on=1))["counts"]
    code, _ = await hers.country.refused("mentorshipDecline", mentorshipId=hers.id, reason=WHY)
    assert code == "PROPOSAL_AGREED"


async def test_without_letters_what_the_matching_proposed_is_agreed_when_it_is_accepted() -> None:
    country = await Country.under(gentle(gates=(), ratio=Ratio(mentors=1, mentees=(1, 1), load=1)))
    await country.mentor()
    await country.enrolment()
    await country.send("cohortMatch", cohortId=country.cohort)
    (row,) = country.house.rows(MENTORSHIP)
    assert row["status"] == "PROPOSED"
    await country.send("mentorshipAccept", mentorshipId=row["id"], on=4)
    (row,) = country.house.rows(MENTORSHIP)
    assert (row["status"], row["agreed_on"]) == ("AGREED", day(4))


async def test_two_of_three_mentors_go_on_and_the_vacancy_is_told() -> None:
    three = gentle(ratio=Ratio(mentors=3, mentees=(1, 3), load=2))
    hers = await team(three, mentors=3)
    await hers.send("Disengage", mentorId=hers.mentor_ids[2], cause="TRANSFER", on=10)
    session = await hers.log(*hers.mentors[:2], hers.mentees[0], on=12)
    assert hers.departs(session["id"]) == {"MENTOR_MISSING"}
    (vacancy,) = hers.country.house.rows(VACANCY, mentorship_id=hers.id)
    assert (vacancy["since"], vacancy["filled_on"], vacancy["team"]) == (day(10), None, 2)
    successor = await hers.country.mentor()
    taken = {"replacesId": hers.mentor_ids[2], "mentorId": successor}
    await hers.send("Reassign", on=15, **taken)
    (vacancy,) = hers.country.house.rows(VACANCY, mentorship_id=hers.id)
    assert vacancy["filled_on"] == day(15)


async def test_one_district_mentor_covers_two_areas_at_one_centre() -> None:
    country = await Country.under(gentle(ratio=Ratio(mentors=1, mentees=(1, 3), load=2)))
    district, first, second = [await country.person() for _ in range(3)]
    mentors = [await country.mentor(district, area) for area in ("HR", "LAW")]
    mentees = [await country.enrolment(first, "HR"), await country.enrolment(second, "LAW")]
    mentorship = await country.propose(mentors, mentees)
    await country.sign(mentorship, district, first, second)
    (row,) = country.house.rows(MENTORSHIP, id=mentorship)
    assert (row["status"], row["counts"]) == ("AGREED", True)
    await country.send(
        "mentorshipDisengage", mentorshipId=mentorship, mentorId=mentors[1], reason=WHY, on=3
    )
    session = await country.session(mentorship, district, first, on=5)
    assert country.house.rows(SESSION, id=session)[0]["counts"], "she mentors in one of them still"


async def test_a_mentor_comes_back_from_maternity_leave() -> None:
    hers = await team(mentors=2)
    mentor, himself, mentee = *hers.mentors, hers.mentees[0]
    await hers.send("Disengage", mentorId=hers.mentor_ids[0], cause="LEAVE", on=10)
    back = {"replacesId": hers.mentor_ids[0], "mentorId": hers.mentor_ids[0]}
    await hers.send("Reassign", on=40, **back)
    await hers.country.sign(hers.id, mentor, on=40)
    assert (await hers.log(mentor, mentee, on=41))["counts"]
    assert (await hers.log(mentor, mentee, on=5))["counts"], "she was there before, too"
    refused = await hers.country.refused(
        "sessionLog",
        mentorshipId=hers.id,
        mode="PHONE",
        minutes=90,
        present=[mentor, mentee],
        on=20,
    )
    assert refused[0] in ("ATTENDEE_NOT_A_PARTY", "NOBODY_PRESENT")
    assert hers.departs() == set()
    await hers.send("Disengage", mentorId=hers.mentor_ids[1], cause="CONFLICT", on=50)
    again = {"replacesId": hers.mentor_ids[1], "mentorId": hers.mentor_ids[1]}
    await hers.send("Reassign", on=60, **again)
    assert hers.departs() == {"EXCLUDED_PAIR"}
    assert himself


async def test_a_supervisor_mentors_where_the_programme_says_so() -> None:
    for may, departs in ((True, set()), (False, {"EXCLUDED_PAIR"})):
        country = await Country.under(gentle(matching=Matching(supervisor_may_mentor=may)))
        officer = await country.person()
        mentor = await country.mentor(officer)
        mentee = await country.enrolment(supervisorId=officer)
        mentorship = await country.propose([mentor], [mentee])
        rows = country.house.rows(DEVIATION, record_id=mentorship)
        assert {row["rule"] for row in rows} == departs


# ── bounds, and who waives them ─────────────────────────────────────────────────────────────────

GROUPS = gentle(gates=(), ratio=Ratio(mentors=1, mentees=(5, 9), load=2))


async def test_a_village_with_four_health_workers_is_recorded_and_counts_by_waiver() -> None:
    village = await team(GROUPS, mentees=4)
    assert (village.departs(), village.row["counts"]) == ({"MENTEE_COUNT"}, False)
    session = await village.log(village.mentors[0], *village.mentees, on=2)
    assert (session["counts"], village.departs(session["id"])) == (False, {"MENTORSHIP_DEPARTS"})
    waiver = {"rule": "MENTEE_COUNT", "approvedBy": "The district hospital"}
    await village.send("Waive", on=3, **waiver)
    assert village.row["counts"]
    assert (await village.log(village.mentors[0], *village.mentees, on=4))["counts"]
    assert await village.refused("Waive", on=5, **waiver) == "NOTHING_TO_WAIVE"


async def test_what_was_held_counts_by_a_waiver_whether_or_not_it_is_said_again() -> None:
    village = await team(GROUPS, mentees=4)
    both = [await village.log(village.mentors[0], *village.mentees, on=day) for day in (2, 3)]
    assert not any(one["counts"] for one in both)
    waiver = {"rule": "MENTEE_COUNT", "approvedBy": "The district hospital"}
    await village.send("Waive", on=4, **waiver)
    for one in both:
        (row,) = village.country.house.rows(SESSION, id=one["id"])
        assert row["counts"]


async def test_a_bound_is_waived_beforehand_under_rules_that_refuse_too() -> None:
    strict = replace(GROUPS, conduct=rules().conduct)
    country = await Country.under(strict)
    mentees = [await country.enrolment() for _ in range(4)]
    content = country.pair([await country.mentor()], mentees)
    assert (await country.refused("mentorshipPropose", **content))[0] == "MENTEE_COUNT"
    waivers = [{"rule": "MENTEE_COUNT", "approvedBy": "The district hospital"}]
    refused = await country.refused("mentorshipPropose", waivers=waivers, **content)
    assert refused == ("REASON_MISSING", "reason")
    village = await country.send("mentorshipPropose", waivers=waivers, reason=WHY, **content)
    (row,) = country.house.rows(DEVIATION, record_id=village)
    assert (row["counts"], row["waived_by"]) == (True, "The district hospital")


async def test_a_tenth_joins_and_what_departs_by_them_ends_with_them() -> None:
    group = await team(GROUPS, mentees=9)
    tenth = await group.country.person()
    enrolment = await group.country.enrolment(tenth)
    await group.send("AddMentee", enrolmentId=enrolment, on=3)
    assert group.departs() == {"MENTEE_COUNT"}
    assert not (await group.log(group.mentors[0], tenth, on=4))["counts"]
    await group.send("RemoveMentee", enrolmentId=enrolment, on=5)
    assert (await group.log(group.mentors[0], *group.mentees, on=6))["counts"]


async def test_team_size_and_load_are_told_and_refuse_nothing() -> None:
    country = await Country.under(gentle(ratio=Ratio(mentors=2, mentees=(1, 1), load=1)))
    mentor = await country.mentor()
    first, second = [await country.propose([mentor], [await country.enrolment()]) for _ in range(2)]
    told = {
        one: {row["rule"] for row in country.house.rows(DEVIATION, record_id=one)}
        for one in (first, second)
    }
    assert told == {first: {"TEAM_SIZE"}, second: {"TEAM_SIZE", "MENTOR_LOAD_REACHED"}}


async def test_a_strike_moved_enrolment_past_the_cohorts_end() -> None:
    country = await Country.under(gentle())
    short = await country.send(
        "cohortOpen",
        programmeVersionId=country.version,
        code="SHORT",
        name="Short",
        orgUnitId=country.facility,
        starts=day(0),
        ends=day(30),
    )
    late = await country.enrolment(cohort=short, on=35)
    (row,) = country.house.rows(DEVIATION, record_id=late)
    (mentee,) = country.house.rows(MENTEE, id=late)
    assert (row["rule"], row["record_kind"], mentee["counts"]) == (
        "OUTSIDE_COHORT",
        "Mentee",
        False,
    )
    extend = {"cohortId": short, "reason": "A strike."}
    refused = await country.refused("cohortExtend", ends=day(30), **extend)
    assert refused == ("COHORT_NOT_EXTENDED", "ends")
    await country.send("cohortExtend", ends=day(60), **extend)
    on_time = await country.enrolment(cohort=short, on=35)
    assert country.house.rows(DEVIATION, record_id=on_time) == []


# ── as of the day ───────────────────────────────────────────────────────────────────────────────


async def test_a_mentorship_of_2018_typed_in_2021() -> None:
    country = await Country.under(gentle(gates=(), ratio=Ratio(mentors=1, mentees=(1, 2), load=1)))
    mentor = await country.mentor()
    early, late = await country.enrolment(), await country.enrolment()
    await country.propose([mentor], [late], on=60)
    await country.send("mentorSuspend", mentorId=mentor, reason=WHY, on=70)
    await country.send("menteeWithdraw", enrolmentId=early, reason=WHY, on=40)
    typed = await country.propose([mentor], [early], on=5)
    assert country.house.rows(DEVIATION, record_id=typed) == []
    (row,) = country.house.rows(MENTORSHIP, id=typed)
    assert (row["agreed_on"], row["concluded_on"]) == (day(5), day(40)), "it is told to its end"


async def test_a_mentorship_or_session_before_the_mentor_was_certified() -> None:
    country = await Country.under(gentle(gates=()))
    person, himself = await country.person(), await country.person()
    mentor = await country.nominee(person)
    await country.send("mentorCertify", mentorId=mentor, on=20)
    mentee = await country.enrolment(himself)
    early = await country.propose([mentor], [mentee], on=10)
    rows = country.house.rows(DEVIATION, record_id=early)
    assert {row["rule"] for row in rows} == {"MENTOR_NOT_CERTIFIED"}
    session = await country.session(early, person, himself, on=15)
    rows = country.house.rows(DEVIATION, record_id=session)
    assert {row["rule"] for row in rows} == {"MENTORSHIP_DEPARTS", "UNCERTIFIED_MENTOR_PRESENT"}


# ── phases, versions, places ────────────────────────────────────────────────────────────────────

PHASES = (
    Phase(code="PROACTIVE", name="Proactive", initiative=Initiative.MENTOR),
    Phase(code="REACTIVE", name="Reactive", formats=(SessionFormat.INDIVIDUAL,)),
)


async def test_new_nurses_come_and_it_goes_back_to_the_proactive_phase() -> None:
    hers = await team(gentle(phases=PHASES))
    await hers.send("ChangePhase", phase="REACTIVE", on=10)
    await hers.send("ChangePhase", phase="PROACTIVE", on=20)
    phases = [
        (await hers.log(hers.mentors[0], hers.mentees[0], on=on))["phase"] for on in (5, 15, 25)
    ]
    assert phases == ["PROACTIVE", "REACTIVE", "PROACTIVE"]


async def test_two_new_nurses_do_not_make_their_colleague_wait() -> None:
    hers = await team(gentle(phases=PHASES), mentees=3)
    mentor, colleague, *nurses = (*hers.mentors, *hers.mentees)
    await hers.send("ChangePhase", phase="REACTIVE", enrolmentId=hers.enrolments[0], on=10)
    assert (await hers.log(mentor, colleague, on=12))["phase"] == "REACTIVE"
    assert (await hers.log(mentor, *nurses, on=12))["phase"] == "PROACTIVE"
    (row,) = hers.country.house.rows(MENTORSHIP_MENTEE, mentee_id=hers.enrolments[0])
    assert (row["phase"], row["phase_since"]) == ("REACTIVE", day(10))
    again = {"phase": "REACTIVE", "enrolmentId": hers.enrolments[0], "on": 11}
    assert await hers.refused("ChangePhase", **again) == "IN_PHASE_ALREADY"


async def test_a_lockdown_version_reaches_a_running_mentorship_and_one_version_decides() -> None:
    hers = await team(gentle(modes=(Mode.IN_PERSON,)))
    country = hers.country
    locked = await country.publish(
        gentle(version=2, modes=(Mode.PHONE,), minutes=Minutes(min=90, target=90))
    )
    await hers.send("MoveToVersion", programmeVersionId=locked, on=10)
    before = await hers.log(hers.mentors[0], hers.mentees[0], on=9)
    assert hers.departs(before["id"]) == {"MODE_NOT_ALLOWED"}
    after = await hers.log(hers.mentors[0], hers.mentees[0], on=11)
    assert after["counts"]
    short = await hers.log(hers.mentors[0], hers.mentees[0], on=12, minutes=60)
    assert hers.departs(short["id"]) == {"SESSION_TOO_SHORT"}
    (mentee,) = country.house.rows(MENTEE, id=hers.enrolments[0])
    assert mentee["programme_version_id"] == hers.row["programme_version_id"] == locked
    again = {"programmeVersionId": locked, "on": 13}
    assert await hers.refused("MoveToVersion", **again) == "VERSION_NOT_NEWER"


async def test_a_mentee_of_a_pair_takes_her_mentorship_along_to_the_new_version() -> None:
    hers = await team()
    newer = await hers.country.publish(gentle(version=2, minutes=Minutes(min=90, target=90)))
    await hers.country.send(
        "menteeMoveToVersion",
        enrolmentId=hers.enrolments[0],
        programmeVersionId=newer,
        reason=WHY,
        on=10,
    )
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=11, minutes=60)
    assert hers.departs(session["id"]) == {"SESSION_TOO_SHORT"}


async def test_a_mentee_who_moved_is_visited_at_the_new_workplace() -> None:
    hers = await team(gentle(place=Place.MENTEE_WORKPLACE))
    country = hers.country
    new = await country.send(
        "orgUnitEstablish", name="New", code="N", unitKind="FACILITY", parentId=country.facility
    )
    person = {"healthWorkerId": hers.mentees[0], "orgUnitId": new}
    await country.send("healthWorkerTransfer", on=10, **person)
    await country.send("menteeTransfer", enrolmentId=hers.enrolments[0], on=10)
    where = {"mode": "IN_PERSON", "orgUnitId": new}
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=12, **where)
    assert hers.departs(session["id"]) == set()
    early = await hers.log(hers.mentors[0], hers.mentees[0], on=9, **where)
    assert hers.departs(early["id"]) == {"PLACE_NOT_ALLOWED"}


# ── pauses ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_mentorship_pauses_for_leave_and_goes_on() -> None:
    hers = await team()
    assert await hers.refused("Resume", on=9) == "NOT_PAUSED"
    await hers.send("Pause", cause="LEAVE", on=10)
    assert await hers.refused("Pause", cause="LEAVE", on=11) == "ALREADY_PAUSED"
    assert hers.row["paused_on"] == day(10)
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=15)
    assert hers.departs(session["id"]) == {"SESSION_IN_PAUSE"}
    await hers.send("Resume", on=30)
    assert (await hers.log(hers.mentors[0], hers.mentees[0], on=30))["counts"]
    (pause,) = hers.country.house.rows(PAUSE, record_id=hers.id)
    assert (pause["since"], pause["until"], pause["reason"]) == (day(10), day(30), WHY)


async def test_a_whole_cohort_pauses_in_a_strike() -> None:
    hers = await team()
    cohort = {"cohortId": hers.country.cohort, "reason": "A strike."}
    code, _ = await hers.country.refused("cohortResume", on=9, **cohort)
    assert code == "NOT_PAUSED"
    await hers.country.send("cohortPause", cause="STRIKE", on=10, **cohort)
    code, _ = await hers.country.refused("cohortPause", cause="STRIKE", on=11, **cohort)
    assert code == "ALREADY_PAUSED"
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=15)
    assert hers.departs(session["id"]) == {"SESSION_IN_PAUSE"}
    await hers.country.send("cohortResume", on=20, **cohort)
    assert (await hers.log(hers.mentors[0], hers.mentees[0], on=20))["counts"]


# ── what was accepted and must not be ───────────────────────────────────────────────────────────


async def places(country: Country) -> tuple[UUID, UUID]:
    """Return two districts below the country's unit."""
    first, second = [
        await country.send(
            "orgUnitEstablish",
            name=code,
            code=code,
            unitKind="DISTRICT",
            parentId=country.facility,
        )
        for code in ("D1", "D2")
    ]
    return first, second


async def test_a_mentee_of_another_county_is_not_what_the_cohort_is_for() -> None:
    country = await Country.under(gentle())
    ours, theirs = await places(country)
    group = await country.send("groupEstablish", code="G", name="Cluster", groupKind="CLUSTER")
    cohort = await country.send(
        "cohortOpen",
        programmeVersionId=country.version,
        code="OURS",
        name="Ours",
        orgUnitId=ours,
        groupId=group,
        starts=day(0),
        ends=day(90),
    )
    told = {}
    for unit in (ours, theirs):
        mentee = await country.enrolment(await country.person(unit), cohort=cohort)
        told[unit] = [row["rule"] for row in country.house.rows(DEVIATION, record_id=mentee)]
    assert told == {ours: [], theirs: ["OUTSIDE_COHORT_UNIT"]}
    await country.send("groupMemberAdd", groupId=group, orgUnitId=theirs)
    mentee = await country.enrolment(await country.person(theirs), cohort=cohort)
    assert country.house.rows(DEVIATION, record_id=mentee) == []


async def test_a_mentorship_is_where_one_of_its_mentees_works() -> None:
    country = await Country.under(gentle())
    ours, theirs = await places(country)
    person = await country.person(ours)
    mentor, mentee = await country.mentor(), await country.enrolment(person)
    for unit, departs in (
        (country.facility, set()),
        (ours, set()),
        (theirs, {"NO_MENTEE_WORKS_THERE"}),
    ):
        made = await country.propose([mentor], [mentee], orgUnitId=unit)
        rows = country.house.rows(DEVIATION, record_id=made)
        assert {row["rule"] for row in rows} - {"MENTOR_LOAD_REACHED"} == departs


async def test_a_mentee_of_a_pair_has_one_mentorship_at_a_time() -> None:
    hers = await team(gentle(gates=(), ratio=Ratio(mentors=1, mentees=(1, 1), load=2)))
    other = await hers.country.mentor()
    second = await hers.country.propose([other], hers.enrolments)
    assert hers.departs(second) == {"SECOND_MENTORSHIP"}
    assert not hers.country.house.rows(MENTORSHIP, id=second)[0]["counts"]


async def test_an_area_without_mentees_ends_with_its_last_enrolment() -> None:
    hers = await team(mentees=2)
    country = hers.country
    for number, enrolment in enumerate(hers.enrolments):
        await country.send("menteeComplete", enrolmentId=enrolment, on=20 + number)
    assert (hers.row["status"], hers.row["concluded_on"]) == ("CONCLUDED", day(21))
    free = await country.propose(hers.mentor_ids, [await country.enrolment()], on=22)
    await country.propose(hers.mentor_ids, [await country.enrolment()], on=22)
    assert hers.departs(free) == set(), "its mentor is free for others"
    late = await hers.log(hers.mentors[0], hers.mentees[1], on=21)
    assert late["status"] == "HELD", "the last day belongs to it"
    await hers.send("Conclude", on=30)
    assert hers.row["concluded_on"] == day(21), "to conclude it formally changes no day"
    assert await hers.refused("Conclude", on=31) == "MENTORSHIP_ENDED"
    await country.send("menteeReopen", enrolmentId=hers.enrolments[0], reason=WHY, on=32)
    assert hers.row["status"] == "CONCLUDED", "nor is it brought back then"


async def test_training_opens_by_its_course_and_days_add_up() -> None:
    training = Training(name="Human resources", days=5, code="HRM")
    country = await Country.under(
        gentle(gates=(Gate.TRAINING,), training=training, conduct=rules().conduct)
    )
    mentee = await country.enrolment()
    content = country.pair([await country.mentor()], [mentee])
    course = {"enrolmentId": mentee, "training": "A course"}
    await country.send("menteeTrain", days=5, course="EXCEL", **course)
    await country.send("menteeTrain", days=3, course="HRM", **course)
    assert (await country.refused("mentorshipPropose", **content))[0] == "NOT_TRAINED"
    await country.send("menteeTrain", days=2, course="HRM", on=1, **course)
    assert (await country.refused("mentorshipPropose", **content))[0] == "NOT_TRAINED"
    await country.send("mentorshipPropose", on=1, **content)


@pytest.mark.parametrize(
    ("ground", "departs"), [("CONDUCT", {"MENTOR_WAS_SUSPENDED"}), ("LEAVE", set())]
)
async def test_who_is_suspended_for_misconduct_earns_nothing_and_who_is_on_leave_does(
    ground: str, departs: set[str]
) -> None:
    hers = await team()
    suspend = {"mentorId": hers.mentor_ids[0], "reason": WHY}
    await hers.country.send("mentorSuspend", ground=ground, on=10, **suspend)
    assert hers.departs((await hers.log(hers.mentors[0], hers.mentees[0], on=9))["id"]) == set()
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=12)
    assert (hers.departs(session["id"]), session["counts"]) == (departs, not departs)
    await hers.country.send("mentorReinstate", on=20, **suspend)
    assert (await hers.log(hers.mentors[0], hers.mentees[0], on=20))["counts"]


# ── enrolments that end, and go on ──────────────────────────────────────────────────────────────


async def test_a_withdrawal_is_undone_and_she_starts_where_she_stood() -> None:
    hers = await team(gentle(end=End(sessions=2)))
    country = hers.country
    await hers.log(hers.mentors[0], hers.mentees[0], on=5)
    mentee = {"enrolmentId": hers.enrolments[0], "reason": WHY}
    assert (await country.refused("menteeReadmit", **mentee))[0] == "NOT_WITHDRAWN"
    await country.send("menteeWithdraw", on=10, **mentee)
    assert hers.row["status"] == "CONCLUDED"
    assert (await country.refused("menteeReadmit", on=9, **mentee))[0] == "BEFORE_ITS_END"
    await country.send("menteeReadmit", on=20, **mentee)
    assert hers.row["status"] == "AGREED", "and so does her mentorship"
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=21)
    assert session["counts"]
    (row,) = country.house.rows(MENTEE, id=hers.enrolments[0])
    assert (row["status"], row["withdrawn_on"]) == ("COMPLETED", None), "the first session counts"


async def test_who_was_enrolled_anew_is_not_readmitted_besides() -> None:
    country = await Country.under(gentle())
    person = await country.person()
    first = await country.enrolment(person)
    await country.send("menteeWithdraw", enrolmentId=first, reason=WHY)
    await country.enrolment(person, on=1)
    refused = await country.refused("menteeReadmit", enrolmentId=first, reason=WHY, on=2)
    assert refused[0] in ("ALREADY_TAKEN", "ENROLLED_UNDER_OTHER_NAME")


async def test_a_goal_reached_is_told_at_the_wrap_up() -> None:
    hers = await team(gentle(end=End(sessions=1), grace_days=10))
    mentee = {"enrolmentId": hers.enrolments[0]}
    await hers.country.send("menteeSetGoal", goal="G1", text="Know the law", **mentee)
    await hers.log(hers.mentors[0], hers.mentees[0], on=20)
    await hers.country.send("menteeReachGoal", goal="G1", on=30, **mentee)
    rating = {"ratings": [{"skill": "LAW", "level": 4}]}
    await hers.country.send("menteeSelfAssess", on=30, **rating, **mentee)
    refused = await hers.country.refused("menteeSelfAssess", on=31, **rating, **mentee)
    assert refused[0] == "ENROLMENT_ENDED"


async def test_a_completion_is_reopened_when_its_session_is_voided() -> None:
    hers = await team(gentle(end=End(sessions=2)))
    country = hers.country
    await hers.log(hers.mentors[0], hers.mentees[0], on=5)
    session = await hers.log(hers.mentors[0], hers.mentees[0], on=20)
    assert country.house.rows(MENTEE, id=hers.enrolments[0])[0]["status"] == "COMPLETED"
    await country.send("sessionVoid", sessionId=session["id"], reason="It was another day.", on=25)
    (row,) = country.house.rows(MENTEE, id=hers.enrolments[0])
    assert (row["status"], row["completed_on"]) == ("ENROLLED", None)
    assert hers.row["status"] == "AGREED"
    await country.send("sessionReinstate", sessionId=session["id"], reason="It was.", on=26)
    assert country.house.rows(MENTEE, id=hers.enrolments[0])[0]["status"] == "COMPLETED"


async def test_a_completion_that_rests_on_enough_besides_is_not_reopened() -> None:
    hers = await team(gentle(end=End(sessions=1)), mentees=2)
    country = hers.country
    await hers.log(hers.mentors[0], hers.mentees[0], on=5)
    second = await hers.log(hers.mentors[0], *hers.mentees, on=5)
    await country.send("sessionVoid", sessionId=second["id"], reason=WHY, on=6)
    reopened = {outcome for _, name, outcome in country.house.outcomes if name == "menteeReopen"}
    assert reopened == {"STILL_COMPLETE", "ok"}
    statuses = [country.house.rows(MENTEE, id=one)[0]["status"] for one in hers.enrolments]
    assert statuses == ["COMPLETED", "ENROLLED"]
    refused = await country.refused("menteeReopen", enrolmentId=hers.enrolments[1], reason=WHY)
    assert refused[0] == "NOTHING_TO_REOPEN"
