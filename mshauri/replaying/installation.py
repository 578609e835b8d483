"""What a replay is told of the installation whose past it shows."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mshauri.rebuild import database_of
from mshauri.stack.given import database_at
from mshauri.stack.stack import settings_of
from mshauri.stack.topology import ACCESS, database_named
from shared.contracts.base import SERVICES
from shared.domain.errors import MshauriError
from shared.runtime.settings import PREFIX, GatewaySettings, read_settings

_MASTER_KEY = f"{PREFIX}MASTER_KEY"


class NoMasterKey(MshauriError):
    """Nothing personal can be read without what wraps people's keys."""

    code = "NO_MASTER_KEY"
    template = "The key is not known that wraps people's keys: nothing personal could be read."
    remedy_template = "Set {variable}, or say where the stack keeps its data (--data-dir)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where an installation keeps what a replay reads.

    Attributes:
        databases: each recording service's database.
        gateway: the gateway's.
        access: that of the ledger of who looked, which reads of the past are recorded in, too.
        master_key: what wraps people's keys.
    """

    databases: Mapping[str, str]
    gateway: str
    access: str
    master_key: str


def installation_at(data_dir: Path, server: str | None) -> Installation:
    """Return where the databases of an installation are.

    Args:
        server: the address of their server; None: that of the stack which runs on `data_dir`.

    Raises:
        NoStack: none runs there.
        NoMasterKey: it is neither in the environment nor in the directory.
    """
    names = (*SERVICES, "gateway", ACCESS)
    if server is None:
        found = {name: database_of(name, data_dir) for name in names}
    else:
        found = {name: database_at(server, database_named(name)) for name in names}
    master_key = os.environ.get(_MASTER_KEY) or _embedded(data_dir).get("master_key")
    if master_key is None:
        raise NoMasterKey(variable=_MASTER_KEY)
    return Installation(
        gateway=found.pop("gateway"),
        access=found.pop(ACCESS),
        databases=found,
        master_key=master_key,
    )


def gateway_settings(data_dir: Path, installation: Installation, port: int) -> GatewaySettings:
    """Return the settings of a gateway that answers as of then: those of the one that is there.

    Raises:
        BadSettings: a line for each variable that is missing or wrong.
    """
    # No service is ever asked.
    services = {f"{name}_url": "http://127.0.0.1" for name in SERVICES}
    values = {
        **_embedded(data_dir),
        "database_url": installation.gateway,
        "access_database_url": installation.access,
        "port": str(port),
        **{name: os.environ.get(f"{PREFIX}{name.upper()}", url) for name, url in services.items()},
    }
    return read_settings(GatewaySettings, values)


def _embedded(data_dir: Path) -> dict[str, str]:
    """Return the settings of a stack of one's own; none where there is none."""
    return settings_of(data_dir, os.environ) if (data_dir / "secrets").is_dir() else {}
