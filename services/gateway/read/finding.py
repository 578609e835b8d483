"""Finding people and places by what they are called and known by: one statement, scope inside.

Whoever may not read a name is found by no name: the condition that says who may read it stands
where names are compared, before anything is ranked or counted. What is public, a number or a code,
finds whoever may be seen at all. The rank of a row is made of that row alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.gateway.projections import ORG_UNIT_CODE, PERSON_NAME, PLACE_NAME
from services.gateway.projections.ancestors import NAME as ANCESTORS
from services.gateway.read.below import below
from services.gateway.read.declare import models
from services.gateway.read.naming import NEXT, THEIRS, meets, numbers
from services.gateway.read.scope import Scopes
from services.gateway.read.sql import COUNTED, Statement, in_scope, may_see_personal
from shared.access.grants import Read
from shared.domain.folding import folded_identifier
from shared.domain.spelling import Term, terms_of

PERSON, PLACE = "HealthWorker", "OrgUnit"

_SAME, _BEGINS, _INITIAL, _NEAR, _SOUNDS = 80, 65, 55, 50, 30
"""Points of a word by how it meets; a name's are their mean, out of 100 with what follows."""

_WHOLE = 10
"""More for a name that has no words beside those that were searched for."""

_NUMBER = 100
_FORMER = 5
_LED = 10
"""Fewer for a former name, and for what is found through a unit that was closed, or with the place
where somebody works."""

_MEANT = 200
"""Places that are meant by one name at most, where it stands beside a person's."""

_LONGEST_LINE = 20
"""Units that one may lead to another: split, merged, split again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is searched for.

    Attributes:
        text: as somebody typed it.
        kinds: of PERSON and PLACE.
        under: at this unit, or at one below it; None: anywhere.
    """

    text: str
    kinds: frozenset[str]
    under: UUID | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its words."""
        return terms_of(self.text)


Place = tuple[int, str, UUID]
"""Where a hit stands among the others: points, kind, id."""


def page(
    sought: Sought, beyond: Place | None, limit: int, scopes: Scopes
) -> tuple[str, list[object]]:
    """Select the best hits after one, best first: kind, id, score, why, matched, through."""
    s = Statement()
    ranked = _ranked(sought, scopes, s)
    after = ""
    if beyond is not None:
        score, kind, id = beyond
        points = s.bind(score, "integer")
        after = (
            f" WHERE score < {points} OR (score = {points}"
            f" AND (kind, id) > ({s.bind(kind, 'text')}, {s.bind(id, 'uuid')}))"
        )
    return (
        f"{ranked}\nSELECT kind, id, score, why, matched, through FROM ranked{after}\n"
        f" ORDER BY score DESC, kind, id LIMIT {limit:d}",
        s.binds,
    )


def total(sought: Sought, scopes: Scopes) -> tuple[str, list[object]]:
    """Count all hits, up to one beyond `COUNTED`."""
    s = Statement()
    ranked = _ranked(sought, scopes, s)
    return (
        f"{ranked}\nSELECT count(*) AS total"
        f" FROM (SELECT 1 FROM ranked LIMIT {COUNTED + 1}) counted",
        s.binds,
    )


def _one_by_one(table: str, id: str, alias: str, which: str = "true") -> str:
    """Return the join to the row with an id, by the table's key and in no other way, if a condition
    on it (as `o`) holds.

    How many names meet a word, nobody knows beforehand, and a plan made for many reads through all
    of a country for a few; what stands in a CASE is asked of the row at hand alone, by a plan for
    any values too (4 ms, not 50).
    """
    held = f"CASE WHEN {which} THEN true ELSE false END"
    row = f"SELECT o.* FROM {table} o WHERE o.id = {id} AND {held} OFFSET 0"
    return f"JOIN LATERAL ({row}) {alias} ON true"


def _ranked(sought: Sought, scopes: Scopes, s: Statement) -> str:
    parts: list[str] = []
    found: list[str] = []
    if PERSON in sought.kinds:
        parts += _people(sought, scopes, s)
        found.append(f"SELECT '{PERSON}' AS kind, * FROM people")
    if PLACE in sought.kinds:
        parts += _places(sought, scopes, s)
        found.append(f"SELECT '{PLACE}' AS kind, * FROM places")
    ranked = (
        "ranked AS (SELECT DISTINCT ON (kind, id) kind, id, score, why, matched, through FROM ("
        + " UNION ALL ".join(found)
        + ") found ORDER BY kind, id, score DESC, why, matched, through NULLS FIRST)"
    )
    return "WITH RECURSIVE " + ",\n".join([*parts, ranked])


def _people(sought: Sought, scopes: Scopes, s: Statement) -> Iterator[str]:
    model = models[PERSON]
    worker = model.source
    seen, readable = in_scope(model, scopes, s, "o"), may_see_personal(model, scopes, s, "o")
    read = _one_by_one(worker, "n.health_worker_id", "t", f"{seen} AND {readable}")
    named = f'"{PERSON_NAME.physical}" n {read} {NEXT}'
    whose = "t.id, t.org_unit_id, t.merged_into_id"
    terms = sought.terms
    yield (
        f"named AS MATERIALIZED (SELECT {whose}, {_points(terms, s)}"
        f" - CASE WHEN next.corrected IS NULL THEN 0 ELSE {_FORMER} END AS score,"
        " CASE WHEN next.corrected IS NULL THEN 'NAME' ELSE 'EARLIER_NAME' END AS why,"
        " n.name AS matched\n"
        f"  FROM {named} WHERE {meets(terms, s)} AND {THEIRS})"
    )
    # Where nobody has all of the words in their name, the last ones may be of where they work.
    at_work = [
        f"SELECT {whose}, {_points(terms[:cut], s)} - {_LED} AS score,"
        " 'NAME_AND_PLACE' AS why, n.name AS matched\n"
        f"  FROM {named} WHERE NOT EXISTS (SELECT FROM named) AND {meets(terms[:cut], s)}"
        f" AND {THEIRS} AND t.org_unit_id IN ({_within(terms[cut:], scopes, s)})"
        for cut in range(1, len(terms))
    ]
    known = f"{seen} AND (p.kind = 'NUMBER' OR {readable})"
    numbered = (
        f"SELECT {whose}, {_NUMBER} AS score, p.kind AS why, p.shown AS matched\n"
        f"  FROM ({numbers(sought.text, s)}) p"
        f" {_one_by_one(worker, 'p.health_worker_id', 't', known)}"
    )
    under = ""
    if sought.under is not None:
        at = "COALESCE(s.org_unit_id, t.org_unit_id)"
        under = f" WHERE {below(at, (sought.under,), scopes[Read.CATALOGUE].day, s)}"
    # A record that was merged leads to the one that stands for the person, if that may be seen.
    yield (
        "people AS (SELECT COALESCE(s.id, t.id) AS id, t.score, t.why, t.matched,"
        " CASE WHEN s.id IS NOT NULL THEN t.id END AS through\n"
        f"  FROM ({' UNION ALL '.join(['TABLE named', *at_work, numbered])}) t"
        f" LEFT {_one_by_one(worker, 't.merged_into_id', 's', seen)}{under})"
    )


def _places(sought: Sought, scopes: Scopes, s: Statement) -> Iterator[str]:
    model = models[PLACE]
    unit = model.source
    later = (
        f'EXISTS (SELECT FROM "{PLACE_NAME.physical}" l'
        " WHERE l.org_unit_id = n.org_unit_id AND l.told > n.told)"
    )
    code = s.bind(folded_identifier(sought.text), "text")
    seen = in_scope(model, scopes, s)
    under = ""
    if sought.under is not None:
        under = f" AND {below('t.id', (sought.under,), scopes[Read.CATALOGUE].day, s)}"
    yield (
        "led AS (SELECT org_unit_id AS id, org_unit_id AS began, score, why, matched, 0 AS steps"
        f" FROM (SELECT n.org_unit_id, {_points(sought.terms, s)}"
        f" - CASE WHEN {later} THEN {_FORMER} ELSE 0 END AS score,"
        f" CASE WHEN {later} THEN 'FORMER_NAME' ELSE 'NAME' END AS why, n.name AS matched\n"
        f'  FROM "{PLACE_NAME.physical}" n'
        f" WHERE {meets(sought.terms, s)}\n"
        f" UNION ALL SELECT org_unit_id, {_NUMBER}, 'CODE', code"
        f' FROM "{ORG_UNIT_CODE.physical}" WHERE code_folded = {code}) hit\n'
        " UNION ALL SELECT heir.id, led.began, led.score, led.why, led.matched, led.steps + 1"
        f" FROM led {_one_by_one(unit, 'led.id', 'u')}"
        " CROSS JOIN LATERAL unnest(u.successors || u.into_id) AS heir(id)"
        f" WHERE u.state IN ('SPLIT', 'MERGED') AND heir.id IS NOT NULL"
        f" AND led.steps < {_LONGEST_LINE})"
    )
    yield (
        "places AS (SELECT t.id, led.score - CASE WHEN led.steps > 0"
        f" THEN {_LED} ELSE 0 END AS score, led.why, led.matched,"
        " NULLIF(led.began, t.id) AS through\n"
        f"  FROM led {_one_by_one(unit, 'led.id', 't')}"
        f" WHERE t.state NOT IN ('SPLIT', 'MERGED') AND {seen}{under})"
    )


def _within(terms: Sequence[Term], scopes: Scopes, s: Statement) -> str:
    """Return SQL with the units that are called so, or stand below one that is; none, where so many
    are that the words tell of none: `Dispensary`.
    """
    day = s.once(scopes[Read.CATALOGUE].day, "date")
    spelt = " AND ".join(
        f"n.keys && {s.bind([term.word, term.begins], 'text[]')}" for term in terms
    )
    named = f'SELECT n.org_unit_id FROM "{PLACE_NAME.physical}" n WHERE {spelt} LIMIT {_MEANT + 1}'
    return (
        f'SELECT a.org_unit_id FROM "{ANCESTORS}" a WHERE a.ancestor_id IN (SELECT org_unit_id FROM'
        f" (SELECT org_unit_id, count(*) OVER () AS meant FROM ({named}) n) few"
        f" WHERE meant <= {_MEANT}) AND a.since <= {day} AND a.until > {day}"
    )


def _points(terms: Sequence[Term], s: Statement) -> str:
    """Return how well a name meets the words, out of 90."""
    each = []
    for term in terms:
        met = f"CASE WHEN n.words @> {s.bind([term.word], 'text[]')} THEN {_SAME}"
        met += f" WHEN n.keys @> {s.bind([term.begins], 'text[]')} THEN {_BEGINS}"
        if term.initial:
            met += f" WHEN n.words @> {s.bind([term.initial], 'text[]')} THEN {_INITIAL}"
        if term.near:
            met += f" WHEN n.keys && {s.bind(list(term.near), 'text[]')} THEN {_NEAR}"
        each.append(f"{met} ELSE {_SOUNDS} END")
    whole = f"CASE WHEN cardinality(n.words) = {len(terms)} THEN {_WHOLE} ELSE 0 END"
    return f"(({' + '.join(each)}) / {len(terms)} + {whole})"
