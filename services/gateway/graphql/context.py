"""What one operation knows of its surroundings: who asks, and the parts of the gateway it uses."""

from collections.abc import Collection, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from secrets import token_bytes
from typing import Any, Protocol
from uuid import UUID

from strawberry.types import Info

from services.gateway.asof.cut import Cut
from services.gateway.asof.ledgers import Ledgers
from services.gateway.asof.past import Past
from services.gateway.asof.reader import PastReader
from services.gateway.clock import this_day, today
from services.gateway.commands import Caller, CommandClient
from services.gateway.crowd import Crowd
from services.gateway.evidence.tickets import Tickets
from services.gateway.graphql.limits import Buckets
from services.gateway.graphql.persisted import PersistedDocuments
from services.gateway.looked.telling import Teller
from services.gateway.read.keyset import Keyset
from services.gateway.read.loader import Database, Reader
from services.gateway.read.scope import scopes_of
from services.gateway.standing import Standing, StandingReader
from shared.access.grants import Grant
from shared.access.known import Known
from shared.access.policy import Actor
from shared.access.tokens import Principal
from shared.contracts.access.operation import AccessPurpose


class Waits(Protocol):
    """Waits until the read models hold what a position names."""

    async def reach(self, tokens: Sequence[str], timeout: float) -> None:
        """Return when they do.

        Raises:
            StaleRead: they did not in that time (seconds).
        """

    def position(self, service: str, partition: int) -> int:
        """Return how far a partition is applied."""

    async def wait_change(self, service: str, partition: int, beyond: int) -> int:
        """Wait until a partition is applied beyond a position, and return how far it is then."""


class Directory(Protocol):
    """Who holds which grants, and how the units stand."""

    def path_of(self, unit: UUID, on: date) -> tuple[UUID, ...]:
        """Return the unit and its parents up to the root, that day."""

    def grants_over(self, units: Collection[UUID], on: date) -> list[tuple[UUID, Grant]]:
        """Return the grants that hold on a day and name one of these units, each with its id."""

    def actor(self, subject: str) -> Actor:
        """Return the policy's view of a token subject."""

    @property
    def known(self) -> Known:
        """All that is known of grants and units, to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a gateway process, shared by all operations.

    Attributes:
        patience: seconds a query waits for a position before it says STALE_READ.
        masked: whether unforeseen errors are hidden from clients.
        figures: where figures are counted, if not where the rest is read.
        crowd: who is here now.
        introspection: whether the schema may be asked for.
        ledgers: where the past is read from; None: it cannot be asked for here.
        tickets: makes links to evidence.
        persisted: the documents that are known by their hash.
        smallest_cell: the lowest count of a figure that is shown to viewers; 0: any is.
        stands: at which moment what is read stands; None: now.
        hierarchy: how grants and units stood at what is read, if that is not as they stand now.
        teller: writes down what operations show of people; None: nobody does, in a test.
    """

    database: Database
    directory: Directory
    waiter: Waits
    commands: CommandClient
    keyset: Keyset
    buckets: Buckets
    patience: float = 5.0
    masked: bool = True
    figures: Database | None = None
    crowd: Crowd = field(default_factory=Crowd)
    introspection: bool = True
    smallest_cell: int = 5
    ledgers: Ledgers | None = None
    hierarchy: Directory | None = None
    stands: Standing | None = None
    teller: Teller | None = None
    tickets: Tickets = field(default_factory=lambda: Tickets(token_bytes()))
    persisted: PersistedDocuments = field(default_factory=PersistedDocuments)

    @property
    def places(self) -> Directory:
        """Which grants there were, and how the units stood, at what is read."""
        return self.hierarchy or self.directory


@dataclass(slots=True)
class Context:
    """One operation's surroundings."""

    parts: Parts
    principal: Principal
    trace_id: str
    connection_params: dict[str, Any] | None = None
    cost: int = 0
    purpose: AccessPurpose | None = None
    _reader: Reader | None = field(default=None, repr=False)
    _questions: tuple[Any, list[Any]] = field(default=(None, []), repr=False)

    @property
    def caller(self) -> Caller:
        """Who asks, as the services are told."""
        return Caller(token=self.principal.token, trace_id=self.trace_id)

    @property
    def actor(self) -> Actor:
        """Who asks, as the policy sees them."""
        return self.parts.directory.actor(self.principal.subject)

    @property
    def reader(self) -> Reader:
        """The operation's reads."""
        return self._reader or self.renew()

    def begin(self) -> None:
        """Begin an operation: on a socket, what another one read, or might see, is not for it."""
        self._reader = None

    def renew(self) -> Reader:
        """Forget what was read; the new reader sees what its caller may see now."""
        scopes = scopes_of(self.actor, this_day(), at=today())
        kind = StandingReader if self.parts.stands else Reader
        self._reader = kind(self.parts.database, scopes, self.parts.figures)
        return self._reader

    def stand_at(
        self, key: str, cut: Cut, ledgers: Ledgers, kinds: frozenset[str] | None = None
    ) -> "Moment":
        """Have all below a root field read as of a cut; who may see it is a matter of today.

        Args:
            key: the root field's, in the answer.
            kinds: see `PastReader`.
        """
        past = Past(ledgers, cut)
        moment = moments_here()[key] = Moment(
            parts=self.parts, principal=self.principal, trace_id=self.trace_id, cut=cut
        )
        moment._reader = PastReader(self.parts.database, self.reader.scopes, past, kinds)
        return moment

    def questions(self, operation: object) -> list[Any]:
        """Return what figures were asked for before by an operation.

        Args:
            operation: what no other operation on the same socket shares: its variables.
        """
        if self._questions[0] is not operation:
            self._questions = (operation, [])
        return self._questions[1]

    async def reach(self, positions: Sequence[str] | None) -> None:
        """Wait until reads hold what was written up to these positions.

        Raises:
            StaleRead: they did not in good time.
        """
        if positions:
            await self.parts.waiter.reach(list(positions), self.parts.patience)
            # What was read before may be older than what was waited for.
            self._reader = None


@dataclass(slots=True, kw_only=True)
class Moment(Context):
    """The surroundings of what an operation asks as of a moment."""

    cut: Cut

    @property
    def reader(self) -> PastReader:
        """The reads of that moment."""
        assert isinstance(self._reader, PastReader)
        return self._reader


def context_of(info: Info[Any, Any]) -> Context:
    """Return the surroundings of the operation a resolver runs in, as of the moment it is asked."""
    context = info.context
    assert isinstance(context, Context)
    moments = moments_here()
    if not moments:
        return context
    return moments.get(root_key(info), context)


_moments: ContextVar[dict[str, Moment] | None] = ContextVar("moments", default=None)


def begin_moments() -> None:
    """Have nothing be asked as of a moment yet: all operations of a socket have one context."""
    _moments.set({})


def moments_here() -> dict[str, Moment]:
    """Return what this operation asks as of a moment, by the key of its root field in the answer;
    nothing, where no operation runs.
    """
    moments = _moments.get()
    return {} if moments is None else moments


def root_key(info: Info[Any, Any]) -> str:
    """Return the key that the root field above a resolver has in the answer."""
    path = info.path
    while path.prev is not None:
        path = path.prev
    return str(path.key)
