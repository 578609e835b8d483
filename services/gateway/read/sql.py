"""From declarations to SQL: one statement for a page, a list or a set of rows, whatever the type.

Every alias of a table carries the reader's scope. Columns come back under prefixed names, so that
they never meet: `f_…` shows a field, `c_…` is a column that relations and cursors need.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.clock import now, today
from services.gateway.read.below import below
from services.gateway.read.declare import (
    Concerning,
    InUnit,
    Leaf,
    Model,
    Order,
    Published,
    Through,
    models,
)
from services.gateway.read.groups import in_group
from services.gateway.read.lists import LISTED, LISTED_TOGETHER
from services.gateway.read.naming import called, known_by
from services.gateway.read.scope import Part, Scope, Scopes
from services.gateway.read.watching import where, whose
from shared.access.grants import Read
from shared.contracts.registry.org_unit_codes import OWN
from shared.domain.folding import folded_identifier, folded_text
from shared.domain.spelling import terms_of

COUNTED = 10_000
"""Rows a total counts to: beyond that it only says so."""


@dataclass(slots=True)
class Statement:
    """The text of a statement as it grows, and what is bound in it."""

    binds: list[Any] = field(default_factory=list)

    def bind(self, value: Any, type: str | None = None) -> str:
        """Bind a value and return its place: `$3`, `$3::uuid[]`."""
        self.binds.append(value)
        return f"${len(self.binds)}" + (f"::{type}" if type else "")

    def once(self, value: Any, type: str) -> str:
        """Bind a value, however many aliases it is put on, once, and return its place."""
        for place, bound in enumerate(self.binds, 1):
            if bound is value:
                return f"${place}::{type}"
        return self.bind(value, type)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a selection needs of a row: fields to show, and columns to follow.

    Attributes:
        watched: whether it is asked whose a row is, and where: for who looked.
    """

    fields: tuple[str, ...]
    columns: tuple[str, ...]
    watched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows of a connection are asked for.

    Attributes:
        order: and the direction.
        beyond: the sort keys of the row before the first one; None: from the beginning.
        limit: the most rows to return.
        conditions: what was filtered by: column, how, value.
    """

    order: Order
    limit: int
    beyond: Sequence[Any] | None = None
    conditions: tuple[tuple[str, str, Any], ...] = ()


def sort_keys(model: Model, order: Order) -> tuple[str, ...]:
    """Return the columns of an order, made unique by the table's key."""
    return (*order.columns, *(c for c in model.table.key if c not in order.columns))


def rows_by_key(
    model: Model, columns: Columns, by: str, keys: Sequence[Any], scopes: Scopes
) -> tuple[str, list[Any]]:
    """Select the rows whose column `by` is one of `keys`; the key comes back as `key`."""
    s = Statement()
    wanted = f"t.{_quoted(by)} = ANY({s.bind(keys, _array(model, by))})"
    return (
        f"SELECT t.{_quoted(by)} AS key{_list(model, columns, scopes, s)}\n"
        f"  FROM {model.source} t\n"
        f" WHERE {wanted}{_standing(model, scopes, s)}",
        s.binds,
    )


def lists(
    model: Model,
    columns: Columns,
    by: str,
    keys: Sequence[Any],
    order: Order,
    wanted: tuple[tuple[str, str], ...],
    scopes: Scopes,
) -> tuple[str, list[Any]]:
    """Select the short lists behind each of `keys`, each up to one row beyond `LISTED`, and all up
    to one beyond `LISTED_TOGETHER`; the key comes back as `key`.
    """
    s = Statement()
    parents = s.bind(keys, _array(model, by))
    shown = _list(model, columns, scopes, s).removeprefix(", ")
    fixed = "".join(f" AND t.{_quoted(c)} = {s.bind(value)}" for c, value in wanted)
    return (
        f"SELECT p.key, r.*\n  FROM unnest({parents}) AS p(key)\n CROSS JOIN LATERAL (\n"
        f"SELECT {shown}\n  FROM {model.source} t\n"
        f" WHERE t.{_quoted(by)} = p.key{_standing(model, scopes, s)}{fixed}\n"
        f" ORDER BY {_sorting(model, order)}\n LIMIT {LISTED + 1}\n"
        f") r LIMIT {LISTED_TOGETHER + 1}",
        s.binds,
    )


def page(model: Model, columns: Columns, page: Page, scopes: Scopes) -> tuple[str, list[Any]]:
    """Select one page of all rows."""
    s = Statement()
    return _page(model, columns, page, scopes, s, None), s.binds


def pages(
    model: Model, columns: Columns, by: str, keys: Sequence[Any], page: Page, scopes: Scopes
) -> tuple[str, list[Any]]:
    """Select one page behind each of `keys`, in one statement; the key comes back as `key`."""
    s = Statement()
    parents = s.bind(keys, _array(model, by))
    inner = _page(model, columns, page, scopes, s, by)
    return (
        f"SELECT p.key, r.*\n  FROM unnest({parents}) AS p(key)\n"
        f" CROSS JOIN LATERAL (\n{inner}\n) r",
        s.binds,
    )


def totals(
    model: Model, by: str | None, keys: Sequence[Any], page: Page, scopes: Scopes
) -> tuple[str, list[Any]]:
    """Count the rows behind each of `keys` (of all, without `by`), up to one beyond `COUNTED`."""
    s = Statement()
    parents = s.bind(keys, _array(model, by) if by else "uuid[]")
    counted = (
        f"SELECT 1 FROM {model.source} t"
        f" WHERE {_conditions(model, page, scopes, s, by)} LIMIT {COUNTED + 1}"
    )
    return (
        f"SELECT p.key, (SELECT count(*) FROM ({counted}) counted) AS total\n"
        f"  FROM unnest({parents}) AS p(key)",
        s.binds,
    )


def in_scope(model: Model, scopes: Scopes, s: Statement, alias: str = "t") -> str:
    """Return the condition that a row of `model` may be seen."""
    visibility = model.visibility
    if isinstance(visibility, Published):
        return "true" if scopes[visibility.action].parts else "false"
    if isinstance(visibility, InUnit):
        return covered(visibility, scopes[visibility.action], s, alias)
    if isinstance(visibility, Concerning):
        return _concerning(visibility, scopes, s, alias)
    to = model.behind(visibility.to)
    inner = f"{alias}x"
    behind = in_scope(to, scopes, s, inner)
    present = f" AND {inner}.{_quoted(to.exists)} IS NOT NULL" if to.exists else ""
    return (
        f"EXISTS (SELECT 1 FROM {to.source} {inner}"
        f" WHERE {inner}.id = {alias}.{_quoted(visibility.by)} AND {behind}{present})"
    )


def _concerning(visibility: Concerning, scopes: Scopes, s: Statement, alias: str) -> str:
    scope, oneself = scopes[visibility.action], scopes[Read.RECORDS].people
    if scope.everything:
        return "true"
    person, worker = f"{alias}.{_quoted(visibility.person)}", models["HealthWorker"]
    found = []
    if oneself:
        found.append(f"{person} = ANY({s.bind(sorted(oneself), 'uuid[]')})")
    if scope.parts:
        assert isinstance(worker.visibility, InUnit)
        inner = f"{alias}x"
        theirs = covered(worker.visibility, scope, s, inner)
        found.append(
            f"EXISTS (SELECT 1 FROM {worker.source} {inner}"
            f" WHERE {inner}.id = {person} AND {theirs})"
        )
        found.append(covered(InUnit(unit=visibility.unit), scope, s, alias))
    return f"({' OR '.join(found)})" if found else "false"


def _page(
    model: Model, columns: Columns, page: Page, scopes: Scopes, s: Statement, by: str | None
) -> str:
    keys = sort_keys(model, page.order)
    needed = replace(columns, columns=tuple(dict.fromkeys((*columns.columns, *keys))))
    shown = _list(model, needed, scopes, s).removeprefix(", ")
    where = _conditions(model, page, scopes, s, by)
    if page.beyond is not None:
        left = ", ".join(f"t.{_quoted(key)}" for key in keys)
        right = ", ".join(
            s.bind(value, model.table.columns[key].type)
            for key, value in zip(keys, page.beyond, strict=True)
        )
        where += f" AND ({left}) {'<' if page.order.descending else '>'} ({right})"
    return (
        f"SELECT {shown}\n  FROM {model.source} t\n WHERE {where}\n"
        f" ORDER BY {_sorting(model, page.order)}\n LIMIT {page.limit:d}"
    )


def _conditions(model: Model, page: Page, scopes: Scopes, s: Statement, by: str | None) -> str:
    found = [f"t.{_quoted(by)} = p.key"] if by else ["true"]
    for column, how, value in page.conditions:
        found.append(_condition(model, column, how, value, scopes, s))
    return " AND ".join(found) + _standing(model, scopes, s)


def _condition(
    model: Model, column: str, how: str, value: Any, scopes: Scopes, s: Statement
) -> str:
    name, type = f"t.{_quoted(column)}", model.table.columns[column].type
    match how:
        case "equals":
            return f"{name} = {s.bind(value, type)}"
        case "under":
            return below(name, (value,), scopes[Read.CATALOGUE].day, s)
        case "in_group":
            return _in_group(model, name, value, scopes[Read.CATALOGUE].day, s)
        case "among":
            return f"{name} = ANY({s.bind(value, type + '[]')})"
        case "holds":
            return f"{name} @> {s.bind([value], type)}"
        case "filled":
            return f"{name} IS {'NOT ' if value else ''}NULL"
        case "contains":
            escaped = (
                folded_text(str(value))
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_")
            )
            return f"{name} LIKE {s.bind(f'%{escaped}%')}"
        case "past":
            over = f"{name} < {s.bind(today(), 'date')}"
            return over if value else f"({over}) IS NOT TRUE"
        case "elapsed":
            over = f"{name} < {s.bind(now(), 'timestamptz')}"
            return over if value else f"({over}) IS NOT TRUE"
        case "mentored":
            assert isinstance(model.visibility, InUnit)
            mentorship = f"t.{_quoted(model.visibility.parties)}"
            mine = _is_party(mentorship, scopes[Read.RECORDS].people, s, mentors=True)
            return f"{name} IS NOT NULL AND {mine}"
        case "named":
            terms = terms_of(value)
            who = called(terms, s) if terms else "SELECT NULL::uuid"
            return f"{may_see_personal(model, scopes, s)} AND {name} IN ({who})"
        case "reached" | "known":
            kinds = ("PHONE", "EMAIL") if how == "reached" else ("IDENTIFIER", "LICENCE")
            who = known_by(value, s, *kinds)
            return f"{may_see_personal(model, scopes, s)} AND {name} IN ({who})"
        case "party":
            return (
                f"{name} IN ({_with_person('MentorshipParty', 'mentorship_id', value, scopes, s)})"
            )
        case "attended":
            return f"{name} IN ({_with_person('SessionAttendance', 'facts_id', value, scopes, s)})"
        case "until":
            return f"{name} <= {s.bind(value, type)}"
        case "within":
            ledgers = " OR ".join(
                f"(t.service = {s.bind(service, 'text')} AND {name} <= {s.bind(position, type)})"
                for service, position in value
            )
            return f"({ledgers})"
        case "since":
            return f"{name} >= {s.bind(value, type)}"
        case "before":
            return f"{name} < {s.bind(value, type)}"
        case "coded":
            code, system = value
            return _coded([code], system, s)
        case "coded_among":
            codes, system = value
            return _coded(codes, system, s)
        case "listed":
            known = f"SELECT c.org_unit_id FROM {models['OrgUnitCode'].source} c"
            return f"t.id IN ({known} WHERE c.system = {s.bind(value, 'text')})"
    msg = f"no filter works by {how!r}"
    raise ValueError(msg)


def _coded(codes: Sequence[str], system: str | None, s: Statement) -> str:
    """Return the condition that a unit is found by one of these codes, today's or earlier ones."""
    folded = [folded_identifier(code) for code in codes]
    found = (
        f"SELECT c.org_unit_id FROM {models['OrgUnitCode'].source} c"
        f" WHERE c.code_folded = ANY({s.bind(folded, 'text[]')})"
        f" AND c.system = {s.bind(system or OWN, 'text')}"
    )
    if system is None:  # by an index each, and not by looking at every unit
        units = models["OrgUnit"].source
        found += (
            f" UNION ALL SELECT o.id FROM {units} o"
            f" WHERE o.code = ANY({s.bind(list(codes), 'text[]')})"
        )
    return f"t.id IN ({found})"


def _in_group(model: Model, unit: str, group: UUID, on: date, s: Statement) -> str:
    """Return the condition that a row belongs to a group: by its unit, by the person whose own
    record it is, or because it was made for the group.
    """
    visibility = model.visibility
    person = visibility.person if isinstance(visibility, InUnit) else None
    found = in_group(unit, group, on, s, person=person and f"t.{_quoted(person)}")
    if "group_id" in model.table.columns:
        found = f'({found} OR t."group_id" = {s.once(group, "uuid")})'
    return found


def _with_person(kind: str, column: str, person: UUID, scopes: Scopes, s: Statement) -> str:
    """Return SQL with a column of the rows about a person; none, where that person may not be seen:
    else a list would tell where somebody is whom it does not show.
    """
    worker = models["HealthWorker"]
    return (
        f"SELECT w.{_quoted(column)} FROM {models[kind].source} w"
        f" JOIN {worker.source} p ON p.id = w.health_worker_id"
        f" WHERE p.id = {s.bind(person, 'uuid')} AND {in_scope(worker, scopes, s, 'p')}"
    )


def _standing(model: Model, scopes: Scopes, s: Statement) -> str:
    present = f" AND t.{_quoted(model.exists)} IS NOT NULL" if model.exists else ""
    return f" AND {in_scope(model, scopes, s)}{present}"


def _list(model: Model, columns: Columns, scopes: Scopes, s: Statement) -> str:
    shown = [_field(model, name, scopes, s) for name in columns.fields]
    shown += [f't.{_quoted(name)} AS "c_{name}"' for name in columns.columns]
    if columns.watched:
        shown += [f'{whose(model)} AS "whose"', f'{where(model)} AS "where"']
    return "".join(f", {each}" for each in shown)


def _field(model: Model, name: str, scopes: Scopes, s: Statement) -> str:
    declared = model.fields[name]
    value = f"t.{_quoted(model.column_of(name))}"
    assert isinstance(declared, Leaf)
    if declared.empty is not None:
        value = f"COALESCE({value}, {declared.empty:d})"
    if declared.personal:
        value = f"CASE WHEN {may_see_personal(model, scopes, s)} THEN {value} END"
    if declared.confided is not None:
        # No role stands above this: what the pair confide to each other, nobody else is shown.
        mentorship, people = f"t.{_quoted(declared.confided)}", scopes[Read.RECORDS].people
        value = f"CASE WHEN {_is_party(mentorship, people, s)} THEN {value} END"
    return f'{value} AS "f_{name}"'


def may_see_personal(model: Model, scopes: Scopes, s: Statement, alias: str = "t") -> str:
    """Return the condition that what is personal in a row may be read."""
    visibility = model.visibility
    if isinstance(visibility, Through):
        to, inner = model.behind(visibility.to), f"{alias}x"
        readable = may_see_personal(to, scopes, s, inner)
        if readable in ("true", "false"):
            return readable
        return (
            f"EXISTS (SELECT 1 FROM {to.source} {inner}"
            f" WHERE {inner}.id = {alias}.{_quoted(visibility.by)} AND {readable})"
        )
    if not isinstance(visibility, InUnit):
        msg = f"{model.name} has personal fields and no org unit to judge them by"
        raise TypeError(msg)
    readable = covered(visibility, scopes[Read.PERSONAL], s, alias)
    if visibility.private is None:
        return readable
    # No role stands above this either: see `confided`.
    of_the_two = _is_party(
        f"{alias}.{_quoted(visibility.parties)}",
        scopes[Read.RECORDS].people,
        s,
        mentee=f"{alias}.{_quoted(visibility.mentee)}",
    )
    return f"CASE WHEN {alias}.{_quoted(visibility.private)} THEN {of_the_two} ELSE {readable} END"


def _is_party(
    mentorship: str,
    people: frozenset[UUID],
    s: Statement,
    *,
    mentee: str | None = None,
    mentors: bool = False,
) -> str:
    """Return the condition that one of these people is a party of a mentorship, and has not left
    it; of its mentees, that one alone, if one is said, and none, if it is asked for `mentors`.
    """
    if not people:
        return "false"
    party = models["MentorshipParty"]
    sides = "party.side = 'MENTOR'"
    if mentee is not None:
        sides = f"({sides} OR party.health_worker_id = {mentee})"
    return (
        f"EXISTS (SELECT 1 FROM {party.source} party"
        f" WHERE party.mentorship_id = {mentorship} AND party.left_on IS NULL"
        f" AND party.health_worker_id = ANY({s.bind(sorted(people), 'uuid[]')})"
        f"{f' AND {sides}' if mentors or mentee is not None else ''})"
    )


def covered(
    visibility: InUnit, scope: Scope, s: Statement, alias: str, *, of_all: bool = False
) -> str:
    """Return the condition that a row's unit and programme lie in a scope.

    Args:
        of_all: it is asked of all rows there are, as a figure does, not of those that are shown.
    """
    if scope.everything:
        return "true"
    parts = []
    of_all = of_all and len(scope.parts) > 1
    for part in scope.parts:
        if part.programme is not None and visibility.programme is None and not part.care:
            # A grant for one programme does not reach what lies outside of any, but for the
            # people in its mentorships.
            continue
        terms = []
        if part.person is not None:
            terms.append(_own(visibility, part, s, alias))
        if part.tops is not None:
            unit = f"{alias}.{_quoted(visibility.unit)}"
            terms.append(below(unit, part.tops, scope.day, s, of_all=of_all))
        if part.programme is not None and visibility.programme is not None:
            terms.append(f"{alias}.{_quoted(visibility.programme)} = {s.bind(part.programme)}")
        parts.append(" AND ".join(terms))
    return f"({' OR '.join(parts)})" if parts else "false"


def _own(visibility: InUnit, part: Part, s: Statement, alias: str) -> str:
    """Return the condition that a row is of a person's own record; of nobody's, it never is."""
    assert part.person is not None
    found = []
    if visibility.person is not None:
        whose = f"{alias}.{_quoted(visibility.person)}"
        found.append(f"{whose} = {s.bind(part.person, 'uuid')}")
        if part.care:
            found.append(_in_care(whose, part.person, part.programme, s))
    if visibility.parties is not None:
        people = frozenset({part.person})
        found.append(_is_party(f"{alias}.{_quoted(visibility.parties)}", people, s))
    return f"({' OR '.join(found)})" if found else "false"


def _in_care(whose: str, mentor: UUID, programme: str | None, s: Statement) -> str:
    """Return the condition that somebody is a party of one of a mentor's own mentorships; of one
    that was declined, nothing came.
    """
    party, mentorship = models["MentorshipParty"], models["Mentorship"]
    of_programme = ""
    if programme is not None:
        of_programme = f" AND care.programme = {s.bind(programme, 'text')}"
    return (
        f"EXISTS (SELECT 1 FROM {party.source} mine"
        f" JOIN {mentorship.source} care ON care.id = mine.mentorship_id"
        f" JOIN {party.source} theirs ON theirs.mentorship_id = mine.mentorship_id"
        f" WHERE mine.health_worker_id = {s.bind(mentor, 'uuid')} AND mine.side = 'MENTOR'"
        f" AND mine.left_on IS NULL AND theirs.left_on IS NULL AND care.status <> 'DECLINED'"
        f" AND theirs.health_worker_id = {whose}{of_programme})"
    )


def _sorting(model: Model, order: Order) -> str:
    direction = " DESC" if order.descending else ""
    return ", ".join(f"t.{_quoted(key)}{direction}" for key in sort_keys(model, order))


def _array(model: Model, column: str) -> str:
    return model.table.columns[column].type + "[]"


def _quoted(name: str | None) -> str:
    return f'"{name}"'
