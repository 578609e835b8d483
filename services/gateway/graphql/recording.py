"""Who recorded a thing, and whether that was the person whose it is: by whom the grants of the one
who recorded it ever named as their holder.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from services.gateway.graphql.context import context_of
from services.gateway.graphql.reading import leaf, needing
from services.gateway.projections import HEALTH_WORKER, SUBJECT_PERSON
from services.gateway.read.loader import Database

Pair = tuple[str, UUID]
"""A subject of a token, and a health worker."""

_SAME = """
SELECT asked.subject, asked.person
  FROM unnest($1::text[], $2::uuid[]) AS asked(subject, person)
  LEFT JOIN "{worker}" whose ON whose.id = asked.person
 WHERE EXISTS (
       SELECT 1 FROM "{known}" known LEFT JOIN "{worker}" named ON named.id = known.health_worker_id
        WHERE known.subject = asked.subject
          AND COALESCE(named.merged_into_id, known.health_worker_id)
              = COALESCE(whose.merged_into_id, asked.person))
"""


def recorded_by(what: str = "it", *, column: str = "recorded_by") -> Any:
    """Declare the field that says who recorded a thing."""
    return leaf(f"Who recorded {what}, by the subject of their token.", column=column)


def recorded_for_another(
    whose: str, *, person: str, by: str = "recorded_by", until: str = ""
) -> Any:
    """Declare the field that says whether somebody else recorded a thing than whose it is.

    Args:
        whose: who that is, in words; the column `person` names them, and `by` who recorded it.
        until: when there is nothing to tell yet, in words.
    """

    async def resolve(root: Any, info: Info[Any, Any]) -> bool | None:
        subject, somebody = getattr(root, f"c_{by}"), getattr(root, f"c_{person}")
        if subject is None or somebody is None:
            return None
        reader = context_of(info).reader
        return not await reader.together("who recorded it", _are_one, (subject, somebody))

    return strawberry.field(
        resolver=resolve,
        description=f"Whether that was somebody else than {whose}{until}.",
        metadata=needing(by, person, of_then=True),
    )


async def _are_one(database: Database, pairs: Sequence[Pair]) -> list[bool]:
    """Say of each pair whether the subject is that person, under any record of theirs."""
    text = _SAME.format(worker=HEALTH_WORKER.physical, known=SUBJECT_PERSON.physical)
    subjects, people = zip(*pairs, strict=True)
    rows = await database.fetch(text, list(subjects), list(people))
    same = {(row["subject"], row["person"]) for row in rows}
    return [pair in same for pair in pairs]
