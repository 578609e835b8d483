"""A service's decider: serves its commands, decides them, and records what was decided.

It opens no Kafka client and keeps no view: what it decides by is kept by its follower, and the
database tells how that stands. Any number may run, on one ledger.
"""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp

from shared.access.directory import Directory
from shared.access.facts import ACCESS, BUILT, GROUP
from shared.access.tokens import Verifier
from shared.evidence.proving import ServiceLog
from shared.following.policy_progress import Begun
from shared.projection import Projection
from shared.projection.schema import built_of
from shared.projection.standing import Standing
from shared.projection.targets import Targets
from shared.runtime.alongside import run_along
from shared.runtime.health import PartHealth, database_health, health_routes
from shared.runtime.metrics import LedgerMetrics, exposed
from shared.runtime.serving import living, serve
from shared.runtime.settings import ServiceSettings, settings_or_exit
from shared.service.outlook import Outlook, standing_health
from shared.service.parts import Books, Deciding
from shared.service.recording import VIEWS, RecordingService, heard_by
from shared.service.routes import command_app
from shared.service.served import Served
from shared.transparency.published import PublishedLog


class Decider:
    """The process: its parts live as long as its application is served."""

    def __init__(self, service: RecordingService, settings: ServiceSettings) -> None:
        """Take what to decide, and the settings; nothing is started yet."""
        self._service = service
        self._settings = settings
        self._served: Served | None = None
        self._books: Books | None = None
        self._outlook: Outlook | None = None

    @property
    def served(self) -> Served:
        """What its routes ask, while it runs."""
        assert self._served is not None, "the lifespan has not begun"
        return self._served

    @property
    def books(self) -> Books:
        """The service's records, open, while it runs."""
        assert self._books is not None, "the lifespan has not begun"
        return self._books

    def app(self) -> ASGIApp:
        """Return it as an ASGI application."""
        return command_app(lambda: self.served, health_routes(self._health), living(self.start))

    async def start(self, stack: AsyncExitStack) -> None:
        """Open its parts for as long as the stack lasts; its application does when it is served."""
        service, settings = self._service, self._settings
        self._books = books = await Books.open(service, settings, stack)
        stack.enter_context(exposed(LedgerMetrics(books.ledger)))
        access = self._standing(books, GROUP, [ACCESS])
        views = self._standing(books, VIEWS, service.decided_by)
        begun = Begun(service.policies)
        self._outlook = Outlook(
            settings.database_url, {"grants": access, "views": views}, begun, books.keys
        )
        await run_along(self._outlook.run(), stack, "the outlook on what is decided by")
        directory = Directory(
            settings.database_url,
            operators=settings.operators,
            group=(GROUP, BUILT),
            zone=ZoneInfo(settings.zone),
        )
        await directory.start()
        stack.push_async_callback(directory.stop)
        deciding = await Deciding.open(
            service,
            settings,
            books,
            stack,
            access=access,
            views=views,
            begun=begun,
            directory=directory,
        )
        self._served = Served(
            verifier=Verifier(
                issuer=settings.issuer, audience=settings.audience, jwks_url=settings.jwks_url
            ),
            internal_token=settings.internal_token.get_secret_value(),
            keys=books.keys,
            ledger=books.ledger,
            log=PublishedLog(service.name, books.pool, books.ledger),
            evidence=ServiceLog(service.name, books.pool, _seed(settings)),
            directory=directory,
            deciding=deciding,
        )

    def _standing(self, books: Books, group: str, folded: Sequence[Projection]) -> Standing:
        heads = {name: books.heads[name] for name in heard_by(folded)}
        targets = Targets(heads, patience=self._settings.peers_patience_s)
        return Standing(group, built_of(folded), targets)

    async def _health(self) -> Mapping[str, PartHealth]:
        assert self._outlook is not None
        return {
            "database": await database_health(self.books.pool),
            **{name: standing_health(one) for name, one in self._outlook.standings.items()},
            "policies": self._outlook.begun.health(),
        }


def _seed(settings: ServiceSettings) -> bytes | None:
    return None if settings.log_key is None else settings.log_key.get_secret_value()


def decide(service: RecordingService) -> None:
    """Serve until told to stop; what `python -m services.<name>` does."""
    settings = settings_or_exit(ServiceSettings)
    serve(service.name, settings, Decider(service, settings).app())
