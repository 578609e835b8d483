"""The topics themselves: made when they are missing, and told apart by the id of each making."""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from shared.bus.client import (
    LARGEST_RECORD,
    Described,
    KafkaError,
    RawAdmin,
    TopicExists,
    describe,
    open_admin,
)
from shared.bus.errors import WrongPartitions
from shared.bus.topics import topic_of
from shared.domain.errors import Unavailable
from shared.positions import PARTITIONS

THE_BROKER: Final = "the broker"

Result = TypeVar("Result")


class Topic(NamedTuple):
    """A topic as the broker describes it.

    Attributes:
        id: another one each time a topic of this name is made.
    """

    id: UUID
    partitions: int


class Topics:
    """Describes and makes topics. For one thread."""

    def __init__(self, bootstrap_servers: str, *, replication_factor: int = 1) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._replication_factor = replication_factor
        self._admin: RawAdmin | None = None

    def describe(self, services: Iterable[str]) -> dict[str, Topic]:
        """Return the services' topics; one that is not there is left out.

        Raises:
            Unavailable: the broker does not answer.
        """
        by_name = {topic_of(service): service for service in services}
        return {
            by_name[found.name]: Topic(found.topic_id, found.partitions)
            for found in self._ask_of(list(by_name))
            if found.error == 0 and found.topic_id is not None
        }

    def ensure(self, service: str) -> UUID:
        """Return the id of a service's topic, which is made now if it is not there.

        Raises:
            Unavailable: the broker does not answer.
            WrongPartitions: somebody else made it, and not as we need it.
        """
        topic = self.describe([service]).get(service)
        if topic is None:
            self._create(service)
            topic = self.describe([service]).get(service)
            if topic is None:
                raise Unavailable(part=f"the topic {topic_of(service)}")
        if topic.partitions != PARTITIONS:
            raise WrongPartitions(
                topic=topic_of(service), actual=topic.partitions, expected=PARTITIONS
            )
        return topic.id

    def close(self) -> None:
        """Disconnect; the next call connects again."""
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()

    def _ask_of(self, names: list[str]) -> list[Described]:
        try:
            return describe(self._connected(), names)
        except KafkaError as error:
            self.close()
            raise Unavailable(part=THE_BROKER) from error

    def _create(self, service: str) -> None:
        topic = {
            "num_partitions": PARTITIONS,
            "replication_factor": self._replication_factor,
            "configs": _settings(self._replication_factor),
        }
        try:
            self._connected().create_topics({topic_of(service): topic}, wait_for_metadata=True)
        except TopicExists:
            return
        except KafkaError as error:
            self.close()
            raise Unavailable(part=THE_BROKER) from error

    def _connected(self) -> RawAdmin:
        if self._admin is None:
            self._admin = open_admin(self._bootstrap_servers)
        return self._admin


def _settings(replication_factor: int) -> dict[str, str]:
    """Return what a history needs of a topic: that nothing in it is ever thrown away."""
    return {
        "cleanup.policy": "delete",  # never "compact": every event of a key matters
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "max.message.bytes": str(LARGEST_RECORD),
        # With three copies, an event is acknowledged when two have it, and one may be away.
        "min.insync.replicas": str(max(1, replication_factor - 1)),
    }
