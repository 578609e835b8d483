"""A process reads its settings once, and a wrong one stops it with a sentence."""

import base64
import os
import subprocess
import sys

import pytest

from shared.runtime.settings import (
    BadSettings,
    Environment,
    FollowersSettings,
    GatewaySettings,
    LogFormat,
    ProcessSettings,
    ProjectorSettings,
    ServiceSettings,
    read_settings,
)

KEY = bytes(range(32))
COMPLETE = {
    "MSHAURI_DATABASE_URL": "postgresql://postgres:pässword@localhost:5432/registry",
    "MSHAURI_ISSUER": "https://identity.example",
    "MSHAURI_JWKS_URL": "https://identity.example/keys",
    "MSHAURI_MASTER_KEY": base64.b64encode(KEY).decode(),
    "MSHAURI_INTERNAL_TOKEN": "s" * 32,
    "MSHAURI_REGISTRY_URL": "http://registry:8000/",
    "MSHAURI_SESSIONS_URL": "http://sessions:8000",
    "MSHAURI_VALIDATION_URL": "http://validation:8000",
}
"""What a decider must be told."""
ON_THE_BUS = {
    "MSHAURI_BOOTSTRAP_SERVERS": "one:9092,two:9092",
    "MSHAURI_SESSIONS_DATABASE_URL": "postgresql://postgres:pässword@localhost:5432/sessions",
    "MSHAURI_ACCESS_DATABASE_URL": "postgresql://postgres:pässword@localhost:5432/access",
}
"""What followers, a projector and a gateway must be told too."""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("MSHAURI_"):
            monkeypatch.delenv(name)
    for name, value in (COMPLETE | ON_THE_BUS).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_complete_environment_makes_typed_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MSHAURI_OPERATORS", " root@example , second@example,")

    settings = read_settings(ServiceSettings)

    assert settings.master_key.get_secret_value() == KEY
    assert settings.operators == ("root@example", "second@example")
    assert settings.services["registry"] == "http://registry:8000"
    assert settings.log_format is LogFormat.JSON


def test_production_is_what_nobody_said_otherwise(environment: pytest.MonkeyPatch) -> None:
    assert read_settings(GatewaySettings).environment is Environment.PRODUCTION


ALL = (ServiceSettings, FollowersSettings, ProjectorSettings, GatewaySettings)


@pytest.mark.parametrize("kind", ALL)
def test_no_secret_is_in_what_settings_print(
    environment: pytest.MonkeyPatch, kind: type[ProcessSettings]
) -> None:
    shown = repr(read_settings(kind))

    for secret in ("pässword", "s" * 32, COMPLETE["MSHAURI_MASTER_KEY"], repr(KEY)):
        assert secret not in shown


def test_the_gateway_and_the_projector_are_not_told_the_master_key() -> None:
    assert "master_key" not in GatewaySettings.model_fields
    assert "master_key" not in ProjectorSettings.model_fields


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MSHAURI_PORT", "http", "valid integer"),
        ("MSHAURI_PORT", "70000", "less than or equal to 65535"),
        ("MSHAURI_MASTER_KEY", "not base64!", "32 bytes in base64"),
        ("MSHAURI_MASTER_KEY", "c2hvcnQ=", "this is 5"),
        ("MSHAURI_INTERNAL_TOKEN", "short", "at least 32"),
        ("MSHAURI_DATABASE_URL", "registry", "postgresql://user:password@host:port/database"),
        ("MSHAURI_DATABASE_URL", "postgresql://localhost:5432/", "postgresql://"),
        ("MSHAURI_BOOTSTRAP_SERVERS", "kafka", "host:port"),
        ("MSHAURI_JWKS_URL", "keys.json", "file:///"),
        ("MSHAURI_SESSIONS_URL", "sessions:8000", "http://"),
        ("MSHAURI_ZONE", "Kigali", "Africa/Kigali"),
        ("MSHAURI_LOG_FORMAT", "xml", "'console' or 'json'"),
    ],
)
def test_a_wrong_variable_is_named_and_what_would_be_right(
    environment: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    environment.setenv(variable, value)

    with pytest.raises(BadSettings) as problem:
        read_settings(FollowersSettings if variable in ON_THE_BUS else ServiceSettings)

    assert str(problem.value).startswith(f"{variable} is wrong: ")
    assert sentence in str(problem.value)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MSHAURI_LOG_KEY", "c2hvcnQ=", "this is 5"),
        ("MSHAURI_LOG_ORIGIN", "with a space", "pattern"),
        ("MSHAURI_LOG_ORIGIN", "mshauri.local/", "pattern"),
        ("MSHAURI_LOG_WITNESSES", "https://witness.example", "NAME+KEYID+KEY"),
        ("MSHAURI_LOG_WITNESSES", "https://witness.example a+b+c", "NAME+KEYID+KEY"),
    ],
)
def test_a_wrong_setting_of_the_logs_is_named(
    environment: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    environment.setenv(variable, value)

    with pytest.raises(BadSettings, match=f"{variable} is wrong: ") as problem:
        read_settings(FollowersSettings)

    assert sentence in str(problem.value)


def test_who_follows_one_service_is_told_how_to_seal_it(environment: pytest.MonkeyPatch) -> None:
    vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    environment.setenv("MSHAURI_LOG_KEY", base64.b64encode(KEY).decode())
    environment.setenv(
        "MSHAURI_LOG_WITNESSES", f"https://w.example {vkey}, http://x.example {vkey}"
    )

    followed = read_settings(FollowersSettings).following("sessions")
    assert followed is not None
    assert followed.log_key is not None
    assert followed.log_key.get_secret_value() == KEY
    assert followed.log_witnesses == (f"https://w.example {vkey}", f"http://x.example {vkey}")
    assert followed.log_origin == "mshauri.local"


def test_every_missing_variable_is_named_with_its_meaning(environment: pytest.MonkeyPatch) -> None:
    for name in COMPLETE:
        environment.delenv(name)

    with pytest.raises(BadSettings) as problem:
        read_settings(ServiceSettings)

    lines = str(problem.value).splitlines()
    assert {line.split()[0] for line in lines} == set(COMPLETE)
    assert any("32 bytes in base64" in line for line in lines)


def test_followers_follow_those_whose_databases_they_are_given(
    environment: pytest.MonkeyPatch,
) -> None:
    settings = read_settings(FollowersSettings)

    followed = settings.following("sessions")
    assert followed is not None
    assert followed.database_url == ON_THE_BUS["MSHAURI_SESSIONS_DATABASE_URL"]
    assert followed.master_key == settings.master_key
    assert followed.bootstrap_servers == settings.bootstrap_servers
    assert settings.following("registry") is None


def test_followers_of_nobody_are_told_what_to_give_them(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("MSHAURI_SESSIONS_DATABASE_URL")

    with pytest.raises(BadSettings) as problem:
        read_settings(FollowersSettings)

    assert "MSHAURI_REGISTRY_DATABASE_URL" in str(problem.value)
    assert "at least one database" in str(problem.value)


def test_a_wrong_secret_is_not_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MSHAURI_MASTER_KEY", "c2hvcnQ=")

    with pytest.raises(BadSettings) as problem:
        read_settings(ServiceSettings)

    assert "c2hvcnQ=" not in str(problem.value)


def test_a_process_with_bad_settings_ends_with_a_sentence_and_no_traceback() -> None:
    start = "from shared.runtime.settings import *; settings_or_exit(GatewaySettings)"
    bare = {k: v for k, v in os.environ.items() if not k.startswith("MSHAURI_")}

    ended = subprocess.run(
        [sys.executable, "-c", start], env=bare, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "MSHAURI_DATABASE_URL is missing." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_setting_says_its_meaning() -> None:
    for kind in ALL:
        for name, field in kind.model_fields.items():
            assert field.description, f"{kind.__name__}.{name}"
