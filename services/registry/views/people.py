"""People as they may be recognised: the one view of the registry that holds personal data.

It is read with the registry's own keys, stays in its database, and is asked by one question alone:
whether two records may be of one person. What is kept is folded until only likeness is left: a
name without case and accents, a phone by its digits; a number stands beside as it was written, for
it is given up as it was claimed. Who was erased is recognised no more. By which keys they are
found, wherever they are posted, stands beside (`screening/keys.py`).
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.registry.phones import phone_of
from services.registry.screening import keys
from services.registry.screening.keys import Kind
from services.registry.screening.names import folded_name
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
from shared.domain.folding import folded_identifier
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
        "born": Column(type="integer", nullable=True),
    },
    indexes=(("org_unit_id",), ("phone",)),
)
"""A person's name and phone, folded, and where they are posted now; `phone` is the number within
its country, `calling_code` says which country that is, if the number did; `born` is the year."""

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
    tells_of="health_worker_id",
)
"""The numbers a person is known by, in whatever system, and those of their licences, whose system
is the issuing body. `known_as` is what tells one of a person's from another: `as_known` of a
number, the id of a licence."""

FOUND_BY = Table(
    name="found_by",
    version=1,
    key=("health_worker_id", "slot"),
    columns={
        "health_worker_id": Column(type="uuid"),
        "slot": Column(type="text"),
        "kind": Column(type="integer"),
        "key": Column(type="bigint"),
    },
    indexes=(("key", "health_worker_id"),),
    tells_of="health_worker_id",
)
"""By which keys a person is found; each thing that they are found by has slots of its own, so that
what is said of it anew takes the place of what was said before."""

PEOPLE = Projection("people", PERSON, IDENTIFIER, FOUND_BY)


@PEOPLE.on(HealthWorkerRegistered)
def registered(body: HealthWorkerRegistered, at: Happening) -> Iterable[Change]:
    """Know the person by what they were registered with."""
    yield Upsert(
        PERSON,
        (at.stream,),
        {
            "org_unit_id": body.org_unit_id,
            "name": _named(body),
            "born": body.birth_year,
            **_reached(body.phone),
        },
    )
    yield _found_at(body.org_unit_id, at)
    yield from _found(Kind.NAME, "name", keys.of_name(_named(body)), at)
    yield from _found(Kind.PHONE, "phone", keys.of_phone(folded_phone(body.phone)), at)
    yield from _known_by(body.identifiers, at)


@PEOPLE.on(HealthWorkerRenamed)
def renamed(body: HealthWorkerRenamed, at: Happening) -> Iterable[Change]:
    """Know them by what they are called now."""
    yield Patch(PERSON, (at.stream,), {"name": _named(body)})
    yield from _found(Kind.NAME, "name", keys.of_name(_named(body)), at, of=keys.PAIRS)


def _named(body: HealthWorkerRegistered | HealthWorkerRenamed) -> str | None:
    erased = ERASED in (body.given_names, body.family_name)
    return None if erased else folded_name(body.given_names, body.family_name)


@PEOPLE.on(HealthWorkerDetailsUpdated)
def details_updated(body: HealthWorkerDetailsUpdated, at: Happening) -> Iterable[Change]:
    """Know them by another phone, and by more numbers."""
    if body.phone is not None or Detail.PHONE in body.cleared:
        yield Patch(PERSON, (at.stream,), _reached(body.phone))
        # A phone that is known no more is found by nobody.
        found_by = keys.of_phone(folded_phone(body.phone))
        yield from _found(Kind.PHONE, "phone", found_by, at, of=keys.ENDS)
    if body.birth_year is not None or Detail.BIRTH_YEAR in body.cleared:
        yield Patch(PERSON, (at.stream,), {"born": body.birth_year})
    yield from _known_by(body.identifiers, at)


@PEOPLE.on(HealthWorkerIdentifiersCorrected)
def identifiers_corrected(
    body: HealthWorkerIdentifiersCorrected, at: Happening
) -> Iterable[Change]:
    """Know them by the right numbers, and by the wrong ones no more."""
    for identifier in body.wrong:
        yield from _known_no_more(as_known(identifier), at)
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
        yield from _known_no_more(str(body.licence_id), at)
    yield from _licensed(body.licence_id, body.terms, at)


def _licensed(id: UUID, terms: LicenceTerms | None, at: Happening) -> Iterable[Change]:
    if terms is not None:
        number = Identifier(system=terms.issuing_body, value=terms.number)
        yield from _known(str(id), number, at)


def _reached(phone: str | None) -> dict[str, str | None]:
    found = phone_of(phone)
    return {"phone": folded_phone(phone), "calling_code": None if found is None else found.calling}


def _known_by(identifiers: Iterable[Identifier], at: Happening) -> Iterable[Change]:
    for identifier in identifiers:
        yield from _known(as_known(identifier), identifier, at)


def _known(known_as: str, identifier: Identifier, at: Happening) -> Iterable[Change]:
    value = folded_identifier(identifier.value)
    yield Upsert(
        IDENTIFIER,
        (at.stream, known_as),
        {"value": value, "system": identifier.system, "written": identifier.value},
    )
    yield from _found(Kind.NUMBER, known_as, keys.of_number(value), at)


def _known_no_more(known_as: str, at: Happening) -> Iterable[Change]:
    yield Delete(IDENTIFIER, (at.stream, known_as))
    yield from _found(Kind.NUMBER, known_as, [], at, of=keys.ENDS)


def as_known(identifier: Identifier) -> str:
    """Return what tells a number of a person's from their others: its system and it, folded."""
    system, value = folded_identifier(identifier.system), folded_identifier(identifier.value)
    return f"{system}:{value}"


def _found_at(org_unit_id: UUID, at: Happening) -> Change:
    [change] = _found(Kind.UNIT, "unit", [keys.of_unit(org_unit_id)], at)
    return change


def _found(
    kind: Kind, what: str, found_by: Sequence[int], at: Happening, *, of: int = 0
) -> Iterable[Change]:
    """Let these keys stand in the first of what has `of` slots, and none in the others."""
    for place, key in enumerate(found_by):
        yield Upsert(FOUND_BY, (at.stream, f"{what} {place}"), {"kind": int(kind), "key": key})
    for place in range(len(found_by), of):
        yield Delete(FOUND_BY, (at.stream, f"{what} {place}"))


@PEOPLE.on(HealthWorkerTransferred)
def transferred(body: HealthWorkerTransferred, at: Happening) -> Iterable[Change]:
    """Know them where they are posted."""
    yield Patch(PERSON, (at.stream,), {"org_unit_id": body.org_unit_id})
    yield _found_at(body.org_unit_id, at)


@PEOPLE.on(HealthWorkerPostingsTold)
def postings_told(body: HealthWorkerPostingsTold, at: Happening) -> Iterable[Change]:
    """Know them where they are posted by what is said now."""
    yield Patch(PERSON, (at.stream,), {"org_unit_id": body.postings[-1].org_unit_id})
    yield _found_at(body.postings[-1].org_unit_id, at)


def folded_phone(phone: str | None) -> str | None:
    """Return the digits of a phone within its country; None where there are too few of them."""
    found = phone_of(phone)
    return None if found is None else found.national
