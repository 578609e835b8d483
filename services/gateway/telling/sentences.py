"""Events in words, many at once: one look-up of names for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from services.gateway.read.loader import Reader
from services.gateway.telling import access, registry, sessions, validation
from services.gateway.telling.filling import Telling, called_in, facts_of, sentence
from services.gateway.telling.names import names_of
from services.gateway.telling.words import chosen
from shared.contracts.base import Event
from shared.contracts.envelope import Meta
from shared.domain.phrases import Phrase
from shared.language.catalogue import translated
from shared.language.sentences import PHRASE

__all__ = [
    "Happened",
    "access",
    "happened_of",
    "in_words",
    "registry",
    "sessions",
    "validation",
]

_UNKNOWN = Phrase("What happened is not known to this release.")


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """An event that is to be told.

    Attributes:
        version: the programme version in force for it.
        details: its fields by their wire names, as the trail holds them.
    """

    topic: str
    version: UUID | None
    details: Mapping[str, Any]


def happened_of(topic: str, event: Event, meta: Meta) -> Happened:
    """Return an event of a ledger, that is to be told."""
    return Happened(topic, meta.programme_version_id, msgspec.to_builtins(event))


async def in_words(reader: Reader, happened: Sequence[Happened], language: str) -> list[str]:
    """Return what each event tells, in a language, with the names that the reader may read."""
    bare = [
        Telling(language, each.version, facts_of(each.topic, each.details), {}) for each in happened
    ]
    words = [chosen(each.topic, told.facts) for each, told in zip(happened, bare, strict=True)]
    said = list(zip(happened, words, bare, strict=True))
    names = await names_of(
        reader,
        [
            called
            for each, say, told in said
            if say is not None
            for called in called_in(say, each.topic, told)
        ],
        language,
    )
    return [
        translated(_UNKNOWN, PHRASE, language)
        if say is None
        else sentence(say, each.topic, told._replace(names=names))
        for each, say, told in said
    ]
