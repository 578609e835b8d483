"""The catalogues say everything that the code says, in every language, and nothing else.

Where one of these fails: `python -m shared.language.extract`, then translate what it lists.
"""

import re
from string import Formatter

import pytest
from babel.messages import Catalog

from services.gateway.graphql.schema import build_schema
from shared.language import ENGLISH, LANGUAGES
from shared.language.catalogue import path_of, read
from shared.language.extract import Said, renewed, said, written

OTHERS = [language for language in LANGUAGES if language != ENGLISH]


@pytest.fixture(scope="module")
def everything() -> Said:
    build_schema()
    return said()


@pytest.fixture(scope="module", params=OTHERS)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read(request.param)


def test_everything_that_is_said_is_translated(catalog: Catalog, everything: Said) -> None:
    translated = {
        (message.context or "", message.id)
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }
    assert sorted(everything.keys() - translated) == []


def test_nothing_is_translated_that_is_no_longer_said(catalog: Catalog, everything: Said) -> None:
    kept = {(message.context or "", message.id) for message in catalog if message.id}
    assert sorted(kept - everything.keys()) == []


def test_a_translation_has_the_same_placeholders(catalog: Catalog) -> None:
    wrong = [
        (message.context, message.string)
        for message in catalog
        if message.id and _placeholders(str(message.id)) != _placeholders(str(message.string))
    ]
    assert wrong == []


def test_a_translation_names_the_same_fields_and_codes(catalog: Catalog) -> None:
    wrong = [
        (message.context, message.string)
        for message in catalog
        if message.id and _for_programs(str(message.id)) != _for_programs(str(message.string))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_file_is_as_the_extraction_writes_it(language: str, everything: Said) -> None:
    again = written(renewed(read(language), everything))
    assert path_of(language).read_bytes() == again


def _placeholders(text: str) -> set[tuple[str, str | None, str | None]]:
    return {
        (name, spec, conversion)
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    }


def _for_programs(text: str) -> set[str]:
    """Return what is written for programs: words in backticks, and codes in capitals."""
    return set(re.findall(r"`[^`]+`|\b[A-Z]{2,}(?:_[A-Z]+)+\b", text))
