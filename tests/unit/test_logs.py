"""A log line says what happened in plain values, and never who a person is."""

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import structlog

from shared.contracts.registry.health_worker import HealthWorkerRegistered
from shared.domain.errors import AlreadyTaken
from shared.runtime.logs import WITHHELD, configure_logs, logger, withhold
from shared.runtime.settings import LogFormat

NOBODY = UUID(int=0)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    line: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return line


def test_a_line_says_what_when_where_and_how_bad(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("registry", LogFormat.JSON)

    logger("shared.bus.relay").warning("topic is new", topic="mshauri.registry.v1", count=3)

    line = last_line(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "topic is new",
        "level": "warning",
        "logger": "shared.bus.relay",
        "process": "registry",
        "topic": "mshauri.registry.v1",
        "count": 3,
    }


def test_a_field_that_a_contract_calls_personal_is_withheld_by_its_name() -> None:
    line = withhold(None, "info", {"event": "named", "family_name": "Mwalimu"})

    assert line == {"event": "named", "family_name": WITHHELD}


def test_an_event_or_a_row_shows_as_its_type_only(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("registry", LogFormat.JSON)
    named = HealthWorkerRegistered(
        health_worker_id=NOBODY,
        given_names="Imara",
        family_name="Mwalimu",
        cadre="nurse",
        org_unit_id=NOBODY,
        since=date(2026, 1, 1),
    )

    logger("test").error("could not fold", body=named, row=("Mwalimu",), position=7)

    line = last_line(capsys)
    assert line["body"] == "<HealthWorkerRegistered>"
    assert line["row"] == "<tuple>"
    assert line["position"] == 7


@pytest.mark.parametrize("format", LogFormat)
def test_a_traceback_shows_no_variables(
    capsys: pytest.CaptureFixture[str], format: LogFormat
) -> None:
    configure_logs("registry", format)
    name = "Mwalimu"

    try:
        raise ValueError(len(name))
    except ValueError:
        logger("test").exception("failed")

    said = capsys.readouterr().err
    assert "ValueError" in said
    assert f"{Path(__file__).name}:" in said
    assert "Mwalimu" not in said


@pytest.mark.parametrize("format", LogFormat)
async def test_no_exceptions_text_is_told_whoever_logs_it(
    capsys: pytest.CaptureFixture[str], format: LogFormat
) -> None:
    configure_logs("registry", format)
    refused = asyncpg.UniqueViolationError("Key (family_name)=(Mwalimu) already exists.")

    async def fails() -> None:
        try:
            raise ValueError("Mwalimu")
        except ValueError as cause:
            raise ExceptionGroup(
                "Mwalimu", [refused, AlreadyTaken("x", claim="Mwalimu")]
            ) from cause

    try:
        await fails()
    except ExceptionGroup as group:
        logger("test").exception("failed", error=refused)
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=group)
        logging.getLogger("library").error(group)
        logging.getLogger("library").error("it ended with %r", refused)
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": refused}
        )
    forgotten = asyncio.get_running_loop().create_task(fails())
    await asyncio.wait([forgotten])
    del forgotten
    gc.collect()

    said = capsys.readouterr().err
    assert "Mwalimu" not in said
    assert "never retrieved" in said
    for told in ("UniqueViolationError", "AlreadyTaken [ALREADY_TAKEN]", "because of ValueError"):
        assert told in said


def test_a_librarys_line_is_of_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("registry", LogFormat.JSON)

    logging.getLogger("kafka.client").warning("node %s is away", 1)

    assert last_line(capsys)["event"] == "node 1 is away"
