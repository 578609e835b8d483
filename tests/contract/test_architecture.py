"""The architecture's borders hold, and a broken one is seen (importlinter in pyproject.toml)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a checkout."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--config", "pyproject.toml", "--no-cache"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_border_holds() -> None:
    checked = lint_imports(ROOT)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("services/registry/aggregates/__init__.py", "import asyncpg", "no I/O"),
        ("services/registry/aggregates/__init__.py", "import shared.ledger", "no I/O"),
        ("services/sessions/__init__.py", "import services.registry", "No service imports"),
        ("services/gateway/__init__.py", "import services.validation", "No service imports"),
        ("services/gateway/__init__.py", "import mshauri", "No service imports the command"),
        ("shared/runtime/__init__.py", "import services.registry", "shared/ knows no service"),
        ("shared/contracts/__init__.py", "import shared.domain", "Contracts import nothing"),
        ("mshauri/__init__.py", "import services.sessions.aggregates", "aggregates are its own"),
    ],
)
def test_a_broken_border_is_seen(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for part in ("mshauri", "services", "shared"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{line}\n")

    checked = lint_imports(tmp_path)

    broken = [row for row in checked.stdout.splitlines() if row.endswith("BROKEN")]
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert any(contract in row for row in broken), broken
