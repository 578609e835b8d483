"""The flow behind a command, each part beside the stock event store, in one run.

    python -m tests.perf.bench_flow [--rounds 3]

    stock      eventsourcing's `Application.save` on its own PostgreSQL recorder, 16 threads
    relay      from the ledger onto the bus, every record acknowledged     bar 15 x stock
    projector  from the bus into three read models, hashes verified        bar 20 x stock
    visible    from acknowledged to answered over GraphQL, on the whole
               stack, at 200 commands a second                             bar p50 50 ms, p99 250 ms

Each part is measured by the benchmark of its own name; here they share a machine and an hour, so
that their ratios mean something.
"""

import argparse
import logging
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import structlog
import uvloop

from mshauri.stack.broker import EmbeddedBroker
from mshauri.stack.postgres import EmbeddedPostgres
from tests.perf import bench_projector, bench_relay, bench_visible
from tests.perf.bench_ledger import measure, record_with_stock, stock_application
from tests.support.servers import PostgresServer

ENTRIES = 100_000
RATE, SECONDS = 200, 20.0
BARS = {"relay": 15.0, "projector": 20.0}


async def stock_rate(server: EmbeddedPostgres, rounds: int) -> float:
    """Return what the stock event store records in a second."""
    application = stock_application(await server.create_database("stock"))
    try:
        figures = await measure({"stock": partial(record_with_stock, application)}, rounds, 2.0)
    finally:
        application.close()
    return median(figures["stock"])


async def projector_rate(server: EmbeddedPostgres, broker: str, rounds: int) -> float:
    """Return what the projection engine applies in a second."""
    histories = await bench_projector.published(broker, "flow", ENTRIES)
    where = PostgresServer(server.url())
    return median(
        [
            await bench_projector.rate(where, broker, histories, f"flow{number}", 2000)
            for number in range(rounds)
        ]
    )


async def main(rounds: int) -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory(prefix="mshauri-bench-") as directory:
        server = EmbeddedPostgres(Path(directory) / "postgres")
        broker = EmbeddedBroker(Path(directory))
        await server.start()
        await broker.start()
        try:
            stock = await stock_rate(server, rounds)
            database = await server.create_database("relay")
            relay = await bench_relay.measure(database, broker.address, ENTRIES, rounds)
            rates = {
                "relay": median(relay["relay"]),
                "projector": await projector_rate(server, broker.address, rounds),
            }
        finally:
            await broker.stop()
            await server.stop()
    visible = await bench_visible.measure(RATE, SECONDS)
    print(f"\n{'':12}{'events/s':>12}{'x stock':>10}{'bar':>8}")
    print(f"{'stock':12}{stock:12,.0f}{1:10.1f}")
    for name, rate in rates.items():
        print(f"{name:12}{rate:12,.0f}{rate / stock:10.1f}{BARS[name]:8.0f}")
    p50 = bench_visible.percentile(visible.visible, 0.5)
    p99 = bench_visible.percentile(visible.visible, 0.99)
    print(f"{'visible':12}p50 {p50:.1f} ms (bar 50), p99 {p99:.1f} ms (bar 250)")
    for name, rate in rates.items():
        print(f"{name} {rate:.0f} {rate / stock:.2f}")
    print(f"visible {p50:.1f} {p99:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    uvloop.run(main(parser.parse_args().rounds))
