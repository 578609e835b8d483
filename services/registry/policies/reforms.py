"""Approved reforms are carried out on their day, once that has come.

One that is approved on its day, or after it, is carried out at once. What was recorded is recorded
whole: whoever is killed in between begins anew, or finds it done.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from services.registry.views.reforms import REFORM
from shared.contracts.registry.reform import ReformApproved, ReformCarryOut
from shared.deciding.facts import Facts
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

REFORMS = Policy("reforms")


@REFORMS.on(ReformApproved)
def approved(_body: ReformApproved, happening: Happening) -> Iterable[Reaction]:
    """Carry it out, if its day has come."""
    yield _carry_out(happening.stream)


@REFORMS.daily
async def due(facts: Facts, today: date) -> Iterable[Reaction]:
    """Carry out what has come due; what held one up may have been mended since."""
    rows = await facts.rows_before(REFORM, "due_on", today + timedelta(days=1))
    return [_carry_out(row["id"]) for row in rows]


def _carry_out(reform: UUID) -> Reaction:
    return Reaction(
        ReformCarryOut, about=reform, reform_id=reform, reason="The day of the reform has come."
    )
