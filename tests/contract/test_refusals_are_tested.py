"""Every refusal is met by a test: its code, or its class, stands in one."""

from pathlib import Path

import services.registry.app
import services.sessions.app
import services.validation.app  # noqa: F401 - each fills the list of errors
from shared.domain.errors import Refusal, all_errors

TESTS = Path(__file__).parents[1]


def test_every_refusal_is_met_by_a_test() -> None:
    said = "\n".join(
        file.read_text(encoding="utf-8")
        for file in TESTS.rglob("test_*.py")
        if file.name != Path(__file__).name
    )
    unmet = {
        code: error.__name__
        for code, error in all_errors().items()
        if issubclass(error, Refusal)
        and code not in ("REFUSED", "ACCESS_DENIED")
        and code not in said
        and error.__name__ not in said
    }
    assert not unmet, f"{len(unmet)} refusals without a test: {unmet}"
