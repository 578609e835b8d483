"""Health workers as they are, and where each of them was posted since when."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.projections.columns import (
    DATE,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.base import Event
from shared.contracts.registry.employment import Employment
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    Detail,
    HealthWorkerCadreChanged,
    HealthWorkerCadresTold,
    HealthWorkerDetailsUpdated,
    HealthWorkerIdentifiersCorrected,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
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
    LicenceWithdrawn,
)
from shared.contracts.registry.second_posting import (
    SecondPosting,
    SecondPostingBegun,
    SecondPostingEnded,
    SecondPostingsTold,
)
from shared.domain.folding import folded_identifier
from shared.projection import Change, Delete, Happening, Patch, Projection, Table, Upsert

HEALTH_WORKER = Table(
    name="health_worker",
    version=4,
    key=("id",),
    columns={
        "id": ID,
        "number": maybe(TEXT),
        "given_names": TEXT,
        "family_name": TEXT,
        "phone": maybe(TEXT),
        "email": maybe(TEXT),
        "sex": maybe(TEXT),
        "birth_year": maybe(INTEGER),
        "qualification": maybe(TEXT),
        "employer": maybe(TEXT),
        "cadre": TEXT,
        "languages": TEXTS,
        "merged_into_id": maybe(ID),
        "org_unit_id": ID,
        "since": DATE,
        "employment": TEXT,
        "employment_since": maybe(DATE),
        "expected_return": maybe(DATE),
        **RECORD,
    },
    indexes=(
        ("number",),
        ("family_name", "given_names", "id"),
        ("org_unit_id", "family_name", "given_names", "id"),
        ("cadre", "family_name", "given_names", "id"),
        ("merged_into_id",),
        ("employment", "family_name", "given_names", "id"),
    ),
)
"""`org_unit_id` is where they are posted now, `since` that day; `merged_into_id` is the record that
stands for this person instead of this one. `employment` is how they stand to the service since a
day, which is empty for who was in service all along; see `employment.py`. Built after the person's
key was erased, names read `shared.privacy.payload.ERASED`; phone, e-mail, sex, year of birth,
qualification and employer are empty."""

PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"
"""The kinds of postings: one line of primary ones, and any number beside it."""

AT_FIRST = UUID(int=0)
"""What stands in `slot` of a primary posting: there is one at a time, wherever it is."""

POSTING = Table(
    name="posting",
    version=2,
    key=("health_worker_id", "since", "slot"),
    columns={
        "health_worker_id": ID,
        "since": DATE,
        "slot": ID,
        "org_unit_id": ID,
        "kind": TEXT,
        "until": maybe(DATE),
    },
    indexes=(("org_unit_id", "since"), ("health_worker_id", "kind", "since")),
)
"""Each posting a health worker had. A PRIMARY one goes until the day of their next PRIMARY row, and
its `until` is empty; a SECONDARY one until `until`, the first day without it, if it ended. `slot`
is its unit, so that several may begin on one day."""

PERSON_IDENTIFIER = Table(
    name="person_identifier",
    version=1,
    key=("health_worker_id", "system_folded", "value_folded"),
    columns={
        "health_worker_id": ID,
        "system_folded": TEXT,
        "value_folded": TEXT,
        "system": TEXT,
        "value": TEXT,
    },
    indexes=(("value_folded",),),
    tells_of="health_worker_id",
)
"""The numbers that a person is known by in other systems; personal, all of it."""

LICENCE = Table(
    name="licence",
    version=1,
    key=("licence_id",),
    columns={
        "licence_id": ID,
        "health_worker_id": ID,
        "issuing_body": maybe(TEXT),
        "number": maybe(TEXT),
        "number_folded": maybe(TEXT),
        "valid_from": maybe(DATE),
        "valid_until": maybe(DATE),
        "withdrawn_on": maybe(DATE),
        "told": INTEGER,
    },
    indexes=(("health_worker_id", "told", "licence_id"), ("number_folded",), ("valid_until",)),
)
"""Licences as they were told last; `told` is the record's version when each came up. Built after
the person was erased, all that it says is empty."""

NO_NAME = ""
"""What stands for the family name of who has one name, so that they are sorted first."""

HEALTH_WORKERS = Projection("health_workers", HEALTH_WORKER, POSTING, PERSON_IDENTIFIER, LICENCE)


@HEALTH_WORKERS.on(HealthWorkerRegistered)
def registered(event: HealthWorkerRegistered, happening: Happening) -> Iterator[Change]:
    """Show a health worker, at their first posting."""
    yield Upsert(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {
            "number": event.number,
            "given_names": event.given_names,
            "family_name": event.family_name or NO_NAME,
            "phone": event.phone,
            "email": event.email,
            "sex": event.sex and event.sex.value,
            "birth_year": event.birth_year,
            "qualification": event.qualification,
            "employer": event.employer,
            "cadre": event.cadre,
            "languages": event.languages,
            "org_unit_id": event.org_unit_id,
            "since": event.since,
            "employment": Employment.ACTIVE.value,
            **record(happening),
        },
    )
    yield _primary(event.health_worker_id, event.since, event.org_unit_id)
    yield from _known_by(event.health_worker_id, event.identifiers)


@HEALTH_WORKERS.on(HealthWorkerTransferred)
def transferred(event: HealthWorkerTransferred, happening: Happening) -> Iterator[Change]:
    """Show the health worker at their new posting, and keep the day they went there."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"org_unit_id": event.org_unit_id, "since": event.since, **record(happening)},
    )
    yield _primary(event.health_worker_id, event.since, event.org_unit_id)


@HEALTH_WORKERS.on(HealthWorkerPostingsTold)
def postings_told(event: HealthWorkerPostingsTold, happening: Happening) -> Iterator[Change]:
    """Show every posting as it is said now."""
    for day in event.removed:
        yield Delete(POSTING, (event.health_worker_id, day, AT_FIRST))
    for one in event.postings:
        yield _primary(event.health_worker_id, one.since, one.org_unit_id)
    now = event.postings[-1]
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"org_unit_id": now.org_unit_id, "since": now.since, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerCadresTold)
def cadres_told(event: HealthWorkerCadresTold, happening: Happening) -> Iterator[Change]:
    """Show what they are trained as by what is said now."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"cadre": event.cadres[-1].cadre, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerRenamed)
def renamed(event: HealthWorkerRenamed, happening: Happening) -> Iterator[Change]:
    """Show what they are called now."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {
            "given_names": event.given_names,
            "family_name": event.family_name or NO_NAME,
            **record(happening),
        },
    )


@HEALTH_WORKERS.on(HealthWorkerCadreChanged)
def cadre_changed(event: HealthWorkerCadreChanged, happening: Happening) -> Iterator[Change]:
    """Show what they are trained as now."""
    yield Patch(
        HEALTH_WORKER, (event.health_worker_id,), {"cadre": event.cadre, **record(happening)}
    )


@HEALTH_WORKERS.on(HealthWorkerDetailsUpdated)
def details_updated(event: HealthWorkerDetailsUpdated, happening: Happening) -> Iterator[Change]:
    """Show how they are reached now, what they speak, and what else is told of them."""
    told = {
        Detail.PHONE: event.phone,
        Detail.EMAIL: event.email,
        Detail.LANGUAGES: event.languages,
        Detail.SEX: event.sex and event.sex.value,
        Detail.BIRTH_YEAR: event.birth_year,
        Detail.QUALIFICATION: event.qualification,
        Detail.EMPLOYER: event.employer,
    }
    new = {
        detail.value.lower(): value
        for detail, value in told.items()
        if value or detail in event.cleared
    }
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), {**new, **record(happening)})
    yield from _known_by(event.health_worker_id, event.identifiers)


@HEALTH_WORKERS.on(HealthWorkerIdentifiersCorrected)
def identifiers_corrected(
    event: HealthWorkerIdentifiersCorrected, happening: Happening
) -> Iterator[Change]:
    """Show the right numbers in place of the wrong ones."""
    for one in event.wrong:
        yield Delete(PERSON_IDENTIFIER, _identifier_key(event.health_worker_id, one))
    yield from _known_by(event.health_worker_id, event.right)
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


def _known_by(person: UUID, identifiers: Iterable[Identifier]) -> Iterator[Change]:
    for one in identifiers:
        shown = {"system": one.system, "value": one.value}
        yield Upsert(PERSON_IDENTIFIER, _identifier_key(person, one), shown)


def _identifier_key(person: UUID, one: Identifier) -> tuple[UUID, str, str]:
    return (person, folded_identifier(one.system), folded_identifier(one.value))


@HEALTH_WORKERS.on(LicenceTold)
def licence_told(event: LicenceTold, happening: Happening) -> Iterator[Change]:
    """Show a licence."""
    new = {"told": happening.version, "health_worker_id": event.health_worker_id}
    yield Upsert(LICENCE, (event.licence_id,), {**new, **_terms(event.terms)})
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


@HEALTH_WORKERS.on(LicenceRenewed)
def licence_renewed(event: LicenceRenewed, happening: Happening) -> Iterator[Change]:
    """Show by which terms it holds now."""
    yield Patch(LICENCE, (event.licence_id,), _terms(event.terms))
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


@HEALTH_WORKERS.on(LicenceWithdrawn)
def licence_withdrawn(event: LicenceWithdrawn, happening: Happening) -> Iterator[Change]:
    """Show since when it is withdrawn."""
    yield Patch(LICENCE, (event.licence_id,), {"withdrawn_on": event.withdrawn_on})
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


@HEALTH_WORKERS.on(LicenceCorrected)
def licence_corrected(event: LicenceCorrected, happening: Happening) -> Iterator[Change]:
    """Show it as it is said now; nothing, if they never had it."""
    if event.given_up:
        yield Delete(LICENCE, (event.licence_id,))
    else:
        now = {**_terms(event.terms), "withdrawn_on": event.withdrawn_on}
        yield Patch(LICENCE, (event.licence_id,), now)
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


def _terms(terms: LicenceTerms | None) -> dict[str, Any]:
    return {
        "issuing_body": terms and terms.issuing_body,
        "number": terms and terms.number,
        "number_folded": terms and folded_identifier(terms.number),
        "valid_from": terms and terms.valid_from,
        "valid_until": terms and terms.valid_until,
    }


@HEALTH_WORKERS.on(SecondPostingBegun)
def second_posting_begun(event: SecondPostingBegun, happening: Happening) -> Iterator[Change]:
    """Show where they work besides."""
    one = SecondPosting(org_unit_id=event.org_unit_id, since=event.since)
    yield _second(event.health_worker_id, one)
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


@HEALTH_WORKERS.on(SecondPostingEnded)
def second_posting_ended(event: SecondPostingEnded, happening: Happening) -> Iterator[Change]:
    """Show until when they worked there."""
    one = SecondPosting(org_unit_id=event.org_unit_id, since=event.since, until=event.until)
    yield _second(event.health_worker_id, one)
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


@HEALTH_WORKERS.on(SecondPostingsTold)
def second_postings_told(event: SecondPostingsTold, happening: Happening) -> Iterator[Change]:
    """Show them all as they are said now."""
    for one in event.removed:
        yield Delete(POSTING, (event.health_worker_id, one.since, one.org_unit_id))
    for one in event.postings:
        yield _second(event.health_worker_id, one)
    yield Patch(HEALTH_WORKER, (event.health_worker_id,), record(happening))


def _primary(person: UUID, since: date, unit: UUID) -> Change:
    values = {"org_unit_id": unit, "kind": PRIMARY, "until": None}
    return Upsert(POSTING, (person, since, AT_FIRST), values)


def _second(person: UUID, one: SecondPosting) -> Change:
    values = {"org_unit_id": one.org_unit_id, "kind": SECONDARY, "until": one.until}
    return Upsert(POSTING, (person, one.since, one.org_unit_id), values)


@HEALTH_WORKERS.on(HealthWorkerMergedInto)
def merged_into(event: HealthWorkerMergedInto, happening: Happening) -> Iterator[Change]:
    """Show which record stands for the person."""
    yield Patch(
        HEALTH_WORKER,
        (event.health_worker_id,),
        {"merged_into_id": event.into_id, **record(happening)},
    )


@HEALTH_WORKERS.on(HealthWorkerMergeReversed)
def merge_reversed(event: HealthWorkerMergeReversed, happening: Happening) -> Iterator[Change]:
    """Let the record stand for itself again."""
    yield Patch(
        HEALTH_WORKER, (event.health_worker_id,), {"merged_into_id": None, **record(happening)}
    )


@HEALTH_WORKERS.on(AliasTaken, AliasGivenUp)
def alias_changed(_event: Event, happening: Happening) -> Iterator[Change]:
    """Keep the record's version: the other record shows whom it is an alias of."""
    yield Patch(HEALTH_WORKER, (happening.stream,), record(happening))
