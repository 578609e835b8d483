"""The walls of the public endpoint: how long, deep, wide and dear an operation may be.

Length is measured in characters before anything is read, and in tokens by the parser: comments are
no tokens. Depth, aliases, directives and selections are measured before the rules of GraphQL are
held against a document, for some of those take the square of what they look at. Cost is worked out
before anything runs, and taken from a bucket of the client's own that fills again with time; what
it turned out to take is debited afterwards.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from services.gateway.graphql.errors import RateLimited, TooDear

LENGTH = 200_000
"""Characters of a document, its comments among them; its variables travel beside it."""

TOKENS = 5_000
"""The longest document. The console's introspection query has some 400."""

DEPTH = 16
"""Selections within selections; the introspection of consoles and generators goes to 15."""

ALIASES = 50
DIRECTIVES = 50
SELECTIONS = 100
"""Fields in one selection set."""

REPEATED = 50
"""Fields that stand twice in one selection. Two of each at every level are merged pair by pair, and
there are twice as many pairs with every level: 1,500 of them hold the validation for a second."""


class Walls(ASTValidationRule):
    """Refuses documents that are too deep or too wide, before anything of them is looked up."""

    def enter_document(self, node: DocumentNode, *_: Any) -> None:
        """Measure the whole document once."""
        for error in walls_of(node):
            self.report_error(error)


def walls_of(document: DocumentNode) -> list[GraphQLError]:
    """Return what is too large about a document."""
    return [too_large(*problem) for problem in _Measure(document).problems()]


def too_large(what: str, found: int, most: int) -> GraphQLError:
    """Return the refusal of a document that has too much of something."""
    return GraphQLError(
        f"This document is {found} {what}; the most is {most}. Ask in several requests."
        if what.endswith(("deep", "long"))
        else f"This document has {found} {what}; the most is {most}. Ask in several requests.",
        extensions={"code": "QUERY_TOO_LARGE"},
    )


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._depths: dict[str, int] = {}
        self._aliases = self._directives = self._widest = self._deepest = self._repeated = 0
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
                self._deepest = max(self._deepest, self._depth(definition.selection_set))
                self._count(definition.selection_set)

    def problems(self) -> list[tuple[str, int, int]]:
        """Return what there is too much of, how much, and how much there may be."""
        measures = (
            ("levels deep", self._deepest, DEPTH),
            ("aliases", self._aliases, ALIASES),
            ("directives", self._directives, DIRECTIVES),
            ("fields in one selection", self._widest, SELECTIONS),
            ("repeated fields", self._repeated, REPEATED),
        )
        return [measure for measure in measures if measure[1] > measure[2]]

    def _count(self, selections: SelectionSetNode | None) -> None:
        if selections is None:
            return
        self._widest = max(self._widest, len(selections.selections))
        names: set[str] = set()
        for selection in selections.selections:
            self._directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                shown = (selection.alias or selection.name).value
                self._repeated += shown in names
                names.add(shown)
                self._aliases += selection.alias is not None
                self._count(selection.selection_set)
            elif isinstance(selection, InlineFragmentNode):
                self._count(selection.selection_set)

    def _depth(self, selections: SelectionSetNode | None) -> int:
        if selections is None:
            return 0
        deepest = 0
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                deepest = max(deepest, 1 + self._depth(selection.selection_set))
            elif isinstance(selection, InlineFragmentNode):
                deepest = max(deepest, self._depth(selection.selection_set))
            elif isinstance(selection, FragmentSpreadNode):
                deepest = max(deepest, self._fragment_depth(selection.name.value))
        return deepest

    def _fragment_depth(self, name: str) -> int:
        if name not in self._depths:
            # A fragment that spreads itself is refused by another rule; here it counts once.
            self._depths[name] = 0
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._depths[name] = self._depth(fragment.selection_set)
        return self._depths[name]


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """What each client has left to spend; a process counts for itself."""

    def __init__(
        self,
        capacity: int = 200_000,
        restored: int = 20_000,
        most: int = 50_000,
        clients: int = 10_000,
    ) -> None:
        """Say how much a client may spend.

        Args:
            capacity: what a rested client has.
            restored: what comes back, a second.
            most: the dearest single operation.
            clients: how many are remembered; the one longest away is forgotten, which does it no
                harm: its bucket would be full.
        """
        self.capacity = capacity
        self.restored = restored
        self.most = most
        self._clients = clients
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, client: str, cost: int) -> int:
        """Take a cost from a client's bucket and return what is left.

        Raises:
            TooDear: it is more than one operation may cost.
            RateLimited: there is not so much left.
        """
        if cost > self.most:
            raise TooDear(requested=cost, most=self.most)
        bucket = self._bucket(client)
        if cost > bucket.left:
            raise RateLimited(
                requested=cost,
                available=max(int(bucket.left), 0),
                limit=self.capacity,
                restore_rate=self.restored,
                wait=ceil((cost - bucket.left) / self.restored),
            )
        bucket.left -= cost
        return int(bucket.left)

    def debit(self, client: str, points: int) -> int:
        """Take what an operation turned out to cost beyond what was taken before, and return what
        is left: below zero, where it was more than there was, but no more than a full bucket below.
        """
        bucket = self._bucket(client)
        bucket.left = max(bucket.left - points, -self.capacity)
        return int(bucket.left)

    def told(self, client: str) -> dict[str, str]:
        """Return the headers that tell a client what it has left to spend.

        As the IETF's draft has them (draft-ietf-httpapi-ratelimit-headers-10): what a rested client
        has, over the seconds in which it comes back; what is left, and in how long it is all there.
        """
        left = self._bucket(client).left
        whole = ceil(self.capacity / self.restored)
        soon = ceil((self.capacity - left) / self.restored)
        return {
            "RateLimit-Policy": f'"cost";q={self.capacity};w={whole}',
            "RateLimit": f'"cost";r={max(int(left), 0)};t={soon}',
        }

    def _bucket(self, client: str) -> _Bucket:
        now = time.monotonic()
        bucket = self._buckets.setdefault(client, _Bucket(self.capacity, now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)
        bucket.left = min(self.capacity, bucket.left + (now - bucket.at) * self.restored)
        bucket.at = now
        return bucket
