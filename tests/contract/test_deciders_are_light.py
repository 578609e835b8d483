"""A decider opens no Kafka client, so it carries none; nor a solver, before somebody matches."""

import subprocess
import sys

import pytest

from shared.contracts.base import SERVICES


@pytest.mark.parametrize("process", [*(f"services.{name}.app" for name in SERVICES)])
def test_a_decider_imports_neither_a_kafka_client_nor_a_solver(process: str) -> None:
    heavy = "{'kafka', 'numpy', 'highspy'}"
    program = (
        f"import {process}, shared.service.decider, sys;print(sorted({heavy} & sys.modules.keys()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
