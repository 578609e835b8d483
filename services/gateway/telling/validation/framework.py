"""What is told of frameworks."""

from services.gateway.telling.words import Words, tells
from shared.contracts.validation.framework import FrameworkPublished

tells(
    FrameworkPublished,
    Words(
        "Version {framework_version} of the framework {name} was published; "
        "competencies: {competencies:count}."
    ),
)
