"""What followers say of themselves, each time Prometheus asks."""

from collections.abc import Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.bus.relay import Relay
from shared.projection.engine import Health
from shared.projection.keeper import Keeper
from shared.transparency.sealing import Sealing


class KeeperMetrics(Collector):
    """How groups of read models stand, by the names they are told by: `registry.views`."""

    def __init__(self, keepers: Mapping[str, Keeper]) -> None:
        self._keepers = keepers

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, each by its group."""
        for name, says, value in (
            ("level", "Whether a group is level, and read", lambda h: h.level),
            ("behind_seconds", "Since it held all of the bus", lambda h: h.behind_s or 0.0),
            ("building_events", "Events that a build beside it lacks", lambda h: h.building or 0),
        ):
            gauge = GaugeMetricFamily(f"mshauri_group_{name}", says, labels=["group"])
            for group, keeper in self._keepers.items():
                gauge.add_metric([group], float(value(keeper.health())))
            yield gauge
        for name, says, told in (
            ("running", "Whether read models are kept up", lambda h: h.ready),
            ("partitions", "Partitions that this engine owns", lambda h: len(h.partitions)),
            ("parked_events", "Events that wait behind one that cannot be folded", _parked),
            ("parked_people", "People whose events wait", lambda h: h.people_parked),
            ("unreadable_records", "Records on the bus that are no events", _unreadable),
        ):
            gauge = GaugeMetricFamily(f"mshauri_projector_{name}", says, labels=["group"])
            for group, keeper in self._keepers.items():
                if (engine := keeper.health().engine) is not None:
                    gauge.add_metric([group], float(told(engine)))
            yield gauge
        applied = GaugeMetricFamily(
            "mshauri_projector_last_applied_timestamp_seconds",
            "When an event of the service was last folded",
            labels=["group", "service"],
        )
        for group, keeper in self._keepers.items():
            engine = keeper.health().engine
            for service, when in (engine.last_applied if engine else {}).items():
                applied.add_metric([group, service], when.timestamp())
        yield applied


def _parked(health: Health) -> int:
    return health.parked


def _unreadable(health: Health) -> int:
    return health.unreadable


class RelayMetrics(Collector):
    """How the relays of a process stand."""

    def __init__(self, relays: Mapping[str, Relay]) -> None:
        self._relays = relays

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, each by its service."""
        leads = GaugeMetricFamily(
            "mshauri_relay_leads", "1 where this process publishes the ledger", labels=["service"]
        )
        acknowledged = GaugeMetricFamily(
            "mshauri_relay_acknowledged",
            "The position all up to which is on the bus",
            labels=["service"],
        )
        for service, relay in self._relays.items():
            leads.add_metric([service], float(relay.leading))
            acknowledged.add_metric([service], float(relay.acknowledged))
        yield from (leads, acknowledged)


class LogMetrics(Collector):
    """How the Merkle logs stand that a process seals."""

    def __init__(self, logs: Mapping[str, Sealing]) -> None:
        self._logs = logs

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, each by its service."""
        for name, says, value in (
            ("sealed_entries", "Entries of the ledger that are sealed", lambda log: log.size),
            ("behind_seconds", "Since the log held all of the ledger", lambda log: log.behind_s),
            ("stopped", "1 where nothing is sealed", lambda log: log.problem is not None),
        ):
            gauge = GaugeMetricFamily(f"mshauri_log_{name}", says, labels=["service"])
            for service, log in self._logs.items():
                gauge.add_metric([service], float(value(log)))
            yield gauge
