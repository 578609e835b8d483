"""Code lists: the cadres, the kinds of units and the nicknames of a country, as data it tells."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Code, Command, Event, OrgUnitId, Text, asked, happened


class CodeListKind(StrEnum):
    """What a list is of.

    A nickname's entry is the name itself, and its aliases are what people are called for short.
    """

    CADRE = "CADRE"
    UNIT_KIND = "UNIT_KIND"
    NICKNAME = "NICKNAME"


Words = Annotated[tuple[Text, ...], Meta(max_length=100, description="Other words for it.")]
Isco = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}$",
        description="The unit group of the International Standard Classification of Occupations, "
        "ISCO-08: 2221 are nursing professionals.",
    ),
]


class CodeListEntry(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One thing of a list, by its code, its name, and the other words that are taken for it."""

    code: Annotated[Code, Meta(description="Its stable key: what records keep.")]
    name: Annotated[Text, Meta(description="What it is called.")]
    aliases: Words = ()
    isco: Isco | None = None
    below: Annotated[
        tuple[Code, ...],
        Meta(
            max_length=50,
            description="Of a kind of unit: the kinds under which one may lie, by their codes.",
        ),
    ] = ()
    facility: Annotated[bool, Meta(description="Of a kind of unit: it sees patients.")] = False
    retired: Annotated[
        bool, Meta(description="Records keep it, and it is taken for nothing new.")
    ] = False


Entries = Annotated[
    tuple[CodeListEntry, ...],
    Meta(min_length=1, max_length=1_000, description="All that is on the list."),
]


@happened("registry.code_list.told")
class CodeListTold(Event, kw_only=True):
    """A list of a country is this, the whole of it, in place of what it was before.

    `org_unit_id` is the unit at the country's root; none: the list holds wherever no country has
    told one of its own. `removed` are codes that were on it, and are no more.
    """

    org_unit_id: OrgUnitId | None = None
    list: CodeListKind
    entries: Entries
    removed: Annotated[tuple[Code, ...], Meta(max_length=1_000)] = ()


@asked("registry", "CodeList", by="administrator")
class CodeListTell(Command, kw_only=True):
    """Tell a list of a country as a whole; it takes the place of what was told before.

    From then on what is on the list is taken, by its code, its name or an alias, in capitals or
    not, and recorded by its code; other words are refused. Cadres and kinds of units that were on
    it stay, `retired` at least: records name them.
    """

    org_unit_id: (
        Annotated[
            OrgUnitId, Meta(description="The unit at the country's root; left out: everywhere.")
        ]
        | None
    ) = None
    list: CodeListKind
    entries: Entries
