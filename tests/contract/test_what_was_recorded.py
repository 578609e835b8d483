"""What an earlier release recorded means today what it meant then: the same rows follow from it,
and the same decisions. What is expected, that release has said (`tests/support/recorded.py`).

It said it of a year in a hospital: people posted, merged and mentored; letters, a phase, a mentor
who left; sessions corrected, voided and let count again, with points up to their cap; attempts
failed, coached, passed and taken back, with a right to mentor earned and lost and a certificate
recommended; calls for help, actions, initiatives, plans and what else was written.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from services.gateway.projector import KEPT
from shared.contracts.base import events
from shared.domain.errors import MshauriError
from tests.support.recorded import recorded

HOSPITAL = recorded("hospital")
TABLES = {table.name: table for one in KEPT for table in one.tables}
VERSION = "the newest of the record, where it was that of the last validation"
DIFFER: dict[tuple[str, str], str] = {
    ("mentee", "competency_record_version"): VERSION,
    ("mentee", "validation_position"): VERSION,
    ("session", "facts_id"): "made of the record's version, where it was the event's id",
    ("session_attendance", "facts_id"): "likewise",
    (
        "support_request",
        "topic",
    ): "what it was about, where it was the event's name by mistake",
}
"""What is shown otherwise on purpose, and how."""
KEYS = {
    "session_attendance": ["session_id", "health_worker_id"],
    "mentee_training": ["mentee_id", "training", "completed_on"],
    "posting": ["health_worker_id", "since"],
}
"""What a row was known by then, where that is another now."""
ON_PURPOSE = {
    "ALREADY_VALIDATED": ("ok", "assessment goes on after validation"),
}
"""Refusals that are none any more, and why."""


@pytest.mark.parametrize("name", HOSPITAL.rows)
async def test_the_same_rows_follow_from_it(name: str) -> None:
    house = await HOSPITAL.house()
    table = TABLES[name]
    key = [one for one in table.key if (name, one) not in DIFFER]
    told = {row["facts_id"] for row in house.gateway.tables.of(TABLES["session"])}
    now = [
        plain
        for row in house.gateway.tables.of(table)
        if name != "session_attendance" or row["facts_id"] in told
        for plain in [msgspec.to_builtins(row)]
    ]
    key = KEYS.get(name, key)
    rows = {tuple(row[one] for one in key): row for row in now}
    for then in _that_count(HOSPITAL.rows[name]):
        row = rows.pop(tuple(then[one] for one in key))
        for column, value in then.items():
            if (name, column) not in DIFFER:
                assert _says(row[column], value), f"{name}.{column}: {row[column]} for {value}"
    assert not rows, "shown now, and not then"


def _that_count(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows, of attendance those that the session led to: the others were corrected."""
    told = {row.get("facts_id") for row in HOSPITAL.rows["session"]}
    return [row for row in rows if "facts_id" not in row or row["facts_id"] in told]


def _says(now: Any, then: Any) -> bool:
    """Say whether a value says all that it said; a definition says more by now."""
    if isinstance(now, str) and isinstance(then, str) and then.startswith(("{", "[")):
        return _says(msgspec.json.decode(now), msgspec.json.decode(then))
    if isinstance(now, dict) and isinstance(then, dict):
        return all(name in now and _says(now[name], value) for name, value in then.items())
    if isinstance(now, list) and isinstance(then, list):
        return len(now) == len(then) and all(map(_says, now, then))
    return bool(now == then)


async def test_the_same_is_decided_on_it() -> None:
    house = await HOSPITAL.house()
    for asked in HOSPITAL.decisions:
        answer = "ok"
        try:
            await house.send(asked.command, **asked.content)
        except MshauriError as refusal:
            answer = refusal.code
        due, _ = ON_PURPOSE.get(asked.answer, (asked.answer, ""))
        assert answer == due, f"{asked.command} of {asked.content['occurredOn']}"


def test_it_tells_of_events_that_have_other_versions_by_now() -> None:
    raised = {topic for topic in HOSPITAL.topics() if events[topic].version > 1}
    assert raised >= {
        "registry.programme_version.published",
        "sessions.improvement_action.agreed",
        "sessions.improvement_action.escalated",
    }
    assert len(set(HOSPITAL.topics())) > 60


async def test_it_is_read_alike_whatever_becomes_of_it_now() -> None:
    house = await HOSPITAL.house()
    before = house.gateway.tables.everything()
    again = await house.rebuilt(await house.history())
    assert again["gateway"] == before
