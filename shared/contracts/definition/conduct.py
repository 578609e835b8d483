"""Conduct: what a programme wants, beyond what can be at all, and what becomes of a record that
departs from it. Integrity is not in here: what cannot be is refused under every programme.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.definition.part import Part


class Judgement(StrEnum):
    """What becomes of something that departs from a rule."""

    REFUSE = "REFUSE"
    """It is not recorded."""
    RECORD = "RECORD"
    """It is recorded with its deviation, and does not count."""
    COUNT = "COUNT"
    """It is recorded with its deviation, and counts all the same."""


class ConductRule(StrEnum):
    """A rule of conduct, by the code under which its deviation is refused or recorded."""

    MENTOR_MISSING = "MENTOR_MISSING"
    """A team with fewer mentors than the ratio asks for holds no session."""
    MENTORSHIP_NOT_SIGNED = "MENTORSHIP_NOT_SIGNED"
    """Who is in a session has signed before it, where the gate SIGNATURES is set."""
    BEFORE_AGREEMENT = "BEFORE_AGREEMENT"
    """A session lies on or after the day its parties signed, where the gate SIGNATURES is set."""
    SESSION_TOO_SHORT = "SESSION_TOO_SHORT"
    """A session lasts at least `minutes.min`."""
    MODE_NOT_ALLOWED = "MODE_NOT_ALLOWED"
    """A session is held in one of the `modes`."""
    PLACE_NOT_ALLOWED = "PLACE_NOT_ALLOWED"
    """A session in person is held where `place` says."""
    FORMAT_NOT_IN_PHASE = "FORMAT_NOT_IN_PHASE"
    """A session has one of the phase's `formats`."""
    PLAN_NOT_SENT = "PLAN_NOT_SENT"
    """A plan was sent before a session in person, where the gate PLAN_SENT is set."""
    DEVELOPMENT_PLAN_MISSING = "DEVELOPMENT_PLAN_MISSING"
    """A development plan comes before a one-to-one session, where its gate is set."""
    SESSION_NOT_SUPERVISED = "SESSION_NOT_SUPERVISED"
    """A session in person has a guest of a role that `oversight.supervisedBy` names, if any."""
    SESSION_TWICE = "SESSION_TWICE"
    """A session is logged once: another of the same day, people and mode, of about the same
    length, is suspected to be the same."""
    SESSION_OVERLAPS = "SESSION_OVERLAPS"
    """Nobody is in two sessions at a time."""
    DAY_TOO_LONG = "DAY_TOO_LONG"
    """One person's day counts up to `minutes.perDay`: whom it counts for no longer earns nothing
    by it, and the session counts for the others."""
    MENTEE_HAD_LEFT = "MENTEE_HAD_LEFT"
    """Who is mentored is enrolled on that day: a session counts for nobody who has withdrawn or
    completed before."""
    MENTOR_WAS_SUSPENDED = "MENTOR_WAS_SUSPENDED"
    """Who mentors is not suspended on that day, unless for leave: it counts for nobody who is."""
    ASSESSOR_NOT_CERTIFIED = "ASSESSOR_NOT_CERTIFIED"
    """Who assesses is on that day a certified mentor of the area."""
    BASELINE_MISSING = "BASELINE_MISSING"
    """A mentee took the pre-test before an assessment, where the gate PRE_TEST is set."""
    FACILITY_BASELINE_MISSING = "FACILITY_BASELINE_MISSING"
    """The facility was looked at before an assessment, where the gate FACILITY_BASELINE is set."""
    COACHING_PLAN_MISSING = "COACHING_PLAN_MISSING"
    """After a failed attempt, a coaching plan comes before the next, where it is asked for."""
    MENTORSHIP_DEPARTS = "MENTORSHIP_DEPARTS"
    """A session is held in a mentorship that counts: one that keeps its rules, or has a waiver."""
    SESSION_IN_PAUSE = "SESSION_IN_PAUSE"
    """No session is held while the mentorship, or its cohort, pauses."""
    UNCERTIFIED_MENTOR_PRESENT = "UNCERTIFIED_MENTOR_PRESENT"
    """Nobody mentors at a session before they were certified."""
    TEAM_SIZE = "TEAM_SIZE"
    """A team has as many mentors as `ratio.mentors` says."""
    ONE_OF_EACH_AREA = "ONE_OF_EACH_AREA"
    """A team has one mentor of each area, where `ratio.oneOfEachArea` says so."""
    AREA_NOT_COVERED = "AREA_NOT_COVERED"
    """Somebody of the team mentors in each mentee's area."""
    MENTEE_COUNT = "MENTEE_COUNT"
    """One team cares for as many mentees as `ratio.mentees` says."""
    MENTOR_LOAD_REACHED = "MENTOR_LOAD_REACHED"
    """A mentor carries no more mentorships at a time than `ratio.load`, or they themselves, say;
    in one area, or in all of theirs, as `ratio.loadPer` says."""
    MENTOR_NOT_CERTIFIED = "MENTOR_NOT_CERTIFIED"
    """A mentor was certified by the day they take on a mentorship."""
    MENTOR_SUSPENDED = "MENTOR_SUSPENDED"
    """Whoever is suspended on a day takes on no mentorship on it."""
    MENTOR_NOT_AVAILABLE = "MENTOR_NOT_AVAILABLE"
    """A mentor takes on a mentorship on a day that they declared to be available on."""
    EXCLUDED_PAIR = "EXCLUDED_PAIR"
    """Nobody mentors whom they supervise, unless `matching.supervisorMayMentor`, nor whom they left
    in conflict or for misconduct."""
    NOT_TRAINED = "NOT_TRAINED"
    """A mentee took the training before a mentorship, where the gate TRAINING is set."""
    NO_GOAL_SET = "NO_GOAL_SET"
    """A mentee has a learning goal before a mentorship, where the gate GOALS is set."""
    NO_MENTEE_WORKS_THERE = "NO_MENTEE_WORKS_THERE"
    """A mentorship is where one of its mentees works, or at a unit above."""
    SECOND_MENTORSHIP = "SECOND_MENTORSHIP"
    """A mentee who is mentored one to one is in one mentorship at a time."""
    CADRE_NOT_OF_AREA = "CADRE_NOT_OF_AREA"
    """A mentee has, on the day they enrol, one of the cadres that the area is for, if it names any.
    """
    OUTSIDE_COHORT = "OUTSIDE_COHORT"
    """A mentee enrols on a day of the cohort."""
    OUTSIDE_COHORT_UNIT = "OUTSIDE_COHORT_UNIT"
    """A mentee works at the cohort's unit, or at one below it, or in its group."""


SUSPICIONS = frozenset({ConductRule.SESSION_TWICE, ConductRule.SESSION_OVERLAPS})
"""Rules that something seems to depart from, until a person says that it does not."""
OF_SOMEBODY = frozenset(
    {
        ConductRule.DAY_TOO_LONG,
        ConductRule.MENTEE_HAD_LEFT,
        ConductRule.MENTOR_WAS_SUSPENDED,
    }
)
"""Rules that one of those present departs from: the record counts, for others."""

Rules = Annotated[tuple[ConductRule, ...], Meta(max_length=100)]


class Conduct(Part, kw_only=True):
    """What becomes of what departs from the programme's rules of conduct.

    Attributes:
        refuse: departures from these are not recorded.
        record: these are recorded with their deviation, and do not count.
        count: these are recorded with their deviation, and count.
        otherwise: what becomes of a departure from any other rule.
    """

    refuse: Rules = ()
    record: Rules = ()
    count: Rules = ()
    otherwise: Judgement = Judgement.RECORD

    def judge(self, rule: ConductRule) -> Judgement:
        """Return what becomes of a departure from a rule."""
        if rule in self.refuse:
            return Judgement.REFUSE
        if rule in self.count:
            return Judgement.COUNT
        return Judgement.RECORD if rule in self.record else self.otherwise
