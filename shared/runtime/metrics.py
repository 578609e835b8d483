"""Every metric of the house, declared here and nowhere else; `GET /metrics` serves them.

A label's values are few and known: commands, services, topics, outcomes. Never an id, and never
anything about a person.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.ledger.postgres import PostgresLedger

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

decided_again = Counter(
    "mshauri_commands_decided_again_total",
    "How often a command was decided once more: others had moved what this process remembered.",
)

_counted = cache(commands.labels)
_timed = cache(command_seconds.labels)


def answered(command: str, outcome: str, seconds: float) -> None:
    """Note that a command was answered: its wire name, `ok` or the refusal's code, how long."""
    _counted(command, outcome).inc()
    _timed(command).observe(seconds)


policy_commands = Counter(
    "mshauri_policy_commands_total",
    "Commands that policies called for, by policy and outcome: `ok`, a refusal's code, or `WAITS`.",
    ["policy", "outcome"],
)

# ── on its way to whoever reads it ────────────────────────────────────────────────────────────

event_age = Histogram(
    "mshauri_event_age_seconds",
    "How long ago an event was recorded when the relay had read it, the broker had acknowledged "
    "it, a projector began with it, and its rows were committed.",
    ["at"],
    buckets=[
        *(0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1),
        *(0.15, 0.25, 0.5, 1.0, 2.5, 5.0),
    ],
)
OLD_S = 60.0
"""What is older is read anew, for a build or a broker that came back empty: it is not counted."""


def come_to(at: str, recorded: Iterable[datetime]) -> None:
    """Note that events, by when they were recorded, have come to a place on their way."""
    now, observe = datetime.now(UTC), event_age.labels(at).observe
    for when in recorded:
        age = (now - when).total_seconds()
        if age < OLD_S:
            observe(max(age, 0.0))


events_missing = Gauge(
    "mshauri_events_missing",
    "Events that a ledger has and the audit trail has not, when it was last counted; "
    "less than none is what the trail has and no ledger recorded.",
    ["service"],
)
reconciled_at = Gauge(
    "mshauri_reconciled_timestamp_seconds", "When the audit trail was last counted."
)
events_differ = Gauge(
    "mshauri_events_differ",
    "Events in the read models, or in a ledger, that are missing or not what the ledger's log "
    "signed, when that was last verified: alert on any.",
    ["service"],
)
verified_position = Gauge(
    "mshauri_events_verified",
    "Events that were held against what the ledger's log signed of them.",
    ["service"],
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


# ── who looked ────────────────────────────────────────────────────────────────────────────────

access_events_waiting = Gauge(
    "mshauri_access_events_waiting_bytes",
    "Bytes of access events that are kept and not yet in their ledger.",
)
access_events_shipped = Counter(
    "mshauri_access_events_shipped_total", "Access events that came to their ledger."
)
access_events_missed = Counter(
    "mshauri_access_events_missed_total",
    "Access events that could not be kept: alert on any. The gap is put on record, too.",
)

glass_unreviewed = Gauge(
    "mshauri_broken_glass_unreviewed",
    "Grants taken in an emergency that nobody else has looked into, when they were last counted.",
)

# ── what parts say of themselves, each time Prometheus asks ───────────────────────────────────


class LedgerMetrics(Collector):
    """How a ledger's writer stands."""

    def __init__(self, ledger: PostgresLedger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[Metric]:
        """Yield the counters and gauges."""
        counters = self._ledger.counters
        for name, says, total in (
            ("commits", "Group commits of this process", counters.batches),
            ("commands", "Commands that they held", counters.commands),
            ("retries", "Commits tried again after the database was away", counters.retries),
        ):
            yield CounterMetricFamily(f"mshauri_ledger_{name}", says, total)
        yield GaugeMetricFamily(
            "mshauri_ledger_waiting", "Commands that wait for the writer", self._ledger.waiting
        )


@contextmanager
def exposed(collector: Collector) -> Iterator[None]:
    """Have Prometheus ask a collector for the length of the block."""
    REGISTRY.register(collector)
    try:
        yield
    finally:
        REGISTRY.unregister(collector)
