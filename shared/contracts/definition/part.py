"""What the parts of a definition have in common: their shape on paper, and the units they use."""

from typing import Annotated

from msgspec import Meta, Struct

Percent = Annotated[int, Meta(ge=0, le=100, description="Out of 100.")]
Count = Annotated[int, Meta(ge=1, le=10_000, description="1 or more.")]


class Part(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A part of a definition file: names are camelCase there, and an unknown one is a mistake."""
