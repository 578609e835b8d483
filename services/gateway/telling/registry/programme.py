"""What is told of programme versions."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.programme import ProgrammeVersionPublished

tells(ProgrammeVersionPublished, Words("Version {programme_version} of {programme} was published."))
