"""What is told of improvement actions."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.improvement_action import (
    ActionAgreed,
    ActionCompleted,
    ActionDropped,
    ActionEscalated,
    ActionProgressed,
    ActionRescheduled,
    ActionResolved,
    ActionReturned,
)

tells(
    ActionAgreed,
    Words("An improvement action was agreed on {agreed_on}, for {owner_id} to carry out by {due}."),
    Words("An improvement action was agreed on {agreed_on}, due by {due}."),
)
tells(ActionRescheduled, Words("The improvement action is due by {due} now."))
tells(ActionProgressed, Words("The improvement action went on, on {progressed_on}."))
tells(
    ActionCompleted,
    Words("The improvement action was completed on {completed_on}, late.", when={"late": True}),
    Words("The improvement action was completed on {completed_on}."),
)
tells(ActionDropped, Words("The improvement action was dropped on {dropped_on}."))
tells(
    ActionEscalated,
    Words("The improvement action was escalated to {to_org_unit_id}, on {escalated_on}."),
    Words("The improvement action was escalated on {escalated_on}."),
)
tells(
    ActionReturned,
    Words("The improvement action was returned to {to_org_unit_id}, on {returned_on}."),
    Words("The improvement action was returned on {returned_on}."),
)
tells(ActionResolved, Words("The improvement action was resolved on {resolved_on}."))
