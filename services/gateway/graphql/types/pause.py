"""Pauses of mentorships and cohorts."""

from datetime import date

from services.gateway.graphql.enums import graphql_enum
from services.gateway.graphql.reading import leaf, read_model
from services.gateway.projections import PAUSE
from services.gateway.read.declare import Through
from shared.contracts.registry.pause import PauseCause

graphql_enum(PauseCause)


@read_model(
    PAUSE,
    scope=Through(to="Mentorship", by="record_id"),
    description="While a mentorship pauses, nothing is due in it.",
)
class Pause:
    """A pause of a mentorship."""

    since: date = leaf("The first day of it.")
    until: date | None = leaf("The day it went on; null while it pauses.")
    cause: PauseCause = leaf("Why, by kind.", convert=PauseCause)
    reason: str | None = leaf("Why, in words; null if not for you to read.", personal=True)
