"""A kind of org unit as an argument: one that is published, or the code of a country's own."""

from typing import Annotated

import strawberry

from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain.errors import Malformed
from shared.domain.phrases import Phrase

KindCode = Annotated[
    str | None, strawberry.argument(description="Likewise, by the code of a kind: SECTOR.")
]


def kind_said(kind: OrgUnitKind | None, code: str | None, field: str) -> str | None:
    """Return the code of the kind that is asked for; None: none is.

    Raises:
        Malformed: it is asked for in two ways.
    """
    if kind is not None and code is not None:
        raise Malformed(
            field,
            problem=Phrase("give either a kind or the code of one"),
            expected=f"{field}, or {field}Code",
        )
    return code if kind is None else kind.value
