"""People as they may be recognised: the one view of the registry that holds personal data.

It is read with the registry's own keys, stays in its database, and is asked by one question alone:
whether two records may be of one person. What is kept is folded until only likeness is left: a
name without case and accents, a phone by its digits. Who was erased is recognised no more.
"""

from collections.abc import Iterable

from services.registry.phones import phone_of
from shared.contracts.registry.health_worker import (
    HealthWorkerDetailsUpdated,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
    Identifier,
)
from shared.domain.folding import folded_identifier, folded_text
from shared.privacy.payload import ERASED
from shared.projection import Change, Column, Happening, Patch, Projection, Table, Upsert

PERSON = Table(
    name="known_person",
    version=4,
    key=("id",),
    columns={
        "id": Column(type="uuid"),
        "org_unit_id": Column(type="uuid"),
        "name": Column(type="text", nullable=True),
        "phone": Column(type="text", nullable=True),
        "calling_code": Column(type="text", nullable=True),
    },
    indexes=(("org_unit_id",), ("phone",)),
)
"""A person's name and phone, folded, and where they are posted now; `phone` is the number within
its country, `calling_code` says which country that is, if the number did."""

IDENTIFIER = Table(
    name="known_identifier",
    version=3,
    key=("health_worker_id", "place"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "place": Column(type="integer"),
        "value": Column(type="text"),
    },
    indexes=(("value",),),
)
"""The numbers a person is known by, in whatever system, each at a place of its own."""

MOST_IDENTIFIERS = 10
"""Numbers that an event tells at most."""

PEOPLE = Projection("people", PERSON, IDENTIFIER)


@PEOPLE.on(HealthWorkerRegistered)
def registered(body: HealthWorkerRegistered, at: Happening) -> Iterable[Change]:
    """Know the person by what they were registered with."""
    yield Upsert(
        PERSON,
        (at.stream,),
        {
            "org_unit_id": body.org_unit_id,
            "name": _named(body),
            **_reached(body.phone),
        },
    )
    yield from _known_by(body.identifiers, at, 0)


@PEOPLE.on(HealthWorkerRenamed)
def renamed(body: HealthWorkerRenamed, at: Happening) -> Iterable[Change]:
    """Know them by what they are called now."""
    yield Patch(PERSON, (at.stream,), {"name": _named(body)})


def _named(body: HealthWorkerRegistered | HealthWorkerRenamed) -> str | None:
    erased = ERASED in (body.given_names, body.family_name)
    return None if erased else folded_name(body.given_names, body.family_name)


@PEOPLE.on(HealthWorkerDetailsUpdated)
def details_updated(body: HealthWorkerDetailsUpdated, at: Happening) -> Iterable[Change]:
    """Know them by another phone, and by more numbers."""
    if body.phone is not None:
        yield Patch(PERSON, (at.stream,), _reached(body.phone))
    # No two events have a version in common: no number takes the place of another.
    yield from _known_by(body.identifiers, at, at.version * MOST_IDENTIFIERS)


def _reached(phone: str | None) -> dict[str, str | None]:
    found = phone_of(phone)
    return {"phone": folded_phone(phone), "calling_code": None if found is None else found.calling}


def _known_by(identifiers: Iterable[Identifier], at: Happening, first: int) -> Iterable[Change]:
    for place, identifier in enumerate(identifiers, first):
        value = folded_identifier(identifier.value)
        yield Upsert(IDENTIFIER, (at.stream, place), {"value": value})


@PEOPLE.on(HealthWorkerTransferred)
def transferred(body: HealthWorkerTransferred, at: Happening) -> Iterable[Change]:
    """Know them where they are posted."""
    yield Patch(PERSON, (at.stream,), {"org_unit_id": body.org_unit_id})


@PEOPLE.on(HealthWorkerPostingsTold)
def postings_told(body: HealthWorkerPostingsTold, at: Happening) -> Iterable[Change]:
    """Know them where they are posted by what is said now."""
    yield Patch(PERSON, (at.stream,), {"org_unit_id": body.postings[-1].org_unit_id})


def folded_name(given_names: str, family_name: str | None) -> str:
    """Return a name without case, accents and hyphens: `Désiré Jean-Paul` is `desire jean paul`."""
    plain = folded_text(f"{given_names} {family_name or ''}")
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def folded_phone(phone: str | None) -> str | None:
    """Return the digits of a phone within its country; None where there are too few of them."""
    found = phone_of(phone)
    return None if found is None else found.national
