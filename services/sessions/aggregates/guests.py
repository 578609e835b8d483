"""Guests of a session: they are there, are no parties of its mentorship, and earn nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from shared.contracts.definition import Mode
from shared.contracts.definition.visits import GuestRole
from shared.contracts.sessions.guest import GuestPresent, SessionGuestNamed
from shared.domain.errors import Departure, Refusal
from shared.domain.findings import Findings


class GuestIsAParty(Refusal):
    """Who mentors or is mentored in a session is no guest of it."""

    code = "GUEST_IS_A_PARTY"
    template = "The health worker {person} is a party of this mentorship, and no guest."
    remedy_template = "List its mentors and mentees in `present`, others in `guests`."


class GuestTwice(Refusal):
    """Nobody is there twice."""

    code = "GUEST_TWICE"
    template = "The health worker {person} is listed twice among the guests."
    remedy_template = "List everybody once, in the role they came for."


class NotSupervised(Departure):
    """Somebody sees how it is mentored, where the programme has its visits supervised."""

    code = "SESSION_NOT_SUPERVISED"
    template = "No guest supervised the session; the programme asks for one of: {roles}."
    remedy_template = "Name in `guests` who supervised it, by their role; a correction can too."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A guest: by the record that stands for them, by name, or by their role alone."""

    role: GuestRole
    health_worker_id: UUID | None = None
    name: str | None = None


def guests_of(
    visitors: Collection[Visitor], agreement: Agreement, findings: Findings
) -> tuple[GuestPresent, ...]:
    """Return the guests as a session's record has them; whoever cannot be one is found.

    GuestIsAParty, GuestTwice: as they say.
    """
    seen: set[UUID] = set()
    for visitor in visitors:
        person = visitor.health_worker_id
        if person is None:
            continue
        with findings.weighing():
            if person in agreement.people:
                raise GuestIsAParty("guests", person=agreement.name(person))
            if person in seen:
                raise GuestTwice("guests", person=agreement.name(person))
        seen.add(person)
    return tuple(
        GuestPresent(role=one.role, health_worker_id=one.health_worker_id) for one in visitors
    )


def must_be_supervised(visitors: Collection[Visitor], agreement: Agreement, mode: Mode) -> None:
    """Refuse a session in person that nobody supervised, where the programme asks for it."""
    oversight = agreement.rules.oversight
    if oversight is None or not oversight.supervised_by or mode is not Mode.IN_PERSON:
        return
    if not any(one.role in oversight.supervised_by for one in visitors):
        raise NotSupervised("guests", roles=", ".join(oversight.supervised_by))


def named(
    visitors: Collection[Visitor], mentor: UUID, facts_version: int
) -> Iterator[SessionGuestNamed]:
    """Yield the names of those who have no record, to be sealed with a mentor's key."""
    for place, visitor in enumerate(visitors):
        if visitor.name is not None:
            yield SessionGuestNamed(
                health_worker_id=mentor,
                facts_version=facts_version,
                place=place,
                name=visitor.name,
            )
