"""The codes of a unit, by list: which it had since when, and which are its alone."""

from collections.abc import Iterable
from datetime import date

from shared.contracts.registry.org_unit_codes import OWN, CodeIn
from shared.domain.errors import Refusal


class OwnCodeStays(Refusal):
    """Every unit has a code of its own on every day."""

    code = "OWN_CODE_STAYS"
    template = "The unit would be without a code of its own."
    remedy_template = "Change it: the old one goes on finding the unit."


class NoSuchCode(Refusal):
    """What is given up was there."""

    code = "CODE_NOT_THERE"
    template = "The unit has no code in {system}."
    remedy_template = "Name a list in which it has one: {known}."


class SameCode(Refusal):
    """A change changes something."""

    code = "CODE_UNCHANGED"
    template = "The unit has the code {value} in {system} since {since}."
    remedy_template = "Nothing is left to do."


class NoOwnCode(Refusal):
    """What is no code of a unit's own by its form."""

    code = "OWN_CODE_MALFORMED"
    template = "{value} cannot be a unit's own code."
    remedy_template = "Use letters, digits, dots, dashes and slashes, a letter or digit first."


class CodesAlike(Refusal):
    """A unit has one code a list, and its own is said apart."""

    code = "CODES_ALIKE"
    template = "A code in {system} is said twice."
    remedy_template = "Give one code for each list, and the unit's own in `code`."


def must_be_one_a_list(codes: Iterable[CodeIn], field: str) -> None:
    """Refuse two codes of one list, and one of the list of own codes.

    Raises:
        CodesAlike: as it says.
    """
    seen = {OWN}
    for place, one in enumerate(codes):
        if one.system in seen:
            raise CodesAlike(f"{field}[{place}].system", system=one.system)
        seen.add(one.system)


def codes_kept(line: Iterable[tuple[date, str | None]]) -> tuple[str, ...]:
    """Return the codes of a list that are the unit's alone: the last one, and those that it
    followed upon; what was given up is free, with all before it.
    """
    kept: list[str] = []
    for _, value in line:
        if value is None:
            kept = []
        elif value not in kept:
            kept.append(value)
    return tuple(kept)
