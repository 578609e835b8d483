"""A certificate's number: short enough to be read out, with a check against mistyping."""

from uuid import UUID

from shared.domain import derived_id

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U: nobody takes one of its letters for a digit."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def certificate_number(prefix: str, year: int, certificate_id: UUID, issue: int = 1) -> str:
    """Return `{prefix}-{year}-{8 characters of the id}-{check character}`.

    Forty bits of the id: with 50,000 certificates of one prefix a year, two numbers would be the
    same once in 900 years, and then the claim refuses the second. What is issued anew has others.
    """
    bits = (certificate_id if issue == 1 else derived_id("issue", certificate_id, issue)).int
    body = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{prefix}-{year}-{body}-{check_character(f'{prefix}{year}{body}')}"


def check_character(text: str) -> str:
    """Return the check character of capital letters and digits: ISO 7064, MOD 37,36.

    Of the standard's systems it is the one for letters and digits whose check is one of them
    too; it finds every single mistyped character.
    """
    product = 36
    for character in text:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]
