"""Logs: one line a fact, as JSON for machines or aligned for a person; never personal data.

A log is copied to places that no erasure reaches. So a line carries plain values only (ids,
counts, names of things); an event, a command, a row or a request passed by mistake shows as its
type's name, and a field that some contract marks as personal is withheld by its name.

An exception's text may quote a row, a value or a whole request, ours and any library's alike: a
line tells its type, its code where it has one, and where it was raised, and nothing it says.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import Processor

from shared.contracts.base import events, personal_fields
from shared.domain.errors import MshauriError
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
                tell_exception,
                *_rendering(format),
            ],
        )
    )
    handler.addFilter(_name_exceptions)
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
        elif isinstance(value, BaseException):
            line[key] = named(value)
        elif not isinstance(value, _PLAIN):
            line[key] = f"<{type(value).__name__}>"
    event = line.get("event")
    if isinstance(event, BaseException):
        line["event"] = named(event)
    elif isinstance(event, str):
        line["event"] = _QUOTED_EXCEPTION.sub(r"\1(…)", event)
    return line


def _name_exceptions(record: logging.LogRecord) -> bool:
    """Have a library's line name an exception that it would have quoted; let every line pass."""
    if isinstance(record.msg, BaseException):
        record.msg = named(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(
            named(one) if isinstance(one, BaseException) else one for one in record.args
        )
    return True


# What asyncio and others write into their sentences: `exception=UniqueViolationError('…')`.
_QUOTED_EXCEPTION = re.compile(
    r"\b((?:\w+\.)*\w*(?:Error|Exception|Violation|Warning|Group)\w*)\((?s:.*)\)"
)


def tell_exception(_logger: Any, _method: str, line: Line) -> Line:
    """Replace an exception by what is told of it; a processor of structlog."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["exception"] = "\n".join(_told(error))
    return line


def named(error: BaseException) -> str:
    """Return an exception's type, and its code where it is one of ours."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    code = getattr(error, "code", None)
    return f"{name} [{code}]" if isinstance(error, MshauriError) else name


def _told(error: BaseException, indent: str = "") -> Iterator[str]:
    """Yield lines of what is told of an exception, of what caused it, and of those within it."""
    seen: set[int] = set()
    link = ""
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield f"{indent}{link}{named(here)}"
        for frame in extract_tb(here.__traceback__):
            yield f"{indent}  {frame.filename}:{frame.lineno} {frame.name}"
        if isinstance(here, BaseExceptionGroup):
            for inner in here.exceptions:
                yield from _told(inner, indent + "  | ")
        here, link = (
            here.__cause__ or (None if here.__suppress_context__ else here.__context__),
            ("because of "),
        )


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
    # What is told of an exception is written as it stands.
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
