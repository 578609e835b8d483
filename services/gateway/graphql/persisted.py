"""Documents that are known by their hash: a request names one instead of sending it.

Two ways of saying it are read. `documentId` is that of the GraphQL foundation's appendix on
persisted documents (https://graphql.github.io/graphql-over-http/draft/): `sha256:` and the hash of
the text in hexadecimal, or the hash alone. `extensions.persistedQuery.sha256Hash` is Apollo's,
which its own client, urql's and Relay's send.

Documents come from a file that a front-end's build wrote; then an installation may take those and
no other. Where others are taken as well, whoever sends a text with its hash has it remembered, as
Apollo's clients expect.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from services.gateway.graphql.documents import digest
from services.gateway.graphql.limits import LENGTH
from shared.domain.errors import Malformed

KEPT: Final = 8_000_000
"""Characters of all texts that are remembered because somebody sent them with their hash."""

_HASH: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class UnknownDocument(Malformed):
    """A request names a document by its hash, and nobody has told us that one.

    The message is Apollo's word for it, by which some clients tell that they should send the text.
    """

    code = "PERSISTED_QUERY_NOT_FOUND"
    status = 200
    template = "PersistedQueryNotFound"
    remedy_template = "Send the text along with its hash once, or have it put among the documents."


class BadDocumentId(Malformed):
    """A document's name is no hash."""

    code = "BAD_DOCUMENT_ID"
    template = "This is no name of a document."
    remedy_template = 'Give "sha256:" and the hash of its text, in 64 hexadecimal digits.'


class WrongHash(Malformed):
    """A text came with the hash of another one."""

    code = "DOCUMENT_HASH_MISMATCH"
    template = "The text does not have the hash that it came with."
    remedy_template = "Hash the text as it is sent, in UTF-8, with SHA-256."


class DocumentRequired(Malformed):
    """Only the documents that are on file are carried out here."""

    code = "DOCUMENT_REQUIRED"
    status = 403
    template = "Only documents on file are carried out here, and this is none of them."
    remedy_template = "Have it put among the documents of this installation, and name it by its id."


class UnreadableDocuments(RuntimeError):
    """The file of documents is none; a sentence with what is wrong with it."""


class PersistedDocuments:
    """Finds the text that a request names."""

    def __init__(
        self, on_file: Mapping[str, str] | None = None, *, alone: bool = False, kept: int = KEPT
    ) -> None:
        """Say which are known.

        Args:
            on_file: text by hash, in lower-case hexadecimal digits.
            alone: whether nothing else is carried out.
            kept: characters of texts that are remembered beside.
        """
        self._on_file = dict(on_file or {})
        self._alone = alone
        self._kept = kept
        self._sent: OrderedDict[str, str] = OrderedDict()
        self._length = 0

    def resolved(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return a request with the text of the document that it names, if it names one.

        Raises:
            BadDocumentId: the name is no hash.
            WrongHash: the text has another one.
            UnknownDocument: we do not know it.
            DocumentRequired: nothing but what is on file is carried out.
        """
        name, text = _name_of(asked), asked.get("query") or None
        if name is None:
            if self._alone and isinstance(text, str) and _hash(text) not in self._on_file:
                raise DocumentRequired("query")
            return asked
        if isinstance(text, str):
            self._hear(name, text)
        else:
            text = self._text(name)
        return {**asked, "query": text}

    def _text(self, name: str) -> str:
        if name in self._on_file:
            return self._on_file[name]
        if name not in self._sent:
            raise DocumentRequired("documentId") if self._alone else UnknownDocument("documentId")
        self._sent.move_to_end(name)
        return self._sent[name]

    def _hear(self, name: str, text: str) -> None:
        if _hash(text) != name:
            raise WrongHash("query")
        if name in self._on_file or name in self._sent:
            return
        if self._alone:
            raise DocumentRequired("query")
        if len(text) > LENGTH:
            return  # it is refused for its length further on
        self._sent[name] = text
        self._length += len(text)
        while self._length > self._kept:
            _, gone = self._sent.popitem(last=False)
            self._length -= len(gone)


def documents_in(file: Path) -> dict[str, str]:
    """Read documents from what a front-end's build wrote.

    Args:
        file: a JSON object of text by hash, as Relay's compiler writes it with SHA-256; or Apollo's
            `apollo-persisted-query-manifest`.

    Raises:
        UnreadableDocuments: it is neither, or a text does not have its hash.
    """
    try:
        said = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        msg = f"{file.name} cannot be read as JSON: {fault}"
        raise UnreadableDocuments(msg) from None
    if isinstance(said, dict) and said.get("format") == "apollo-persisted-query-manifest":
        operations = said.get("operations")
        texts = {
            str(one.get("id")): one.get("body")
            for one in (operations if isinstance(operations, list) else ())
            if isinstance(one, dict)
        }
    else:
        texts = said if isinstance(said, dict) else {}
    if not texts:
        msg = f"{file.name} holds no documents: it is an object of text by its SHA-256"
        raise UnreadableDocuments(msg)
    found: dict[str, str] = {}
    for name, text in texts.items():
        named = _HASH.fullmatch(name)
        if named is None or not isinstance(text, str) or _hash(text) != named[1]:
            msg = f"{file.name}: {name[:80]} is not the SHA-256 of its text"
            raise UnreadableDocuments(msg)
        found[named[1]] = text
    return found


def _name_of(asked: Mapping[str, Any]) -> str | None:
    name = asked.get("documentId")
    if name is None:
        extensions = asked.get("extensions")
        named = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
        if named is None:
            return None
        name = named.get("sha256Hash") if isinstance(named, dict) else None
    found = _HASH.fullmatch(name.lower()) if isinstance(name, str) else None
    if found is None:
        raise BadDocumentId("documentId")
    return found[1]


def _hash(text: str) -> str:
    return digest(text).hex()
