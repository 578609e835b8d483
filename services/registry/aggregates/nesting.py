"""Which kinds of org units lie under which: one order, from the country down to the facility.

Countries name their levels differently and skip some, so a kind may lie under any that ranks
above it. Districts and counties rank alike, for Liberia has the first in the second and Uganda the
second in the first. Of all kinds facilities alone lie under their own: a health post under its
health centre. Where a country's list of kinds says under which ones a kind may lie, that holds.
"""

from typing import NamedTuple

from shared.contracts.registry.org_unit import OrgUnitKind
from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase

_RANKS: dict[str, int] = {
    OrgUnitKind.COUNTRY: 0,
    OrgUnitKind.PROVINCE: 1,
    OrgUnitKind.COUNTY: 2,
    OrgUnitKind.DISTRICT: 2,
    OrgUnitKind.SUB_COUNTY: 3,
    OrgUnitKind.WARD: 4,
    OrgUnitKind.FACILITY: 5,
}


class Kind(NamedTuple):
    """A kind of org unit.

    Attributes:
        code: a member of `OrgUnitKind`, or one of a country's list.
        sees_patients: whether units of the kind are facilities.
        below: the codes of the kinds under which it may lie; empty: as the order above says.
    """

    code: str
    sees_patients: bool = False
    below: tuple[str, ...] = ()


STANDARD: dict[str, Kind] = {
    code: Kind(str(code), sees_patients=code == OrgUnitKind.FACILITY) for code in _RANKS
}
"""The kinds there are where no country says otherwise."""


class KindNotUnder(Refusal):
    """A kind of unit does not lie under one that ranks below it."""

    code = "ORG_UNIT_KIND_NOT_UNDER"
    template = "A {kind} does not lie under a {parent}."
    remedy_template = "{right}"


class KindNotTold(Refusal):
    """What is none of the standard kinds stands in a country's list of kinds."""

    code = "KIND_NOT_TOLD"
    template = "What a {word} is, no list of kinds says."
    remedy_template = "Tell the country's list of kinds first, or name one of these: {known}."


def must_lie_under(kind: Kind, parent: str, field: str) -> None:
    """Refuse a unit under one that it cannot belong to.

    Raises:
        KindNotUnder: the parent's kind ranks below, or is the same; a FACILITY may lie under any.
            Or the country's list names others.
    """
    if not _may_lie_under(kind, parent):
        above = kind.below or [each for each in _RANKS if _may_lie_under(kind, each)]
        right = (
            Phrase("Put it under one of these: {kinds}.", kinds=", ".join(above))
            if above
            else Phrase("A {kind} stands at the top: name no parent.", kind=kind.code)
        )
        raise KindNotUnder(field, kind=kind.code, parent=parent, right=right)


def _may_lie_under(kind: Kind, parent: str) -> bool:
    if kind.below:
        return parent in kind.below
    if kind.code == parent:
        return kind.sees_patients
    rank, above = _RANKS.get(kind.code), _RANKS.get(parent)
    # Of a kind of the country's own, the list alone knows where it ranks.
    return rank is None or above is None or above <= rank
