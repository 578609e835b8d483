"""What stands already of all that a list names: ids by codes, and what is recorded of people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mshauri.importing.columns import Column


@dataclass(frozen=True, slots=True)
class Mentorship:
    """A mentorship of a cohort, with its people by number."""

    id: str
    status: str
    mentors: frozenset[str]
    mentees: frozenset[str]
    signed: dict[str, str] = field(default_factory=dict)
    """On which day who signed, by number."""


class Mentorships:
    """The mentorships of a cohort, found by id and by mentee: each row of a list asks for its own,
    and a country's lists ask a cohort of thousands hundreds of thousands of times.
    """

    def __init__(self, all: Iterable[Mentorship] = ()) -> None:
        self._by_id: dict[str, Mentorship] = {}
        self._of: dict[str, list[Mentorship]] = {}
        for one in all:
            self._by_id[one.id] = one
            for number in one.mentees:
                self._of.setdefault(number, []).append(one)

    def __iter__(self) -> Iterator[Mentorship]:
        return iter(self._by_id.values())

    def by_id(self, id: str) -> Mentorship | None:
        """Return the one with this id, if it is of the cohort."""
        return self._by_id.get(id)

    def of(self, mentee: str) -> list[Mentorship]:
        """Return those in whose care somebody is, or was, by number."""
        return self._of.get(mentee, [])


NO_MENTORSHIPS = Mentorships()


@dataclass(frozen=True, slots=True)
class Unit:
    """An org unit that stands, as the API shows it; `parent` by its code."""

    id: str
    name: str
    kind: str
    parent: str | None
    facility: dict[str, Any]
    version: int = 0
    codes: dict[str, str] = field(default_factory=dict)
    """Its codes in other lists now, by list."""


@dataclass(slots=True)
class Known:
    """Everything that was looked up; ids are global ids.

    Attributes:
        ids: of org units by code and of health workers by number, under what GraphQL calls them.
        meant: codes by the names that a list has instead of them, under what GraphQL calls them.
        candidates: whom or what else a name may mean, by the name.
        people: what the kind of list asks of each health worker, by number.
        cadres: words for cadres and the codes they stand for in a country's list, folded.
        versions: programme versions' ids by programme and version; version 0 is the latest.
        cohorts: cohorts' ids by programme and code.
        mentorships: of each cohort, by its id.
        standing: records that rows may be, by the ids that were asked for.
        beside: what a kind asked for besides, by its own keys.
        units: all org units by their codes, for lists of them.
        update: what a row says otherwise is to be changed, where the kind of list does so.
    """

    ids: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"OrgUnit": {}, "HealthWorker": {}}
    )
    meant: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"OrgUnit": {}, "HealthWorker": {}}
    )
    candidates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    cadres: set[tuple[str, str]] = field(default_factory=set)
    versions: dict[tuple[str, int], str] = field(default_factory=dict)
    cohorts: dict[tuple[str, str], str] = field(default_factory=dict)
    mentorships: dict[str, Mentorships] = field(default_factory=dict)
    standing: dict[str, dict[str, Any]] = field(default_factory=dict)
    beside: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    update: bool = False

    def mentorships_of(self, programme: str, cohort: str) -> Mentorships:
        """Return the mentorships of the cohort with this code."""
        return self.mentorships.get(self.cohorts.get((programme, cohort), ""), NO_MENTORSHIPS)

    def missing(self, column: Column, value: Any) -> Iterator[str]:
        """Yield the codes in a column that name nothing."""
        if column.ref in self.ids:
            ids = self.ids[column.ref]
            yield from (code for code in codes_in(column, value) if code not in ids)

    def by_code(self, column: Column, value: Any) -> Any:
        """Return a column's value with codes for the names that stand for them."""
        meant = self.meant.get(column.ref or "")
        if not meant:
            return value
        if column.pair:
            first = column.pair[0]
            return [{**pair, first: meant.get(pair[first], pair[first])} for pair in value]
        if column.many:
            return [meant.get(code, code) for code in value]
        return meant.get(value, value)

    def named(self, column: Column, value: Any) -> Any:
        """Return a column's value with ids for codes."""
        if column.ref not in self.ids:
            return value
        ids = self.ids[column.ref]
        if column.pair:
            first = column.pair[0]
            return [{**pair, first: ids[pair[first]]} for pair in value]
        return [ids[code] for code in value] if column.many else ids[value]


def codes_in(column: Column, value: Any) -> list[str]:
    """Return the codes in a column that stands for records."""
    if column.pair:
        return [pair[column.pair[0]] for pair in value]
    return list(value) if column.many else [value]
