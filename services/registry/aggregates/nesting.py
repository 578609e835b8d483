"""Which kinds of org units lie under which: one order, from the country down to the facility.

Countries name their levels differently and skip some, so a kind may lie under any that ranks
above it. Districts and counties rank alike, for Liberia has the first in the second and Uganda the
second in the first. Of all kinds facilities alone lie under their own: a health post under its
health centre.
"""

from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase

_RANKS: dict[OrgUnitKind, int] = {
    OrgUnitKind.COUNTRY: 0,
    OrgUnitKind.PROVINCE: 1,
    OrgUnitKind.COUNTY: 2,
    OrgUnitKind.DISTRICT: 2,
    OrgUnitKind.SUB_COUNTY: 3,
    OrgUnitKind.WARD: 4,
    OrgUnitKind.FACILITY: 5,
}


class KindNotUnder(Refusal):
    """A kind of unit does not lie under one that ranks below it."""

    code = "ORG_UNIT_KIND_NOT_UNDER"
    template = "A {kind} does not lie under a {parent}."
    remedy_template = "{right}"


def must_lie_under(kind: OrgUnitKind, parent: OrgUnitKind, field: str) -> None:
    """Refuse a unit under one that it cannot belong to.

    Raises:
        KindNotUnder: the parent's kind ranks below, or is the same; a FACILITY may lie under any.
    """
    if not _may_lie_under(kind, parent):
        above = [each.value for each in OrgUnitKind if _may_lie_under(kind, each)]
        right = (
            Phrase("Put it under one of these: {kinds}.", kinds=", ".join(above))
            if above
            else Phrase("A {kind} stands at the top: name no parent.", kind=kind.value)
        )
        raise KindNotUnder(field, kind=kind.value, parent=parent.value, right=right)


def _may_lie_under(kind: OrgUnitKind, parent: OrgUnitKind) -> bool:
    if kind is parent:
        return kind is OrgUnitKind.FACILITY
    return _RANKS[parent] <= _RANKS[kind]
