"""Whoever is forgotten is in no row of any table: what is folded anew is what a build made from
nothing would hold, of every table there is, by the story in which every event is told once.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.gateway.projector import KEPT
from services.registry.app import service as registry
from shared.contracts.base import SERVICES
from shared.privacy.payload import ERASED, decode_event, encode_event, subject_of
from shared.privacy.sealing import DataKey
from shared.projection import Happening, Projection, Table
from shared.projection.batch import Batch
from shared.projection.reading import Folds
from shared.projection.schema import tables_of
from tests.support.marking import PERSONAL, texts_of, with_marks
from tests.support.story import STORY, happenings
from tests.support.tables import MemoryTables

VIEWS: dict[str, tuple[Projection, ...]] = {"gateway": KEPT, "registry": registry.decided_by}
"""Whatever is folded with people's keys."""

TOLD = list(happenings(map(with_marks, STORY)))
KEY = DataKey.generate()


def whose(happening: Happening) -> UUID:
    """Return whose key seals what an event says, and why it was asked for."""
    return subject_of(happening.body, happening.stream) or happening.stream


def without(happening: Happening) -> Happening:
    """Return an event as it is read once the key is destroyed that sealed it."""
    sealed = encode_event(happening.body, happening.id, {whose(happening): KEY}, happening.stream)
    topic, version = happening.body.topic, happening.body.version
    gone = {whose(happening): None}
    body = decode_event(topic, version, sealed, happening.id, gone, happening.stream)
    reason = ERASED if happening.meta.reason else None
    meta = msgspec.structs.replace(happening.meta, reason=reason)
    return msgspec.structs.replace(happening, body=body, meta=meta)


def folded(views: Iterable[Projection], told: Iterable[Happening]) -> MemoryTables:
    tables = MemoryTables()
    for happening in told:
        for view in views:
            tables.apply(list(view.changes(happening)))
    return tables


def fold_anew(
    tables: MemoryTables, views: tuple[Projection, ...], service: str, told: list[Happening]
) -> None:
    """Do what the engine does once a service has destroyed everybody's keys."""
    batch = Batch()
    for happening in told:
        if happening.service == service:
            for view in views:
                batch.add(list(view.changes(happening)))
    for table in Folds(views, None).telling(service):  # type: ignore[arg-type]
        for row in tables.of(table):
            tables.remove(table, *(row[name] for name in table.key))
    tables.carry_out(batch.work())


@pytest.mark.parametrize("name", VIEWS)
def test_rows_that_are_folded_anew_are_those_of_a_build_made_from_nothing(name: str) -> None:
    views = VIEWS[name]
    tables, erased = folded(views, TOLD), list(map(without, TOLD))
    for service in SERVICES:
        fold_anew(tables, views, service, erased)
    anew, made = tables.everything(), folded(views, erased).everything()
    assert anew.keys() == made.keys()
    for table in made:
        assert anew[table] == made[table], table


@pytest.mark.parametrize("name", VIEWS)
def test_no_row_of_any_table_holds_a_word_that_was_personal(name: str) -> None:
    views = VIEWS[name]
    tables, erased = folded(views, TOLD), list(map(without, TOLD))
    told = _marked(tables, tables_of(views))
    assert told or name == "registry", "the story says something personal"
    for service in SERVICES:
        fold_anew(tables, views, service, erased)
    assert _marked(tables, tables_of(views)) == {}


@pytest.mark.parametrize("name", VIEWS)
def test_events_that_nothing_was_erased_of_change_no_row_when_they_are_folded_anew(
    name: str,
) -> None:
    views = VIEWS[name]
    tables = folded(views, TOLD)
    before = tables.everything()
    for service in SERVICES:
        fold_anew(tables, views, service, TOLD)
    after = tables.everything()
    for table in before:
        assert after[table] == before[table], table


def _marked(tables: MemoryTables, declared: Iterable[Table]) -> dict[str, Any]:
    return {
        f"{table.name}.{column}": text
        for table in declared
        for row in tables.of(table)
        for column, value in row.items()
        for text in texts_of(value)
        if PERSONAL in text
    }
