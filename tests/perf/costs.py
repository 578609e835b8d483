"""What the processes of a running stack take of the processors."""

import asyncio

import psutil

from mshauri.stack.stack import Stack

AT_REST = 0.8
"""Cores that a stack takes at the most when it has nothing left to do; builds of long ago took 0.6
when nothing came at all."""


def pids(stack: Stack) -> dict[str, int]:
    """Return the id of each process by its name."""
    return {
        name: process.pid
        for name, minder in stack._minders.items()
        if (process := minder.part.process) is not None and process.pid is not None
    }


def family(pid: int) -> list[psutil.Process]:
    """Return a process and its children."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def spent(stack: Stack) -> dict[str, float]:
    """Return the seconds of CPU that each process, with its children, has taken."""
    return {
        name: sum(sum(one.cpu_times()[:2]) for one in family(pid))
        for name, pid in pids(stack).items()
    }


async def at_rest(stack: Stack) -> None:
    """Wait until nothing is left to follow."""
    before = sum(spent(stack).values())
    while True:
        await asyncio.sleep(1.0)
        now = sum(spent(stack).values())
        if now - before < AT_REST:
            return
        before = now
