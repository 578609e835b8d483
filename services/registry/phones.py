"""Phone numbers: one form of a number however it was written, and which of two may be one.

Every country's plan is known to the library `phonenumbers`; of which country a number is that does
not say so, the unit tells.
"""

from dataclasses import dataclass

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
    format_number,
    is_possible_number_with_reason,
    parse,
)

from shared.domain.errors import Refusal
from shared.domain.phrases import Phrase

FEWEST = 7
"""Digits of the shortest national numbers (the Gambia, the Seychelles); West Africa has 8."""

_LONGEST_NATIONAL = 10
"""Digits that a national number has at most, without the zero dialled before it."""


class PhoneImpossible(Refusal):
    """A phone is one that can be dialled."""

    code = "PHONE_IMPOSSIBLE"
    template = "No phone has this number {where}: it has too many digits, or too few."
    remedy_template = "Correct it, or give it with its country's prefix: +254 722 123 456."


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is compared.

    Attributes:
        national: its digits within the country, without the zero dialled before them.
        calling: the country's calling code; None where the number does not tell.
    """

    national: str
    calling: str | None


def e164(text: str, region: str | None, *, field: str) -> str | None:
    """Return the one form of a number, E.164: `0722 123 456` in `KE` is `+254722123456`.

    None: neither the number nor the region tells of which country it is.

    Raises:
        PhoneImpossible: no number has these digits; the error names the field.
    """
    told = _told_internationally(text)
    number = _parsed(told, None) if told else None
    if number is None and region is not None:
        number = _parsed(text, region)
    if number is None:
        if told is None and region is None:
            return None
        where = Phrase("in {country}", country=region) if region else Phrase("anywhere")
        raise PhoneImpossible(field, where=where)
    return format_number(number, PhoneNumberFormat.E164)


def phone_of(text: str | None) -> Phone | None:
    """Return a number as it is compared; None where it has too few digits to be one.

    `0712 345 678`, `+254 712 345 678`, `00254712345678` and `254712345678` are one within Kenya;
    `70 12 34 56` is one of 8 digits in Burkina Faso or Mali, as its calling code says.
    """
    told = _told_internationally(text or "")
    if told is not None:
        try:
            number = parse(told)
        except NumberParseException:
            return _phone(told, None)
        return _phone(str(number.national_number), str(number.country_code))
    return _phone(_digits(text or ""), None)


def one_phone(one: str, other: str) -> bool:
    """Say whether two texts may say one number: `0722 123 456` may be `+254722123456`."""
    these = phone_of(one), phone_of(other)
    if these[0] is None or these[1] is None:
        return _digits(one) == _digits(other)
    countries = {phone.calling for phone in these if phone is not None} - {None}
    return these[0].national == these[1].national and len(countries) < 2


def _told_internationally(text: str) -> str | None:
    """Return a number with its plus, if it says of which country it is."""
    digits = _digits(text)
    if text.lstrip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00") and not digits.startswith("000"):
        return f"+{digits[2:]}"
    # Without a plus, only a number too long for any country begins with a calling code.
    if not digits.startswith("0") and len(digits) > _LONGEST_NATIONAL:
        return f"+{digits}"
    return None


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = parse(text, region)
    except NumberParseException:
        return None
    # What is possible locally alone lacks its area's code: from elsewhere nobody can dial it.
    possible = is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if possible and len(str(number.national_number)) >= FEWEST else None


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _phone(national: str, calling: str | None) -> Phone | None:
    # Some write the zero after the calling code too, and in some countries it is part of it.
    shown = national.lstrip("+0")
    return Phone(shown, calling) if len(shown) >= FEWEST else None
