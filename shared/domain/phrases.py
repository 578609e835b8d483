"""Words within a sentence: what a parameter of an error is when it is not a plain value.

    raise AlreadyTaken("code", claim=Phrase("The code {code}", code=code))

In English it is the text that it reads as; in another language it is said anew, from its own
template, which stands in the catalogues as the sentences do. The template is written out where the
phrase is made: the extraction reads it from the source.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self


class Phrase(str):
    """A text that remembers how it was put together.

    Attributes:
        template: its English, with `{placeholders}`.
        params: what stands in them.
    """

    __slots__ = ("params", "template")

    template: str
    params: Mapping[str, Any]

    def __new__(cls, template: str, /, **params: Any) -> Self:
        """Put a phrase together."""
        self = super().__new__(cls, template.format(**params))
        self.template = template
        self.params = params
        return self

    @classmethod
    def listed(cls, parts: Sequence["Phrase"]) -> "Phrase":
        """Return several phrases as one, with semicolons between them."""
        first, *others = parts
        return cls("{first}; {others}", first=first, others=cls.listed(others)) if others else first
