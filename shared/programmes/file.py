"""Reads a programme file: YAML in, a `Definition` out, or every mistake with its line and remedy.

`mshauri programme check` prints the mistakes, and the registry refuses what has any: both ask
here, so that a file which checks also publishes. What the parts mean to each other (an area's
framework exists, no code stands twice) is in `rules`.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, cast, get_args, get_type_hints

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
)

from shared.contracts.definition import Definition
from shared.deciding.values import UnfitValue, check_of
from shared.programmes.rules import Path, broken_rules
from shared.programmes.words import bare, branches, in_words, is_list, is_struct

DEEPEST = 20
"""Levels of nesting: a definition needs eight; a hostile file would exhaust the reader's stack."""


class Mistake(Struct, frozen=True, kw_only=True):
    """One thing wrong in a programme file.

    Attributes:
        line: where, counted from 1.
        path: what, as `areas[0].framework`; empty: the file as a whole.
        problem: what is wrong, in a sentence.
        remedy: what would be right.
    """

    line: int
    path: str
    problem: str
    remedy: str


def read_programme(text: str) -> Definition | list[Mistake]:
    """Return the definition that a programme file holds, or all its mistakes by line."""
    unreadable = _unreadable(text)
    if unreadable:
        return [unreadable]
    try:
        document = YAML(typ="rt", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        # A scalar that looks like a date or a number and is none raises what Python does.
        return [_yaml_mistake(error)]
    content = _plain(document)
    wrong = list(_wrong_shapes(content, Definition, ()))
    if not wrong:
        definition = msgspec.convert(content, Definition)
        wrong = list(broken_rules(definition))
        if not wrong:
            return definition
    mistakes = [
        Mistake(line=_line(document, path), path=_spelled(path), problem=problem, remedy=remedy)
        for path, problem, remedy in wrong
    ]
    return sorted(mistakes, key=lambda mistake: mistake.line)


def _unreadable(text: str) -> Mistake | None:
    """Walk the file's bare YAML events: what is not a plain tree is not worth building."""
    depth = documents = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            documents += isinstance(event, DocumentStartEvent)
            line = event.start_mark.line + 1
            if isinstance(event, AliasEvent):
                return Mistake(
                    line=line,
                    path="",
                    problem=f"The alias *{event.anchor} stands for text elsewhere",
                    remedy="Write the text out: every line of a programme is read on its own.",
                )
            if depth > DEEPEST:
                return Mistake(
                    line=line,
                    path="",
                    problem=f"More than {DEEPEST} levels are nested here",
                    remedy="Close the brackets, or correct the indentation.",
                )
            if documents > 1:
                return Mistake(
                    line=line,
                    path="",
                    problem="A second document begins here",
                    remedy="Keep one programme in a file.",
                )
    except YAMLError as error:
        return _yaml_mistake(error)
    return None


def _yaml_mistake(error: YAMLError | ValueError) -> Mistake:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = error.problem if isinstance(error, MarkedYAMLError) else None
    said = problem or str(error).strip() or "it ends too soon"
    return Mistake(
        line=mark.line + 1 if mark else 1,
        path="",
        problem=f"This is not YAML: {said.splitlines()[0]}",
        remedy="Check indentation, quotes and colons on this line and the one before.",
    )


def _plain(value: Any) -> Any:
    """Return the document as plain dicts, lists and scalars, without the reader's line marks."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)


Wrong = tuple[Path, str, str]


def _wrong_shapes(value: Any, kind: Any, path: Path) -> Iterator[Wrong]:
    """Compare one part of the file with the type it should have, and go on below it."""
    meant = _meant(value, kind)
    if is_struct(meant):
        yield from _wrong_fields(value, bare(meant), path)
        return
    if is_list(meant) and isinstance(value, list):
        below = list(_wrong_items(value, get_args(bare(meant)), path))
        if below:
            yield from below
            return
    try:
        msgspec.convert(value, meant)
    except msgspec.ValidationError as error:
        yield path, f"{_shown(value)} does not fit: {_said(error)}", _wanted(value, kind)
        return
    if isinstance(value, str | int | float):
        try:
            check_of(kind)(value, "")
        except UnfitValue as unfit:
            problem, right = unfit.params["problem"], unfit.params["right"]
            yield path, f"{_shown(value)} cannot be kept: {problem}", f"{right.capitalize()}."


def _meant(value: Any, kind: Any) -> Any:
    """Return the one of a field's types that the value was to be, where that can be told."""
    several = branches(kind)
    if value is None or (len(several) > 1 and not isinstance(value, list)):
        return kind
    lists = [one for one in several if is_list(one)]
    if len(several) > 1:
        return lists[0] if lists else kind
    return several[0]


def _wrong_items(value: list[Any], parts: tuple[Any, ...], path: Path) -> Iterator[Wrong]:
    kinds = parts if parts[-1] is not Ellipsis else parts[:1] * len(value)
    for place, (item, kind) in enumerate(zip(value, kinds, strict=False)):
        yield from _wrong_shapes(item, kind, (*path, place))


def _wrong_fields(value: Any, kind: type[Struct], path: Path) -> Iterator[Wrong]:
    if not isinstance(value, dict):
        names = ", ".join(kind.__struct_encode_fields__)
        yield path, f"{_shown(value)} stands where fields are meant", f"Give the fields {names}."
        return
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in value:
        if name not in fields:
            close = get_close_matches(name, fields, n=1)
            remedy = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(fields)}."
            yield (*path, name), f"There is no field {name!r} here", remedy
    for name, field in fields.items():
        if name in value:
            yield from _wrong_shapes(value[name], hints[field.name], (*path, name))
        elif field.required:
            wanted = in_words(hints[field.name])
            yield path, f"The field {name!r} is missing", f"Add `{name}: …`, {wanted}."


def _said(error: msgspec.ValidationError) -> str:
    """Return msgspec's own sentence, without the path, whose root is this part alone."""
    sentence = str(error).split(" - at `$")[0]
    return sentence[:1].lower() + sentence[1:]


def _shown(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 64:  # Python may refuse to write it out
        return f"a whole number of {value.bit_length()} bits"
    text = "an empty value" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _wanted(value: Any, kind: Any) -> str:
    wanted = in_words(kind)
    if isinstance(value, bool | int | float) and bare(branches(kind)[0]) is str:
        return f'Put it in quotes, "{value}": {wanted} is meant.'
    return f"Give {wanted}."


def _line(document: Any, path: Path) -> int:
    """Return the line on which the path begins, or the last one on the way to it."""
    line, here = 0, document
    for step in path:
        marks = getattr(here, "lc", None)
        if marks is None or marks.data is None or step not in marks.data:
            break
        line = cast("int", marks.data[step][0])
        here = here[step]
    return line + 1


def _spelled(path: Path) -> str:
    spelled = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return spelled.lstrip(".")
