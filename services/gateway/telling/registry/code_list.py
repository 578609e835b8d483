"""What is told of the country's lists."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.code_list import CodeListTold

tells(CodeListTold, Words("A list of codes was told; entries: {entries:count}."))
