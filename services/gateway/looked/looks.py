"""What one operation shows of people, gathered as its rows leave the reader.

A row is looked at where it leaves `read/loader.py`, whatever led there: a query, the answer of a
mutation, a message of a subscription. What counts is what is shown: a field that its reader may not
read came back empty, and leaves no mark. Resolvers that show people by other ways say so by `note`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from shared.contracts.access.operation import AccessKind


class Looks:
    """What was shown so far, since it was last written down."""

    __slots__ = ("fields", "kinds", "people", "units")

    def __init__(self) -> None:
        self.kinds: set[AccessKind] = set()
        self.people: set[UUID] = set()
        self.units: set[UUID] = set()
        self.fields: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def add(self, kinds: Iterable[AccessKind], fields: Iterable[str], whose: object) -> None:
        """Add what was shown of one row: of a person, of several, or, where it is of nobody, none.

        Args:
            whose: a person's id, or those of several.
        """
        self.kinds.update(kinds)
        self.fields.update(fields)
        if isinstance(whose, UUID):
            self.people.add(whose)
        elif isinstance(whose, Iterable):
            self.people.update(whose)


_looks: ContextVar[Looks | None] = ContextVar("looks", default=None)


@contextmanager
def looking() -> Iterator[Looks]:
    """Gather what is shown in the length of the block, in this task and those it begins."""
    looks = Looks()
    token = _looks.set(looks)
    try:
        yield looks
    finally:
        # A stream is left in the task that entered it, but not always in its context.
        try:
            _looks.reset(token)
        except ValueError:
            _looks.set(None)


def looks_here() -> Looks | None:
    """Return where this operation's looks are gathered; None: it is no operation of a client."""
    return _looks.get()


def note(
    kind: AccessKind,
    *,
    people: Iterable[UUID] = (),
    units: Iterable[UUID] = (),
    fields: Iterable[str] = (),
) -> None:
    """Note that something of people is shown which no declared row of theirs leads to.

    Args:
        fields: what it is, as `Type.field` of the schema.
    """
    looks = _looks.get()
    if looks is not None:
        looks.add((kind,), fields, tuple(people))
        looks.units.update(units)
