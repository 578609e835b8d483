"""The reads of one question about the past: what a read needs is held before it is read.

A record is whole with its own streams. What is listed behind somebody, a mentee, a mentor or a
mentorship may stand in any stream that ever named them: the audit trail of today says which.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from strawberry.dataloader import DataLoader

from services.gateway.asof.cut import NotKnownAsOf
from services.gateway.asof.past import Past, Stream, services_of
from services.gateway.asof.tables import OfThen, PastTables, then
from services.gateway.projections import (
    AUDIT_EVENT,
    AUDIT_TRAIL,
    HEALTH_WORKER,
    MENTEE,
    MENTOR,
    MENTORSHIP_PARTY,
    TABLES,
)
from services.gateway.read.declare import Many, Model, Through
from services.gateway.read.history import History
from services.gateway.read.joined import Joined
from services.gateway.read.loader import Database, Reader, Rows
from services.gateway.read.scope import Scopes
from services.gateway.read.sql import Columns, Page
from shared.domain.ids import derived_id

_TRAIL = f"""
SELECT DISTINCT e.service, e.stream FROM "{AUDIT_TRAIL.physical}" t
  JOIN "{AUDIT_EVENT.physical}" e ON e.event_id = t.event_id
 WHERE t.health_worker_id IN ({{people}}) AND ($2::text[] IS NULL
       OR e.service || '.' || e.kind = ANY ($2))
"""

PEOPLE = {
    "health_worker_id": "SELECT unnest($1::uuid[])",
    "mentee_id": f'SELECT health_worker_id FROM "{MENTEE.physical}" WHERE id = ANY ($1::uuid[])',
    "mentor_id": f'SELECT health_worker_id FROM "{MENTOR.physical}" WHERE id = ANY ($1::uuid[])',
    "mentorship_id": f'SELECT health_worker_id FROM "{MENTORSHIP_PARTY.physical}"'
    " WHERE mentorship_id = ANY ($1::uuid[])",
}
"""By what a list stands behind: in whose trails its rows are."""

_WHOSE = {"mentee_id": MENTEE, "mentor_id": MENTOR}

OWN = frozenset(
    {
        "action_id",
        "certificate_id",
        "cohort_id",
        "draft_id",
        "facts_id",
        "group_id",
        "initiative_id",
        "org_unit_id",
        "record_id",
        "request_id",
        "target_id",
        "words_id",
        "workshop_id",
    }
)
"""By what a list stands behind whose rows its own record's stream made."""


def is_known(by: str | None) -> bool:
    """Say whether a list is known from the streams of what it stands behind."""
    return by in OWN or by in PEOPLE


def is_folded(model: Model) -> bool:
    """Say whether a read type's rows are folded from what services record: not who looked."""
    table = model.table.rows if isinstance(model.table, Joined) else model.table
    return TABLES.get(table.name) is table


class PastReader(Reader):
    """Reads rows of the past as one reader may see them today."""

    def __init__(
        self,
        database: Database,
        scopes: Scopes,
        past: Past,
        kinds: frozenset[str] | None = None,
    ) -> None:
        """Take the read models of today, what may be seen today, and the past.

        Args:
            kinds: of records, each with its service, that what is asked is folded from:
                `registry.enrolment`; None: of any.
        """
        tables = PastTables(database, past)
        super().__init__(tables, scopes)
        self.past = past
        self._today = database
        self._kinds = None if kinds is None else sorted(kinds)
        self._trailed: set[tuple[str, Any]] = set()
        self._of_then = OfThen(tables)
        self._holding: dict[tuple[str, str], DataLoader[Any, None]] = {}

    def model(self, name: str) -> Model:
        """See `Reader.model`."""
        return then(name)

    async def one(self, model: Model, columns: Columns, key: Any, by: str = "id") -> Any:
        """See `Reader.one`."""
        await self._hold(model, by, key, self._hold_records)
        return await super().one(then(model.name), columns, key, by)

    async def many(self, many: Many, columns: Columns, key: Any) -> list[Any]:
        """See `Reader.many`."""
        await self._hold(then(many.to), many.by, key, self._hold_lists)
        return await super().many(many, columns, key)

    async def page(
        self, model: Model, columns: Columns, page: Page, by: str | None = None, key: Any = None
    ) -> Rows:
        """See `Reader.page`."""
        if self._is_kept(model):
            return await super().page(model, columns, self._within(page), by, key)
        await self._hold(model, by or "", key, self._hold_lists)
        return await super().page(then(model.name), columns, page, by, key)

    async def total(self, model: Model, page: Page, by: str | None, key: Any) -> int:
        """See `Reader.total`."""
        if self._is_kept(model):
            return await super().total(model, self._within(page), by, key)
        await self._hold(model, by or "", key, self._hold_lists)
        return await super().total(then(model.name), page, by, key)

    def _is_kept(self, model: Model) -> bool:
        """Say whether rows of then are those of today, up to the cut: the trail changes none."""
        if isinstance(model.table, History):  # whose an event is, later ones say
            return False
        return isinstance(model.table, Joined) and self.past.cut.day is None

    def _within(self, page: Page) -> Page:
        cut = tuple(sorted(self.past.cut.positions.items()))
        return replace(page, conditions=(*page.conditions, ("position", "within", cut)))

    async def fetch(self, text: str, *binds: Any) -> list[Any]:
        """See `Reader.fetch`: what it counts is more than a person's streams tell.

        Raises:
            NotKnownAsOf: always; by its name it is refused before (`known.py`).
        """
        raise NotKnownAsOf(name="A figure")

    async def together(
        self,
        name: str,
        load: Callable[[Database, list[Any]], Awaitable[Sequence[Any]]],
        key: Any,
    ) -> Any:
        """See `Reader.together`; of the people in a key, all that names them is held."""
        for person in (one for one in key if isinstance(one, UUID)):
            await self._hold(then("HealthWorker"), "health_worker_id", person, self._hold_lists)

        async def load_of_then(_database: Database, keys: list[Any]) -> Sequence[Any]:
            return await load(self._of_then, keys)

        return await super().together(name, load_of_then, key)

    async def hold_trails(self, by: str, keys: Iterable[Any]) -> None:
        """Hold all that ever named these people, or those behind these records."""
        missing = [key for key in keys if (by, key) not in self._trailed]
        if not missing:
            return
        rows = await self._today.fetch(_TRAIL.format(people=PEOPLE[by]), missing, self._kinds)
        await self.past.hold((row["service"], row["stream"]) for row in rows)
        self._trailed.update((by, key) for key in missing)
        if by in _WHOSE:  # theirs is the same trail
            rows_of_them = self.past.rows(_WHOSE[by])
            for key in missing:
                if row := rows_of_them.get((key,)):
                    self._trailed.add(("health_worker_id", row["health_worker_id"]))

    async def _hold_other_names(self, people: frozenset[Any]) -> None:
        """Hold all that ever named those who were merged into these people then."""
        records = self.past.rows(HEALTH_WORKER).values()
        names = [row["id"] for row in records if row["merged_into_id"] in people]
        await self.hold_trails("health_worker_id", names)

    async def _hold(
        self,
        model: Model,
        by: str,
        key: Any,
        hold: Callable[[Model, str, list[Any]], Awaitable[None]],
    ) -> None:
        """Hold what reading a key needs: of all that are asked side by side, at once."""
        loader = self._holding.get((model.name, by))
        if loader is None:

            async def load(keys: list[Any]) -> list[None]:
                await hold(model, by, keys)
                return [None] * len(keys)

            loader = self._holding[model.name, by] = DataLoader(load_fn=load)
        await loader.load(key)

    async def _hold_records(self, model: Model, by: str, keys: list[Any]) -> None:
        await self.past.hold(_streams_of(model, keys))
        await self._hold_behind(model, by, keys)

    async def _hold_lists(self, model: Model, by: str, keys: list[Any]) -> None:
        if by not in PEOPLE and by not in OWN:
            raise NotKnownAsOf(name=model.name)
        if by in PEOPLE and not (by == "mentorship_id" and "id" not in model.table.key):
            await self.hold_trails(by, keys)
        if isinstance(model.table, History):
            await self._hold_other_names(frozenset(keys))
        await self._hold_behind(model, by, keys)

    async def _hold_behind(self, model: Model, by: str, keys: list[Any]) -> None:
        """Hold what these rows are seen through."""
        if not isinstance(model.visibility, Through):
            return
        assert not isinstance(model.table, Joined)
        wanted, through = frozenset(keys), model.visibility.by
        rows = self.past.rows(model.table).values()
        ids = {row[through] for row in rows if row[by] in wanted}
        behind = model.behind(model.visibility.to)
        await self.past.hold(_streams_of(behind, ids))
        await self._hold_behind(behind, "id", list(ids))


def _streams_of(model: Model, ids: Iterable[UUID]) -> Iterable[Stream]:
    """Return the streams that make the rows of these ids, each with its service."""
    assert not isinstance(model.table, Joined)
    for id in ids:
        if model.name == "Mentee":
            yield "registry", id
            yield "validation", derived_id("competency_record", id)
        else:
            for service in services_of(model.table):
                yield service, id
