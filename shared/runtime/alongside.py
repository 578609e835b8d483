"""Parts that run for as long as their process does: if one ends, the process ends, and says why.

A process whose engine, relay or policies have ended still answers, and what it answers rests on
what stands still. Whoever started it (a supervisor, Compose, Kubernetes) starts it anew.
"""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from traceback import extract_tb
from typing import Any

import structlog

from shared.domain.pausing import end

_log = structlog.get_logger(__name__)


async def run_along(work: Coroutine[Any, Any, None], stack: AsyncExitStack, part: str) -> None:
    """Run something until the stack is left; if it ends before that, so does the process."""
    task = asyncio.create_task(work, name=part)
    leaving = False

    def ended(task: "asyncio.Task[None]") -> None:
        if not leaving:
            end_process(part, task)

    async def leave() -> None:
        nonlocal leaving
        leaving = True
        await end(task)

    task.add_done_callback(ended)
    stack.push_async_callback(leave)


def end_with(task: "asyncio.Task[None]", part: str) -> None:
    """End the process when a task of it fails, or ends though nobody cancelled it."""
    task.add_done_callback(lambda task: None if task.cancelled() else end_process(part, task))


def end_process(part: str, task: "asyncio.Task[None]") -> None:
    """Log why a part ended, and have the process shut down in good order."""
    error = None if task.cancelled() else task.exception()
    # Neither the error's text nor a frame's values: they may quote an event.
    frames = extract_tb(error.__traceback__) if error else []
    where = f"{frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else ""
    _log.critical(
        "a part of the process ended, and the process ends with it",
        part=part,
        error=type(error).__name__ if error else "it returned",
        code=getattr(error, "code", None),
        where=where,
    )
    signal.raise_signal(signal.SIGTERM)
