"""The way to the recording services: commands go over HTTP as their contracts spell them."""

from dataclasses import dataclass
from random import getrandbits
from typing import Any, Self

import msgspec

from shared.domain.errors import MshauriError, Unavailable
from shared.language import message_of, remedy_of, spoken
from shared.runtime.lean_client import Answered, LeanClient, Lost

_SECONDS, _CONNECT_S = 30.0, 2.0


class Fault(MshauriError):
    """A service answered neither with a record nor with a refusal.

    It carries the service's own code, so that a client sees `ACCESS_DENIED` as such.
    """

    code = "SERVICE_FAULT"
    status = 502
    template = "{message}"
    remedy_template = "{remedy}"

    def __init__(self, problem: dict[str, Any], service: str) -> None:
        code = str(problem.get("code") or "SERVICE_FAULT")
        self.code = code  # type: ignore[misc]
        away = Unavailable(part=service)
        super().__init__(
            problem.get("field"),
            message=problem.get("detail") or message_of(away),
            remedy=problem.get("remedy") or remedy_of(away),
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a command is sent: the services judge the token themselves."""

    token: str
    trace_id: str

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every request (the trace by W3C Trace Context).

        A service answers its refusals in the language that our own caller asked for.
        """
        return {
            "Authorization": f"Bearer {self.token}",
            "traceparent": f"00-{self.trace_id}-{getrandbits(64):016x}-01",
            "Content-Type": "application/json",
            "Accept-Language": spoken(),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one command: an answer, or a problem.

    Attributes:
        answer: {"commandId", "record", "id", "version", "positions", …}.
        problem: RFC 9457 Problem Details.
    """

    answer: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None

    @property
    def is_fault(self) -> bool:
        """Whether the problem is one that changing the command would not mend."""
        status = int((self.problem or {}).get("status") or 0)
        return status in (401, 403, 429) or status >= 500


class CommandClient:
    """Sends commands over kept connections; safe for any number of tasks at once."""

    def __init__(self, services: dict[str, str]) -> None:
        """Name each service's address."""
        self._services = {name: address.rstrip("/") for name, address in services.items()}
        self._client = LeanClient(seconds=_SECONDS, connect_s=_CONNECT_S)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.__aexit__()

    async def send(
        self, service: str, name: str, command: dict[str, Any], caller: Caller
    ) -> Outcome:
        """Send one command and return what became of it.

        Raises:
            Unavailable: the service does not answer; whether it wrote is not known, and the same
                command may be sent again.
        """
        response = await self._post(service, f"/commands/{name}", command, caller)
        body = _decoded(response, service)
        return Outcome(answer=body) if response.is_success else Outcome(problem=body)

    async def send_all(
        self, service: str, items: list[dict[str, Any]], caller: Caller
    ) -> list[Outcome]:
        """Send several commands of one service, `{"name", "command"}` each; answered in order.

        Raises:
            Unavailable: as `send`.
            Fault: the service refused the request as a whole.
        """
        response = await self._post(service, "/commands", items, caller)
        body = _decoded(response, service)
        if not response.is_success:
            raise Fault(body, service)
        answers = body if isinstance(body, list) else body.get("answers", [])
        if len(answers) != len(items):
            raise Unavailable(part=service)
        return [_outcome(each) for each in answers]

    async def alive(self, service: str) -> bool:
        """Say whether a service answers at all."""
        try:
            response = await self._client.get(f"{self._services[service]}/health/live", seconds=2.0)
        except (Lost, TimeoutError):
            return False
        return response.is_success

    async def _post(self, service: str, path: str, body: Any, caller: Caller) -> Answered:
        url, content = self._services[service] + path, msgspec.json.encode(body)
        try:
            try:
                return await self._client.post(url, content, caller.headers)
            except Lost:
                # A kept connection may have been closed under us. Once more is safe: a command
                # id that was recorded gets its first answer again.
                return await self._client.post(url, content, caller.headers)
        except (Lost, TimeoutError):
            raise Unavailable(part=service) from None


def _decoded(response: Answered, service: str) -> Any:
    try:
        return msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        raise Unavailable(part=service) from None


def _outcome(item: dict[str, Any]) -> Outcome:
    """Tell an answer from a problem: problems have a `code`, answers a `commandId`."""
    problem = item.get("problem") or (item if "code" in item else None)
    if problem is not None:
        return Outcome(problem=problem)
    return Outcome(answer=item.get("answer") or item)
