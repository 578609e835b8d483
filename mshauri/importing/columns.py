"""The columns of a kind of list: they follow from the fields of the command its rows become.

What a field is called, whether it must be given, what it means and what it takes stands in its
contract. A file says codes where a command says ids: a health worker is named by number, an org
unit by code, and what has no code of its own by the codes around it (`LOOKED_UP`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from mshauri.importing.words import EXAMPLES, MEANS
from shared.contracts.base import Code, camel, marks
from shared.contracts.definition.visits import GuestRole

NOT_IN_A_FILE = frozenset(
    {
        *("command_id", "expected_version", "device", "on_behalf_of", "reason", "after", "dry_run"),
        *("id", "waivers", "visit_id"),
    }
)
"""Fields of a command that are made here, or that a list of what was does not say."""


class Form(StrEnum):
    """How one value is written."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "whole number"
    DAY = "day"
    YES_NO = "yes or no"
    CHOICE = "one of"
    DEGREES = "degrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a kind's list.

    Attributes:
        field: the command's field, as the wire calls it; "": it only helps to find something.
        hint: what the contract takes there.
        ref: the kind of record that a code in it names.
        many: several values stand in a cell, with `;` between them.
        pair: the two parts of each value, `CODE=points`; both by their wire names.
        choices: the values there are.
        plain: its text follows a pattern, as a language's code does: it is no sentence.
        missing: the mistake where it must say something, and does not.
    """

    name: str
    means: str
    form: Form
    hint: Any = Code
    field: str = ""
    required: bool = False
    personal: bool = False
    ref: str | None = None
    many: bool = False
    pair: tuple[str, str] | None = None
    choices: tuple[str, ...] = ()
    plain: bool = False
    missing: str = "MISSING_VALUE"

    @property
    def example(self) -> str:
        """A value that it takes."""
        if self.name in EXAMPLES:
            return EXAMPLES[self.name]
        return self.choices[0] if self.choices else ""

    @property
    def spread(self) -> str | None:
        """What the headings begin with where each pair has a column of its own: `item:`."""
        return f"{column_name(self.pair[0])}:" if self.pair else None

    @property
    def written(self) -> str:
        """How a cell of it is written, in words."""
        one = ", ".join(self.choices) if self.form is Form.CHOICE else self.form.value
        if self.pair:
            one = "=".join(map(column_name, self.pair))
        return f"{one}; {one}; …" if self.many else one


def _plain(name: str, form: Form = Form.CODE, *, required: bool = True, hint: Any = Code) -> Column:
    return Column(name=name, means=MEANS[name], form=form, hint=hint, required=required)


def _person(name: str, *, required: bool = False) -> Column:
    return Column(
        name=name, means=MEANS[name], form=Form.CODE, ref="HealthWorker", required=required
    )


Number = Annotated[int, Meta(ge=1)]

REFERENCE = _plain("reference", required=False)
"""For lists in which two rows may tell of the same day."""

GUESTS = Column(
    name="guests",
    means=MEANS["guests"],
    form=Form.CHOICE,
    hint=tuple[GuestRole, ...],
    many=True,
    choices=tuple(role.value for role in GuestRole),
)
"""For sessions: a list says as what somebody came, and not who they are."""

LOOKED_UP: dict[str, tuple[Column, ...]] = {
    "ProgrammeVersion": (
        _plain("programme"),
        _plain("version", Form.NUMBER, required=False, hint=Number),
    ),
    "Cohort": (_plain("programme"), _plain("cohort")),
    "Mentee": (
        _person("healthWorker", required=True),
        _plain("programme"),
        _plain("area"),
    ),
    "Mentorship": (
        _plain("programme", required=False),
        _plain("cohort", required=False),
        _person("mentee"),
        _person("mentor"),
        _plain("mentorship", Form.TEXT, required=False, hint=str),
    ),
}
"""What finds a record that has no code of its own."""


def columns_of(command: type[Struct], called: Mapping[str, str] | None = None) -> Iterator[Column]:
    """Yield the columns for a command's fields; `called` renames some, by the field's wire name."""
    hints = get_type_hints(command, include_extras=True)
    for info in msgspec.structs.fields(command):
        if info.name in NOT_IN_A_FILE or _fits_no_cell(hints[info.name]):
            continue
        hint = hints[info.name]
        bare = _bare(hint)
        ref = marks(hint).get("ref")
        if ref in LOOKED_UP and get_origin(bare) is not tuple:
            yield from LOOKED_UP[ref]
            continue
        wire = camel(info.name)
        name = (called or {}).get(wire, column_name(wire))
        yield _column(name, wire, hint, required=info.required)


def _fits_no_cell(hint: Any) -> bool:
    """Say whether a value is more than a cell says: a pair at the most, and days, no instants."""
    bare = _bare(hint)
    one = _bare(get_args(bare)[0]) if get_origin(bare) is tuple else bare
    if one is datetime:
        return True
    return isinstance(one, type) and issubclass(one, Struct) and len(one.__struct_fields__) != 2


def _column(name: str, wire: str, hint: Any, *, required: bool) -> Column:
    bare = _bare(hint)
    many = get_origin(bare) is tuple
    one = _bare(get_args(bare)[0]) if many else bare
    marked = marks(hint)
    pair = None
    if isinstance(one, type) and issubclass(one, Struct):
        first, second = one.__struct_encode_fields__
        pair = (first, second)
    return Column(
        name=name,
        field=wire,
        means=MEANS.get(name) or _described(hint),
        form=Form.CODE if "ref" in marked else _form(one, _one_hint(hint, many=many)),
        hint=hint,
        required=required,
        personal=bool(marked.get("personal")),
        ref=marked.get("ref") or _pair_ref(one),
        many=many,
        pair=pair,
        choices=_choices(one),
        plain=_has_pattern(_one_hint(hint, many=many)),
    )


def _has_pattern(hint: Any) -> bool:
    return any(getattr(one, "pattern", None) for one in getattr(hint, "__metadata__", ()))


def column_name(wire: str) -> str:
    """Return what a file calls a field: without the `Id` at its end, for it says a code."""
    return wire.removesuffix("Id")


def pair_hints(column: Column) -> tuple[Any, Any]:
    """Return the contract's types of the two parts of a pair."""
    struct = _bare(get_args(_bare(column.hint))[0])
    hints = get_type_hints(struct, include_extras=True)
    first, second = (hints[name] for name in struct.__struct_fields__)
    return first, second


def _pair_ref(one: Any) -> str | None:
    if not (isinstance(one, type) and issubclass(one, Struct)):
        return None
    first = get_type_hints(one, include_extras=True)[one.__struct_fields__[0]]
    found = marks(first).get("ref")
    return None if found is None else str(found)


def _form(one: Any, hint: Any) -> Form:
    if isinstance(one, type) and issubclass(one, Enum):
        return Form.CHOICE
    if hint == Code:
        return Form.CODE
    forms = {int: Form.NUMBER, bool: Form.YES_NO, date: Form.DAY, float: Form.DEGREES}
    return forms.get(one, Form.TEXT)


def _choices(one: Any) -> tuple[str, ...]:
    if isinstance(one, type) and issubclass(one, Enum):
        return tuple(str(member.value) for member in one)
    return ()


def _one_hint(hint: Any, *, many: bool) -> Any:
    optional = _without_none(hint)
    return get_args(_bare(optional))[0] if many else optional


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    return hint


def _bare(hint: Any) -> Any:
    """Return a type without `| None` and without its marks."""
    hint = _without_none(hint)
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def _described(hint: Any) -> str:
    for meta in getattr(_without_none(hint), "__metadata__", ()):
        if getattr(meta, "description", None):
            return str(meta.description)
    return ""
