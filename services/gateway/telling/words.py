"""Sentences for events, declared by class:

    tells(
        AssessmentRecorded,
        Words("{health_worker_id} was assessed in {competency}: {raw} of {max}."),
    )

A placeholder is a field of the event, in Python's spelling; `{mentees:count}` says how many there
are. Of several sentences the first is said whose fields are all filled, and whose `when` holds: so
the fullest comes first, and the last needs nothing that may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from string import Formatter
from typing import Any

from shared.contracts.base import Event

COUNT = "count"
"""The format of a placeholder that says how many, not which."""


@dataclass(frozen=True)
class Words:
    """A sentence with `{placeholders}`; its English is what the catalogues know it by.

    Attributes:
        when: what fields of the event must hold, by their Python names.
    """

    text: str
    when: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def fields(self) -> frozenset[tuple[str, bool]]:
        """The fields it speaks of; whether it says how many of each."""
        return frozenset(
            (name, spec == COUNT)
            for _, name, spec, _ in Formatter().parse(self.text)
            if name is not None
        )


told: dict[str, tuple[Words, ...]] = {}
"""What is said of each event, by its topic."""


def tells(event: type[Event], *words: Words) -> None:
    """Declare what is said of an event.

    Raises:
        TypeError: it is said already.
    """
    if event.topic in told:
        msg = f"{event.topic} has its words already"
        raise TypeError(msg)
    told[event.topic] = words


def chosen(topic: str, facts: Mapping[str, Any]) -> Words | None:
    """Return the sentence for an event with these facts, by their Python names; None: none fits."""
    for words in told.get(topic, ()):
        if all(facts.get(name) == value for name, value in words.when.items()) and all(
            _filled(facts.get(name), count) for name, count in words.fields
        ):
            return words
    return None


def _filled(value: Any, count: bool) -> bool:
    return value is not None and (count or value not in ("", [], {}))
