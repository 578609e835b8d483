"""What is told of what was shown of people."""

from services.gateway.telling.words import Words, tells
from shared.contracts.access.operation import AccessEventsMissed, PersonalDataShown

tells(PersonalDataShown, Words("{people:count} people were read of, at {at}."))
tells(
    AccessEventsMissed,
    Words("Of {count} reads, from {since} to {until}, it is not known whom they showed."),
)
