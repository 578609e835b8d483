"""Which of two phone numbers may be one: the number within its country, and the country if told."""

from dataclasses import dataclass

FEWEST = 7
"""Digits of the shortest national numbers (the Gambia, the Seychelles); West Africa has 8."""

_TWO_DIGITS = frozenset(
    f"{group}{digit}"
    for group, digits in {
        "2": "07",
        "3": "0123469",
        "4": "013456789",
        "5": "12345678",
        "6": "0123456",
        "8": "1246",
        "9": "0123458",
    }.items()
    for digit in digits
)
"""Calling codes of two digits (ITU-T E.164); 1 and 7 have one, all others three."""

_LONGEST_NATIONAL = 10
"""Digits that a national number has at most, without the zero dialled before it."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is compared.

    Attributes:
        national: its digits within the country, without the zero dialled before them.
        calling: the country's calling code; None where the number does not tell.
    """

    national: str
    calling: str | None


def phone_of(text: str | None) -> Phone | None:
    """Return a number as it is compared; None where it has too few digits to be one.

    `0712 345 678`, `+254 712 345 678`, `00254712345678` and `254712345678` are one within Kenya;
    `70 12 34 56` is one of 8 digits in Burkina Faso or Mali, as its calling code says.
    """
    digits = "".join(str(int(sign)) for sign in text or "" if sign.isdecimal())
    told = (text or "").lstrip().startswith("+")
    if digits.startswith("00"):
        told, digits = True, digits[2:]
    # Without a plus, only a number too long for any country begins with a calling code.
    if told or (not digits.startswith("0") and len(digits) > _LONGEST_NATIONAL):
        calling = _calling_code(digits)
        return _phone(digits[len(calling) :], calling)
    return _phone(digits, None)


def _phone(national: str, calling: str | None) -> Phone | None:
    # Some write the zero after the calling code too, and in some countries it is part of it.
    shown = national.lstrip("0")
    return Phone(shown, calling) if len(shown) >= FEWEST else None


def _calling_code(digits: str) -> str:
    if digits[:1] in {"1", "7"}:
        return digits[:1]
    return digits[:2] if digits[:2] in _TWO_DIGITS else digits[:3]
