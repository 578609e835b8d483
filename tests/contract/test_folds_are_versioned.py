"""A fold that changes gets another version, so that no snapshot of the old one is used again.

What each `@event` method of an aggregate says is kept beside its version in `folds.json`; a method
that one of them calls is not looked into. `python -m tests.contract.test_folds_are_versioned`
writes the file anew, once the version was raised (or the change leads to the same state).
"""

import ast
import inspect
import json
import textwrap
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.contracts.base import Event
from shared.deciding.repository import open_snapshot, take_snapshot
from shared.domain.aggregate import Aggregate, _kept_by, event
from shared.ledger import Snapshot

FILE = Path(__file__).parent / "folds.json"
SERVICES = registry, sessions, validation
"""Imported so that all their aggregates are known."""


def the_folds() -> dict[str, list[object]]:
    kinds = {kind for kind in _kept_by.values() if kind.__module__.startswith("services.")}
    return {kind.kind: _fold(kind) for kind in sorted(kinds, key=lambda kind: kind.kind)}


def _fold(kind: type[Aggregate]) -> list[object]:
    said = []
    for applier in kind._appliers.values():
        tree = ast.parse(textwrap.dedent(inspect.getsource(applier)))
        method = tree.body[0]
        assert isinstance(method, ast.FunctionDef)
        if ast.get_docstring(method) is not None:
            method.body = method.body[1:]
        said.append(ast.unparse(method))
    return [kind.fold_version, sha256("\n".join(sorted(said)).encode()).hexdigest()[:16]]


@pytest.mark.parametrize("kind", the_folds())
def test_a_fold_that_changed_has_another_version(kind: str) -> None:
    assert the_folds()[kind] == json.loads(FILE.read_text()).get(kind), (
        "raise its fold_version if the same events now lead to another state; then run"
        " python -m tests.contract.test_folds_are_versioned"
    )


class Counted(Event, frozen=True, kw_only=True):
    """Something was counted."""


class Counter(Aggregate):
    """Counts."""

    kind = "tests_counter"
    count: int

    @event(Counted)
    def _counted(self, _: Counted) -> None:
        self.count = 1


def test_a_snapshot_of_another_fold_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Snapshot = take_snapshot(Counter.begin(uuid4(), Counted()))
    assert open_snapshot(Counter, kept) is not None
    monkeypatch.setattr(Counter, "fold_version", 2)
    assert open_snapshot(Counter, kept) is None


if __name__ == "__main__":
    FILE.write_text(json.dumps(the_folds(), indent=1) + "\n")
