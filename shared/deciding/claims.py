"""What an identifier is claimed by: its folded form, and the forms it was claimed by before.

Claims that were made before identifiers were folded stand as they were sent (or in capitals, for
numbers of persons), and stay: nobody rewrites a ledger. So an identifier is claimed by all of these
forms, and meets an older claim of the same one whichever it was made by.
"""

from shared.domain.folding import folded_identifier


def forms_of(value: str) -> tuple[str, ...]:
    """Return the forms, each once; the folded one first, and alone where nothing else differs."""
    folded, sent = folded_identifier(value), value.strip()
    return tuple(dict.fromkeys((folded, sent, sent.upper(), folded.upper())))
