"""The documents that partners send again and again: parsed and validated once, kept without text.

What is kept is bounded in bytes, not in number. A document is known by the hash of its text; of the
text itself nothing stays, for its length is its sender's to choose: a parsed tree holds, by way of
its tokens, the whole source and every comment in it. Places in the text, which errors name, are
kept as numbers.
"""

import hashlib
import re
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    Source,
    SourceLocation,
    Token,
    TokenKind,
    parse,
)
from strawberry.schema.schema import validate_document

from services.gateway.graphql.limits import LENGTH, TOKENS, too_large, walls_of

KEPT = 32_000_000
"""Bytes of all documents that are kept, by our estimate."""

LARGEST_KEPT = 2_000_000
"""Bytes of the largest one that is kept: a partner's longest query has some hundred nodes."""

NODE = 700
"""Bytes of a node of the tree, with its place: measured by tracemalloc, rounded up."""

_newline = re.compile(r"\r\n|[\n\r]")


class Lines(Source):
    """A source whose text is gone: it still tells the line and column of a position."""

    __slots__ = ("_begins",)

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._begins = [0, *(found.end() for found in _newline.finditer(text))]

    def get_location(self, position: int) -> SourceLocation:
        """Return the line and column of a position, both from 1."""
        line = max(bisect_left(self._begins, position + 1), 1)
        return SourceLocation(line, position + 1 - self._begins[line - 1])

    # Two texts that are gone are not the same for being empty.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that keeps to the schema.

    Attributes:
        tree: what was parsed.
        weight: bytes it takes, by our estimate.
    """

    tree: DocumentNode
    weight: int


class Documents:
    """Reads documents against one schema, and keeps the small ones."""

    def __init__(self, kept: int = KEPT, largest: int = LARGEST_KEPT) -> None:
        """Say how many bytes are kept of all together, and of one."""
        self._kept = kept
        self._largest = largest
        self._known: OrderedDict[bytes, Document] = OrderedDict()
        self._weight = 0

    @property
    def weight(self) -> int:
        """Bytes that are kept now, by our estimate."""
        return self._weight

    def known(self, text: str) -> DocumentNode | None:
        """Return the tree of a document that was found good before."""
        key = digest(text)
        document = self._known.get(key)
        if document is None:
            return None
        self._known.move_to_end(key)
        return document.tree

    def parsed(self, text: str) -> tuple[DocumentNode, int]:
        """Parse a document, and return its tree and weight.

        Raises:
            GraphQLError: it is too long.
            GraphQLSyntaxError: it is no document.
        """
        if len(text) > LENGTH:
            raise too_large("characters long", len(text), LENGTH)
        tree = parse(text, max_tokens=TOKENS)
        return tree, _without_text(tree, Lines(text))

    def faults(
        self, schema: GraphQLSchema, tree: DocumentNode, rules: tuple[Any, ...]
    ) -> list[GraphQLError]:
        """Validate a document: within the walls first, for the other rules take their time."""
        errors = walls_of(tree) or list(validate_document(schema, tree, rules))
        for error in errors:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
        return errors

    def keep(self, text: str, tree: DocumentNode, weight: int) -> None:
        """Keep a good document for the next time, and let go of those longest unused."""
        if weight > self._largest:
            return
        key = digest(text)
        if key in self._known:
            return
        self._known[key] = Document(tree, weight)
        self._weight += weight
        while self._weight > self._kept:
            _, gone = self._known.popitem(last=False)
            self._weight -= gone.weight


def digest(text: str) -> bytes:
    """Return by what a document is known: the SHA-256 of its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _without_text(tree: DocumentNode, lines: Lines) -> int:
    """Replace every node's place by numbers, and return what the tree weighs."""
    weight = 8 * len(lines._begins)
    waiting: list[Node] = [tree]
    while waiting:
        node = waiting.pop()
        weight += NODE
        if node.loc is not None:
            # Its start and end are numbers; its tokens lead to all others, and to the text.
            node.loc.start_token = node.loc.end_token = _NO_TOKEN
            node.loc.source = lines
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                waiting.append(value)
            elif isinstance(value, list | tuple):
                waiting.extend(each for each in value if isinstance(each, Node))
            elif isinstance(value, str):
                weight += len(value)
    return weight
