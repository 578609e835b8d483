"""The condition that a row may be counted: the reader's scope for figures."""

from services.gateway.read.declare import InUnit, models
from services.gateway.read.loader import Reader
from services.gateway.read.sql import Statement, covered
from shared.access.grants import Read


def counted(kind: str, reader: Reader, s: Statement, alias: str) -> str:
    """Return the condition that the rows of read type `kind`, under that alias, are counted."""
    visibility = models[kind].visibility
    assert isinstance(visibility, InUnit)
    return covered(visibility, reader.scopes[Read.FIGURES], s, alias, of_all=True)
