"""What readers know of restored ledgers: which events are no more.

A ledger that goes on from a backup begins a new epoch after some position: whatever an earlier
epoch recorded above it is gone. The relay says so on every partition before the first event of the
new epoch. It is known for good, in all builds of a database: a topic may still hold what is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.projection.connection import Connection

DDL = """
CREATE TABLE IF NOT EXISTS public.known_epoch (
    service        text        NOT NULL,
    epoch          integer     NOT NULL,
    after_position bigint      NOT NULL,
    known_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, epoch)
);
"""

_KNOWN = "SELECT service, epoch, after_position FROM public.known_epoch"

_LEARN = """
INSERT INTO public.known_epoch (service, epoch, after_position) VALUES ($1, $2, $3)
ON CONFLICT (service, epoch) DO NOTHING
"""


@dataclass(slots=True)
class Epochs:
    """The epochs that are known, by service: after which position each began."""

    _began: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    async def load(cls, connection: Connection) -> "Epochs":
        """Return what is known on a database."""
        known = cls()
        for service, epoch, after in await connection.fetch(_KNOWN):
            known.note(service, epoch, after)
        return known

    async def learn(
        self, connection: Connection, service: str, epoch: int, after_position: int
    ) -> bool:
        """Take in that an epoch began; say whether that is news."""
        if epoch in self._began.get(service, ()):
            return False
        await connection.execute(_LEARN, service, epoch, after_position)
        self.note(service, epoch, after_position)
        return True

    def note(self, service: str, epoch: int, after_position: int) -> None:
        """Remember that an epoch began after a position."""
        self._began.setdefault(service, {})[epoch] = after_position

    def gone(self, service: str, epoch: int, position: int) -> bool:
        """Say whether what an epoch recorded at a position is no more."""
        began = self._began.get(service)
        if not began:
            return False
        return any(later > epoch and after < position for later, after in began.items())

    def newest(self, service: str) -> int:
        """Return the newest epoch that is known of a service."""
        return max(self._began.get(service, ()), default=1)

    def any_gone(self, reached: Mapping[tuple[str, int], "tuple[int, int]"]) -> set[str]:
        """Return the services of whose places (epoch, position) one is no more."""
        return {
            service
            for (service, _), (epoch, at) in reached.items()
            if self.gone(service, epoch, at)
        }
