"""The codes of an org unit: its own, and those of other lists, each since a day."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from shared.contracts.base import Command, Event, OrgUnitId, asked, happened

OWN = "OWN"
"""The list of codes that a unit is established with; every unit has one there on every day."""

CodeSystem = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z0-9_-]*$",
        max_length=40,
        description="A list of codes, in capitals: MFL, DHIS2, HR; OWN is the unit's own code.",
    ),
]
ListedCode = Annotated[
    str, Meta(min_length=1, max_length=64, description="The unit's code in that list.")
]


class CodeIn(Struct, frozen=True, kw_only=True, rename="camel"):
    """A unit's code in a list of codes."""

    system: CodeSystem
    code: ListedCode


CodesIn = Annotated[
    tuple[CodeIn, ...],
    Meta(max_length=20, description="Its codes in other lists, one a list."),
]


class CodeSince(Struct, frozen=True, kw_only=True, rename="camel"):
    """A unit's code in a list from a day on; none: it is not in that list any more."""

    since: Annotated[date, Meta(description="The first day with it.")]
    code: ListedCode | None = None


CodeLine = Annotated[
    tuple[CodeSince, ...],
    Meta(max_length=100, description="Every code it had in the list, in any order."),
]


@happened("registry.org_unit.codes_told")
class OrgUnitCodesTold(Event, kw_only=True):
    """Which codes a unit had in a list since when, the whole line, in place of what was before.

    An empty line: it never was in that list. `removed` are the days on which a code was said to
    begin, and none does. A reason comes with a correction.
    """

    system: CodeSystem
    codes: CodeLine
    removed: Annotated[tuple[date, ...], Meta(max_length=100)] = ()


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitChangeCode(Command, kw_only=True):
    """Give an org unit a code in a list, since the day it occurred on.

    It goes on being found by the one before, which no other unit takes.
    """

    org_unit_id: OrgUnitId
    code: ListedCode
    system: CodeSystem = OWN


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitGiveUpCode(Command, kw_only=True):
    """Say that an org unit is in a list of codes no more, since the day it occurred on.

    Another unit may have its code from then on; its own code a unit does not give up.
    """

    org_unit_id: OrgUnitId
    system: CodeSystem


@asked("registry", "OrgUnit", by="administrator")
class OrgUnitCorrectCodes(Command, kw_only=True):
    """Say anew which codes an org unit had in a list since when; `reason` says why.

    `codes` takes the place of all that was said before; without any, it never was in that list.
    """

    org_unit_id: OrgUnitId
    system: CodeSystem
    codes: CodeLine = ()
