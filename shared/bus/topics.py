"""Which topic a service speaks on."""

from typing import Final

CHECKPOINTS: Final = "checkpoints"
"""No service, but spoken of like one: `mshauri.checkpoints.v1` has the signed ones of all logs."""


def topic_of(service: str) -> str:
    """Return the topic a service's events are on."""
    return f"mshauri.{service}.v1"
