"""Asks the API what stands of all that a list names: many codes a request, each code once."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
from typing import Any

from mshauri.api import Api
from mshauri.importing.alike import is_written_otherwise
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known, Mentorship, Mentorships, codes_in
from mshauri.importing.naming import resolve_names
from mshauri.importing.plan import Listed
from mshauri.importing.reading.text import code_alike, folded, ways_to_write
from mshauri.importing.rows import Draft
from mshauri.importing.systems import by_own_codes
from shared.contracts.registry.org_unit_codes import OWN

PAGE = 100
AT_ONCE = 40
"""Single things a request: below the API's wall of 50 aliases."""
BESIDE = 4
"""Requests side by side."""

_UNITS = """
query Units($codes: [String!]!) {
  orgUnits(first: 100, filter: {codes: $codes}) { nodes { id code codes { system code } } }
}
"""
_PEOPLE = """
query People($numbers: [String!]!) {
  healthWorkers(first: 100, filter: {numbers: $numbers}) { nodes { id number%s } }
}
"""
_CADRES = """
query Cadres($cursor: Cursor) {
  codeListEntries(first: 100, after: $cursor, filter: {list: CADRE}) {
    nodes { code name aliases } pageInfo { hasNextPage endCursor }
  }
}
"""
_VERSIONS = """
query Versions($programme: String!, $cursor: Cursor) {
  programmeVersions(first: 100, after: $cursor, filter: {programme: $programme}) {
    nodes { id version } pageInfo { hasNextPage endCursor }
  }
}
"""
_COHORT = """
query Cohort($programme: String!, $code: String!) {
  cohorts(first: 1, filter: {programme: $programme, code: $code}) { nodes { id } }
}
"""
_MENTORSHIPS = """
query Mentorships($cohort: ID!, $cursor: Cursor) {
  mentorships(first: 100, after: $cursor, filter: {cohortId: $cohort}) {
    nodes {
      id status
      parties { side leftOn signedOn healthWorker { number } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def look_up(api: Api, listed: Listed) -> Known:
    """Return what stands of everything that the rows name.

    Raises:
        ApiFault: the API could not be reached, or the token was not accepted.
    """
    known = Known()
    await by_own_codes(api, listed)
    kind, drafts = listed.kind, listed.sound
    if kind.look_up is not None and kind.alone:
        await kind.look_up(api, listed, known)
        return known
    units, people = _codes(kind, drafts, "OrgUnit"), _codes(kind, drafts, "HealthWorker")
    await _units(api, units, known)
    await _people(api, kind, people, known)
    await _people(api, kind, _written_otherwise(kind, drafts), known)
    asked = {one for name in _asked(kind) for one in _codes(kind, drafts, "HealthWorker", name)}
    if lacking := _lacking("OrgUnit", units, known):
        await _units(api, _ways(lacking), known)
        note_written_otherwise("OrgUnit", lacking, known)
        await resolve_names(api, "OrgUnit", _lacking("OrgUnit", units, known), known)
    if lacking := _lacking("HealthWorker", asked, known):
        await _people(api, kind, _ways(lacking), known)
        note_written_otherwise("HealthWorker", lacking, known)
        await resolve_names(api, "HealthWorker", _lacking("HealthWorker", asked, known), known)
        await _people(api, kind, sorted(set(known.meant["HealthWorker"].values())), known)
    columns = kind.columns
    if "cadre" in columns and known.people:
        async for node in nodes_of(api, _CADRES, "codeListEntries"):
            for word in (node["name"], *node["aliases"]):
                known.cadres.add((folded(word), folded(node["code"])))
    if "version" in columns:
        for programme in sorted({draft.text("programme") for draft in drafts} - {""}):
            await _versions(api, programme, known)
    if "cohort" in columns:
        await _cohorts(api, drafts, known)
    if "mentorship" in columns or kind.mentorships:
        for cohort in sorted(set(known.cohorts.values())):
            known.mentorships[cohort] = Mentorships(await _mentorships(api, cohort))
    if kind.standing is not None:
        ids = (kind.standing(draft, known) for draft in drafts if not draft.errors)
        await _standing(api, listed, sorted({id for id in ids if id}), known)
    if kind.look_up is not None:
        await kind.look_up(api, listed, known)
    return known


def _lacking(ref: str, codes: Iterable[str], known: Known) -> set[str]:
    return set(codes) - known.ids[ref].keys() - known.meant[ref].keys()


def _ways(codes: Iterable[str]) -> list[str]:
    """Return how these codes may stand, in another case or as a spreadsheet writes them."""
    codes = set(codes)
    return sorted({way for code in codes for way in ways_to_write(code)} - codes)


def note_written_otherwise(ref: str, codes: Iterable[str], known: Known) -> None:
    """Note which codes stand in another case, or were taken for numbers: they are those codes.

    One that only lacks leading zeros may be another one after all: it is a candidate.
    """
    alike: dict[str, list[str]] = {}
    for stands in known.ids[ref]:
        alike.setdefault(code_alike(stands), []).append(stands)
    for code in codes:
        near = alike.get(code_alike(code), [])
        same = [stands for stands in near if is_written_otherwise(code, stands)]
        if len(same) == 1:
            known.meant[ref][code] = same[0]
        elif near:
            known.candidates[code] = tuple(near)


def _asked(kind: Kind) -> list[str]:
    """Return the columns in which somebody is named who must be known."""
    return [one.name for one in kind.columns.values() if one.ref == "HealthWorker"]


def _codes(kind: Kind, drafts: Sequence[Draft], ref: str, name: str = "") -> list[str]:
    columns = [
        one
        for one in kind.columns.values()
        if ref in (one.ref, kind.names.get(one.name)) and name in ("", one.name)
    ]
    return sorted(
        {
            code
            for draft in drafts
            for column in columns
            if column.name in draft.values
            for code in codes_in(column, draft.values[column.name])
        }
    )


def _written_otherwise(kind: Kind, drafts: Sequence[Draft]) -> list[str]:
    """Return how the numbers of the list could stand already, written in another way."""
    numbers = {draft.text(name) for draft in drafts for name in kind.names} - {""}
    ways = {way for number in numbers for way in ways_to_write(number)}
    return sorted(ways - numbers)


async def _units(api: Api, codes: Sequence[str], known: Known) -> None:
    async def ask(some: Sequence[str]) -> None:
        for node in (await api.ask(_UNITS, codes=some))["orgUnits"]["nodes"]:
            known.ids["OrgUnit"][node["code"]] = node["id"]
            # By a code that it had before it is found for ever.
            former = {one["code"] for one in node.get("codes", ()) if one["system"] == OWN}
            known.meant["OrgUnit"] |= dict.fromkeys(former - {node["code"]}, node["code"])

    await side_by_side(map(ask, _by(PAGE, codes)))


async def _people(api: Api, kind: Kind, numbers: Sequence[str], known: Known) -> None:
    """Ask who has these numbers; and of those alone, what the list has to know of them.

    The API lends by what may be answered: most numbers, and ways to write them, nobody has.
    """
    found: set[str] = set()

    async def ask(some: Sequence[str], fields: str = "") -> None:
        page = await api.ask(_PEOPLE % fields, numbers=some)
        for node in page["healthWorkers"]["nodes"]:
            found.add(node["number"])
            known.people[node["number"]] = node
            known.ids["HealthWorker"][node["number"]] = node["id"]

    await side_by_side(map(ask, _by(PAGE, numbers)))
    if kind.person:
        more = _by(PAGE, sorted(found))
        await side_by_side(ask(some, f" {kind.person}") for some in more)


async def _versions(api: Api, programme: str, known: Known) -> None:
    latest = 0
    async for node in nodes_of(api, _VERSIONS, "programmeVersions", programme=programme):
        known.versions[programme, node["version"]] = node["id"]
        if node["version"] > latest:
            latest = node["version"]
            known.versions[programme, 0] = node["id"]


async def _cohorts(api: Api, drafts: Sequence[Draft], known: Known) -> None:
    named = {(draft.text("programme"), draft.text("cohort")) for draft in drafts}
    for programme, code in sorted(one for one in named if all(one)):
        found = await api.ask(_COHORT, programme=programme, code=code)
        for node in found["cohorts"]["nodes"]:
            known.cohorts[programme, code] = node["id"]


async def _mentorships(api: Api, cohort: str) -> list[Mentorship]:
    return [
        Mentorship(
            id=node["id"],
            status=node["status"],
            mentors=_numbers(
                one for one in node["parties"] if one["side"] == "MENTOR" and one["leftOn"] is None
            ),
            mentees=_numbers(one for one in node["parties"] if one["side"] == "MENTEE"),
            signed={
                party["healthWorker"]["number"]: party["signedOn"]
                for party in node["parties"]
                if party["signedOn"] and party["healthWorker"]
            },
        )
        async for node in nodes_of(api, _MENTORSHIPS, "mentorships", cohort=cohort)
    ]


async def _standing(api: Api, listed: Listed, ids: Sequence[str], known: Known) -> None:
    """Ask which records there are; and of those alone, what the list has to know of them."""
    kind, said = listed.kind, listed.layout.read_columns
    more = " ".join(fields for name, fields in kind.compared.items() if name in said)
    whole = f"{kind.shown.rstrip().removesuffix('}')} {more} }}"
    there = f"{kind.shown.partition('{')[0]}{{ id }}"

    async def ask(some: Sequence[str], shown: str = there) -> None:
        names = [f"s{place}" for place, _ in enumerate(some)]
        asked = ", ".join(f"${name}: ID!" for name in names)
        fields = "\n".join(f"{name}: {shown % name}" for name in names)
        found = await api.ask(
            f"query Standing({asked}) {{\n{fields}\n}}", **dict(zip(names, some, strict=True))
        )
        for node in filter(None, found.values()):
            known.standing[node["id"]] = node

    await side_by_side(map(ask, _by(AT_ONCE, ids)))
    found = sorted(known.standing)
    await side_by_side(ask(some, whole) for some in _by(AT_ONCE, found))


def _numbers(people: Iterable[dict[str, Any]]) -> frozenset[str]:
    return frozenset(one["healthWorker"]["number"] for one in people if one["healthWorker"])


async def nodes_of(
    api: Api, document: str, field: str, **variables: Any
) -> AsyncIterator[dict[str, Any]]:
    """Yield every node of a connection, page after page."""
    cursor = None
    while True:
        page = (await api.ask(document, cursor=cursor, **variables))[field]
        for node in page["nodes"]:
            yield node
        if not page["pageInfo"]["hasNextPage"]:
            return
        cursor = page["pageInfo"]["endCursor"]


async def side_by_side(requests: Iterator[Coroutine[Any, Any, None]]) -> None:
    """Make some requests at a time, each when there is room for it.

    Raises:
        ApiFault: the first that one of them met; no other is begun then.
    """

    async def in_turn() -> None:
        for request in requests:
            await request

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(BESIDE):
                group.create_task(in_turn())
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


def _by(size: int, items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
