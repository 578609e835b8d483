"""Every metric of the house, declared here and nowhere else; `GET /metrics` serves them.

A label's values are few and known: commands, services, topics, outcomes. Never an id, and never
anything about a person.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.bus.relay import Relay
from shared.ledger.postgres import PostgresLedger
from shared.projection.engine import Health
from shared.projection.keeper import Keeper

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds. A commit takes 1 to 5 ms, an answer 5 to 50; beyond 5 s all are equally bad."""

# ── commands ──────────────────────────────────────────────────────────────────────────────────

commands = Counter(
    "mshauri_commands_total",
    "Commands answered, by their wire name and the code they were refused with (`ok`).",
    ["command", "outcome"],
)
command_seconds = Histogram(
    "mshauri_command_seconds",
    "From a command's arrival to its answer.",
    ["command"],
    buckets=_QUICK,
)

policy_commands = Counter(
    "mshauri_policy_commands_total",
    "Commands that policies called for, by policy and outcome: `ok`, a refusal's code, or `WAITS`.",
    ["policy", "outcome"],
)

# ── gateway ───────────────────────────────────────────────────────────────────────────────────

operations = Counter(
    "mshauri_graphql_operations_total",
    "GraphQL operations answered, by kind and the first error's code (`ok`).",
    ["kind", "outcome"],
)
operation_seconds = Histogram(
    "mshauri_graphql_operation_seconds",
    "From an operation's arrival to its answer.",
    ["kind"],
    buckets=_QUICK,
)
subscriptions = Gauge("mshauri_graphql_subscriptions", "Subscriptions that are open now.")


# ── what parts say of themselves, each time Prometheus asks ───────────────────────────────────


class KeeperMetrics(Collector):
    """How the groups of read models stand."""

    def __init__(self, *keepers: Keeper) -> None:
        self._keepers = keepers

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, each by its group."""
        for name, says, value in (
            ("level", "Whether a group is level, and read", lambda h: h.level),
            ("behind_seconds", "Since it held all of the bus", lambda h: h.behind_s or 0.0),
            ("building_events", "Events that a build beside it lacks", lambda h: h.building or 0),
        ):
            gauge = GaugeMetricFamily(f"mshauri_group_{name}", says, labels=["group"])
            for keeper in self._keepers:
                gauge.add_metric([keeper.name], float(value(keeper.health())))
            yield gauge
        for name, says, told in (
            ("running", "Whether read models are kept up", lambda h: h.ready),
            ("partitions", "Partitions that this engine owns", lambda h: len(h.partitions)),
            ("parked_events", "Events that wait behind one that cannot be folded", _parked),
            ("parked_people", "People whose events wait", lambda h: h.people_parked),
            ("unreadable_records", "Records on the bus that are no events", _unreadable),
        ):
            gauge = GaugeMetricFamily(f"mshauri_projector_{name}", says, labels=["group"])
            for keeper in self._keepers:
                if (engine := keeper.health().engine) is not None:
                    gauge.add_metric([keeper.name], float(told(engine)))
            yield gauge
        applied = GaugeMetricFamily(
            "mshauri_projector_last_applied_timestamp_seconds",
            "When an event of the service was last folded",
            labels=["group", "service"],
        )
        for keeper in self._keepers:
            engine = keeper.health().engine
            for service, when in (engine.last_applied if engine else {}).items():
                applied.add_metric([keeper.name, service], when.timestamp())
        yield applied


def _parked(health: Health) -> int:
    return health.parked


def _unreadable(health: Health) -> int:
    return health.unreadable


class LedgerMetrics(Collector):
    """How a ledger's writer and its relay stand."""

    def __init__(self, ledger: PostgresLedger, relay: Relay) -> None:
        self._ledger = ledger
        self._relay = relay

    def collect(self) -> Iterator[Metric]:
        """Yield the counters and gauges."""
        counters = self._ledger.counters
        for name, says, total in (
            ("commits", "Group commits of this process", counters.batches),
            ("commands", "Commands that they held", counters.commands),
            ("retries", "Commits tried again after the database was away", counters.retries),
        ):
            yield CounterMetricFamily(f"mshauri_ledger_{name}", says, total)
        for name, says, value in (
            ("ledger_waiting", "Commands that wait for the writer", self._ledger.waiting),
            ("relay_leads", "1 where this process publishes its ledger", self._relay.leading),
            (
                "relay_acknowledged",
                "The position all up to which is on the bus",
                self._relay.acknowledged,
            ),
        ):
            yield GaugeMetricFamily(f"mshauri_{name}", says, value)


@contextmanager
def exposed(collector: Collector) -> Iterator[None]:
    """Have Prometheus ask a collector for the length of the block."""
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
