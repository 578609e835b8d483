"""The sentences in other languages: one gettext file each, read as it is when a process starts."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po

from shared.language.negotiation import ENGLISH, LANGUAGES

LOCALES = Path(__file__).parent / "locales"

Sentences = Mapping[tuple[str, str], str]
"""Translations by context and English text."""


def path_of(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return LOCALES / language / "LC_MESSAGES" / "mshauri.po"


def read(language: str) -> Catalog:
    """Read a language's catalogue.

    Raises:
        PoFileError: the file is no gettext file.
    """
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def catalogues() -> Mapping[str, Sentences]:
    """Return the sentences of every language but English, which needs none."""
    return {language: _sentences(language) for language in LANGUAGES if language != ENGLISH}


def translated(text: str, context: str, language: str) -> str:
    """Return a text in a language; in English where it is not translated."""
    return catalogues().get(language, {}).get((context, text), text)


def _sentences(language: str) -> Sentences:
    # A fuzzy entry is a guess that nobody has looked at: English is better.
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in read(language)
        if message.id and message.string and not message.fuzzy
    }
