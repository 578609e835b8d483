"""Names as they are compared: without case, accents and order, by how they are spelt, by how they
sound, by which name a short form stands for, and word by word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from re import compile as pattern

from anyascii import anyascii
from jellyfish import metaphone
from rapidfuzz.fuzz import ratio

from services.registry.screening.nicknames import SHIPPED, Nicknames
from shared.domain.folding import folded_text

_TWICE = pattern(r"(.)\1+")
_SPELT = (
    # As French, English and Swahili write one sound, after what is twice was written once.
    ("ou", "u"),
    ("ph", "f"),
    ("tch", "ch"),
    ("dj", "j"),
    ("gu", "g"),
    ("kh", "k"),
    ("ck", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("ca", "ka"),
    ("co", "ko"),
    ("cu", "ku"),
    ("cl", "kl"),
    ("cr", "kr"),
    ("th", "t"),
    ("dh", "d"),
    ("ie", "i"),
    ("ey", "i"),
    ("y", "i"),
    ("z", "s"),
)
INITIAL, SOUNDS, SPELT = 85, 92, 97
"""Out of 100: how alike two words are of which one is the initial of the other, that sound alike,
and that are one but for how a sound is written."""
LEFT_OUT = 4
"""Points off for each word of the longer name that the other one leaves out."""
WHOLE = 3
"""Letters from which on a word is more than an initial."""
MOST_WORDS = 4
"""Words of a name that it is found by: the longest ones."""


@lru_cache(maxsize=1 << 16)
def spelt(word: str) -> str:
    """Return a word as it is spelt in one way: `Muhammed` for `Muhamed`, `Uwera` for `Ouwera`."""
    plain = word.replace("oo", "u").replace("ee", "i")
    plain = _TWICE.sub(r"\1", plain)
    for written, one in _SPELT:
        plain = plain.replace(written, one)
    # An h is heard after c and s, or where a word begins; elsewhere it comes and goes.
    head, tail = plain[:1], plain[1:]
    tail = tail.replace("ch", "\0").replace("sh", "\1").replace("h", "")
    return _TWICE.sub(r"\1", head + tail.replace("\0", "ch").replace("\1", "sh"))


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return how a word sounds; l and r are one, as in Kikuyu, Kinyarwanda and Luganda."""
    return metaphone(spelt(word).replace("l", "r").replace("v", "b")) or word


@dataclass(frozen=True, slots=True)
class Name:
    """A name, made ready to be compared.

    Attributes:
        text: its words in their order of the alphabet.
        words: the same, by the names that short forms stand for.
        spelt: these as they are spelt in one way, in the order of the alphabet.
    """

    text: str
    words: tuple[str, ...]
    spelt: str


def name(folded: str, nicknames: Nicknames = SHIPPED) -> Name:
    """Make a folded name ready to be compared, by a list of short forms."""
    own = sorted(folded.split())
    words = tuple(sorted(nicknames.get(word, word) for word in own))
    return Name(" ".join(own), words, " ".join(sorted(map(spelt, words))))


def alike(one: Name, other: Name) -> int:
    """Return how alike two names are, out of 100, in the way in which they are most.

    As a whole, by the letters of their words in order; as a whole, each word spelt in one way and
    for the name it is short for; and word by word, where one may be an initial, or left out.
    """
    if one.text == other.text:
        return 100
    # Cut, not rounded: a score says that two are alike where the rule does, and nowhere else.
    return int(
        max(
            ratio(one.text, other.text),
            min(ratio(one.spelt, other.spelt), SPELT),
            _word_by_word(one.words, other.words),
        )
    )


def share_a_word(one: Name, other: Name) -> bool:
    """Whether two names have a word in common, however it is spelt."""
    return not set(one.spelt.split()).isdisjoint(other.spelt.split())


def _word_by_word(one: Sequence[str], other: Sequence[str]) -> float:
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < 2:
        return 0  # one word is no name to be found by
    left, worth, weight, whole = list(long), 0.0, 0, 0
    # An initial takes what the whole words leave.
    for word in sorted(short, key=len, reverse=True):
        score, match = max(((_of_words(word, each), each) for each in left), key=lambda x: x[0])
        if not score:
            return 0
        left.remove(match)
        length = max(len(word), len(match))
        worth, weight = worth + score * length, weight + length
        whole += score > INITIAL and min(len(word), len(match)) >= WHOLE
    return worth / weight - LEFT_OUT * len(left) if whole else 0


def _of_words(one: str, other: str) -> float:
    """Return how alike two words are; 0: they are of two names."""
    if one == other:
        return 100
    if min(len(one), len(other)) == 1:
        return INITIAL if one[0] == other[0] else 0
    if spelt(one) == spelt(other):
        return SPELT
    likely = ratio(one, other)
    if likely >= 70 and sound(one) == sound(other):
        return max(SOUNDS, likely)
    return likely if likely >= 85 else 0


def folded_name(given_names: str, family_name: str | None) -> str:
    """Return a name without case, accents and hyphens, in Latin letters: `Désiré Jean-Paul` is
    `desire jean paul`.
    """
    plain = anyascii(folded_text(f"{given_names} {family_name or ''}")).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def pairs_of_sounds(folded: str) -> list[str]:
    """Return what a name is found by: how each two of its words sound together, in the order of the
    alphabet; the one word's sound, where there is no other.
    """
    words = sorted(folded.split(), key=len, reverse=True)[:MOST_WORDS]
    sounds = sorted({sound(SHIPPED.get(word, word)) for word in words})
    if len(sounds) < 2:
        return sounds
    return [f"{one} {other}" for one, other in combinations(sounds, 2)]
