"""The reference part of `docs/programmes.md`: every field of a programme file, from the contract.

What a field means comes from the docstrings below `shared/contracts/definition`, what may stand
there from its type, the example from `programmes/mcsp-template.yaml`, which has every setting: the
page cannot say anything else than the reader of the files does. `page` keeps what a person wrote
above the mark, and writes the rest again.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from textwrap import dedent
from typing import Any, NamedTuple, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

from shared.contracts.definition import Definition
from shared.programmes.words import (
    bare,
    branches,
    held_by,
    in_words,
    is_enum,
    is_list,
    is_struct,
    list_of,
)

MARK = "<!-- From here on written by `make schema`, from shared/contracts/definition. -->"


HEAD = (
    "| field | what may stand there | left out | meaning | example |",
    "|---|---|---|---|---|",
)


class Part(NamedTuple):
    """A kind of part of the file: where it stands first, what it is, an example of it."""

    path: str
    kind: type[Struct]
    example: dict[str, Any]


def page(written: str, template: Definition) -> str:
    """Return the whole page: what stands above the mark as it is, and the reference below."""
    above = written.partition(MARK)[0].rstrip()
    return f"{above}\n\n{MARK}\n\n{reference(template)}"


def reference(template: Definition) -> str:
    """Return a section for each part of the file, and the names that stand for something."""
    example = msgspec.to_builtins(template, builtin_types=(), str_keys=True)
    parts = list(_parts("", Definition, example))
    sections = ["## Every field", *(_section(part) for part in parts), "## Every name"]
    sections += [_names(kind) for kind in _enums(parts)]
    return "\n\n".join(sections) + "\n"


def kinds() -> list[type[Struct]]:
    """Return every kind of part, in the file's own order."""
    return list(dict.fromkeys(part.kind for part in _parts("", Definition, {})))


def names() -> dict[type[Enum], dict[str, str]]:
    """Return every name that a field can have, with what it means."""
    return {kind: _members(kind) for kind in _enums(list(_parts("", Definition, {})))}


def meaning(kind: type[Struct], field: str) -> str:
    """Return what a field means: the struct's docstring says it, or that of what it holds."""
    said = _attributes(kind).get(field)
    if said:
        return said
    for one in branches(get_type_hints(kind, include_extras=True)[field]):
        held = bare(held_by(one))
        if is_struct(held) or is_enum(held):
            return _summary(held)
    return ""


def _parts(path: str, kind: type[Struct], example: Any) -> Iterator[Part]:
    """Walk the shape in the file's own order, each part where it stands first."""
    example = example if isinstance(example, dict) else {}
    yield Part(path, kind, example)
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        for one in branches(hints[field.name]):
            inner = held_by(one)
            if is_struct(inner):
                below = example.get(field.encode_name)
                name = field.encode_name + ("[]" if is_list(one) else "")
                if is_list(one):
                    below = max(below or [{}], key=len)
                yield from _parts(f"{path}.{name}".lstrip("."), bare(inner), below)


def _section(part: Part) -> str:
    title = f"### `{part.path}`" if part.path else "### The file"
    rows = list(HEAD)
    hints = get_type_hints(part.kind, include_extras=True)
    for field in msgspec.structs.fields(part.kind):
        cells = (
            f"`{field.encode_name}`",
            _allowed(hints[field.name]),
            _left_out(field),
            meaning(part.kind, field.name),
            _example(part.example.get(field.encode_name)),
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return f"{title}\n\n{_summary(part.kind)}\n\n" + "\n".join(rows)


def _allowed(kind: Any) -> str:
    """Return a type's words; what has a section or a list of names of its own is only named."""
    (one, *more) = branches(kind)
    inner = held_by(one)
    if not more and is_struct(inner):
        return f"{list_of(one)}, each a part, see below" if is_list(one) else "a part, see below"
    return in_words(kind)


def _left_out(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "**required**"
    default = field.default if field.default is not NODEFAULT else field.default_factory()
    if default is None or default == ():
        return "none"
    if isinstance(default, Struct):
        return "as its fields say"
    return _shown(msgspec.to_builtins(default))


def _example(value: Any) -> str:
    """Return a scalar, or a list of them; a part has a section of its own."""
    first = value[0] if isinstance(value, list | tuple) and value else value
    return "" if value is None or isinstance(first, dict) else _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list | tuple):
        return f"`[{', '.join(str(item) for item in value)}]`"
    return f"`{value}`"


def _enums(parts: list[Part]) -> list[type[Enum]]:
    found: dict[type[Enum], None] = {}
    for part in parts:
        for hint in get_type_hints(part.kind, include_extras=True).values():
            for one in branches(hint):
                inner = held_by(one)
                if is_enum(inner):
                    found[bare(inner)] = None
    return list(found)


def _names(kind: type[Enum]) -> str:
    said = _members(kind)
    rows = [f"| `{member.value}` | {said.get(member.name, '')} |" for member in kind]
    table = "\n".join(["| name | meaning |", "|---|---|", *rows])
    return f"### {kind.__name__}\n\n{_summary(kind)}\n\n{table}"


def _summary(kind: type) -> str:
    first = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split())


@cache
def _attributes(kind: type[Struct]) -> dict[str, str]:
    """Return what the `Attributes:` of a struct's docstring says of each field."""
    _, _, listed = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", listed, flags=re.MULTILINE)
    return {name: _sentence(" ".join(text.split())) for name, text in entries}


@cache
def _members(kind: type[Enum]) -> dict[str, str]:
    """Return the line below each member of an enumeration, which Python itself forgets."""
    (body,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    said: dict[str, str] = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(above, ast.Assign) and isinstance(below, ast.Expr):
            assert isinstance(above.targets[0], ast.Name)
            said[above.targets[0].id] = _sentence(str(ast.literal_eval(below.value)))
    return said


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
