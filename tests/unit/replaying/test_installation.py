"""A replay's gateway is told what the one in use is: where who looked is written down, too."""

import os
from pathlib import Path

import pytest

from mshauri.replaying.installation import gateway_settings, installation_at
from shared.runtime.settings import PREFIX


@pytest.fixture(autouse=True)
def _nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_reads_of_the_past_go_into_the_spool_and_the_ledger_of_the_installation(
    tmp_path: Path,
) -> None:
    (tmp_path / "secrets").mkdir()
    installation = installation_at(tmp_path, "postgresql://who@made-up.invalid:5432/postgres")

    settings = gateway_settings(tmp_path, installation, 8001)

    assert settings.access_database_url.endswith("/mshauri_access")
    assert settings.access_spool == tmp_path / "access-spool"
    assert sorted(installation.databases) == ["registry", "sessions", "validation"]
