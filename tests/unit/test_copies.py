"""Copies of aggregates: what happens to one of them never happens to the other."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from msgspec import Struct

from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.contracts.base import Event
from shared.deciding.copies import NotToBeCopied, copied, copy_of, declared
from shared.deciding.repository import Repository, open_snapshot, take_snapshot
from shared.domain.aggregate import Aggregate, _kept_by, event
from shared.ledger import Snapshot
from shared.ledger.memory import MemoryLedger
from tests.support.house import House
from tests.support.ward import Ward

SERVICES = registry, sessions, validation
"""Imported so that all their aggregates are known."""

KINDS = sorted(
    {kind for kind in _kept_by.values() if kind.__module__.startswith("services.")},
    key=lambda kind: kind.kind,
)


class Noted(Event, frozen=True, kw_only=True):
    """Something was noted."""

    what: str = ""


class Begun(Noted, frozen=True, kw_only=True):
    """A notebook was begun with a note."""


class Notebook(Aggregate):
    """Holds a list, and lists within a dict."""

    kind = "tests_notebook"
    pages: list[str]
    places: dict[str, list[str]]

    @event(Begun)
    def _begun(self, event: Begun) -> None:
        self.pages, self.places = [event.what], {"all": [event.what]}

    @event(Noted)
    def _noted(self, event: Noted) -> None:
        self.pages.append(event.what)
        self.places["all"].append(event.what)


class Drawer(Aggregate):
    """Holds what nobody knows how to copy."""

    kind = "tests_drawer"
    things: Any


class Loose(Struct):
    """A struct that may change."""


class Holding(Struct, frozen=True):
    """A struct that may not change, with something in it that may."""

    things: list[str]


@pytest.mark.parametrize("kind", [one for one in KINDS if not one.constant])
def test_every_kind_of_aggregate_can_be_copied(kind: type[Aggregate]) -> None:
    for hint in declared(kind).values():
        copy_of(hint)


def test_what_happens_to_a_copy_does_not_happen_to_the_other() -> None:
    book = Notebook.begin(uuid4(), Begun(what="first"))
    twin = copied(book)
    assert twin is not None
    assert (twin.id, twin.version, twin.pages) == (book.id, 1, ["first"])
    assert twin.recorded == []
    twin.record(Noted(what="second"))
    assert (twin.version, twin.pages, twin.places) == (2, ["first", "second"], {"all": twin.pages})
    assert (book.version, book.pages, book.places) == (1, ["first"], {"all": ["first"]})
    assert len(book.recorded) == 1


@pytest.mark.parametrize(
    "hint", [Loose, Holding, Any, set[str], object, list[str] | None, tuple[list[str], int]]
)
def test_what_may_change_in_unknown_ways_is_not_copied(hint: Any) -> None:
    with pytest.raises(NotToBeCopied):
        copy_of(hint)
    assert copied(Drawer.__new__(Drawer)) is None


@pytest.mark.parametrize("hint", [UUID, date | None, tuple[int, ...], Annotated[str, "note"]])
def test_what_never_changes_is_shared(hint: Any) -> None:
    assert copy_of(hint) is None


async def test_what_is_lent_twice_is_lent_apart() -> None:
    repository = Repository(MemoryLedger(service="registry"))
    book = Notebook.begin(uuid4(), Begun(what="first"))
    repository.remember(book)
    book.pages.append("after it was remembered")
    lent = await repository.find(Notebook, book.id)
    assert lent is not None
    lent.record(Noted(what="second"))
    again = await repository.find(Notebook, book.id)
    assert again is not None
    assert (again.version, again.pages) == (1, ["first"])


async def test_what_is_remembered_is_what_the_ledger_tells() -> None:
    house = await House.built()
    ward = Ward(house)
    await ward.open()
    await ward.do("menteeSetGoal", 0, enrolmentId=ward.enrolment, goal="SAFE", text="Be safe")
    await ward.pair()
    seen = {"enrolmentId": ward.enrolment, "assessorId": ward.mentor}
    await ward.do("competencyBaselineAssess", 2, **seen, raw=10, max=30)
    await ward.meet(1)
    await ward.prove(60)
    kinds = set()
    for service in SERVICES:
        repository = house.commander(service.name)._repository
        for id, remembered in repository._remembered.items():
            assert not isinstance(remembered, Snapshot)
            kind = type(remembered)
            kinds.add(kind)
            told = await Repository(house.ledger(service.name)).find(kind, id)
            encoded = open_snapshot(kind, take_snapshot(remembered))
            assert told is not None
            assert encoded is not None
            assert held(remembered) == held(told)
            # A snapshot may know less of a struct than its event told: no more than is declared.
            assert {**held(encoded), "said": None} == {**held(told), "said": None}
    assert len(kinds) >= 7


def held(aggregate: Aggregate) -> dict[str, Any]:
    """Return all that an aggregate holds."""
    names = declared(type(aggregate))
    return {"version": aggregate.version} | {name: getattr(aggregate, name) for name in names}
