"""Programme versions: the rules of a programme, published once and never changed."""

from typing import Annotated, Any

from msgspec import Meta

from shared.contracts.base import Code, Command, Event, NewId, asked, happened
from shared.contracts.definition import Definition


@happened("registry.programme_version.published", version=3)
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
        """Say what it meant: every departure was refused, every mentorship asked for letters."""
        definition = payload["definition"]
        # What nobody looked at then was recorded, and counted.
        unseen = "SESSION_TWICE SESSION_OVERLAPS DAY_TOO_LONG MENTEE_HAD_LEFT MENTOR_WAS_SUSPENDED"
        definition["conduct"] = {"otherwise": "REFUSE", "count": unseen.split()}
        gates = definition.get("gates") or []
        definition["gates"] = [*gates, *({"SIGNATURES"} - set(gates))]


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
