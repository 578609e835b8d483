"""What Mshauri is made of when it runs: the one description of its processes.

`mshauri up` starts them from it, `docker-compose.yml` is written from it (`make schema`), and a
process's environment follows from the settings class that reads it: a setting added there reaches
the process in both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from shared.contracts.base import SERVICES
from shared.runtime.settings import (
    PREFIX,
    FollowersSettings,
    GatewaySettings,
    ProcessSettings,
    ProjectorSettings,
    ServiceSettings,
)

POSTGRES = "postgres"
BROKER = "broker"

HEALTH = "/health/ready"
"""Every process answers 200 here, on its own port, once each thing it needs is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process of the house.

    Attributes:
        module: what `python -m` runs.
        databases: its own PostgreSQL databases, by the setting that names each; nobody else's but
            where this says so.
        settings: what it reads from the environment.
        needs: what must be ready before it starts. Later it lives through any absence.
        ticks_ms: how often it looks at a broker that only answers when a fetch's time is up, as
            the embedded one does. Each look costs; who waits for a read model waits for half of
            one, and services wait for each other's facts less often.
    """

    name: str
    module: str
    databases: Mapping[str, str]
    settings: type[ProcessSettings]
    needs: tuple[str, ...]
    ticks_ms: int = 100

    @property
    def database(self) -> str:
        """Its own database, of a process that has one."""
        return self.databases["database_url"]


def _one(database: str) -> dict[str, str]:
    return {"database_url": database}


ACCESS = "access"
"""What the ledger of who looked is called, beside those of the services."""

LOOKED = {"access_database_url": "mshauri_access"}
"""It has a database of its own: the read models' is disposable."""


def _decider(name: str) -> Process:
    return Process(
        name=name,
        module=f"services.{name}",
        databases=_one(f"mshauri_{name}"),
        settings=ServiceSettings,
        needs=(POSTGRES,),
    )


FOLLOWERS = Process(
    name="followers",
    module="services.followers",
    databases={f"{name}_database_url": f"mshauri_{name}" for name in SERVICES},
    settings=FollowersSettings,
    needs=(POSTGRES, BROKER),
)
"""What follows from what the deciders record: one process for all three services."""

PROCESSES: tuple[Process, ...] = (
    *map(_decider, SERVICES),
    FOLLOWERS,
    Process(
        name="projector",
        module="services.gateway.projector",
        databases=_one("mshauri_gateway") | LOOKED,
        settings=ProjectorSettings,
        needs=(POSTGRES, BROKER),
        ticks_ms=20,
    ),
    Process(
        name="gateway",
        module="services.gateway",
        # The projector writes its read models there; the gateway only reads them. Who looked, the
        # gateway records, and the projector reads.
        databases=_one("mshauri_gateway") | LOOKED,
        settings=GatewaySettings,
        needs=(POSTGRES, "projector"),
    ),
)


def database_named(name: str) -> str:
    """Return the database of a process by its name, or of the ledger of who looked."""
    if name == ACCESS:
        return LOOKED["access_database_url"]
    return next(process.database for process in PROCESSES if process.name == name)


def following(*names: str) -> Process:
    """Return the process that follows some services alone."""
    wanted = {
        setting: FOLLOWERS.databases[setting] for setting in (f"{n}_database_url" for n in names)
    }
    return replace(FOLLOWERS, databases=wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where everything is in one installation: what differs between a laptop and a container.

    Attributes:
        database_url: the address of a database, by its name.
        bootstrap_servers: Kafka's brokers.
        address: the host and port that others reach a process at, by its name.
        listen: the interface and port that it listens on.
        others: further settings, by their field's name.
        broker_ticks: whether the broker is one that only answers when a fetch's time is up.
    """

    database_url: Callable[[str], str]
    bootstrap_servers: str
    address: Callable[[str], tuple[str, int]]
    listen: Callable[[str], tuple[str, int]]
    others: Mapping[str, str] = field(default_factory=dict)
    broker_ticks: bool = False

    def url(self, name: str) -> str:
        """Return the address that others ask a process at."""
        host, port = self.address(name)
        return f"http://{host}:{port}"

    def environment(self, process: Process) -> dict[str, str]:
        """Return the variables a process is started with: those its settings know, no others."""
        host, port = self.listen(process.name)
        values = {
            **{name: self.database_url(base) for name, base in process.databases.items()},
            "bootstrap_servers": self.bootstrap_servers,
            "host": host,
            "port": str(port),
            "registry_url": self.url("registry"),
            "sessions_url": self.url("sessions"),
            "validation_url": self.url("validation"),
            **({"fetch_max_wait_ms": str(process.ticks_ms)} if self.broker_ticks else {}),
            **self.others,
        }
        known = process.settings.model_fields
        return {f"{PREFIX}{name.upper()}": values[name] for name in known if name in values}


WIRED = frozenset(
    {"host", "port", *(f"{name}_url" for name in SERVICES)}
    | {name for process in PROCESSES for name in process.databases}
)
"""Settings that follow from the installation itself; the rest is its owner's to choose."""


def chosen(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that an environment chooses, by their field's name."""
    names = {n for p in PROCESSES for n in p.settings.model_fields} - WIRED
    return {n: environ[v] for n in sorted(names) if environ.get(v := f"{PREFIX}{n.upper()}")}
