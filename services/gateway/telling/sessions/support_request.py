"""What is told of calls for help; of a private one, nothing but that it was."""

from services.gateway.telling.words import Words, tells
from shared.contracts.sessions.support_request import (
    SupportRequestAcknowledged,
    SupportRequestAnswered,
    SupportRequestClosed,
    SupportRequestEscalated,
    SupportRequestFollowedUp,
    SupportRequestRaised,
)

tells(
    SupportRequestRaised,
    Words("{health_worker_id} asked for help in private.", when={"private": True}),
    Words("{health_worker_id} asked for help in {area}, at {raised_at}."),
)
tells(
    SupportRequestAcknowledged,
    Words("{health_worker_id} acknowledged the request at {acknowledged_at}."),
)
tells(
    SupportRequestAnswered,
    Words("{health_worker_id} answered in private.", when={"private": True}),
    Words("{health_worker_id} answered the request at {answered_at}."),
)
tells(
    SupportRequestFollowedUp,
    Words("{health_worker_id} said more in private.", when={"private": True}),
    Words("{health_worker_id} said more to the request at {followed_up_at}."),
)
tells(
    SupportRequestEscalated,
    Words("The request was escalated to {to_org_unit_id}, at {escalated_at}."),
    Words("The request was escalated at {escalated_at}."),
)
tells(SupportRequestClosed, Words("The request was closed at {closed_at}."))
