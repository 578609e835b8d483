"""What stands in a sentence's places: days, numbers, labels and names, as a language writes them.

What a field holds is read from its contract, once an event class; its value, from the trail.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import EnumMeta
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal
from msgspec import Struct

from services.gateway.telling.words import COUNT, Words
from shared.contracts.base import Event, events, marks, personal_fields
from shared.language.catalogue import translated
from shared.language.labels import labelled
from shared.language.negotiation import ENGLISH
from shared.language.sentences import PHRASE

CODED = {
    "programme": ("programme", "programme"),
    "tier": ("programme", "tier"),
    "area": ("area", "programme"),
    "tier_area": ("area", "tier"),
    "competency": ("competency", "programme"),
    "because": ("competency", "programme"),
    "indicator": ("indicator", "programme"),
    "phase": ("phase", "programme"),
    "from_phase": ("phase", "programme"),
    "step": ("step", "programme"),
}
"""Fields that hold a code of a programme's definition: what it is a code of, and the field that
names the programme. The version in force says what it is called, else the programme's newest."""


class Called(NamedTuple):
    """Something that has a name elsewhere.

    Attributes:
        kind: what it is: `HealthWorker`, or `competency`.
        id: its UUID, or its code.
        version: of a code, the programme version that says what it means.
        programme: of a code without one, whose newest version says it.
    """

    kind: str
    id: Any
    version: UUID | None = None
    programme: str | None = None


Names = Mapping[Called, str]
"""What everything is called; what is not in it, the reader knows by its code alone."""

Say = Callable[[Any, "Telling"], str | None]
Find = Callable[[Any, "Telling"], Iterator[Called]]


class Telling(NamedTuple):
    """How one event is told: in which language, by which version's names, and what it says."""

    language: str
    version: UUID | None
    facts: Mapping[str, Any]
    names: Names


class Kind(NamedTuple):
    """A kind of field: how its value is said, and what must be known of it before."""

    say: Say
    find: Find = lambda _value, _telling: iter(())


class _Place:
    """A value in a sentence; `{…:count}` says how many it is."""

    def __init__(self, text: str, number: int, language: str) -> None:
        self._text, self._number, self._language = text, number, language

    def __format__(self, spec: str) -> str:
        if spec == COUNT:
            return str(format_decimal(self._number, locale=self._language))
        return self._text


def facts_of(topic: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event's details say, by the fields' Python names."""
    event = events.get(topic)
    if event is None:
        return {}
    names = zip(event.__struct_fields__, event.__struct_encode_fields__, strict=True)
    return {name: details[wire] for name, wire in names if wire in details}


def called_in(words: Words, topic: str, telling: Telling) -> Iterator[Called]:
    """Yield everything a sentence needs the name of."""
    kinds = kinds_of(events[topic])
    for name, count in words.fields:
        if not count:
            yield from kinds[name].find(telling.facts[name], telling)


def sentence(words: Words, topic: str, telling: Telling) -> str:
    """Return the sentence, filled, in the language of the telling."""
    kinds = kinds_of(events[topic])
    template = translated(words.text, PHRASE, telling.language)
    facts = telling.facts
    places = {
        name: _Place(
            "" if count else kinds[name].say(facts[name], telling) or "…",
            len(facts[name]) if isinstance(facts[name], list) else 1,
            telling.language,
        )
        for name, count in words.fields
    }
    return template.format(**places)


@cache
def kinds_of(event: type[Event]) -> Mapping[str, Kind]:
    """Return the fields of an event that can be said, with how: no personal one is among them."""
    hints = get_type_hints(event, include_extras=True)
    personal = frozenset(personal_fields(event))
    found = {
        name: _kind(name, hints[name]) for name in event.__struct_fields__ if name not in personal
    }
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(name: str, annotation: Any) -> Kind | None:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        of = next((extra["ref"] for extra in map(_extra, parts[1:]) if "ref" in extra), None)
        return _named(of) if of else _kind(name, parts[0])
    if origin in (Union, UnionType):
        found = [_kind(name, part) for part in parts if part is not NoneType]
        return found[0] if len(found) == 1 else None
    if origin is tuple:
        inner = _kind(name, parts[0])
        return None if inner is None else _each(inner)
    if name in CODED and annotation is str:
        return _coded(*CODED[name])
    if isinstance(annotation, EnumMeta):
        return _label(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _person_in(annotation)
    return _PLAIN.get(annotation)


def _extra(mark: Any) -> dict[str, Any]:
    return getattr(mark, "extra", None) or {}


def _named(kind: str) -> Kind:
    def say(value: Any, telling: Telling) -> str | None:
        return telling.names.get(Called(kind, UUID(str(value))))

    return Kind(say, lambda value, _: iter((Called(kind, UUID(str(value))),)))


def _coded(kind: str, of: str) -> Kind:
    def called(value: Any, telling: Telling) -> Called:
        programme = telling.facts.get(of)
        version = telling.version if of == "programme" else None
        return Called(kind, value, version, None if version else programme)

    def say(value: Any, telling: Telling) -> str:
        return telling.names.get(called(value, telling), str(value))

    return Kind(say, lambda value, telling: iter((called(value, telling),)))


def _each(inner: Kind) -> Kind:
    def say(values: Any, telling: Telling) -> str:
        said = [text for value in values if (text := inner.say(value, telling))]
        return str(format_list(list(dict.fromkeys(said)), locale=telling.language))

    def find(values: Any, telling: Telling) -> Iterator[Called]:
        for value in values:
            yield from inner.find(value, telling)

    return Kind(say, find)


def _person_in(struct: type[Struct]) -> Kind:
    """Return how a struct is told: by the person in it, if there is one."""
    hints = get_type_hints(struct, include_extras=True)
    fields = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    people = [wire for name, wire in fields if marks(hints[name]).get("ref") == "HealthWorker"]
    person = _named("HealthWorker")

    def say(value: Any, telling: Telling) -> str | None:
        return next((person.say(value[p], telling) for p in people if value.get(p)), None)

    def find(value: Any, telling: Telling) -> Iterator[Called]:
        for one in people:
            if value.get(one):
                yield from person.find(value[one], telling)

    return Kind(say, find)


def _label(enum: EnumMeta) -> Kind:
    def say(value: Any, telling: Telling) -> str:
        name: str = enum(value).name
        shown = next((shown for shown, known in labelled.items() if known is enum), enum.__name__)
        english = name.replace("_", " ").capitalize()
        said = translated(english, f"{shown}.{name}", telling.language)
        return said[:1].lower() + said[1:]

    return Kind(say)


def _locale(telling: Telling) -> str:
    # "1 October 2020", as the countries that speak English here write it.
    return "en_GB" if telling.language == ENGLISH else telling.language


def _day(value: Any, telling: Telling) -> str:
    return str(format_date(date.fromisoformat(value), "long", locale=_locale(telling)))


def _instant(value: Any, telling: Telling) -> str:
    at = datetime.fromisoformat(value)
    return str(format_datetime(at, "medium", locale=_locale(telling))) + " UTC"


def _number(value: Any, telling: Telling) -> str:
    return str(format_decimal(Decimal(str(value)), locale=telling.language))


def _text(value: Any, _telling: Telling) -> str:
    return str(value)


_PLAIN: dict[Any, Kind] = {
    date: Kind(_day),
    datetime: Kind(_instant),
    int: Kind(_number),
    float: Kind(_number),
    Decimal: Kind(_number),
    str: Kind(_text),
}
