"""Which language a request asks for: `Accept-Language`, by RFC 9110 (12.5.4)."""

from collections.abc import Iterator
from functools import lru_cache

from babel import negotiate_locale
from babel.core import get_global

ENGLISH = "en"
"""What is spoken where nothing else is asked for, or nothing that we speak."""

LANGUAGES = (ENGLISH, "fr", "sw", "rw")
"""English, French, Swahili, Kinyarwanda."""

_THREE_LETTERS = {
    three: two for three, two in get_global("language_aliases").items() if two in LANGUAGES
}
"""Some platforms name a language by three letters: `kin`, `swa`, `fra`."""


@lru_cache(maxsize=256)
def negotiated(accept_language: str | None) -> str:
    """Return the language among ours that the header asks for most.

    A regional variant is content with its language (`fr-RW` with `fr`). What cannot be read of the
    header is passed over: a request is never refused for its language.
    """
    weights = list(_weights(accept_language or ""))
    refused = {language for language, weight in weights if weight == 0}
    anything = [language for language in LANGUAGES if language not in refused]
    asked: list[str] = []
    for language, weight in sorted(weights, key=lambda each: -each[1]):
        if weight > 0:
            asked += anything if language == "*" else [language]
    return negotiate_locale(asked, LANGUAGES, sep="-") or ENGLISH


def _weights(header: str) -> Iterator[tuple[str, float]]:
    """Yield each language range of the header with its weight, 0 to 1, in the header's order."""
    for item in header.split(","):
        language, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = _weight(parameters)
        if language and weight is not None:
            name, dash, region = language.partition("-")
            yield _THREE_LETTERS.get(name, name) + dash + region, weight


def _weight(parameters: list[str]) -> float | None:
    if not parameters:
        return 1.0
    name, _, value = parameters[0].partition("=")
    try:
        weight = float(value)
    except ValueError:
        return None
    return weight if name.strip() == "q" and 0 <= weight <= 1 else None
