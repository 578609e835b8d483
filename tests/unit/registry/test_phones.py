"""Phone numbers: one however dialled, two where the operator's prefix or the country differ."""

import pytest

from services.registry.phones import Phone, phone_of
from services.registry.phones import one_phone as said_alike
from services.registry.screening.likeness import Known, likeness
from services.registry.screening.names import name as ready
from shared.contracts.registry.health_worker import Ground
from shared.domain import new_id


@pytest.mark.parametrize(
    "text", ["+254 712 345 678", "00254712345678", "254712345678", "+254 0712 345 678"]
)
def test_a_number_with_its_calling_code_is_one_however_it_is_written(text: str) -> None:
    assert phone_of(text) == Phone("712345678", "254")


@pytest.mark.parametrize("text", ["0712 345 678", "712345678"])
def test_a_number_dialled_within_a_country_does_not_tell_which(text: str) -> None:
    assert phone_of(text) == Phone("712345678", None)


@pytest.mark.parametrize(
    ("text", "national", "calling"),
    [
        ("70 12 34 56", "70123456", None),
        ("+226 70 12 34 56", "70123456", "226"),
        ("22670123456", "70123456", "226"),
        ("+27 82 123 4567", "821234567", "27"),
        ("+20 10 1234 5678", "1012345678", "20"),
        ("+1 202 555 0123", "2025550123", "1"),
    ],
)
def test_numbers_are_as_long_as_their_country_has_them(
    text: str, national: str, calling: str | None
) -> None:
    assert phone_of(text) == Phone(national, calling)


@pytest.mark.parametrize("text", [None, "", "      ", "000000000", "12 34 56", "+254 123"])
def test_too_few_digits_are_no_number(text: str | None) -> None:
    assert phone_of(text) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("0722 123 456", "+254722123456", True),
        ("0722-123-456", "0722 123 457", False),
        ("+254722123456", "+250722123456", False),
        ("12 34", "1234", True),
        ("12 34", "+254722123456", False),
    ],
)
def test_two_texts_may_say_one_number(one: str, other: str, *, alike: bool) -> None:
    assert said_alike(one, other) is said_alike(other, one) is alike


def one_phone(one: str, other: str) -> bool:
    """Say whether two people who share nothing else are suspected for their phones."""
    rows = []
    for name, text in (("ama mensah", one), ("efua owusu", other)):
        phone = phone_of(text)
        assert phone is not None
        rows.append(
            Known(
                id=new_id(),
                org_unit_id=new_id(),
                name=ready(name),
                phone=phone.national,
                calling=phone.calling,
            )
        )
    return likeness(*rows).grounds == (Ground.PHONE,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("70 12 34 56", "+226 70 12 34 56"),
        ("0803 123 4567", "+234 803 123 4567"),
        ("0707 12 34 56", "+225 07 07 12 34 56"),
    ],
)
def test_a_phone_is_a_ground_in_every_country(one: str, other: str) -> None:
    assert one_phone(one, other)
    assert one_phone(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0803 123 4567", "0903 123 4567"),  # two operators of Nigeria
        ("+226 70 12 34 56", "+223 70 12 34 56"),  # Burkina Faso and Mali
        ("+234 803 123 4567", "0703 123 4567"),
    ],
)
def test_numbers_that_end_alike_are_two(one: str, other: str) -> None:
    assert not one_phone(one, other)
