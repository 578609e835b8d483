"""A programme that nobody has seen runs on the whole stack, by its YAML file alone: checked and
published by the command line, played through the public API, completed by the policies.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from mshauri.api import Api, Wish, global_id, local_id
from mshauri.stack.stack import OPERATOR, Stack
from shared.access.issuer import DevelopmentIssuer
from tests.support.servers import temporary_directory
from tests.support.ward import BEGAN, FILE, WEEKS, Ward

pytestmark = [pytest.mark.timeout(400), pytest.mark.slow]

_WARD = """
query Ward($mentee: ID!, $mentor: ID!) {
  mentee(id: $mentee) { status validated competencyCount goals { goal reachedOn } }
  cpdStatement(healthWorkerId: $mentor) { closing }
  overdueArtefacts(programme: "ward-peer-mentoring", first: 50, asOf: "2024-07-20") { missing }
}
"""
_CERTIFICATES = """
query Certificates {
  certificates(first: 10, filter: {programme: "ward-peer-mentoring"}) { nodes { status } }
}
"""


@dataclass(frozen=True)
class Recorded:
    """What a command was answered with."""

    id: UUID


class Refused(Exception):
    """A command was refused."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Partner:
    """Sends one command after the other through the public API, and reads after each."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._positions: list[str] = []

    async def send(self, name: str, /, **content: Any) -> Recorded:
        command = {key: _wire(value) for key, value in content.items()}
        command = {"commandId": str(uuid4()), "after": self._positions[-20:]} | command
        (answer,) = await self._api.send([Wish(name, command)])
        if answer.errors:
            raise Refused(answer.errors[0].code)
        self._positions += answer.positions
        await self._api.caught_up(answer.positions)
        assert answer.id is not None
        return Recorded(local_id(answer.id))


def _wire(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_wire(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Api]:
    with temporary_directory() as directory:
        async with Stack(directory, environ={}) as stack:
            token = DevelopmentIssuer(stack.data_dir).mint(OPERATOR, timedelta(hours=1))
            published = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "mshauri", "programme", "publish", str(FILE)),
                *("--gateway-url", stack.gateway_url, "--token", token),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await published.communicate()
            assert published.returncode == 0, said.decode()
            async with Api(stack.gateway_url, token) as api:
                yield api


async def test_it_runs_from_its_first_day_to_the_certificate(api: Api) -> None:
    ward = Ward(Partner(api))
    await ward.open(published=True)
    with pytest.raises(Refused, match="NO_GOAL_SET"):
        await ward.pair()
    await ward.do("menteeSetGoal", 0, enrolmentId=ward.enrolment, goal="SAFE", text="Be safe")
    await ward.pair()
    await ward.do(
        "competencyBaselineAssess",
        2,
        enrolmentId=ward.enrolment,
        assessorId=ward.mentor,
        raw=10,
        max=30,
    )
    for week in range(WEEKS):
        await ward.meet(week)
    await ward.prove(52)
    await ward.do("menteeReachGoal", 53, enrolmentId=ward.enrolment, goal="SAFE")

    for _ in range(600):  # the policies complete and recommend in their own time
        if (await api.ask(_CERTIFICATES))["certificates"]["nodes"]:
            break
        await asyncio.sleep(0.1)
    found = await api.ask(
        _WARD,
        mentee=global_id("Mentee", ward.enrolment),
        mentor=global_id("HealthWorker", ward.mentor),
    )
    assert found["mentee"]["status"] == "COMPLETED"
    assert found["mentee"]["validated"] == found["mentee"]["competencyCount"] == 3
    # Eight sessions of 45 minutes at half a point an hour: 0.375 each, booked as 0.38.
    assert found["cpdStatement"]["closing"] == "3.04"
    assert {"missing": ["JOURNAL"]} in found["overdueArtefacts"]
    assert (BEGAN + timedelta(weeks=WEEKS)).isoformat() == "2024-07-29"
