"""The unit that a code leads to: who has it now, or else who had it last."""

from uuid import UUID

from services.gateway.projections import ORG_UNIT_CODE
from services.gateway.read.loader import Reader
from shared.domain.folding import folded_identifier

_FOUND = """
SELECT c.org_unit_id FROM "{codes}" c WHERE c.code_folded = $1 AND c.system = $2
 ORDER BY c.code <> $3, c.until IS NOT NULL, c.since DESC, c.org_unit_id LIMIT 1
"""
"""Written as it is before otherwise: two old codes may differ in capitals alone."""


async def unit_coded(reader: Reader, code: str, system: str) -> UUID | None:
    """Return the id of the unit with a code in a list, however it is written; None: nobody had it.

    Units are published: every reader who reads anything sees them.
    """
    text = _FOUND.format(codes=ORG_UNIT_CODE.physical)
    rows = await reader.fetch(text, folded_identifier(code), system, code.strip())
    return rows[0]["org_unit_id"] if rows else None
