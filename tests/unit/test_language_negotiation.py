"""Which language a request asks for, by its `Accept-Language`."""

import pytest

from shared.language import negotiated


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("sw", "sw"),
        ("RW", "rw"),
        ("fr-CA", "fr"),
        ("fr-RW, en", "fr"),
        ("de, rw;q=0.9, fr;q=0.8", "rw"),
        ("en;q=0.2, sw;q=0.3, fr;q=0.25", "sw"),
        ("fr;q=0.5, rw;q=0.5", "fr"),
        ("kin", "rw"),
        ("swh-KE;q=0.4", "sw"),
        ("de, ja;q=0.5", "en"),
        ("fr ; q = 0.7 , sw;q=0.6", "fr"),
    ],
)
def test_the_language_asked_for_most_is_spoken(header: str | None, language: str) -> None:
    assert negotiated(header) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [("*", "en"), ("de, *;q=0.5", "en"), ("en;q=0, *", "fr"), ("sw, *;q=0.1", "sw")],
)
def test_anything_is_the_first_that_is_not_refused(header: str, language: str) -> None:
    assert negotiated(header) == language


def test_a_language_of_no_weight_is_not_spoken() -> None:
    assert negotiated("fr;q=0, rw;q=0.1") == "rw"


@pytest.mark.parametrize("header", ["fr;q=loud", "fr;q=2", "fr;q=nan", ";;,", "fr;level=1", "=,\0"])
def test_what_cannot_be_read_is_passed_over(header: str) -> None:
    assert negotiated(header) == "en"
    assert negotiated(f"{header}, sw;q=0.1") == "sw"
