"""Guests: who was at a session and is no party of its mentorship; they earn nothing by it."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Event, HealthWorkerId, PersonalText, happened
from shared.contracts.definition.visits import GuestRole


class Guest(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who was there: by their record, by name, or by their role alone."""

    role: Annotated[GuestRole, Meta(description="As what they came.")]
    health_worker_id: HealthWorkerId | None = None
    name: (
        Annotated[
            PersonalText, Meta(description="Who they are, where they have no record. Personal.")
        ]
        | None
    ) = None


Guests = Annotated[
    tuple[Guest, ...], Meta(max_length=50, description="Who else was there, and as what.")
]


class GuestPresent(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A guest as the session says; a name, where one was given, follows in an event of its own."""

    role: GuestRole
    health_worker_id: HealthWorkerId | None = None


GuestsPresent = Annotated[
    tuple[GuestPresent, ...], Meta(max_length=50, description="Who else was there, and as what.")
]


@happened("sessions.session.guest_named", subject="health_worker_id")
class SessionGuestNamed(Event, kw_only=True):
    """A guest without a record has a name.

    Who has no record has no key of their own: the name is sealed with that of a mentor who was
    there, and is forgotten with it.

    Attributes:
        health_worker_id: the mentor.
        facts_version: the version of the session's record that tells of the guest.
        place: of the guest among its guests, from 0.
    """

    health_worker_id: HealthWorkerId
    facts_version: Annotated[int, Meta(ge=1)]
    place: Annotated[int, Meta(ge=0)]
    name: PersonalText
