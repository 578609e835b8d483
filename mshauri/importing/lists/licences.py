"""A licence to practise in the columns of a list of people: one a row, as registers print it."""

from datetime import date
from typing import Any, get_type_hints

from mshauri.importing.columns import Column, Form
from mshauri.importing.rows import Draft
from mshauri.importing.words import MEANS
from shared.contracts.registry.licence import LicenceTerms

_HINTS = get_type_hints(LicenceTerms, include_extras=True)
_FIELDS = dict(
    zip(
        ("licenceBody", "licenceNumber", "licenceFrom", "licenceUntil"),
        zip(LicenceTerms.__struct_fields__, LicenceTerms.__struct_encode_fields__, strict=True),
        strict=True,
    )
)
"""Our columns, and the fields of a licence: by their names, and on the wire."""


def _column(name: str, field: str) -> Column:
    form = Form.DAY if field.startswith("valid") else Form.TEXT
    hint = date if form is Form.DAY else _HINTS[field]
    return Column(name=name, means=MEANS[name], form=form, hint=hint, personal=True)


COLUMNS = tuple(_column(name, field) for name, (field, _) in _FIELDS.items())


def check_licence(draft: Draft) -> None:
    """Look whether a row that tells of a licence says its number, and who issued it."""
    dated = any(name in draft.values for name in ("licenceFrom", "licenceUntil"))
    told = {error.column for error in draft.errors}
    for name, other in (("licenceNumber", "licenceBody"), ("licenceBody", "licenceNumber")):
        # Who issues all of them may be the mapping's default: alone it says nothing of the row.
        asked = dated or (name == "licenceBody" and other in draft.values)
        if asked and name not in draft.values and draft.layout.heading(name) not in told:
            draft.wrong("MISSING_VALUE", name, means=MEANS[name])


def licence_of(draft: Draft) -> dict[str, Any]:
    """Return the command's field for the licence that a row tells of; nothing if it does not."""
    if "licenceNumber" not in draft.values:
        return {}
    said = {wire: draft.values[name] for name, (_, wire) in _FIELDS.items() if name in draft.values}
    return {"licences": [said]}
