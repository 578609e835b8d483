"""The one policy function. Every command and every field asks it; what it does not allow is denied.

It is pure: who asks (`Actor`), what for (`Read` or `Write`), where (`Place`), on which day.
`reach` says the same thing about all places at once, for queries that must select rows by it;
`decide` is made of it, so the two cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self
from uuid import UUID

from shared.access.grants import ROLES, Grant, Read
from shared.contracts.base import Command, wire_name
from shared.contracts.registry.access_grant import Role
from shared.domain.errors import AccessDenied

GRANTS = "AccessGrant"
_OPERATOR = Role.OPERATOR  # looking a member up costs more than all the rest of a decision
POLICY = "POLICY"
"""What a command's contract names beside the roles, if a policy of the system may send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever asks: the subject of a verified token, and what they were given."""

    subject: str
    grants: tuple[Grant, ...] = ()
    operator: bool = False
    """Named in the settings (MSHAURI_OPERATORS)."""
    policy: bool = False
    """The system itself, carrying out one of its policies: it asks for commands that name them."""

    @property
    def people(self) -> frozenset[UUID]:
        """The health workers that they are, or ever were said to be: one, if grants say so."""
        return frozenset(filter(None, (grant.health_worker_id for grant in self.grants)))

    def people_on(self, day: date) -> frozenset[UUID]:
        """Return the health workers that they are by grants that hold on that day.

        Who says by a grant of yesterday who they are, opens nothing of their own today.
        """
        held = (grant.health_worker_id for grant in self.grants if grant.holds(day))
        return frozenset(filter(None, held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """The wish to record something: a command, and the roles its contract names.

    Attributes:
        conveys: the role a command on grants gives or takes; needed there, None elsewhere.

    Raises:
        ValueError: a command on grants that does not say what it conveys. (Anybody with a grant
            to give could make themselves an auditor.)
    """

    command: str
    record: str
    roles: frozenset[str]
    conveys: Role | None = None

    def __post_init__(self) -> None:
        """Refuse a command on grants whose role was forgotten."""
        if (self.record == GRANTS) != (self.conveys is not None):
            msg = f"{self.command}: commands on grants, and they alone, convey a role"
            raise ValueError(msg)

    @classmethod
    @cache
    def of(cls, command: type[Command], *, conveys: Role | None = None) -> Self:
        """Describe a command by its contract."""
        return cls(
            command=wire_name(command),
            record=command.record,
            roles=command.roles,
            conveys=conveys,
        )


Action = Read | Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an action would take effect.

    Attributes:
        path: the org unit, then its parents up to the root; empty: outside any unit, where
            only grants without a unit reach.
        programme: the programme's code; None: outside any programme, likewise.
        people: the health workers whose own record it is.
    """

    path: tuple[UUID, ...] = ()
    programme: str | None = None
    people: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All the places one grant opens: a subtree (None: everywhere), a programme (None: all), a
    person's own record (None: anybody's), with that of the people in their mentorships, if `care`.
    """

    org_unit_id: UUID | None = None
    programme: str | None = None
    person: UUID | None = None
    care: bool = False

    def covers(self, place: Place) -> bool:
        """Say whether the place lies within."""
        return (
            (self.org_unit_id is None or self.org_unit_id in place.path)
            and (self.programme is None or self.programme == place.programme)
            and (self.person is None or self.person in place.people)
        )


EVERYWHERE = Reach()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, and by or for want of what: a sentence for the audit trail."""

    allowed: bool
    reason: str


def reach(actor: Actor, action: Action, on: date) -> tuple[Reach, ...]:
    """Return the places where `actor` may do `action` on that day; nothing means nowhere."""
    if actor.operator:
        return (EVERYWHERE,) if _allows(_OPERATOR, action) else ()
    if actor.policy:
        return (EVERYWHERE,) if isinstance(action, Write) and POLICY in action.roles else ()
    return tuple(
        EVERYWHERE if action is Read.CATALOGUE else _reach_of(grant, action)
        for grant in actor.grants
        if _counts(grant, actor, on) and _allows(grant.role, action)
    )


def decide(actor: Actor, action: Action, place: Place, on: date) -> Decision:
    """Decide whether `actor` may do `action` at `place` on that day."""
    for reached in reach(actor, action, on):
        if reached.covers(place):
            return Decision(True, _granted(actor, reached))
    if not actor.grants:
        return Decision(False, f"{actor.subject} holds no grant")
    if not any(_counts(grant, actor, on) for grant in actor.grants):
        return Decision(False, f"{actor.subject} holds no grant on {on}")
    if not reach(actor, action, on):
        return Decision(False, f"no role of {actor.subject} allows {name_of(action)}")
    return Decision(False, f"{name_of(action)} is outside what {actor.subject} was given")


def may_break_glass(
    actor: Actor, country: UUID | None, countries: Mapping[UUID, UUID], on: date
) -> bool:
    """Say whether somebody may take a `BREAK_GLASS` where they hold no grant: who holds one that
    day, somewhere in the same country, of a role that reads of people to do their work.

    Args:
        country: the root above the place.
        countries: the roots above the units of the actor's grants.
    """
    return actor.operator or any(
        _counts(grant, actor, on)
        and ROLES[grant.role].breaks_glass
        and (
            grant.org_unit_id is None
            or (country is not None and countries.get(grant.org_unit_id) == country)
        )
        for grant in actor.grants
    )


def must(actor: Actor, action: Action, place: Place, on: date) -> Decision:
    """Return the decision that allows it.

    Raises:
        AccessDenied: it is not allowed; the error names the roles that would do.
    """
    decision = decide(actor, action, place, on)
    if not decision.allowed:
        raise AccessDenied(
            actor=actor.subject, action=name_of(action), roles=", ".join(roles_for(action))
        )
    return decision


def roles_for(action: Action) -> list[Role]:
    """Return the roles that may be granted and allow the action somewhere, in the table's order."""
    return [role for role in ROLES if role is not Role.OPERATOR and _allows(role, action)]


def name_of(action: Action) -> str:
    """Return what an action is called in an answer: `menteeEnrol`, or `read PERSONAL`."""
    return action.command if isinstance(action, Write) else f"read {action.value}"


def _allows(role: Role, action: Action) -> bool:
    meaning = ROLES[role]
    if isinstance(action, Read):
        return action in meaning.reads
    if not meaning.writes or (meaning.only and action.record not in meaning.only):
        return False
    if action.record == GRANTS and action.conveys not in meaning.gives:
        return False
    return role is _OPERATOR or role.value in action.roles


def _counts(grant: Grant, actor: Actor, on: date) -> bool:
    # An operator is never made by a grant: whoever could give it would be one. A grant over one's
    # own record that does not say who one is opens nothing, nor does one over a group that nobody
    # has told the units of.
    return (
        grant.subject == actor.subject
        and grant.role is not _OPERATOR
        and grant.group_id is None
        and grant.holds(on)
        and (grant.health_worker_id is not None or not grant.own)
    )


def _reach_of(grant: Grant, action: Action) -> Reach:
    # Nobody can be told from a figure: it needs no record of one's own.
    own = grant.own and action is not Read.FIGURES
    return Reach(
        org_unit_id=grant.org_unit_id,
        programme=grant.programme,
        person=grant.health_worker_id if own else grant.over_person,
        care=own and grant.own_mentorships,
    )


def _granted(actor: Actor, reached: Reach) -> str:
    if actor.operator:
        return f"{actor.subject} is an operator"
    if actor.policy:
        return f"{actor.subject} is a policy of the system"
    where = "everywhere" if reached.org_unit_id is None else f"over {reached.org_unit_id}"
    return f"{actor.subject} was given it {where}"
