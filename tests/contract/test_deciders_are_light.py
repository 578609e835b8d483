"""A decider opens no Kafka client, so it carries none."""

import subprocess
import sys

import pytest

from shared.contracts.base import SERVICES


@pytest.mark.parametrize("process", [*(f"services.{name}.app" for name in SERVICES)])
def test_a_decider_imports_no_kafka_client(process: str) -> None:
    program = (
        f"import {process}, shared.service.decider, sys;"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'kafka'))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
