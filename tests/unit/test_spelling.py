"""A name is found by its words in any order, by one typo in each, by beginnings and by sound."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.spelling import MOST_LETTERS, MOST_WORDS, keys_of, terms_of, words_of


def found(name: str, text: str) -> bool:
    """Whether a text finds a name: each of its words meets one of the name's."""
    keys, terms = set(keys_of(words_of(name))), terms_of(text)
    return bool(terms) and all(keys & set(term.keys) for term in terms)


LETTERS = st.sampled_from(string.ascii_lowercase + "éèñõşΩλйдابتሀለሐ")
WORD = st.text(LETTERS, min_size=5, max_size=12).filter(lambda word: len(words_of(word)) == 1)
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


@st.composite
def mistyped(draw: st.DrawFn, name: str) -> str:
    """One letter wrong, missing, too many, or exchanged with the next, in one word of a name."""
    words = list(words_of(name))
    which = draw(st.integers(0, len(words) - 1))
    word = words[which]
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    words[which] = draw(
        st.sampled_from(
            (
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            )
        )
    )
    return " ".join(words)


@given(st.data(), NAME)
def test_a_name_is_found_with_one_typo(data: st.DataObject, name: str) -> None:
    assert found(name, data.draw(mistyped(name)))


@given(st.data(), NAME)
def test_a_name_is_found_in_any_order(data: st.DataObject, name: str) -> None:
    assert found(name, " ".join(data.draw(st.permutations(name.split()))))


@given(st.data(), NAME)
def test_a_name_is_found_by_initials_and_one_word(data: st.DataObject, name: str) -> None:
    words = words_of(name)
    whole = data.draw(st.integers(0, len(words) - 1))
    text = " ".join(word if at == whole else f"{word[0]}." for at, word in enumerate(words))
    assert found(name, text)
    initials = " ".join(f"{word[0]}." if at != whole else word for at, word in enumerate(words))
    assert found(initials, name), "who is written down by initials is found by the whole name"


@given(st.data(), NAME)
def test_a_name_is_found_by_how_its_words_begin(data: st.DataObject, name: str) -> None:
    words = words_of(name)
    assert found(name, " ".join(word[: data.draw(st.integers(1, len(word)))] for word in words))


@given(NAME)
def test_a_name_has_each_key_once_and_in_one_order(name: str) -> None:
    keys = keys_of(words_of(name))
    assert len(keys) == len(set(keys))
    assert keys == keys_of(words_of(name))
    assert "" not in keys


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mohammed", "Muhamad"), ("Ng'ang'a", "Nganga"), ("Ng’ang’a", "NG'ANG'A"),
        ("Désiré Jean-Paul", "jean paul desire"), ("Philippe", "Filipe"), ("Jon", "John"),
        ("Mwangi", "Muangi"), ("Kalisa", "Karisa"), ("Bakari", "Bakkaari"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_others_write_it(name: str, text: str) -> None:
    assert found(name, text)
    assert found(text, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Zawadi", "Imani"), ("Zawadi Bandia", "Zawadi Imani"), ("Ali", "Aba"), ("100", "101"),
        ("Zawadi", "..."), ("", "zawadi"),
    ],
)  # fmt: skip
def test_another_name_is_not_found(name: str, text: str) -> None:
    assert not found(name, text)


def test_an_endless_name_has_an_end() -> None:
    words = words_of("x" * 1_000 + " y" * 1_000)
    assert len(words) == MOST_WORDS
    assert max(map(len, words)) == MOST_LETTERS
