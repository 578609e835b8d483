"""Every metric of the house, declared here and nowhere else; `GET /metrics` serves them.

A label's values are few and known: commands, services, topics, outcomes. Never an id, and never
anything about a person.
"""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = CONTENT_TYPE_LATEST

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds. A commit takes 1 to 5 ms, an answer 5 to 50; beyond 5 s all are equally bad."""

_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)

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

# ── ledger ────────────────────────────────────────────────────────────────────────────────────

ledger_position = Gauge(
    "mshauri_ledger_position", "The position of the last event this process recorded."
)
ledger_waiting = Gauge("mshauri_ledger_waiting", "Commands that wait for the ledger's writer.")
ledger_batch = Histogram("mshauri_ledger_batch", "Commands recorded in one commit.", buckets=_SIZES)
ledger_commit_seconds = Histogram(
    "mshauri_ledger_commit_seconds", "The time of one group commit.", buckets=_QUICK
)

# ── relay ─────────────────────────────────────────────────────────────────────────────────────

relay_leads = Gauge("mshauri_relay_leads", "1 where this process publishes its ledger, else 0.")
relay_published = Counter("mshauri_relay_published_total", "Events the broker acknowledged.")
relay_lag = Gauge("mshauri_relay_lag", "Events recorded that the broker has not acknowledged yet.")

# ── projection ────────────────────────────────────────────────────────────────────────────────

projected = Counter(
    "mshauri_projected_total", "Events applied to read models or local views.", ["topic"]
)
projection_batch = Histogram(
    "mshauri_projection_batch", "Events applied in one transaction.", buckets=_SIZES
)
projection_seconds = Histogram(
    "mshauri_projection_seconds", "The time of one such transaction.", buckets=_QUICK
)
projection_delay_seconds = Histogram(
    "mshauri_projection_delay_seconds",
    "From when the ledger took an event to when it was applied.",
    ["topic"],
    buckets=(*_QUICK, 10.0, 60.0, 600.0),
)
projection_parked = Gauge(
    "mshauri_projection_parked", "People whose events are parked behind one that failed."
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


def exposition() -> bytes:
    """Return this process's metrics in Prometheus' text format."""
    return generate_latest()
