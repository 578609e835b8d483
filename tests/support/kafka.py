"""Apache Kafka itself without Docker: Maven fetches its jars once, a JDK runs them.

One broker in KRaft mode, which is its own controller. The jars are kept in the user's cache
directory, the data in a directory of the test's.
"""

import asyncio
import base64
import os
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Final

from mshauri.stack.ports import LOOPBACK, accepts, free_port
from mshauri.stack.process import OwnedProcess

VERSION: Final = "4.3.0"
OLDEST_JAVA: Final = 17

_POM = """
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId>
  <artifactId>apache-kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{version}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""

_PROPERTIES = """
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={host}:{controller_port}
log.dirs={data}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.cleaner.dedupe.buffer.size=16777216
"""


class CannotRun(Exception):
    """What is missing here to run Apache Kafka, as a sentence."""


class ApacheKafka:
    """One broker; started, stopped, killed and wiped at will, always on the same port."""

    def __init__(self, directory: Path, version: str = VERSION) -> None:
        self._version = version
        self._directory = directory
        self._data = directory / "data"
        self._properties = directory / "server.properties"
        self._port = free_port()
        self._controller_port = free_port()
        self._process: OwnedProcess | None = None

    @property
    def address(self) -> str:
        """What clients call its bootstrap servers."""
        return f"{LOOPBACK}:{self._port}"

    async def start(self, timeout: float = 60.0) -> None:
        """Start it, on what it held before, and wait until it accepts connections.

        Raises:
            CannotRun: there is no Maven, or no JDK that is new enough.
            ProcessFailed: it ended or accepts none; the message has its log's last lines.
        """
        run = [*_java(self._version), "-Xmx512m"]
        if not self._data.exists():
            self._format(run)
        process = OwnedProcess(
            "Apache Kafka",
            [*run, "kafka.Kafka", self._properties],
            log=self._directory / "kafka.log",
        )
        process.start()
        self._process = process
        deadline = time.monotonic() + timeout
        while not accepts(self._port):
            if not process.alive:
                raise process.failure(f"ended with {process.exit_code} while starting")
            if time.monotonic() > deadline:
                raise process.failure(f"does not answer after {timeout:.0f} s")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Shut it down in good order; the data stays."""
        if self._process:
            await self._process.stop(timeout=20.0)

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            await self._process.kill()

    async def wipe(self) -> None:
        """Forget everything it holds; it must have been stopped."""
        shutil.rmtree(self._data, ignore_errors=True)

    def _format(self, run: list[str | Path]) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(
            _PROPERTIES.format(
                host=LOOPBACK,
                port=self._port,
                controller_port=self._controller_port,
                data=self._data,
            )
        )
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With an equals sign: an id may begin with a dash.
        tool = ("kafka.tools.StorageTool", "format", "--standalone", f"--cluster-id={cluster}")
        _run([*run, *tool, "-c", self._properties])


def _java(version: str) -> list[str | Path]:
    """Return how to run a class of Kafka's: the JDK, a quiet log, the jars."""
    java = _find_java()
    level = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    return [java, level, "-cp", f"{_jars(version)}/*"]


def _find_java() -> Path:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        raise CannotRun("Apache Kafka needs a JDK: there is no `java` in JAVA_HOME or on PATH")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < OLDEST_JAVA:
        raise CannotRun(f"Apache Kafka needs JDK {OLDEST_JAVA} or newer; {java} is none")
    return Path(java)


def _jars(version: str) -> Path:
    """Return the directory of the jars, fetched on the first call ever on this machine."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mshauri"
    jars = cache / f"apache-kafka-{version}"
    if jars.exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRun("Apache Kafka's jars are fetched by Maven: there is no `mvn` on PATH")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as made:
        pom = Path(made) / "pom.xml"
        pom.write_text(_POM.format(version=version))
        fetched = Path(made) / "jars"
        goal = ("dependency:copy-dependencies", "-DincludeScope=runtime")
        _run([maven, "-q", "-B", "-f", pom, *goal, f"-DoutputDirectory={fetched}"])
        if not jars.exists():  # another process may have been faster
            fetched.rename(jars)
    return jars


def _run(argv: list[str | Path]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{argv[0]} failed: {(done.stdout + done.stderr)[-2000:]}")
