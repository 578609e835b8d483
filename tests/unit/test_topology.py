"""What the processes are started with, here and in containers, comes from one description."""

import base64
import re

import pytest

from mshauri.stack.compose import CONTAINERS
from mshauri.stack.topology import PROCESSES, Process, chosen
from shared.runtime.settings import Environment, LogFormat, read_settings

GIVEN = {
    "MSHAURI_POSTGRES_PASSWORD": "secret",
    "MSHAURI_INTERNAL_TOKEN": "t" * 64,
    "MSHAURI_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
    "MSHAURI_LOG_KEY": base64.b64encode(bytes(32)).decode(),
    "MSHAURI_ISSUER": "https://identity.example",
    "MSHAURI_JWKS_URL": "https://identity.example/keys",
}


def interpolated(text: str) -> str:
    """Fill `${NAME}`, `${NAME:-default}` and `${NAME:?why}` as Compose does."""
    return re.sub(
        r"\$\{(\w+)(?::([-?])([^}]*))?\}",
        lambda found: GIVEN.get(found[1]) or (found[3] if found[2] == "-" else ""),
        text,
    )


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_container_is_told_everything_its_process_asks_for(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CONTAINERS.environment(process).items():
        monkeypatch.setenv(name, interpolated(value))

    settings = read_settings(process.settings)

    for setting, database in process.databases.items():
        assert getattr(settings, setting).endswith(f"@postgres:5432/{database}")
    assert settings.environment is Environment.PRODUCTION
    assert settings.log_format is LogFormat.JSON
    assert settings.services["sessions"] == "http://sessions:8000"


def test_only_who_needs_the_master_key_is_told_it() -> None:
    told = {p.name for p in PROCESSES if "MSHAURI_MASTER_KEY" in CONTAINERS.environment(p)}

    assert told == {"registry", "sessions", "validation", "followers"}


def test_only_who_seals_the_logs_or_signs_evidence_is_told_their_key() -> None:
    told = {p.name for p in PROCESSES if "MSHAURI_LOG_KEY" in CONTAINERS.environment(p)}

    # The projector seals the ledger of who looked.
    assert told == {"registry", "sessions", "validation", "followers", "projector"}


def test_no_recording_service_shares_its_database() -> None:
    databases = [p.database for p in PROCESSES if p.name in {"registry", "sessions", "validation"}]

    assert len(set(databases)) == 3
    assert "mshauri_gateway" not in databases


def test_what_an_owner_may_choose_is_passed_on_and_what_follows_from_the_place_is_not() -> None:
    environ = {
        "MSHAURI_ZONE": "Africa/Kigali",
        "MSHAURI_OPERATORS": "",
        "MSHAURI_DATABASE_URL": "postgresql://elsewhere/other",
        "MSHAURI_PORT": "1",
        "MSHAURI_NO_SUCH_SETTING": "x",
        "HOME": "/somewhere",
    }

    assert chosen(environ) == {"zone": "Africa/Kigali"}
