"""Who is called so, or known by that number: conditions on names and numbers, without a scope.

Whoever puts one of them into a statement says beside it who may read what it compares.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from services.gateway.projections import (
    LICENCE,
    PERSON_IDENTIFIER,
    PERSON_NAME,
    PERSON_NUMBER,
)
from services.gateway.projections.finding import folded_phone
from shared.domain.folding import folded_identifier
from shared.domain.spelling import Term


class Binds(Protocol):
    """A statement, as far as values are bound in it."""

    def bind(self, value: Any, type: str | None = None) -> str:
        """Bind a value and return its place."""


def called(terms: Sequence[Term], s: Binds) -> str:
    """Return SQL with the people who are or were called so; who may know it is not asked."""
    return (
        f'SELECT n.health_worker_id FROM "{PERSON_NAME.physical}" n {NEXT}'
        f" WHERE {meets(terms, s)} AND {THEIRS}"
    )


def known_by(text: str, s: Binds, *kinds: str) -> str:
    """Return SQL with the people of a number of these kinds; who may know it is not asked."""
    return (
        f"SELECT p.health_worker_id FROM ({numbers(text, s)}) p"
        f" WHERE p.kind = ANY({s.bind(list(kinds), 'text[]')})"
    )


NEXT = (
    f'LEFT JOIN LATERAL (SELECT l.corrected FROM "{PERSON_NAME.physical}" l'
    " WHERE l.health_worker_id = n.health_worker_id AND l.told > n.told"
    " ORDER BY l.told LIMIT 1) next ON true"
)
THEIRS = "next.corrected IS NOT TRUE"
"""That a name is or was theirs: the next one said does not correct it."""


def numbers(text: str, s: Binds) -> str:
    """Return SQL with who is known by a number, its kind and how it was recorded."""
    number = s.bind(folded_identifier(text), "text")
    phone = s.bind(folded_phone(text), "text")
    return (
        f'SELECT health_worker_id, kind, shown FROM "{PERSON_NUMBER.physical}"'
        f" WHERE folded = CASE kind WHEN 'PHONE' THEN {phone} ELSE {number} END"
        f" AND folded IN ({number}, {phone})"
        " UNION ALL SELECT health_worker_id, 'IDENTIFIER', system || ' ' || value"
        f' FROM "{PERSON_IDENTIFIER.physical}" WHERE value_folded = {number}'
        " UNION ALL SELECT health_worker_id, 'LICENCE', concat_ws(' ', issuing_body, number)"
        f' FROM "{LICENCE.physical}" WHERE number_folded = {number}'
    )


def meets(terms: Sequence[Term], s: Binds) -> str:
    """Return the condition that a name has, of each word, one of its keys."""
    return " AND ".join(f"n.keys && {s.bind(term.keys, 'text[]')}" for term in terms)
