"""Errors in the language being spoken: the same code, field and parameters, another sentence."""

from collections.abc import Mapping
from typing import Any

from shared.domain.errors import MshauriError
from shared.domain.phrases import Phrase
from shared.language.catalogue import translated
from shared.language.speaking import spoken

PHRASE = ""
"""The context of phrases: they mean the same in every sentence."""


def message_of(error: MshauriError) -> str:
    """Return what was wrong."""
    return _said(error.template, error.code, error.params)


def remedy_of(error: MshauriError) -> str:
    """Return what would be right."""
    return _said(error.remedy_template, error.code, error.params)


def phrase_of(phrase: Phrase) -> str:
    """Return a phrase in the language being spoken."""
    return _said(phrase.template, PHRASE, phrase.params)


def _said(template: str, context: str, params: Mapping[str, Any]) -> str:
    words = {name: _in_words(value) for name, value in params.items()}
    return translated(template, context, spoken()).format(**words)


def _in_words(value: Any) -> Any:
    return phrase_of(value) if isinstance(value, Phrase) else value
