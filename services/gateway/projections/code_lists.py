"""Code lists of countries, an entry a row, as each was told last."""

from collections.abc import Iterator

from services.gateway.projections.columns import (
    BOOLEAN,
    ID,
    INTEGER,
    RECORD,
    TEXT,
    TEXTS,
    maybe,
    record,
)
from shared.contracts.registry.code_list import CodeListTold
from shared.domain.folding import folded_text
from shared.projection import Change, Delete, Happening, Projection, Table, Upsert

CODE_LIST_ENTRY = Table(
    name="code_list_entry",
    version=1,
    key=("code_list_id", "code"),
    columns={
        "code_list_id": ID,
        "code": TEXT,
        "org_unit_id": maybe(ID),
        "list": TEXT,
        "place": INTEGER,
        "name": TEXT,
        "name_folded": TEXT,
        "aliases": TEXTS,
        "isco": maybe(TEXT),
        "below": TEXTS,
        "facility": BOOLEAN,
        "retired": BOOLEAN,
        **RECORD,
    },
    indexes=(
        ("list", "code_list_id", "place"),
        ("org_unit_id", "list", "place"),
        ("code", "list"),
        ("list", "name_folded", "code"),
    ),
)
"""`org_unit_id` is the country, empty for what holds everywhere; `place` is where the entry stands
in its list."""

CODE_LISTS = Projection("code_lists", CODE_LIST_ENTRY)


@CODE_LISTS.on(CodeListTold)
def told(event: CodeListTold, happening: Happening) -> Iterator[Change]:
    """Show the list as it is told now."""
    for code in event.removed:
        yield Delete(CODE_LIST_ENTRY, (happening.stream, code))
    for place, entry in enumerate(event.entries):
        yield Upsert(
            CODE_LIST_ENTRY,
            (happening.stream, entry.code),
            {
                "org_unit_id": event.org_unit_id,
                "list": event.list.value,
                "place": place,
                "name": entry.name,
                "name_folded": folded_text(entry.name),
                "aliases": entry.aliases,
                "isco": entry.isco,
                "below": entry.below,
                "facility": entry.facility,
                "retired": entry.retired,
                **record(happening),
            },
        )
