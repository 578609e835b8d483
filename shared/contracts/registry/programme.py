"""Programme versions: the rules of a programme, published once and never changed."""

from typing import Annotated, Any

from msgspec import Meta

from shared.contracts.base import Code, Command, Event, NewId, asked, happened
from shared.contracts.definition import Definition

_YOUNGER_RULES = (
    "MENTORSHIP_DEPARTS",
    "SESSION_IN_PAUSE",
    "UNCERTIFIED_MENTOR_PRESENT",
    "NO_MENTEE_WORKS_THERE",
    "SECOND_MENTORSHIP",
    "OUTSIDE_COHORT_UNIT",
    "SESSION_TWICE",
    "SESSION_OVERLAPS",
    "DAY_TOO_LONG",
    "MENTEE_HAD_LEFT",
    "MENTOR_WAS_SUSPENDED",
)
"""Rules that no version before the third could mean: what departs from them counted."""


@happened("registry.programme_version.published", version=4)
class ProgrammeVersionPublished(Event, kw_only=True):
    """A version of a programme's rules is in force for whoever starts under it.

    `digest` is the SHA-256 of the definition's canonical JSON.
    """

    programme: Code
    programme_version: int
    digest: str
    definition: Definition

    @staticmethod
    def upcast_v1_v2(_payload: dict[str, Any]) -> None:
        """Leave it as it is: what a definition can say besides since then has a default."""

    @staticmethod
    def upcast_v2_v3(payload: dict[str, Any]) -> None:
        """Say what it meant: every departure from a rule there was, was refused, and what no rule
        asked for counted; every mentorship asked for letters; nothing came after the end.
        """
        definition = payload["definition"]
        definition["conduct"] = {"count": list(_YOUNGER_RULES), "otherwise": "REFUSE"}
        definition["graceDays"] = 0
        gates = definition.get("gates") or []
        definition["gates"] = [*gates, *({"SIGNATURES"} - set(gates))]

    @staticmethod
    def upcast_v3_v4(_payload: dict[str, Any]) -> None:
        """Leave it as it is: it named nobody who supervises visits and no cadres of an area, so
        that nothing departs from the rules that ask for them; a load was of an area.
        """


@asked("registry", "ProgrammeVersion", by="administrator")
class ProgrammePublish(Command, kw_only=True):
    """Publish a version of a programme from its definition file."""

    id: NewId = None
    definition: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=500_000,
            description="The definition file's text, in YAML.",
            extra={"lines": True},
        ),
    ]
