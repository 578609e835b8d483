"""What a policy asks for carries the event that called for it, and older rows ask as before."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from shared.contracts.registry.enrolment import MenteeComplete
from shared.deciding.work import Origin
from shared.following.policies import CAUSE
from shared.following.policy_runner import carry_out


class Noting:
    """Notes what it is asked for, and of what it follows."""

    def __init__(self) -> None:
        self.origins: list[Origin] = []

    async def carry_out(self, _wish: Any, _actor: Any, origin: Origin) -> None:
        self.origins.append(origin)


@pytest.mark.parametrize("cause", [uuid4(), None])
async def test_a_command_follows_from_its_cause_or_else_from_itself(cause: UUID | None) -> None:
    wish = MenteeComplete(command_id=uuid4(), enrolment_id=uuid4())
    content = msgspec.to_builtins(wish) | ({CAUSE: str(cause)} if cause else {})
    commander: Any = Noting()
    correlation = uuid4()
    assert await carry_out(commander, "completion", "menteeComplete", content, correlation) == "ok"
    assert commander.origins == [Origin(correlation, cause or wish.command_id)]
