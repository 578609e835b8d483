"""Logs: one line a fact, as JSON for machines or aligned for a person; never personal data.

A log is copied to places that no erasure reaches. So a line carries plain values only (ids,
counts, names of things); an event, a command, a row or a request passed by mistake shows as its
type's name, and a field that some contract marks as personal is withheld by its name.
"""

import logging
import sys
from collections.abc import MutableMapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import Processor

from shared.contracts.base import events, personal_fields
from shared.runtime.settings import LogFormat

Line = MutableMapping[str, Any]

WITHHELD = "withheld: personal"

_PLAIN = (str, int, float, bool, type(None), UUID, datetime, date, Path, BaseException)
_OWN = frozenset({"event", "level", "logger", "timestamp", "process", "exc_info", "stack_info"})


def configure_logs(process: str, format: LogFormat, level: int = logging.INFO) -> None:
    """Send this process's log lines, and those of its libraries, to stderr.

    Args:
        process: its name, on every line: `registry`, `projector`.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(process),
        withhold,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                *_rendering(format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # A line a request, and a line a reconnect, say nothing that metrics do not say better.
    for noisy in ("kafka", "httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    # It warns of each turn of its own loop that took 0.1 s, as every one does on a busy machine.
    logging.getLogger("kafka.net.selector").setLevel(max(level, logging.ERROR))


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module: `log = logger(__name__)`, `log.info("what", count=3)`."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


def withhold(_logger: Any, _method: str, line: Line) -> Line:
    """Replace what might tell who a person is; a processor of structlog."""
    for key, value in line.items():
        if key in _OWN or key.startswith("_"):
            continue
        if key in _personal_names():
            line[key] = WITHHELD
        elif not isinstance(value, _PLAIN):
            line[key] = f"<{type(value).__name__}>"
    return line


@cache
def _personal_names() -> frozenset[str]:
    return frozenset(name for event in events.values() for name in personal_fields(event))


def _named(process: str) -> Processor:
    def add(_logger: Any, _method: str, line: Line) -> Line:
        line["process"] = process
        return line

    return add


def _rendering(format: LogFormat) -> list[Processor]:
    if format is LogFormat.JSON:
        return [structlog.processors.JSONRenderer(default=str)]
    # Plain tracebacks: the pretty ones print local variables.
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
