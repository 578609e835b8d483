"""How a process hears the bus: one tap for all that it keeps, stirred by the ledgers' own news."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack

from shared.bus.consumer import Consumer
from shared.bus.news import Growing, News
from shared.bus.tap import Reader, Tap
from shared.runtime.alongside import run_along


class Hearing:
    """The one way in for all that a process keeps.

    Attributes:
        tap: what its readers read.
    """

    def __init__(self, tap: Tap) -> None:
        self.tap = tap

    @classmethod
    async def open(
        cls,
        bootstrap_servers: str,
        fetch_max_wait_ms: int,
        ledgers: Mapping[str, Growing],
        stack: AsyncExitStack,
    ) -> "Hearing":
        """Hear for as long as the stack lasts.

        Args:
            ledgers: those of the services that are heard; they tell when they have grown.
        """
        news = News(ledgers)
        await run_along(news.run(), stack, "the news of ledgers")

        def consumer(services: Collection[str]) -> Consumer:
            return Consumer(
                bootstrap_servers, services, fetch_max_wait_ms=fetch_max_wait_ms, news=news
            )

        tap = Tap(consumer, ledgers)
        stack.push_async_callback(tap.close)
        return cls(tap)

    def source(self, services: Collection[str]) -> Callable[[], Reader]:
        """Return what opens a reader of these services' topics."""
        return lambda: self.tap.reader(services)
