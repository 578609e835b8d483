"""People as they may be recognised: the one view of the registry that holds personal data.

It is read with the registry's own keys, stays in its database, and is asked by one question alone:
whether two records may be of one person. What is kept is folded until only likeness is left: a
name without case and accents, a phone by its digits; a number stands beside as it was written, for
it is given up as it was claimed. Who was erased is recognised no more.
"""

from collections.abc import Iterable
from uuid import UUID

from services.registry.phones import phone_of
from shared.contracts.registry.health_worker import (
    Detail,
    HealthWorkerDetailsUpdated,
    HealthWorkerIdentifiersCorrected,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
    Identifier,
)
from shared.contracts.registry.licence import (
    LicenceCorrected,
    LicenceRenewed,
    LicenceTerms,
    LicenceTold,
)
from shared.domain.folding import folded_identifier, folded_text
from shared.privacy.payload import ERASED
from shared.projection import Change, Column, Delete, Happening, Patch, Projection, Table, Upsert

PERSON = Table(
    name="known_person",
    version=5,
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
    version=4,
    key=("health_worker_id", "known_as"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "known_as": Column(type="text"),
        "value": Column(type="text"),
        "system": Column(type="text"),
        "written": Column(type="text"),
    },
    indexes=(("value",),),
)
"""The numbers a person is known by, in whatever system, and those of their licences, whose system
is the issuing body. `known_as` is what tells one of a person's from another: `as_known` of a
number, the id of a licence."""

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
    yield from _known_by(body.identifiers, at)


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
    if body.phone is not None or Detail.PHONE in body.cleared:
        yield Patch(PERSON, (at.stream,), _reached(body.phone))
    yield from _known_by(body.identifiers, at)


@PEOPLE.on(HealthWorkerIdentifiersCorrected)
def identifiers_corrected(
    body: HealthWorkerIdentifiersCorrected, at: Happening
) -> Iterable[Change]:
    """Know them by the right numbers, and by the wrong ones no more."""
    for identifier in body.wrong:
        yield Delete(IDENTIFIER, (at.stream, as_known(identifier)))
    yield from _known_by(body.right, at)


@PEOPLE.on(LicenceTold)
def licensed(body: LicenceTold, at: Happening) -> Iterable[Change]:
    """Know them by the number of a licence."""
    yield from _licensed(body.licence_id, body.terms, at)


@PEOPLE.on(LicenceRenewed)
def licence_renewed(body: LicenceRenewed, at: Happening) -> Iterable[Change]:
    """Know them by the number that it has since, and by the one before no more."""
    yield from _licensed(body.licence_id, body.terms, at)


@PEOPLE.on(LicenceCorrected)
def licence_corrected(body: LicenceCorrected, at: Happening) -> Iterable[Change]:
    """Know them by the licence as it is said now, or not by it."""
    if body.terms is None:
        yield Delete(IDENTIFIER, (at.stream, str(body.licence_id)))
    yield from _licensed(body.licence_id, body.terms, at)


def _licensed(id: UUID, terms: LicenceTerms | None, at: Happening) -> Iterable[Change]:
    if terms is not None:
        number = Identifier(system=terms.issuing_body, value=terms.number)
        yield _known(str(id), number, at)


def _reached(phone: str | None) -> dict[str, str | None]:
    found = phone_of(phone)
    return {"phone": folded_phone(phone), "calling_code": None if found is None else found.calling}


def _known_by(identifiers: Iterable[Identifier], at: Happening) -> Iterable[Change]:
    for identifier in identifiers:
        yield _known(as_known(identifier), identifier, at)


def _known(known_as: str, identifier: Identifier, at: Happening) -> Change:
    return Upsert(
        IDENTIFIER,
        (at.stream, known_as),
        {
            "value": folded_identifier(identifier.value),
            "system": identifier.system,
            "written": identifier.value,
        },
    )


def as_known(identifier: Identifier) -> str:
    """Return what tells a number of a person's from their others: its system and it, folded."""
    system, value = folded_identifier(identifier.system), folded_identifier(identifier.value)
    return f"{system}:{value}"


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
