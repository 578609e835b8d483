"""Every value of a command, as far out as a command may say it, tried in a house: in the state that
a story has come to, one value at a time; what came of it is taken back before the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

from shared.contracts.base import commands
from shared.contracts.definition import Definition
from shared.deciding.commanding import Answer
from shared.deciding.values import LONGEST, MOST, MOST_ITEMS
from shared.domain.errors import MshauriError
from tests.support.extremes import FAR, noted, plain
from tests.support.house import OPERATOR, House

WIDE = "\ufdfa"
"""One letter that is eighteen once it is folded for a search."""
TRICKY = "{0}{name}%s\\'\"$1<b>"
"""What a template, a statement or a page might take for its own."""
ALIKE = frozenset({"device", "onBehalfOf", "reason", "expectedVersion"})
"""What every command has and one way of reading it: said once is enough."""
UNTRIED = frozenset({"commandId", "after", "id", "definition"})

IDS = frozenset({"mentorshipId", "healthWorkerId", "expectedVersion", "occurredOn", "definition"})
"""What a story hangs on."""

Wish = dict[str, Any]


def variants(name: str, content: Mapping[str, Any]) -> Iterator[tuple[str, Any, Wish]]:
    """Yield a command with one value replaced: where, by what, and the whole of it."""
    kind = commands[name]
    said: Wish = msgspec.json.decode(msgspec.json.encode(content))
    said = {key: value for key, value in said.items() if value is not None}
    fresh = {"id": str(uuid4())} if name != "sessionLog" and "id" in kind.__struct_fields__ else {}
    for path, value, wish in _of_struct(kind, said):
        if path.partition(".")[0] not in UNTRIED:
            yield path, value, {**wish, **fresh, "commandId": str(uuid4())}


def definitions(rules: Definition) -> Iterator[tuple[str, Any, Wish]]:
    """Yield what `variants` does, of a programme's definition."""
    yield from _of_struct(Definition, msgspec.json.decode(msgspec.json.encode(rules)))


def _of_struct(struct: type[Struct], said: Wish) -> Iterator[tuple[str, Any, Wish]]:
    hints = get_type_hints(struct, include_extras=True)
    for one in fields(struct):
        name = one.encode_name
        for path, value, there in _of_hint(hints[one.name], said.get(name)):
            if name in ALIKE and value not in (_longest(hints[one.name]), MOST):
                continue
            yield f"{name}.{path}" if path else name, value, {**said, name: there}


def _longest(hint: Any) -> str:
    return FAR * int(noted(plain(hint)[1], "max_length", LONGEST))


def _of_hint(hint: Any, said: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what may stand there: the path of the value within, that value, and all of it."""
    kind, notes = plain(hint)
    origin: Any = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield from _of_struct(kind, said if isinstance(said, dict) else least(kind))
    elif origin in (tuple, list, frozenset, set):
        inner = get_args(kind)[0]
        items = list(said) if said else [least(inner)]
        most = noted(notes, "max_length", MOST_ITEMS)
        yield "", f"{most} items", [_numbered(inner, items[0], place) for place in range(most)]
        yield "", [], []
        for path, value, there in _of_hint(inner, items[0]):
            yield f"0.{path}" if path else "0", value, [there, *items[1:]]
    else:
        for value in farthest(kind, notes):
            yield "", value, value


def farthest(kind: Any, notes: list[Meta]) -> Iterator[Any]:
    """Yield the values of a kind that are the farthest from the usual."""
    named = getattr(kind, "__name__", "")
    if kind is str:
        yield from _texts(notes)
    elif kind is int:
        yield noted(notes, "most") or noted(notes, "le", MOST)
        yield noted(notes, "ge", -MOST - 1)
    elif kind is bool:
        yield from (True, False)
    elif kind is float:
        yield from (noted(notes, "le", 1e308), noted(notes, "ge", -1e308), 5e-324)
    elif kind is UUID:
        yield from (str(UUID(int=0)), str(uuid4()))
    elif named == "Decimal":
        nines = "999999999999.999999"
        yield from (nines, f"-{nines}", "0.000001", "0")
    elif named == "date":
        yield from ("1900-01-01", "2999-12-31")
    elif named == "datetime":
        yield from ("1900-01-01T00:00:00+14:00", "2999-12-31T23:59:59.999999-12:00")
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from (one.value for one in kind)


def _texts(notes: list[Meta]) -> Iterator[str]:
    pattern = noted(notes, "pattern")
    most = noted(notes, "max_length", LONGEST)
    if pattern is None:
        yield from (letter * most for letter in (FAR, WIDE))
        yield from (FAR, TRICKY[:most])
    elif "a-zA-Z" in pattern or "A-Za-z" in pattern:
        yield from ("Z" * most, "z", "0", ("z./-_" * most)[:most])
    elif pattern.startswith("^[a-z]{2}"):
        yield from ("aa", "zz")
    else:
        yield from ("+" + "9" * 20, "0" * 6)


def _numbered(hint: Any, item: Any, place: int) -> Any:
    """Return an item that is like another and is not the same."""
    kind, notes = plain(hint)
    if kind is UUID:
        return str(uuid4()) if place else item
    if kind is str and noted(notes, "pattern", "").startswith("^[a-z]{2}"):
        return chr(97 + place // 26 % 26) + chr(97 + place % 26)
    if kind is str:
        return f"{item[:40]}{place}" if place else item
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind, include_extras=True)
        changed = dict(item)
        for one in fields(kind):
            told_apart = one.name in ("code", "item", "skill", "id", "value", "area", "role")
            if told_apart and item.get(one.encode_name) is not None:
                changed[one.encode_name] = _numbered(hints[one.name], item[one.encode_name], place)
        return changed
    return item


def least(hint: Any) -> Any:
    """Return the least that may stand there, for what a story leaves out."""
    kind, notes = plain(hint)
    origin: Any = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind, include_extras=True)
        return {one.encode_name: least(hints[one.name]) for one in fields(kind) if one.required}
    if origin in (tuple, list, frozenset, set):
        return [least(get_args(kind)[0])] * noted(notes, "min_length", 0)
    for value in farthest(kind, notes):
        return "A" if kind is str and not noted(notes, "pattern") else value
    return {}


@dataclass(slots=True)
class Tried:
    """What came of the variants of one kind of command."""

    recorded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    by_field: dict[str, list[str]] = field(default_factory=dict)


class FarHouse(House):
    """A house that tries out what each command could have said, when a command first comes in.

    Attributes:
        kinds: the commands, by their wire names, that are tried out; None: all.
    """

    kinds: frozenset[str] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.tried: dict[str, Tried] = {}
        self.faults: list[str] = []

    async def post(self, name: str, content: Mapping[str, Any], *, as_: str = OPERATOR) -> Answer:
        """Try the command's variants, if it is the first of its kind; then send it."""
        if name not in self.tried and (self.kinds is None or name in self.kinds):
            self.tried[name] = Tried()
            await self.try_out(name, variants(name, content), as_)
        return await super().post(name, content, as_=as_)

    async def try_out(
        self, name: str, wishes: Iterable[tuple[str, Any, Wish]], as_: str = OPERATOR
    ) -> None:
        """Send each of these, see that all settles, and take it back."""
        await self.settle()
        before = self.mark()
        tried = self.tried[name]
        for path, value, wish in wishes:
            shown = repr(value) if len(repr(value)) < 60 else f"{value!r:.40}… ({len(value)})"
            outcome = "ok"
            try:
                await super().post(name, wish, as_=as_)
            except MshauriError as refusal:
                tried.refused[refusal.code] += 1
                tried.by_field.setdefault(path, []).append(refusal.code)
                if not refusal.remedy:
                    self.faults.append(f"{name} {path}={shown}: no remedy for {refusal}")
                continue
            except Exception as fault:
                outcome = f"when decided: {type(fault).__name__}: {fault!s:.300}"
            if outcome == "ok":
                tried.recorded += 1
                try:
                    await self.settle()
                    await self.new_day()
                except Exception as fault:
                    outcome = f"when read: {type(fault).__name__}: {fault!s:.300}"
            if outcome != "ok":
                self.faults.append(f"{name} {path}={shown} {outcome}")
            self.back_to(before)
            tried.by_field.setdefault(path, []).append(outcome)


class StrangeHouse(House):
    """A house in which every command says one thing at its farthest, where that is accepted, and
    what it said stays: what comes after rests on it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.random = Random(0)
        self.stayed = 0
        self.faults: list[str] = []

    async def settle(self) -> None:
        """Settle, and note what does not."""
        try:
            await super().settle()
        except Exception as fault:
            self.faults.append(f"{type(fault).__name__}: {fault!s:.400}")
            raise

    async def post(self, name: str, content: Mapping[str, Any], *, as_: str = OPERATOR) -> Answer:
        """Send a variant of the command; the command itself if that is refused."""
        given = {key: content[key] for key in ("id", "commandId") if key in content}
        choices = [wish for path, _, wish in variants(name, content) if path not in IDS]
        for wish in (*self.random.choices(choices, k=2), content):
            try:
                answer = await super().post(name, {**wish, **given}, as_=as_)
            except MshauriError:
                continue
            self.stayed += wish is not content
            return answer
        # Something before it said what it cannot rest on.
        id = UUID(str(content.get("id") or uuid4()))
        return Answer(command_id=uuid4(), record=name, id=id, version=1, positions=[])
