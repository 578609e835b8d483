"""Grants, and the one table that says what each role is for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from shared.contracts.registry.access_grant import Role
from shared.domain.phrases import Phrase


class Read(StrEnum):
    """What there is to read, from what anybody here may know to what few may."""

    CATALOGUE = "CATALOGUE"
    """Programmes, frameworks, org units by name: about no person, published to every holder of
    a grant, wherever it lies."""
    FIGURES = "FIGURES"
    """Counts and ratios: nobody can be told from them."""
    RECORDS = "RECORDS"
    """What happened to whom, by id and number; no personal field."""
    PERSONAL = "PERSONAL"
    """Personal fields: names, phones, identifiers."""
    AUDIT = "AUDIT"
    """Who recorded, saw and changed what, when, on which device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMeaning:
    """One line of the table of roles.

    Attributes:
        what: for whom it is, in one sentence.
        reads: what it shows within the grant's org unit and programme.
        writes: whether it may ask for the commands whose contracts name it.
        only: the records that it writes, if not all whose contracts name it.
        own: whether it reaches only the holder's own record.
        gives: the roles it may give to others, and take back, within its own reach.
        breaks_glass: whether, in an emergency, its holder may take a `BREAK_GLASS` of their own
            elsewhere in the country.
    """

    what: Phrase
    reads: frozenset[Read]
    writes: bool = False
    only: frozenset[str] = frozenset()
    own: bool = False
    gives: frozenset[Role] = frozenset()
    breaks_glass: bool = False

    def __post_init__(self) -> None:
        """What one may write is within what one may read: no line of the table can say else."""
        if self.writes and not {Read.RECORDS, Read.PERSONAL} <= self.reads:
            msg = f"a role that writes reads what it writes: {self.what}"
            raise ValueError(msg)


_FIGURES = frozenset({Read.CATALOGUE, Read.FIGURES})
_RECORDS = _FIGURES | {Read.RECORDS}
_PEOPLE = _RECORDS | {Read.PERSONAL}
_ALL = frozenset(Read)
_WORKERS = frozenset({Role.COORDINATOR, Role.MENTOR, Role.MENTEE, Role.VIEWER})

ROLES: dict[Role, RoleMeaning] = {
    Role.OPERATOR: RoleMeaning(
        what=Phrase(
            "Runs the system: everything, everywhere. Named in the settings, never by a grant."
        ),
        reads=_ALL,
        writes=True,
        gives=frozenset(Role) - {Role.OPERATOR},
    ),
    Role.ADMINISTRATOR: RoleMeaning(
        what=Phrase(
            "Keeps the registry and the programmes of a subtree, and lets others in to it."
        ),
        reads=_PEOPLE,
        writes=True,
        gives=_WORKERS | {Role.ADMINISTRATOR, Role.BREAK_GLASS},
        breaks_glass=True,
    ),
    Role.COORDINATOR: RoleMeaning(
        what=Phrase(
            "Runs cohorts, enrolments, mentorships, sessions and assessments in a subtree."
        ),
        reads=_PEOPLE,
        writes=True,
        breaks_glass=True,
    ),
    Role.MENTOR: RoleMeaning(
        what=Phrase(
            "Mentors: records sessions and assessments, in their own mentorships if the grant "
            "says so, else in a subtree."
        ),
        reads=_PEOPLE,
        writes=True,
        breaks_glass=True,
    ),
    Role.MENTEE: RoleMeaning(
        what=Phrase("Is mentored: sees, and signs, their own record."),
        reads=_PEOPLE - {Read.FIGURES},
        writes=True,
        own=True,
    ),
    Role.VIEWER: RoleMeaning(
        what=Phrase(
            "Follows a subtree for a ministry: figures and records without a name in them."
        ),
        reads=_RECORDS,
    ),
    Role.AUDITOR: RoleMeaning(
        what=Phrase(
            "Checks a subtree: reads all of it with its audit trail, and writes nothing but what "
            "came of looking into it."
        ),
        reads=_ALL,
        writes=True,
        only=frozenset({"AuditFinding", "BrokenGlass"}),
    ),
    Role.BREAK_GLASS: RoleMeaning(
        what=Phrase(
            "Reads of people elsewhere in an emergency: taken by oneself, with a reason, for some "
            "hours, noisily. Nobody is given it."
        ),
        reads=_PEOPLE - {Read.FIGURES},
    ),
}


class Grant(Struct, frozen=True, kw_only=True, gc=False):
    """A role held by a token subject.

    Attributes:
        subject: the `sub` of its holder's tokens.
        org_unit_id: over this unit and all below it; None: everywhere, unless over a group.
        group_id: over the units of this group; by itself it opens nothing, but is one grant over
            each of them on the day that is asked about (`known`).
        programme: in this programme alone, by its code; None: in all, and outside of any.
        health_worker_id: who its holder is, where they are a health worker.
        since: the first day it holds.
        until: the last day it holds; None: until it is revoked.
        own_mentorships: it reaches the holder's own mentorships alone, and the people in them.
        ends: the instant from which on it opens nothing, whatever the day; None: it goes by days.
        over_person: it reaches this health worker's record alone, who is not its holder.
    """

    subject: str
    role: Role
    org_unit_id: UUID | None = None
    group_id: UUID | None = None
    programme: str | None = None
    health_worker_id: UUID | None = None
    since: date
    until: date | None = None
    own_mentorships: bool = False
    ends: datetime | None = None
    over_person: UUID | None = None

    @property
    def own(self) -> bool:
        """Whether it reaches no more than what is the holder's own."""
        return self.own_mentorships or ROLES[self.role].own

    def holds(self, on: date) -> bool:
        """Say whether it holds on that day."""
        return self.since <= on and (self.until is None or on <= self.until)

    def lasts(self, at: datetime) -> bool:
        """Say whether its instant, if it ends at one, is not yet come. (Days are the policy's.)"""
        return self.ends is None or at < self.ends
