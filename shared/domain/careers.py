"""What becomes of all that somebody has in programmes when they go on leave, leave the service,
come back, or did none of it after all. One plan: it is shown beforehand, and carried out.

It knows no records: whoever asks says what there is (`Duties`), from wherever they know it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from shared.contracts.registry.employment import Becomes, Duty, Employment, Outcome

About = tuple[Duty, UUID, UUID | None]

LASTING = {Becomes.SUSPENDED: Becomes.REINSTATED, Becomes.PAUSED: Becomes.RESUMED}
"""What ends with the absence, and how."""
UNDONE = LASTING | {
    Becomes.WITHDRAWN: Becomes.READMITTED,
    Becomes.LEFT: Becomes.REJOINED,
    Becomes.CONCLUDED: Becomes.REJOINED,
    Becomes.DISENGAGED: Becomes.REJOINED,
    Becomes.REVOKED: Becomes.RESTORED,
}
"""How something is undone, where the absence was none; what was declined is proposed anew."""


class Absence(NamedTuple):
    """A time away: on leave, or gone, whatever became of them then; `until` is the day back."""

    because: Employment
    since: date
    until: date | None


def absences(line: Sequence[tuple[date, Employment]]) -> list[Absence]:
    """Return the times away of an employment line, in order."""
    found: list[Absence] = []
    for (since, state), following in zip_longest(line, line[1:]):
        until = following and following[0]
        before = found[-1] if found and found[-1].until == since else None
        if state is Employment.ACTIVE:
            continue
        if state.gone and before is not None and before.because.gone:
            found[-1] = before._replace(until=until)
        else:
            found.append(Absence(state, since, until))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """An enrolment of theirs, `of` a programme's area, in which one is active at a time;
    `restorable`: it was withdrawn, and nothing stands in its way.
    """

    id: UUID
    of: tuple[str, str]
    since: date
    active: bool
    restorable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A mentorship that they are or were in, as a mentor or by an enrolment.

    Attributes:
        since: the day they came, where it is known.
        here: they are in it now; `restorable`: they left, and could be in it as before.
        proposed: nobody took it up yet; `over`: it is declined or concluded.
        others: people besides them on their side of it.
        paused: since when it pauses now.
    """

    mentorship_id: UUID
    party_id: UUID
    mentors: bool
    since: date | None
    here: bool
    restorable: bool
    proposed: bool
    over: bool
    others: int
    paused: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominated:
    """A nomination of theirs; `certified_on`: since when they mentor; `suspended`: since when they
    are now; `entitled`: no right that put them forward is lost.
    """

    id: UUID
    certified_on: date | None
    suspended: date | None
    entitled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A grant that names them: `until` is its last day, from `revoked` on it allows nothing."""

    id: UUID
    since: date
    until: date | None
    revoked: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """All that somebody has in programmes, under whichever of their merged records.

    Attributes:
        parted: enrolments, nominations and grants among them that are another person's by now: a
            merge was reversed. What followed of an absence for them, did not.
    """

    enrolments: Sequence[Enrolled] = ()
    parties: Sequence[Party] = ()
    nominations: Sequence[Nominated] = ()
    grants: Sequence[Granted] = ()
    parted: frozenset[UUID] = frozenset()

    def theirs(self) -> "Duties":
        """Return what is theirs still."""
        return Duties(
            enrolments=[it for it in self.enrolments if it.id not in self.parted],
            parties=[it for it in self.parties if it.party_id not in self.parted],
            nominations=[it for it in self.nominations if it.id not in self.parted],
            grants=[it for it in self.grants if it.id not in self.parted],
        )

    def is_parted(self, one: Outcome) -> bool:
        """Say whether something became of what is theirs no more."""
        if one.duty is not Duty.MENTORSHIP:
            return one.record_id in self.parted
        if one.party_id is not None:
            return one.party_id in self.parted
        by = {it.party_id for it in self.parties if it.mentorship_id == one.record_id}
        return bool(by) and by <= self.parted


def carried_with(carried: Iterable[Outcome], outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return what is carried out, once these are, too."""
    now = {(*one.about, one.because, one.since): one for one in carried}
    for one in outcomes:
        key = (*one.about, one.because, one.since)
        if one.undone:
            now.pop(key, None)
        elif one.becomes in LASTING.values():
            now[key] = replace(now[key], until=one.until)
        else:
            now[key] = one
    return list(now.values())


def plan(
    line: Sequence[tuple[date, Employment]], carried: Sequence[Outcome], duties: Duties
) -> list[Outcome]:
    """Return what is to become of all that somebody has, in the order in which it is done.

    Args:
        line: their employment, as it is said now.
        carried: what was done of it before, and is not undone.
    """
    away = {(one.because, one.since): one for one in absences(line)}
    plan = _Plan(duties, gone=any(because.gone for because, _ in away))
    for one in sorted(carried, key=_in_order):
        absence = None if duties.is_parted(one) else away.get((one.because, one.since))
        lasts = one.becomes in LASTING
        if absence is None or (lasts and one.until not in (None, absence.until)):
            plan.undo(one)
        elif lasts and one.until is None and absence.until is not None:
            plan.end(one, absence.until)
        else:
            plan.keep(one)
    plan.duties = duties.theirs()
    for absence in away.values():
        plan.begin(absence)
    return plan.outcomes


def _in_order(one: Outcome) -> tuple[bool, bool, int, str, str]:
    # What lasts first: whoever is let go on is so before it is looked at what they do then. Then
    # enrolments, the one that ended last before the others: by it they are in a mentorship.
    enrolment = one.duty is Duty.MENTEE
    late = -one.on.toordinal() if enrolment else 0
    return one.becomes not in LASTING, not enrolment, late, str(one.record_id), str(one.party_id)


@dataclass(slots=True)
class _Plan:
    """What is to be done, as far as it is thought of, and what would be so then."""

    duties: Duties
    gone: bool
    outcomes: list[Outcome] = field(default_factory=list)
    kept: set[tuple[object, ...]] = field(default_factory=set)
    freed: dict[About, date] = field(default_factory=dict)
    taken: set[About] = field(default_factory=set)

    def keep(self, one: Outcome) -> None:
        """Leave it as it is."""
        self.kept.add((*one.about, one.because, one.since))

    def undo(self, one: Outcome) -> None:
        """Undo it, if that can be."""
        if one.becomes in UNDONE and self._can_be_undone(one):
            self._free(replace(one, becomes=UNDONE[one.becomes], until=None, undone=True))
        else:
            self.keep(one)

    def end(self, one: Outcome, until: date) -> None:
        """End it with the absence, unless somebody ended it before."""
        self.keep(one)
        if self._lasts_by(one):
            self._free(replace(one, becomes=LASTING[one.becomes], on=until, until=until))

    def _free(self, one: Outcome) -> None:
        self.outcomes.append(one)
        self.freed[one.about] = one.on

    def _can_be_undone(self, one: Outcome) -> bool:
        if one.becomes in LASTING:
            if one.until is None:
                return self._lasts_by(one)
            if not self._is_known(one):
                return False
            return one.becomes is Becomes.SUSPENDED or self._lasting_since(one) is None
        if one.duty is Duty.MENTEE:
            return any(
                it.restorable and not self._another_goes_on(it)
                for it in self.duties.enrolments
                if it.id == one.record_id
            )
        if one.duty is Duty.MENTORSHIP:
            if any(not self._goes_on(it) for it in self.duties.enrolments if it.id == one.party_id):
                return False
            return any(it.restorable and not self._stays_gone(it) for it in self._parties(one))
        return self._is_known(one)

    def _goes_on(self, it: Enrolled) -> bool:
        return it.active or (Duty.MENTEE, it.id, None) in self.freed

    def _another_goes_on(self, it: Enrolled) -> bool:
        """Say whether they are readmitted to its area by another enrolment of theirs."""
        parted = self.duties.parted
        return any(
            (Duty.MENTEE, other.id, None) in self.freed
            and (other.of, other.id in parted) == (it.of, it.id in parted)
            for other in self.duties.enrolments
        )

    def _is_known(self, one: Outcome) -> bool:
        """Say whether it is about anything they have: not if it is another person's by now."""
        if one.duty is Duty.MENTORSHIP:
            return any(self._parties(one))
        held = {it.id for it in self.duties.nominations} | {it.id for it in self.duties.grants}
        return one.record_id in held

    def _stays_gone(self, it: Party) -> bool:
        """Say whether a place in a mentorship that is over would be left again, on another day:
        nobody goes on in it, and nobody takes it.
        """
        return it.mentors and it.over and self.gone

    def _lasts_by(self, one: Outcome) -> bool:
        """Say whether what is so now is so by this, and may end."""
        entitled = all(it.entitled for it in self.duties.nominations if it.id == one.record_id)
        return self._lasting_since(one) == one.on and entitled

    def _lasting_since(self, one: Outcome) -> date | None:
        if one.becomes is Becomes.SUSPENDED:
            since = [it.suspended for it in self.duties.nominations if it.id == one.record_id]
        else:
            since = [it.paused for it in self._parties(one)]
        return next((day for day in since if day is not None), None)

    def _parties(self, one: Outcome) -> Iterator[Party]:
        for it in self.duties.parties:
            if it.mentorship_id == one.record_id and one.party_id in (None, it.party_id):
                yield it

    def begin(self, absence: Absence) -> None:
        """Think of what follows of an absence, but for what is done already."""
        if absence.because.gone:
            self._end_enrolments(absence)
            self._leave_teams(absence)
        else:
            self._pause(absence)
        self._suspend(absence)
        if absence.because.gone:
            self._revoke(absence)

    def _end_enrolments(self, away: Absence) -> None:
        for it in sorted(self.duties.enrolments, key=lambda it: it.id):
            about: About = (Duty.MENTEE, it.id, None)
            if not (it.active or about in self.freed):
                continue
            if not self._tell(about, Becomes.WITHDRAWN, away, it.since):
                continue
            for care in self._in(mentors=False):
                if care.party_id == it.id:
                    self._leave_care(care, away)

    def _leave_care(self, care: Party, away: Absence) -> None:
        about: About = (Duty.MENTORSHIP, care.mentorship_id, care.party_id)
        self.taken.add(about)
        alone = not care.others and not any(
            it.mentorship_id == care.mentorship_id for it in self._in(mentors=False)
        )
        self.taken.discard(about)
        last = Becomes.DECLINED if care.proposed else Becomes.CONCLUDED
        self._tell(about, last if alone else Becomes.LEFT, away, care.since)

    def _leave_teams(self, away: Absence) -> None:
        for place in self._in(mentors=True):
            becomes = Becomes.DECLINED if place.proposed else Becomes.DISENGAGED
            about: About = (Duty.MENTORSHIP, place.mentorship_id, place.party_id)
            self._tell(about, becomes, away, self.freed.get(about, place.since))

    def _pause(self, away: Absence) -> None:
        for it in [*self._in(mentors=True), *self._in(mentors=False)]:
            about: About = (Duty.MENTORSHIP, it.mentorship_id, None)
            pauses = it.paused is not None and about not in self.freed
            if not (it.proposed or it.others or pauses):
                self._tell(about, Becomes.PAUSED, away, it.since)

    def _suspend(self, away: Absence) -> None:
        for it in sorted(self.duties.nominations, key=lambda it: it.id):
            about: About = (Duty.MENTOR, it.id, None)
            if it.suspended is None or about in self.freed:
                self._tell(about, Becomes.SUSPENDED, away, it.certified_on)

    def _revoke(self, away: Absence) -> None:
        for it in sorted(self.duties.grants, key=lambda it: it.id):
            about: About = (Duty.ACCESS_GRANT, it.id, None)
            ended = it.revoked is not None and about not in self.freed
            if not ended and (it.until is None or it.until >= away.since):
                self._tell(about, Becomes.REVOKED, away, it.since)

    def _in(self, *, mentors: bool) -> list[Party]:
        """Return the mentorships that they would be in by now, on one side."""
        found = []
        for it in self.duties.parties:
            about: About = (Duty.MENTORSHIP, it.mentorship_id, it.party_id)
            here = (it.here and not it.over) or about in self.freed
            if it.mentors is mentors and here and about not in self.taken:
                found.append(it)
        return sorted(found, key=lambda it: (it.mentorship_id, it.party_id))

    def _tell(self, about: About, becomes: Becomes, away: Absence, since: date | None) -> bool:
        """Have it become that, unless it is done, or lies after the absence."""
        on = max(away.since, since or away.since)
        # Whoever takes somebody back who is gone has them leave again; who is back was taken back.
        again = away.until is None and becomes not in LASTING
        known = (*about, away.because, away.since) in self.kept and not again
        if known or about in self.taken or (away.until is not None and on >= away.until):
            return False
        duty, record_id, party_id = about
        until = away.until if becomes in LASTING else None
        self.outcomes.append(
            Outcome(
                duty=duty,
                record_id=record_id,
                party_id=party_id,
                becomes=becomes,
                on=on,
                because=away.because,
                since=away.since,
                until=until,
            )
        )
        if becomes not in LASTING or until is None:
            self.taken.add(about)
        return True
