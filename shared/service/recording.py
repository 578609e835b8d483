"""What a recording service declares: the same words for registry, sessions and validation."""

from collections.abc import Sequence

from shared.access.facts import ACCESS
from shared.deciding.handlers import Handlers
from shared.following.decoding import BLIND
from shared.following.policies import Policy, projection_of
from shared.privacy.keys import KeySource
from shared.projection import Projection

VIEWS = "views"
"""The group of what a service decides by."""


class RecordingService:
    """One service: its commands, the views of facts that it decides by, and its policies.

    Args:
        handlers: the commands it decides.
        views: what it must know of other services' facts, or find among its own.
        policies: what it does of itself when something has happened.
        reads_people: its views hold personal data of its own people, read with its own keys.
    """

    def __init__(
        self,
        handlers: Handlers,
        views: Sequence[Projection] = (),
        policies: Sequence[Policy] = (),
        *,
        reads_people: bool = False,
    ) -> None:
        self.name = handlers.service
        self.handlers = handlers
        self.decided_by = tuple(views)
        self.policies = tuple(policies)
        self._reads_people = reads_people

    @property
    def views(self) -> tuple[Projection, ...]:
        """All that it folds: grants and places, what it decides by, what its policies call for."""
        policies = [projection_of(self.policies)] if self.policies else []
        return (ACCESS, *self.decided_by, *policies)

    @property
    def heard(self) -> list[str]:
        """The services whose facts it folds, by name."""
        return heard_by(self.views)

    def keys(self, own: KeySource) -> dict[str, KeySource]:
        """Return what its views are read with, by service: nobody's keys, unless they say so."""
        sources = dict.fromkeys(self.heard, BLIND)
        return sources | {self.name: own} if self._reads_people else sources


def heard_by(projections: Sequence[Projection]) -> list[str]:
    """Return the services whose facts these are made of, by name."""
    topics = (topic for view in projections for topic in view.topics or ())
    return sorted({topic.partition(".")[0] for topic in topics})
