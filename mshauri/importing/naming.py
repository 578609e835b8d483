"""Finds whom and what a list calls by name, where it should have a number or a code.

A name is taken where one alone bears it. Of several, or of one that is only much like it, the list
is asked: people are named to it by their numbers, and by nothing personal.
"""

from collections.abc import Collection, Sequence
from typing import Any

from mshauri.api import Api, ApiFault
from mshauri.importing.errors import NAMED
from mshauri.importing.known import Known
from mshauri.importing.reading.text import says_something
from shared.domain.folding import folded_text

AT_ONCE = 10
MOST = 1_000
"""Names that are looked for in one list: more of them are no slips."""
_KINDS = {"OrgUnit": "ORG_UNIT", "HealthWorker": "HEALTH_WORKER"}
_HIT = """ {
  nodes { matched found { ... on OrgUnit { id code name } ... on HealthWorker { id number } } }
}"""
_LONGEST, _WORDS = 200, 6
NOT_SEARCHED_FOR = "MALFORMED"
"""What the API says of a text that has too many words, as it parts them, or too few letters."""


async def resolve_names(api: Api, ref: str, names: Collection[str], known: Known) -> None:
    """Look for what bears these names; note what each means, or may mean."""
    wanted = sorted(name for name in names if _can_be_looked_for(name))[:MOST]
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for name, hits in (await _hits(api, ref, some)).items():
            _note(ref, name, hits, known)


async def _hits(api: Api, ref: str, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what the API finds by each name; by one that it does not search for, nothing."""
    asked = ", ".join(f"$n{place}: String!" for place, _ in enumerate(names))
    fields = "\n".join(
        f"n{place}: search(text: $n{place}, first: {NAMED}, kinds: [{_KINDS[ref]}]){_HIT}"
        for place, _ in enumerate(names)
    )
    variables = {f"n{place}": name for place, name in enumerate(names)}
    try:
        found = await api.ask(f"query Named({asked}) {{\n{fields}\n}}", **variables)
    except ApiFault as fault:
        if fault.code in ("UNAVAILABLE", "UNAUTHENTICATED"):
            raise
        if fault.code != NOT_SEARCHED_FOR:
            return {}  # an API that does not search: what has no code stays unknown
        # It says so of the whole request: the others may be names.
        alone = [await _hits(api, ref, [name]) for name in names] if len(names) > 1 else []
        return {name: hits for one in alone for name, hits in one.items()}
    return {name: found[f"n{place}"]["nodes"] for place, name in enumerate(names)}


def _can_be_looked_for(name: str) -> bool:
    """Say whether it is a name: what has a digit is a code that nobody has."""
    digits = any(sign.isdigit() for sign in name) and " " not in name
    short = len(name) > _LONGEST or len(name.split()) > _WORDS
    return says_something(name) and not digits and not short and len(name) > 1


def _note(ref: str, name: str, hits: Sequence[dict[str, Any]], known: Known) -> None:
    exact = {_code(hit): hit for hit in hits if _is_the_name(hit, name) and _code(hit)}
    if len(exact) == 1:
        ((code, hit),) = exact.items()
        known.meant[ref][name] = code
        known.ids[ref][code] = hit["found"]["id"]
        return
    near = [_named(hit) for hit in (exact.values() or hits) if _code(hit)]
    known.candidates[name] = tuple(dict.fromkeys(near))[:NAMED]


def _is_the_name(hit: dict[str, Any], name: str) -> bool:
    """Say whether what was met is all of the name, in whichever order its words are."""
    return sorted(folded_text(hit["matched"]).split()) == sorted(
        folded_text(name.replace(",", " ")).split()
    )


def _code(hit: dict[str, Any]) -> str:
    found = hit["found"]
    return found.get("code") or found.get("number") or ""


def _named(hit: dict[str, Any]) -> str:
    name = hit["found"].get("name")
    return f"{name} ({_code(hit)})" if name else _code(hit)
