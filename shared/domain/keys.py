"""The keys of a person in one service, once they are destroyed."""

from uuid import UUID

from shared.domain.aggregate import Aggregate


class Keys(Aggregate):
    """That they are destroyed; each service has a kind of its own, for its own event."""

    health_worker_id: UUID

    @property
    def key(self) -> UUID:
        """The person."""
        return self.health_worker_id
