"""The base of every aggregate: identity, events, and the tree of errors. No I/O."""

from shared.domain.aggregate import Aggregate, event
from shared.domain.ids import derived_id, new_id

__all__ = ["Aggregate", "derived_id", "event", "new_id"]
