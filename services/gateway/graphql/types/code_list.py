"""Code lists: what a country takes for cadres, kinds of units and nicknames."""

import strawberry
from strawberry import ID

from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import leaf, one, read_model, where
from services.gateway.graphql.types.org_unit import OrgUnit
from services.gateway.projections import CODE_LIST_ENTRY
from services.gateway.read.declare import Order, Published
from shared.contracts.registry.code_list import CodeListKind

graphql_enum(CodeListKind)

Words = list[str]
"""Named here: in the class below, `list` is a field."""

CodeListEntryOrder = order_enum(
    "CodeListEntryOrder",
    "In which order the entries of code lists are listed.",
    LIST=(Order(columns=("list", "code_list_id", "place")), "As the lists have them."),
    NAME=(Order(columns=("list", "name_folded", "code")), "By list, then by name, from A."),
)


@strawberry.input(description="Which entries of code lists.")
class CodeListEntryFilter:
    """Filters of `codeListEntries`."""

    list: CodeListKind | None = where("list", "Of lists of this sort.")
    org_unit_id: ID | None = where(
        "org_unit_id", "Of the country with this unit at its root.", kind="OrgUnit"
    )
    code: str | None = where("code", "Those with this code.")
    of_a_country: bool | None = where(
        "org_unit_id",
        "Of countries' own lists; false: of those that hold where no country told one.",
        how="filled",
    )


@read_model(
    CODE_LIST_ENTRY,
    scope=Published(),
    description="What stands under one code in a country's list.",
)
class CodeListEntry:
    """One entry."""

    list: CodeListKind = leaf("What the list is of.", convert=CodeListKind)
    code: str = leaf("Its stable key: what records keep.")
    name: str = leaf("What it is called.")
    aliases: Words = leaf("Other words that are taken for it.")
    isco: str | None = leaf("A cadre's unit group in ISCO-08; null where none is told.")
    below: Words = leaf("The kinds under which a unit of this kind may lie, by their codes.")
    facility: bool = leaf("Whether units of this kind see patients.")
    retired: bool = leaf("Whether it is taken for nothing new.")
    org_unit: OrgUnit | None = one(
        "OrgUnit", by="org_unit_id", description="The country; null: it holds everywhere else."
    )
    version: int = leaf("The list's version, for `expectedVersion`.", column="record_version")
