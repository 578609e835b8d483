"""`docker-compose.yml` is current, and the real Compose accepts it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mshauri.schemas import ROOT
from mshauri.stack.compose import compose_file

GIVEN = {
    "MSHAURI_POSTGRES_PASSWORD": "secret",
    "MSHAURI_INTERNAL_TOKEN": "t" * 64,
    "MSHAURI_MASTER_KEY": "AAAA",
    "MSHAURI_LOG_KEY": "AAAA",
    "MSHAURI_ISSUER": "https://identity.example",
    "MSHAURI_JWKS_URL": "https://identity.example/keys",
}


def compose() -> list[str]:
    """Return how Compose is called here: as Docker's plug-in, or by itself."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return command
    pytest.skip("neither `docker compose` nor `docker-compose` is installed here")


def config(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Let Compose read the committed file, as it does before it starts anything."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("MSHAURI_", "COMPOSE_"))}
    return subprocess.run(
        [*compose(), "--file", str(ROOT / "docker-compose.yml"), "config", *arguments],
        env=bare | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_committed_file_is_current() -> None:
    assert (ROOT / "docker-compose.yml").read_text() == compose_file(), "run `make schema`"


def test_compose_accepts_the_file() -> None:
    read = config(GIVEN, "--services")

    assert read.returncode == 0, read.stderr
    assert set(read.stdout.split()) == {
        *("postgres", "broker", "registry", "sessions", "validation", "projector", "gateway")
    }


@pytest.mark.parametrize("missing", GIVEN)
def test_compose_refuses_to_start_without_a_secret_and_names_it(missing: str) -> None:
    read = config({name: value for name, value in GIVEN.items() if name != missing})

    assert read.returncode != 0
    assert missing in read.stderr


def test_the_image_holds_what_it_copies() -> None:
    copied = [
        line.split()[1]
        for line in (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in Path(ROOT / ".dockerignore").read_text().splitlines()
