"""Errors in the language being spoken: the same code, field and parameters, another sentence."""

from collections.abc import Mapping
from typing import Any

from shared.domain.errors import MshauriError
from shared.language.catalogue import translated
from shared.language.speaking import spoken


def message_of(error: MshauriError) -> str:
    """Return what was wrong."""
    return _said(error.template, error.code, error.params)


def remedy_of(error: MshauriError) -> str:
    """Return what would be right."""
    return _said(error.remedy_template, error.code, error.params)


def _said(template: str, code: str, params: Mapping[str, Any]) -> str:
    return translated(template, code, spoken()).format(**params)
