"""Brings the catalogues up to date with the code: `python -m shared.language.extract`.

What the code says newly is added, empty, or with the translation that the same English has
elsewhere; what it no longer says is kept below as obsolete, where gettext's tools find it again.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from string import Formatter

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import shared
from shared.domain.errors import all_sentences
from shared.language.catalogue import path_of, read
from shared.language.labels import labelled, labels
from shared.language.negotiation import ENGLISH, LANGUAGES
from shared.language.sentences import PHRASE

HOUSE = Path(*shared.__path__).parent
"""Where the house's packages stand beside each other."""

_WIDTH = 100

_SAID_BY = ("Phrase", "Words")
"""What makes a sentence of its first argument, wherever it is called."""

Said = Mapping[tuple[str, str], str]
"""Where each text is said, by its context and its English."""


def said() -> Said:
    """Return everything the house says to people, once all its modules are imported."""
    packages = [found.name for found in iter_modules([str(HOUSE)]) if found.ispkg]
    for package in packages:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            # A `__main__` starts something; what it says stands elsewhere.
            if not module.name.endswith("__main__"):
                import_module(module.name)
    return {
        (context, text): where
        for context, text, where in (*_phrases(packages), *_errors(packages), *_labels(packages))
        if has_words(text)
    }


def _errors(packages: list[str]) -> Iterator[tuple[str, str, str]]:
    for error in sorted(all_sentences(), key=lambda error: (error.code, error.__name__)):
        if error.__module__.partition(".")[0] in packages:
            yield error.code, error.template, error.__module__
            yield error.code, error.remedy_template, error.__module__


def _phrases(packages: list[str]) -> Iterator[tuple[str, str, str]]:
    # They are made when something is refused, so only the source knows them all.
    for package in sorted(packages):
        found = extract_from_dir(
            HOUSE / package, method_map=[("**.py", "python")], keywords=dict.fromkeys(_SAID_BY)
        )
        for file, _line, text, _comments, _context in found:
            module = ".".join(Path(package, file).with_suffix("").parts)
            yield PHRASE, str(text), module


def _labels(packages: list[str]) -> Iterator[tuple[str, str, str]]:
    for label in labels():
        module = labelled[label.enum].__module__
        if module.partition(".")[0] in packages:
            yield label.context, label.english, module


def has_words(text: str) -> bool:
    """Say whether there is anything to translate in a text, beyond its placeholders."""
    return any(any(map(str.isalpha, words)) for words, *_ in Formatter().parse(text))


def renewed(old: Catalog, said: Said) -> Catalog:
    """Return a catalogue that holds what is said, with the translations of the old one."""
    elsewhere = {str(message.id): message.string for message in old if message.string}
    template = Catalog(creation_date=old.creation_date)
    for (context, text), where in said.items():
        # Babel takes `% in` for a placeholder of printf.
        template.add(text, context=context or None, auto_comments=[where]).flags.discard(
            "python-format"
        )
    old.update(template, no_fuzzy_matching=True, update_creation_date=False)
    for message in old:
        message.flags.discard("python-format")
        if message.id and not message.string:
            message.string = elsewhere.get(str(message.id), "")
    return old


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as its file holds it."""
    file = BytesIO()
    write_po(file, catalog, width=_WIDTH)
    return file.getvalue()


def main() -> int:
    """Write each catalogue, and say what waits for a translator."""
    everything = said()
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        catalog = renewed(read(language), everything)
        path_of(language).write_bytes(written(catalog))
        empty = [message for message in catalog if message.id and not message.string]
        print(f"{language}: {len(catalog)} texts, {len(empty)} to translate")
        for message in empty:
            print(f"    {message.context}: {message.id}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
