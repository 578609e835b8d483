"""A code list: the words that a country takes for its cadres, its kinds of units or its names."""

from uuid import UUID

from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import extract

from shared.contracts.registry.code_list import (
    CodeListEntry,
    CodeListKind,
    CodeListTold,
)
from shared.domain import Aggregate, derived_id, event
from shared.domain.errors import Refusal
from shared.domain.folding import folded_text

NEAR = 70
"""Out of 100, from which on a listed name is a candidate for a word that is not listed."""
CANDIDATES = 5


class NotOfACountry(Refusal):
    """A list is told by a country, or for everywhere."""

    code = "LIST_NOT_OF_A_COUNTRY"
    template = "The unit lies under another one."
    remedy_template = "Name the unit at the country's root, {root}; or none, for everywhere."


class ListedTwice(Refusal):
    """A word stands for one thing."""

    code = "LISTED_TWICE"
    template = "{word} would stand for {first} and for {second}."
    remedy_template = "Leave it with one of the two."


class NotOfThisList(Refusal):
    """Some things are said of cadres alone, others of kinds of units."""

    code = "NOT_OF_THIS_LIST"
    template = "{what} is not said in a list of this sort: {list}."
    remedy_template = "Leave it out."


class BelowNotListed(Refusal):
    """Kinds of units lie under kinds that are listed."""

    code = "BELOW_NOT_LISTED"
    template = "{below} is no kind of this list."
    remedy_template = "Add it to the list, or correct its code."


class CodeLeftOut(Refusal):
    """What records name stays on its list."""

    code = "CODE_LEFT_OUT"
    template = "{missing} was on the list, and records may name it."
    remedy_template = "Keep it on the list, with `retired: true` if it is taken no more."


class ListUnchanged(Refusal):
    """What is told changes something."""

    code = "LIST_UNCHANGED"
    template = "The list is on record as it is told."
    remedy_template = "Nothing is left to do."


class CadreNotListed(Refusal):
    """Where a country told its cadres, a person has one of them."""

    code = "CADRE_NOT_LISTED"
    template = "{word} is no cadre of the country's list."
    remedy_template = "Name one of the list, by its code, name or alias. Near ones: {candidates}."


class KindNotListed(Refusal):
    """Where a country told its kinds of units, a unit is of one of them."""

    code = "KIND_NOT_LISTED"
    template = "{word} is no kind of unit of the country's list."
    remedy_template = "Name one of the list, by its code, name or alias. Near ones: {candidates}."


_NOT_LISTED: dict[CodeListKind, type[Refusal]] = {
    CodeListKind.CADRE: CadreNotListed,
    CodeListKind.UNIT_KIND: KindNotListed,
}


class CodeList(Aggregate):
    """A list of one country, or of everywhere, as it was told last.

    Attributes:
        words: the code that each folded word stands for, among what is not retired; of nicknames,
            where a word may stand for several names, the first.
    """

    kind = "code_list"

    list: CodeListKind
    entries: tuple[CodeListEntry, ...]
    words: dict[str, str]

    @staticmethod
    def id_of(org_unit_id: UUID | None, list: CodeListKind) -> UUID:
        """Return the id that a country's list always has."""
        return derived_id("code_list", org_unit_id or "everywhere", list.value)

    @event(CodeListTold)
    def _told(self, event: CodeListTold) -> None:
        self.list, self.entries = event.list, event.entries
        self.words = {}
        for entry in event.entries:
            if not entry.retired:
                for word in words_of(entry):
                    self.words.setdefault(word, entry.code)

    def tell(self, told: CodeListTold) -> None:
        """Tell the list anew.

        Raises:
            ListUnchanged: it is that.
            CodeLeftOut: a code would be left out that records may name.
        """
        if told.entries == self.entries:
            raise ListUnchanged("entries")
        codes = {entry.code for entry in told.entries}
        removed = tuple(entry.code for entry in self.entries if entry.code not in codes)
        if removed and self.list in _NOT_LISTED:
            raise CodeLeftOut("entries", missing=", ".join(removed))
        self.record(
            CodeListTold(
                org_unit_id=told.org_unit_id,
                list=told.list,
                entries=told.entries,
                removed=removed,
            )
        )

    def code_of(self, word: str, *, field: str) -> str:
        """Return the code that a word stands for.

        Raises:
            CadreNotListed, KindNotListed: it stands for none that is taken; the error names
                `field` and the candidates that are near.
        """
        code = self.words.get(folded_text(word))
        if code is None:
            candidates = ", ".join(self.near(word)) or "–"
            raise _NOT_LISTED[self.list](field, word=word, candidates=candidates)
        return code

    def entry(self, code: str) -> CodeListEntry | None:
        """Return what is on the list under a code, retired or not."""
        return next((entry for entry in self.entries if entry.code == code), None)

    def near(self, word: str) -> tuple[str, ...]:
        """Return the codes of what a word may have meant, the nearest first."""
        found = extract(
            folded_text(word),
            self.words.keys(),
            scorer=token_set_ratio,
            score_cutoff=NEAR,
            limit=None,
        )
        return tuple(dict.fromkeys(self.words[near] for near, _, _ in found))[:CANDIDATES]


def words_of(entry: CodeListEntry) -> tuple[str, ...]:
    """Return the words that stand for an entry, folded, each once."""
    return tuple(dict.fromkeys(map(folded_text, (entry.code, entry.name, *entry.aliases))))


def must_be_a_list(list: CodeListKind, entries: tuple[CodeListEntry, ...]) -> None:
    """Refuse what no list can be.

    Raises:
        ListedTwice: a code, or a word that is no nickname, stands for two of them.
        NotOfThisList: something is said of an entry that is not said in such a list.
        BelowNotListed: a kind would lie under one that is not listed.
    """
    codes = {entry.code for entry in entries}
    meant: dict[str, str] = {}
    for place, entry in enumerate(entries):
        at = f"entries[{place}]"
        _must_be_said_of(list, entry, at)
        nicknames = list is CodeListKind.NICKNAME
        for word in (folded_text(entry.code),) if nicknames else words_of(entry):
            if word in meant:
                raise ListedTwice(at, word=word, first=meant[word], second=entry.code)
            meant[word] = entry.code
        for below in entry.below:
            if below not in codes:
                raise BelowNotListed(f"{at}.below", below=below)


def _must_be_said_of(list: CodeListKind, entry: CodeListEntry, at: str) -> None:
    said = {
        "isco": (entry.isco is not None, CodeListKind.CADRE),
        "below": (bool(entry.below), CodeListKind.UNIT_KIND),
        "facility": (entry.facility, CodeListKind.UNIT_KIND),
    }
    for name, (given, of) in said.items():
        if given and list is not of:
            raise NotOfThisList(f"{at}.{name}", what=name, list=list.value)
