"""By what people and places are found: every name they had, and the numbers they are known by.

A name is a row of its own, at the version of the record that told it, for a fold cannot look at
the one before it: people are found by what they were called before a marriage, and not by what was
written down wrongly, which is the row right before one that is `corrected`. Whose record was
merged, and what became of a closed unit, is looked up where these rows are read.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import phonenumbers

from services.gateway.projections.columns import BOOLEAN, ID, INTEGER, TEXT, TEXTS
from shared.contracts.registry.health_worker import (
    Detail,
    HealthWorkerDetailsUpdated,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
)
from shared.contracts.registry.org_unit import OrgUnitEstablished, OrgUnitRenamed
from shared.domain.folding import folded_identifier
from shared.domain.spelling import keys_of, words_of
from shared.privacy.payload import ERASED
from shared.projection import Change, Delete, Happening, Projection, Table, Upsert


def _by_keys(table: str) -> str:
    """Return the SQL of the index that finds a name by its keys.

    Without its list of what is still to be sorted in, which every search would read through.
    """
    return f'CREATE INDEX "{table}_keys_idx" ON "{table}" USING gin (keys) WITH (fastupdate = off);'


PERSON_NAME = Table(
    name="person_name",
    version=1,
    key=("health_worker_id", "told"),
    columns={
        "health_worker_id": ID,
        "told": INTEGER,
        "name": TEXT,
        "words": TEXTS,
        "keys": TEXTS,
        "corrected": BOOLEAN,
    },
    beside=_by_keys("person_name_v1"),
    tells_of="health_worker_id",
)
"""What somebody is or was called: of who was erased before it was built, nothing. `corrected`: the
name before it never was theirs."""

PERSON_NUMBER = Table(
    name="person_number",
    version=1,
    key=("health_worker_id", "kind"),
    columns={
        "health_worker_id": ID,
        "kind": TEXT,
        "shown": TEXT,
        "folded": TEXT,
    },
    indexes=(("folded",),),
    tells_of="health_worker_id",
)
"""What of a person there is one of: a NUMBER, which is public, a PHONE and an EMAIL, which are
personal. It is `shown` as it was recorded, and compared `folded`. Identifiers and licences are
found where they stand, in tables of their own."""

PLACE_NAME = Table(
    name="place_name",
    version=1,
    key=("org_unit_id", "told"),
    columns={"org_unit_id": ID, "told": INTEGER, "name": TEXT, "words": TEXTS, "keys": TEXTS},
    beside=_by_keys("place_name_v1"),
)
"""What a unit is or was called."""

FINDING = Projection("finding", PERSON_NAME, PERSON_NUMBER, PLACE_NAME)


@FINDING.on(HealthWorkerRegistered)
def registered(event: HealthWorkerRegistered, happening: Happening) -> Iterator[Change]:
    """Let a health worker be found by what they are registered with."""
    yield from _called(event, happening, corrected=False)
    if event.number is not None:
        yield _known(event, "NUMBER", event.number, folded_identifier(event.number))
    yield from _reached(event)


@FINDING.on(HealthWorkerRenamed)
def renamed(event: HealthWorkerRenamed, happening: Happening) -> Iterator[Change]:
    """Let them be found by another name, too; by the one before no more, where that was wrong."""
    yield from _called(event, happening, corrected=event.corrected)


@FINDING.on(HealthWorkerDetailsUpdated)
def details_updated(event: HealthWorkerDetailsUpdated, _happening: Happening) -> Iterator[Change]:
    """Let them be found by how they are reached now, and not by what is told no more."""
    for detail in (Detail.PHONE, Detail.EMAIL):
        if detail in event.cleared:
            yield Delete(PERSON_NUMBER, (event.health_worker_id, detail.value))
    yield from _reached(event)


@FINDING.on(OrgUnitEstablished)
def established(event: OrgUnitEstablished, happening: Happening) -> Iterator[Change]:
    """Let a unit be found by its name and its code."""
    yield _place(event.name, happening)


@FINDING.on(OrgUnitRenamed)
def unit_renamed(event: OrgUnitRenamed, happening: Happening) -> Iterator[Change]:
    """Let it be found by its new name, too."""
    yield _place(event.name, happening)


_FEWEST_DIGITS = 7
_LONGEST_NATIONAL = 10
"""Digits within a country; what has more begins with the country's calling code."""

_PHONE = re.compile(r"\+?[\d\s().\-/]+")


def folded_phone(text: str) -> str | None:
    """Return the digits of a phone within its country, without the zero dialled before them: one
    form for `0722 123 456` and `+254722123456`. None for what is no phone.
    """
    if not _PHONE.fullmatch(text.strip()):
        return None
    digits = "".join(str(int(sign)) for sign in text if sign.isdecimal())
    abroad = text.lstrip().startswith("+") or digits.startswith("00")
    if abroad or (len(digits) > _LONGEST_NATIONAL and not digits.startswith("0")):
        with suppress(phonenumbers.NumberParseException):  # of no country: compared as it is
            digits = str(phonenumbers.parse(f"+{digits.lstrip('0')}").national_number)
    digits = digits.lstrip("0")
    return digits if len(digits) >= _FEWEST_DIGITS else None


def _called(
    event: HealthWorkerRegistered | HealthWorkerRenamed, happening: Happening, *, corrected: bool
) -> Iterator[Change]:
    if ERASED in (event.given_names, event.family_name):
        return
    name = " ".join(filter(None, (event.given_names, event.family_name)))
    key = (event.health_worker_id, happening.version)
    yield Upsert(PERSON_NAME, key, {**_spelt(name), "corrected": corrected})


def _place(name: str, happening: Happening) -> Upsert:
    return Upsert(PLACE_NAME, (happening.stream, happening.version), _spelt(name))


def _spelt(name: str) -> dict[str, Any]:
    words = words_of(name)
    return {"name": name, "words": words, "keys": keys_of(words)}


def _reached(event: HealthWorkerRegistered | HealthWorkerDetailsUpdated) -> Iterator[Change]:
    # What is said last takes the place of what was said before.
    if event.phone is not None:
        folded = folded_phone(event.phone) or folded_identifier(event.phone)
        yield _known(event, "PHONE", event.phone, folded)
    if event.email is not None:
        yield _known(event, "EMAIL", event.email, folded_identifier(event.email))


def _known(
    event: HealthWorkerRegistered | HealthWorkerDetailsUpdated, kind: str, shown: str, folded: str
) -> Upsert:
    key = (event.health_worker_id, kind)
    return Upsert(PERSON_NUMBER, key, {"shown": shown, "folded": folded})
