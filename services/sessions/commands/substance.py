"""What a session is said to have taken up, in the records that it names."""

from typing import Any
from uuid import UUID

from services.sessions.aggregates.agreement import Agreement
from services.sessions.aggregates.improvement_action import ImprovementAction
from services.sessions.aggregates.plan import Plan
from services.sessions.aggregates.support_request import SupportRequest
from shared.contracts.sessions.substance import Substance
from shared.deciding.work import Work
from shared.domain.errors import Refusal


class OfAnotherMentorship(Refusal):
    """A session takes up what its own mentorship has."""

    code = "OF_ANOTHER_MENTORSHIP"
    template = "The {kind} {id} belongs to another mentorship."
    remedy_template = "Name one of this mentorship, or none."


async def must_be_its_own(about: Substance, agreement: Agreement, work: Work[Any]) -> None:
    """Refuse what a session cannot have taken up.

    Raises:
        NotFound, OfAnotherMentorship: as they say.
    """
    named: tuple[tuple[type[SupportRequest | ImprovementAction | Plan], UUID | None, str], ...] = (
        (SupportRequest, about.support_request_id, "supportRequestId"),
        (ImprovementAction, about.improvement_action_id, "improvementActionId"),
        (Plan, about.plan_id, "planId"),
    )
    for kind, id, name in named:
        if id is None:
            continue
        record = await work.get(kind, id, field=f"about.{name}")
        if record.mentorship_id != agreement.mentorship_id:
            raise OfAnotherMentorship(f"about.{name}", kind=kind.__name__, id=id)
