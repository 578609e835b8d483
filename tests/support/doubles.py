"""A register made up, with people in it twice: who is whom is known, and what differs between the
two records. Names are put together of syllables; as in life, a few of them are very common.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from uuid import UUID

from services.registry.screening.nicknames import SHIPPED

DOUBLED = 0.05
"""Which part of the people is in it twice."""
WITH_PHONE, WITH_NUMBER, TOLD_AGAIN = 0.92, 0.85, 0.6
"""How many have a phone, and a number; and of how many the second record tells it again."""
SHARED = 0.003
"""How many have the phone of a colleague who came a little before them."""
STAFF = 80
"""People at a facility, on average; at a few there are very many."""

_HEADS = [
    "Mu",
    "Ka",
    "Nya",
    "Wa",
    "Che",
    "Ki",
    "O",
    "A",
    "Ru",
    "Ba",
    "Ndi",
    "Ma",
    "Tu",
    "Gi",
    "Ha",
    "Shi",
    "Lu",
    "Ny",
    "Kwa",
    "Be",
]
_MIDDLES = [
    "ra",
    "ki",
    "ma",
    "nda",
    "he",
    "so",
    "ti",
    "ba",
    "ngo",
    "re",
    "chi",
    "mu",
    "ya",
    "li",
    "wa",
    "pe",
    "do",
    "ku",
    "sha",
    "ni",
]
_TAILS = [
    "na",
    "ro",
    "ti",
    "ku",
    "la",
    "mo",
    "ri",
    "gi",
    "ne",
    "to",
    "ma",
    "ra",
    "bo",
    "sa",
    "ni",
    "we",
    "ko",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the register.

    Attributes:
        person: who it is of, as nobody who screens it knows.
        differs: what of it differs from their other record; None: it is their first.
    """

    id: UUID
    person: int
    differs: str | None
    given: str
    family: str
    born: int
    phone: str | None
    number: str | None
    unit: UUID


def _words(random: Random, many: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < many:
        middle = "".join(random.choices(_MIDDLES, k=random.choice((1, 1, 2))))
        found[f"{random.choice(_HEADS)}{middle}{random.choice(_TAILS)}"] = None
    return list(found)


def _skewed(many: int, by: float) -> list[float]:
    return list(accumulate(1 / (place + 10) ** by for place in range(many)))


class Register:
    """Entries, one after the other: the same for the same seed, however many are asked for."""

    def __init__(self, people: int, seed: int = 11) -> None:
        self._people = people
        self._random = random = Random(seed)
        self._phones = self._numbers = 0
        short = sorted(set(SHIPPED.values()))
        self._given = [word.title() for word in short] + _words(random, 500)
        random.shuffle(self._given)
        self._family = _words(random, max(2_000, people // 100))
        self._units = [UUID(int=random.getrandbits(128)) for _ in range(max(people // STAFF, 3))]
        self._by_given = _skewed(len(self._given), 0.9)
        self._by_family = _skewed(len(self._family), 0.8)
        self._by_unit = _skewed(len(self._units), 0.4)

    def entries(self) -> Iterator[Entry]:
        """Yield every record; who is in it twice follows later."""
        waiting: list[Entry] = []
        kinds = list(DIFFERENCES)
        for person in range(self._people):
            entry = self._somebody(person)
            yield entry
            if self._random.random() < DOUBLED:
                waiting.append(self._again(entry, kinds[person % len(kinds)]))
            if len(waiting) > 1_000:
                yield waiting.pop(self._random.randrange(len(waiting)))
        yield from waiting

    def _somebody(self, person: int) -> Entry:
        random = self._random
        given = self.given()
        if random.random() < 0.35:
            given = f"{given} {self.given()}"
        return Entry(
            id=UUID(int=random.getrandbits(128)),
            person=person,
            differs=None,
            given=given,
            family=self.family(),
            born=random.randint(1960, 2003),
            phone=self.phone() if random.random() < WITH_PHONE else None,
            number=self.number() if random.random() < WITH_NUMBER else None,
            unit=self.unit(),
        )

    def given(self) -> str:
        """Return a given name."""
        [word] = self._random.choices(self._given, cum_weights=self._by_given)
        return word

    def family(self) -> str:
        """Return a family name."""
        [word] = self._random.choices(self._family, cum_weights=self._by_family)
        return word

    def unit(self) -> UUID:
        """Return a facility."""
        [unit] = self._random.choices(self._units, cum_weights=self._by_unit)
        return unit

    def phone(self) -> str:
        """Return a phone, as it is within its country: nobody else's, or a colleague's."""
        if self._phones and self._random.random() < SHARED:
            return f"7{(self._phones - self._random.randrange(20)) * 61_803_399 % 10**8:08}"
        self._phones += 1
        return f"7{self._phones * 61_803_399 % 10**8:08}"

    def number(self) -> str:
        """Return a number of some register: nobody else's."""
        self._numbers += 1
        return f"{10**7 + self._numbers * 38_196_601 % (9 * 10**7)}"

    def _again(self, entry: Entry, differs: str) -> Entry:
        random = self._random
        again = replace(
            entry,
            id=UUID(int=random.getrandbits(128)),
            differs=differs,
            phone=entry.phone if random.random() < TOLD_AGAIN else None,
            number=entry.number if random.random() < TOLD_AGAIN else None,
        )
        return DIFFERENCES[differs](again, self, random)


def _typo(entry: Entry, _register: Register, random: Random) -> Entry:
    at = random.randrange(1, len(entry.family) - 1)
    instead = random.choice("abdegiklmnoprstuw")
    kinds = (
        entry.family[:at] + entry.family[at + 1 :],
        entry.family[:at] + instead + entry.family[at + 1 :],
        entry.family[:at] + instead + entry.family[at:],
    )
    return replace(entry, family=random.choice(kinds))


def _swapped(entry: Entry, _register: Register, _random: Random) -> Entry:
    return replace(entry, given=entry.family, family=entry.given)


def _initial(entry: Entry, _register: Register, _random: Random) -> Entry:
    first, *others = entry.given.split()
    return replace(entry, given=" ".join((f"{first[0]}.", *others)))


def _married(entry: Entry, register: Register, _random: Random) -> Entry:
    return replace(entry, family=register.family())


def _nickname(entry: Entry, _register: Register, random: Random) -> Entry:
    words = entry.given.split()
    forms = [short.title() for short, long in SHIPPED.items() if long == words[0].lower()]
    words[0] = random.choice(forms) if forms else words[0]
    return replace(entry, given=" ".join(words))


def _doubled(entry: Entry, _register: Register, random: Random) -> Entry:
    at = random.randrange(1, len(entry.family))
    return replace(entry, family=entry.family[:at] + entry.family[at - 1] + entry.family[at:])


def _transliterated(entry: Entry, _register: Register, _random: Random) -> Entry:
    family = entry.family
    for one, other in (("u", "ou"), ("k", "c"), ("K", "C"), ("r", "l"), ("sh", "ch"), ("y", "i")):
        family = family.replace(one, other, 1)
    return replace(entry, family=family)


def _moved(entry: Entry, register: Register, _random: Random) -> Entry:
    return replace(entry, unit=register.unit())


def _other_phone(entry: Entry, register: Register, _random: Random) -> Entry:
    return replace(entry, phone=register.phone())


def _mistyped(entry: Entry, register: Register, random: Random) -> Entry:
    number = entry.number or register.number()
    at = random.randrange(1, len(number))
    digit = str((int(number[at]) + random.randint(1, 9)) % 10)
    return replace(entry, number=number[:at] + digit + number[at + 1 :])


DIFFERENCES: dict[str, Callable[[Entry, Register, Random], Entry]] = {
    "typing error": _typo,
    "names swapped": _swapped,
    "initial": _initial,
    "married name": _married,
    "nickname": _nickname,
    "doubled letter": _doubled,
    "transliteration": _transliterated,
    "other facility": _moved,
    "other phone": _other_phone,
    "number mistyped": _mistyped,
}
"""What the second record of somebody differs in; some of them besides lack phone or number."""
