"""What ids and codes are called: looked up together, under the scope of whoever reads."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from services.gateway.projections import PROGRAMME_VERSION
from services.gateway.read.declare import models
from services.gateway.read.loader import Database, Reader
from services.gateway.read.sql import Columns
from services.gateway.telling.filling import Called
from shared.domain.phrases import Phrase
from shared.language.catalogue import translated
from shared.language.sentences import PHRASE

# What a version calls things never changes: it is published once.
_CODES = f"""
WITH version AS (
    SELECT id, programme, name, definition FROM "{PROGRAMME_VERSION.physical}" WHERE id = ANY($1)
)
SELECT id, 'programme' AS kind, programme AS code, name FROM version
 UNION ALL SELECT id, 'area', each->>'code', each->>'name'
      FROM version, jsonb_path_query(definition, '$.areas[*]') each
 UNION ALL SELECT id, 'phase', each->>'code', each->>'name'
      FROM version, jsonb_path_query(definition, '$.phases[*]') each
 UNION ALL SELECT id, 'indicator', each->>'code', each->>'name'
      FROM version, jsonb_path_query(definition, '$.indicators[*]') each
 UNION ALL SELECT id, 'step', each->>'code', each->>'name'
      FROM version, jsonb_path_query(definition, '$.certificate.approvals[*]') each
 UNION ALL SELECT id, 'competency', each->>'code', each->>'name'
      FROM version, jsonb_path_query(definition, '$.frameworks[*].competencies[*]') each
"""
_NEWEST = f"""
SELECT DISTINCT ON (programme) programme, id FROM "{PROGRAMME_VERSION.physical}"
 WHERE programme = ANY($1) ORDER BY programme, version DESC
"""


async def names_of(reader: Reader, called: Iterable[Called], language: str) -> dict[Called, str]:
    """Return what everything is called in a language, by as few statements as there are kinds."""
    by_kind: dict[str, list[Called]] = defaultdict(list)
    for each in dict.fromkeys(called):
        by_kind["code" if each.kind[0].islower() else each.kind].append(each)
    names: dict[Called, str] = {}
    for kind, wanted in by_kind.items():
        look = _LOOKS.get(kind)
        if look is not None:
            names |= await look(reader, wanted, language)
    return names


async def _people(reader: Reader, wanted: Sequence[Called], language: str) -> dict[Called, str]:
    columns = Columns(("given_names", "family_name", "number"), ())
    rows = await reader.all(models["HealthWorker"], columns, [each.id for each in wanted])
    return {each: _person(row, language) for each, row in zip(wanted, rows, strict=True)}


def _person(row: Any, language: str) -> str:
    if row is None:
        return _said(Phrase("somebody outside of your scope"), language)
    if row.given_names is not None:
        return " ".join(filter(None, (row.given_names, row.family_name)))
    if row.number is not None:
        return _said(Phrase("health worker no. {number}", number=row.number), language)
    return _said(Phrase("a health worker"), language)


def _said(phrase: Phrase, language: str) -> str:
    return translated(phrase.template, PHRASE, language).format(**phrase.params)


Look = Callable[[Reader, Sequence[Called], str], Awaitable[dict[Called, str]]]


def _through(kind: str) -> Look:
    """Return what calls an enrolment, or a mentor's record, by the person whose it is."""

    async def look(reader: Reader, wanted: Sequence[Called], language: str) -> dict[Called, str]:
        columns = Columns((), ("health_worker_id",))
        rows = await reader.all(models[kind], columns, [each.id for each in wanted])
        whose = {
            each: Called("HealthWorker", row.c_health_worker_id)
            for each, row in zip(wanted, rows, strict=True)
            if row is not None and row.c_health_worker_id is not None
        }
        people = await _people(reader, list(dict.fromkeys(whose.values())), language)
        beyond = _person(None, language)
        return {each: people[whose[each]] if each in whose else beyond for each in wanted}

    return look


def _by_fields(kind: str, template: str, *fields: str) -> Look:
    """Return what calls a thing by fields of its own; out of scope, it has no name."""

    async def look(reader: Reader, wanted: Sequence[Called], _language: str) -> dict[Called, str]:
        rows = await reader.all(models[kind], Columns(fields, ()), [each.id for each in wanted])
        return {
            each: template.format(**{name: getattr(row, name) for name in fields})
            for each, row in zip(wanted, rows, strict=True)
            if row is not None
        }

    return look


async def _codes(reader: Reader, wanted: Sequence[Called], _language: str) -> dict[Called, str]:
    # What is asked for side by side is read by one statement.
    programmes = {each.programme for each in wanted if each.programme is not None}
    newest = dict(
        zip(
            programmes,
            await asyncio.gather(*(reader.together("newest", _newest, one) for one in programmes)),
            strict=True,
        )
    )
    by = {each: each.version or newest.get(each.programme or "") for each in wanted}
    versions = {version for version in by.values() if version is not None}
    said: dict[tuple[UUID, str, str], str] = {}
    for version, names in zip(
        versions,
        await asyncio.gather(*(reader.together("codes", _by_version, one) for one in versions)),
        strict=True,
    ):
        said |= {(version, kind, code): name for kind, code, name in names}
    return {
        each: said[version, each.kind, each.id]
        for each, version in by.items()
        if version is not None and (version, each.kind, each.id) in said
    }


async def _by_version(database: Database, versions: Collection[UUID]) -> list[Any]:
    found: dict[UUID, list[tuple[str, str, str]]] = {version: [] for version in versions}
    for row in await database.fetch(_CODES, list(versions)):
        found[row["id"]].append((row["kind"], row["code"], row["name"]))
    return [found[version] for version in versions]


async def _newest(database: Database, programmes: Collection[str]) -> list[Any]:
    rows = await database.fetch(_NEWEST, list(programmes))
    found = {row["programme"]: row["id"] for row in rows}
    return [found.get(programme) for programme in programmes]


_LOOKS: dict[str, Look] = {
    "HealthWorker": _people,
    "Mentee": _through("Mentee"),
    "Mentor": _through("Mentor"),
    "OrgUnit": _by_fields("OrgUnit", "{name}", "name"),
    "Group": _by_fields("Group", "{name}", "name"),
    "Cohort": _by_fields("Cohort", "{name}", "name"),
    "ProgrammeVersion": _by_fields("ProgrammeVersion", "{name}, {version}", "name", "version"),
    "code": _codes,
}
