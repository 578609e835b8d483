"""A session: planned, put off or cancelled; held under a signed agreement; corrected, voided or let
count again, and never deleted.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.guests import named
from services.sessions.aggregates.meeting import Meeting, must_be_a_mode, must_be_the_place
from services.sessions.aggregates.preparation import KnownPlan
from services.sessions.aggregates.same_day import Encounter, gives_way
from services.sessions.aggregates.standing import (
    Cancelled,
    CountsAlready,
    HeldAlready,
    NotHeld,
    NotSuspected,
    PlannedForThatDay,
    PlannedForThePast,
    PlannedInAnother,
    State,
    Voided,
)
from services.sessions.aggregates.substance import debriefed
from shared.contracts.definition import Mode
from shared.contracts.definition.conduct import SUSPICIONS, ConductRule
from shared.contracts.registry.mentorship import Side
from shared.contracts.sessions.guest import SessionGuestNamed
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionCorrected,
    SessionFacts,
    SessionHeld,
    SessionPlanned,
    SessionReinstated,
    SessionRescheduled,
    SessionVoided,
)
from shared.contracts.sessions.substance import SessionDebriefed
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal
from shared.domain.findings import Findings

_WEIGHED = ("counts", "credited", "deviations", "enrolments")
_WEIGHED_LATE = (*_WEIGHED, "counts_to_end", "absent", "phase")
_BINDING = frozenset(
    {
        ConductRule.MENTOR_MISSING,
        ConductRule.MENTORSHIP_NOT_SIGNED,
        ConductRule.BEFORE_AGREEMENT,
    }
)
"""What a session is asked once for its day; it is asked again where the answer was none."""


class Session(Aggregate):
    """One meeting of a mentorship.

    PLANNED ─▶ HELD ◀─▶ VOIDED
       └─────▶ CANCELLED
    """

    kind = "session"
    fold_version = 4

    mentorship_id: UUID
    state: State
    planned_for: date | None
    said: SessionFacts | None
    """What was said of it last, once it was held."""
    said_before: SessionFacts | None
    """What had been said of it before it was said otherwise, if it was."""
    facts_version: int | None
    """Its version when it was told so; judged again, it was told when it was."""
    words_version: int | None
    """Its version with what else was said, in words of somebody's own, if anything was."""

    @property
    def key(self) -> UUID:
        """The mentorship: its sessions stay in order with each other."""
        return self.mentorship_id

    @classmethod
    def planned(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        planned_for: date,
        planned_on: date,
        mode: Mode,
        org_unit_id: UUID | None,
        findings: Findings,
    ) -> "Session":
        """Begin a session that is to be held.

        What departs from the rules can be planned where it could be recorded: it deviates once it
        was held.

        Raises:
            MentorshipOver, PlannedForThePast: as they say; and what the programme refuses.
        """
        agreement.must_be_live()
        _must_be_to_come(planned_for, planned_on)
        with findings.weighing():
            must_be_a_mode(agreement.rules, mode)
        with findings.weighing():
            must_be_the_place(agreement, mode, org_unit_id)
        findings.must_be_recorded()
        return cls.begin(
            id,
            SessionPlanned(
                mentorship_id=agreement.mentorship_id,
                programme=agreement.rules.programme,
                org_unit_id=org_unit_id or agreement.org_unit_id,
                planned_for=planned_for,
                mode=mode,
            ),
        )

    @event(SessionPlanned)
    def _planned(self, event: SessionPlanned) -> None:
        self.mentorship_id = event.mentorship_id
        self.state = State.PLANNED
        self.planned_for = event.planned_for
        self.said = self.said_before = self.words_version = self.facts_version = None

    def reschedule(self, planned_for: date, on: date) -> None:
        """Put it on another day.

        Raises:
            HeldAlready, Cancelled, PlannedForThePast, PlannedForThatDay: as they say.
        """
        self._must_be_planned("sessionId")
        _must_be_to_come(planned_for, on)
        if planned_for == self.planned_for:
            raise PlannedForThatDay("plannedFor", planned_for=planned_for)
        self.record(SessionRescheduled(mentorship_id=self.mentorship_id, planned_for=planned_for))

    @event(SessionRescheduled)
    def _rescheduled(self, event: SessionRescheduled) -> None:
        self.planned_for = event.planned_for

    def cancel(self) -> None:
        """Let it fall.

        Raises:
            HeldAlready, Cancelled: as they say.
        """
        self._must_be_planned("sessionId")
        self.record(SessionCancelled(mentorship_id=self.mentorship_id))

    @event(SessionCancelled)
    def _cancelled(self, _event: SessionCancelled) -> None:
        self.state = State.CANCELLED

    @classmethod
    def held(
        cls,
        *,
        id: UUID,
        agreement: Agreement,
        meeting: Meeting,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> "Session":
        """Begin a session as it was held, with what it departs from.

        Raises:
            what `Agreement.must_bind` and `Meeting.under` raise.
        """
        session = cls.begin(id, _as_held(agreement, meeting, findings, plans, others))
        session._say_in_words(meeting)
        return session

    def hold(
        self,
        agreement: Agreement,
        meeting: Meeting,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> None:
        """Record that it was held, as it was planned or otherwise.

        Raises:
            HeldAlready, Cancelled, PlannedInAnother, and what `held` raises.
        """
        self._must_be_planned("id")
        if agreement.mentorship_id != self.mentorship_id:
            raise PlannedInAnother("mentorshipId", session=self.id)
        self.record(_as_held(agreement, meeting, findings, plans, others))
        self._say_in_words(meeting)

    @event(SessionHeld)
    def _held(self, event: SessionHeld) -> None:
        planned = hasattr(self, "state")  # then it is not the first, and is counted only after this
        self.mentorship_id = event.mentorship_id
        self.state = State.HELD
        self.planned_for = self.words_version = self.said_before = None
        self.said, self.facts_version = event, self.version + planned

    def correct(
        self,
        agreement: Agreement,
        meeting: Meeting,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> None:
        """Say anew, whole, how it was held; every rule is asked again.

        On the day that stood before, the team and the signatures are those it was logged under:
        a mentor who has left since was there all the same.

        Raises:
            NotHeld, Voided, and what `held` raises.
        """
        said = self._must_count()
        told = self._told_again(said, agreement, meeting, findings, plans, others)
        self.record(SessionCorrected(**told, no_more=_no_more(said, told)))
        self._say_in_words(meeting)

    def _told_again(
        self,
        said: SessionFacts,
        agreement: Agreement,
        meeting: Meeting,
        findings: Findings,
        plans: Collection[KnownPlan],
        others: Collection[Encounter],
    ) -> dict[str, Any]:
        if meeting.held_on == said.held_on:
            agreement = replace(agreement, mentors=agreement.mentors.union(said.mentors))
        if meeting.held_on != said.held_on or not _BINDING.isdisjoint(
            each.rule for each in said.deviations
        ):
            agreement.must_bind(
                meeting.present, meeting.held_on, findings, field="sessionId", day_field="heldOn"
            )
        if meeting.held_on == said.held_on:
            agreement = replace(agreement, phase=said.phase, phases={})
        return meeting.under(agreement, findings, plans, others)

    @event(SessionCorrected)
    def _corrected(self, event: SessionCorrected) -> None:
        if event.facts_version is None:
            self.said_before = self.said
        self.said, self.facts_version = event, event.facts_version or self.version + 1
        self.words_version = event.words_version

    def settle(
        self,
        agreement: Agreement,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> None:
        """Say that it is none of what it is suspected of: it is told again as it was, and weighed.

        Raises:
            NotHeld, Voided, NotSuspected, and what `correct` raises.
        """
        said = self._must_count()
        suspected = tuple(each.rule for each in said.deviations if each.rule in SUSPICIONS)
        if not suspected:
            raise NotSuspected("sessionId")
        meeting = replace(Meeting.of(said), settled=(*said.settled, *suspected))
        self._tell_as_it_was(agreement, meeting, findings, plans, others)

    def _tell_as_it_was(
        self,
        agreement: Agreement,
        meeting: Meeting,
        findings: Findings,
        plans: Collection[KnownPlan],
        others: Collection[Encounter],
    ) -> None:
        """Weigh it again as it was said last, and tell what has become of it, if anything has."""
        said = self._must_count()
        told = self._told_again(said, agreement, meeting, findings, plans, others)
        if any(told[name] != getattr(said, name) for name in _WEIGHED):
            self._judge(said, told)

    def _judge(self, said: SessionFacts, told: dict[str, Any]) -> None:
        """Tell it as it was told, with what has become of it."""
        told |= {"words_version": self.words_version, "no_more": _no_more(said, told)}
        if (told["settled"], told["absent"]) == (said.settled, said.absent):
            told["facts_version"] = self.facts_version
        self.record(SessionCorrected(**told))

    def weigh(
        self,
        agreement: Agreement,
        findings: Findings,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> None:
        """Hold it against its day as that is known by now, and tell what has become of it.

        What could not be said now was said when it could: it stays as it is.
        """
        if self.said is None or self.state is not State.HELD:
            return
        said, meeting = self.said, Meeting.of(self.said)
        if SUSPICIONS.isdisjoint(each.rule for each in said.deviations):
            # What is suspected of being beside it, or counts for nothing, casts no doubt on it.
            others = [other for other in others if other.counts]
        with suppress(Refusal):
            agreement.must_bind(
                meeting.present, said.held_on, findings, field="sessionId", day_field="heldOn"
            )
            told = meeting.under(agreement, findings, plans, others)
            if any(told[name] != getattr(said, name) for name in _WEIGHED_LATE):
                self._judge(said, told)

    def void(self, on: date) -> None:
        """Let it count no more.

        Raises:
            NotHeld, Voided: as they say.
        """
        said = self._must_count()
        self.record(
            SessionVoided(
                mentorship_id=self.mentorship_id, enrolments=said.enrolments, voided_on=on
            )
        )

    @event(SessionVoided)
    def _voided(self, _event: SessionVoided) -> None:
        self.state = State.VOIDED

    def reinstate(
        self,
        agreement: Agreement,
        findings: Findings,
        on: date,
        plans: Collection[KnownPlan] = (),
        others: Collection[Encounter] = (),
    ) -> None:
        """Let it count again, as it was said last; beside others of its day, as is weighed anew.

        Raises:
            NotHeld, CountsAlready, and what `correct` raises.
        """
        if self.said is None:
            raise NotHeld("sessionId", state=self.state)
        if self.state is State.HELD:
            raise CountsAlready("sessionId")
        self.record(
            SessionReinstated(
                mentorship_id=self.mentorship_id,
                enrolments=self.said.enrolments,
                counts_to_end=self.said.counts_to_end,
                reinstated_on=on,
            )
        )
        # While it did not count, another may have been told in its place. Whom somebody settled
        # to be none, it is no more; what was told beside it gives way to it again.
        meeting = Meeting.of(self.said)
        meant = meeting.meant(self.mentorship_id)
        others = [other for other in others if not gives_way(meant, other)]
        counting = [other for other in others if other.counts]
        if counting:
            if all(other.settled for other in counting):
                meeting = replace(meeting, settled=tuple(SUSPICIONS))
            self._tell_as_it_was(agreement, meeting, findings, plans, counting)
        else:
            self.weigh(agreement, findings, plans, others)

    @event(SessionReinstated)
    def _reinstated(self, _event: SessionReinstated) -> None:
        self.state = State.HELD

    def attendance(self) -> dict[UUID, tuple[Side, int]]:
        """Return on which side everybody stood who was there, and how many of their minutes count.

        Nobody, unless it counts.
        """
        if self.said is None or self.state is not State.HELD or not self.said.counts:
            return {}
        partly = {part.health_worker_id: part.minutes for part in self.said.partly}
        partly |= {credit.health_worker_id: credit.minutes for credit in self.said.credited}
        sides = dict.fromkeys(self.said.mentors, Side.MENTOR)
        sides |= dict.fromkeys(self.said.mentees, Side.MENTEE)
        whole = self.said.minutes
        return {person: (side, partly.get(person, whole)) for person, side in sides.items()}

    def _say_in_words(self, meeting: Meeting) -> None:
        """Record what of a meeting is personal, each with its own person's key."""
        assert self.said is not None
        facts_version = self.version
        for name in named(meeting.guests, self.said.mentors[0], facts_version):
            self.record(name)
        for debrief in debriefed(meeting.debriefs, self.said, facts_version):
            self.record(debrief)

    @event(SessionDebriefed)
    def _debriefed(self, event: SessionDebriefed) -> None:
        self.words_version = event.facts_version

    @event(SessionGuestNamed)
    def _guest_named(self, event: SessionGuestNamed) -> None:
        self.words_version = event.facts_version

    def _must_be_planned(self, field: str) -> None:
        if self.said is not None:
            raise HeldAlready(field, held_on=self.said.held_on)
        if self.state is State.CANCELLED:
            raise Cancelled(field)

    def _must_count(self) -> SessionFacts:
        if self.said is None:
            raise NotHeld("sessionId", state=self.state)
        if self.state is State.VOIDED:
            raise Voided("sessionId")
        return self.said


def _as_held(
    agreement: Agreement,
    meeting: Meeting,
    findings: Findings,
    plans: Collection[KnownPlan],
    others: Collection[Encounter],
) -> SessionHeld:
    agreement.must_bind(meeting.present, meeting.held_on, findings, day_field="occurredOn")
    return SessionHeld(**meeting.under(agreement, findings, plans, others))


def _no_more(said: SessionFacts, told: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Return the enrolments that it counted for, and counts for no more."""
    before = said.enrolments if said.counts else ()
    now = told["enrolments"] if told["counts"] else ()
    return tuple(id for id in before if id not in now)


def _must_be_to_come(planned_for: date, on: date) -> None:
    if planned_for < on:
        raise PlannedForThePast("plannedFor", planned_for=planned_for, planned_on=on)
