"""By what a name is found: its words, how each begins, how it is mistyped, and how it sounds.

A name is kept with keys of its words, and what is searched for has keys of its own words; each of
those must meet one of a name's, in whatever order. So a database finds names by equal keys alone,
in an index of lists. That one wrong letter is found is no chance of a threshold: whoever leaves one
letter out of each of two words gets the same where they are one typo apart, in any script.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.domain.folding import folded_text

MOST_WORDS = 12
"""Words of a name that it is found by."""

MOST_LETTERS = 30
"""Letters of a word that count."""

_TYPED_ANYHOW = 3
"""Letters of the shortest word that another may be mistyped as: `Jon`, of `John`."""

_FEWEST_CONSONANTS = 3
_MARKS = frozenset("'’‘ʼ`´")
"""Apostrophes: `Ng'ang'a` is one word."""

_SOUNDS_LIKE = (
    ("ph", "f"), ("ch", "s"), ("sh", "s"), ("ck", "k"), ("th", "t"), ("gh", "g"), ("dj", "j"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("l", "r"), ("h", ""),
)  # fmt: skip
"""What is written one way or the other where a name goes from one language to another; `l` and `r`
are one sound in Kinyarwanda and its neighbours."""

_VOWELS = frozenset("aeiouwy")
"""With those that glide: `Mwangi` and `Muangi`."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is searched for, by the keys that a name would have.

    Attributes:
        word: itself; a name's word that is the same.
        begins: the key of words that begin with it.
        initial: its first letter, as a name may have no more of it; empty of one letter.
        near: keys of words that are one typo away.
        sounds: the key of words that sound like it; empty where too little is left to hear.
    """

    word: str
    begins: str
    initial: str
    near: tuple[str, ...]
    sounds: str

    @property
    def keys(self) -> list[str]:
        """Return all of them: a name that has any of these is found."""
        return [
            key for key in (self.word, self.begins, self.initial, *self.near, self.sounds) if key
        ]


def words_of(name: str) -> tuple[str, ...]:
    """Return a name's words as they are compared: `Désiré Jean-Paul` has three, in small letters
    without accents.
    """
    plain = (sign if sign.isalnum() else " " for sign in folded_text(name) if sign not in _MARKS)
    return tuple(word[:MOST_LETTERS] for word in "".join(plain).split()[:MOST_WORDS])


def keys_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return every key by which a name of these words is found, each once."""
    found: dict[str, None] = {}
    for word in words:
        found |= dict.fromkeys((word, *_beginnings(word), *_mistyped(word), _sound(word)))
    found.pop("", None)
    return tuple(found)


def terms_of(text: str) -> tuple[Term, ...]:
    """Return the words that are searched for, each once."""
    return tuple(
        Term(
            word=word,
            begins=f"{word}*",
            initial=word[0] if len(word) > 1 else "",
            near=tuple(_mistyped(word)),
            sounds=_sound(word),
        )
        for word in dict.fromkeys(words_of(text))
    )


def _beginnings(word: str) -> Iterator[str]:
    return (f"{word[:end]}*" for end in range(1, len(word)))


def _mistyped(word: str) -> Iterator[str]:
    if len(word) < _TYPED_ANYHOW or any(sign.isdigit() for sign in word):
        return
    yield f"~{word}"
    if len(word) > _TYPED_ANYHOW:
        yield from dict.fromkeys(f"~{word[:at]}{word[at + 1 :]}" for at in range(len(word)))


def _sound(word: str) -> str:
    """Return the consonants that are heard, each run of one as one; empty for fewer than three."""
    if not word.isascii() or not word.isalpha():
        return ""
    for written, sound in _SOUNDS_LIKE:
        word = word.replace(written, sound)
    heard = [
        sign for at, sign in enumerate(word) if sign not in _VOWELS and sign != word[at - 1 : at]
    ]
    return f"?{''.join(heard)}" if len(heard) >= _FEWEST_CONSONANTS else ""
