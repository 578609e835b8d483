"""Which country a unit stands for: by its code or its name, as ISO 3166-1 and CLDR have them."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global
from phonenumbers import SUPPORTED_REGIONS

from shared.domain.folding import folded_text

_SPOKEN = ("en", "fr", "sw", "rw")
"""In which languages a country may be called."""


@lru_cache(maxsize=256)
def region_of(code: str, name: str) -> str | None:
    """Return the ISO 3166-1 code of a country: `RW` of `RW`, `RWA` or `Rwanda`; None: it is none.

    Its code goes before its name.
    """
    written = code.strip().upper()
    told = [written, *get_global("territory_aliases").get(written, ())]
    told += [by_name for by_name in (_names().get(folded_text(name)),) if by_name]
    return next((one for one in told if one in SUPPORTED_REGIONS), None)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {
        folded_text(name): code
        for language in reversed(_SPOKEN)
        for code, name in Locale(language).territories.items()
    }
