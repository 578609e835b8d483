"""What is the same to people is one text: identifiers and names, in whatever form they came."""

import pytest

from shared.deciding.claims import forms_of
from shared.domain.folding import folded_identifier, folded_text


@pytest.mark.parametrize(
    "text",
    [
        "kmc-204",
        " KMC-204",
        "KMC-204\n",
        "Kmc -204",
        "K\u200bMC-204",
        "ＫＭＣ-204",
        "KMC\u00a0-204",
    ],
)
def test_an_identifier_is_one_however_it_was_typed(text: str) -> None:
    assert folded_identifier(text) == "kmc-204"


def test_plain_letters_are_folded_as_all_others_are() -> None:
    for sign in map(chr, range(128)):
        # What is not ASCII beside it has it go the long way, and is left out again.
        assert folded_identifier(f"a{sign}B") == folded_identifier(f"a{sign}B\u200b")


@pytest.mark.parametrize("text", ["KMC-0204", "KMC204", "KMC-204.0", "KMC/204"])
def test_what_tells_identifiers_apart_stays(text: str) -> None:
    assert folded_identifier(text) != "kmc-204"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("H\u00f4pital R\u00e9gional", "hopital regional"),
        ("Ho\u0302pital  Re\u0301gional ", "hopital regional"),
        ("\u200bKIBUNGO\tHC", "kibungo hc"),
        ("Straße", "strasse"),
        ("Ng'ombe St. 2", "ng'ombe st. 2"),
    ],
)
def test_a_name_is_compared_without_case_and_accents(text: str, folded: str) -> None:
    assert folded_text(text) == folded


def test_claims_meet_those_made_before_identifiers_were_folded() -> None:
    # As they were sent, or in capitals: the forms of claims that stand in ledgers.
    for before, now in (("KE-1", "ke-1"), ("KE-1", "Ke-1"), ("ke-1", "KE-1"), ("Ke-1", "Ke-1")):
        assert before in forms_of(now)
    assert forms_of("10482") == ("10482",)
