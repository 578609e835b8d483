"""A certificate's number: one of its own, and a mistyped one shows."""

import re
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from services.validation.aggregates.certificate_number import certificate_number, check_character

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
texts = st.text(ALPHABET, min_size=1, max_size=24)


def test_it_reads_prefix_year_eight_characters_and_the_check() -> None:
    number = certificate_number("TEST", 2021, UUID("0191e2c2-7d4c-7a51-9a3e-6f0c5a1b2c3d"))
    assert re.fullmatch(r"TEST-2021-[0-9A-HJKMNP-TV-Z]{8}-[0-9A-Z]", number)
    assert number == certificate_number("TEST", 2021, UUID("0191e2c2-7d4c-7a51-9a3e-6f0c5a1b2c3d"))


def test_the_check_character_is_the_standards() -> None:
    # By hand, A being 10: (36 + 10) % 36 = 10, doubled 20; and (20 + 17) % 36 = 1, where H is 17.
    assert check_character("A") == "H"


@given(texts, st.data())
def test_one_mistyped_character_never_passes(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != text[place]]))
    assert check_character(text[:place] + other + text[place + 1 :]) != check_character(text)


def test_ten_thousand_certificates_have_ten_thousand_numbers() -> None:
    ids = (uuid5(UUID(int=0), str(place)) for place in range(10_000))
    assert len({certificate_number("TEST", 2021, id) for id in ids}) == 10_000
