"""What the gateway asks a service for when it makes evidence: `POST /internal/evidence…`.

    /internal/evidence         entries by their positions, and what the service's log proves of them
    /internal/evidence/seal    the signature over a bundle's manifest

The caller shows the house's internal token. The log's key never leaves the service: what it signs
for the gateway is no checkpoint, and cannot be taken for one (`bundle.seal_text`).
"""

from collections.abc import Sequence

import httpx
import msgspec
from msgspec import Struct

from shared.domain.errors import Malformed, MshauriError, Unavailable
from shared.evidence.bundle import Proven
from shared.evidence.proving import Log
from shared.ledger.ledger import Entry, Ledger
from shared.ledger.remote import TOKEN_HEADER

PATH = "/internal/evidence"
SEAL_PATH = "/internal/evidence/seal"
AT_ONCE = 20_000
"""Positions in one request."""
_DIGEST = 32


class EvidenceAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The request: see `Log.proven`."""

    positions: list[int]
    since: bytes | None = None


class EvidenceTold(Struct, frozen=True):
    """The answer; the entries are in order."""

    entries: list[Entry]
    proven: Proven


class Refused(MshauriError):
    """A service refused what evidence was asked for: its own code, sentence and remedy."""

    code = "EVIDENCE_REFUSED"
    status = 422
    template = "{message}"
    remedy_template = "{remedy}"

    def __init__(self, problem: dict[str, str]) -> None:
        self.code = problem.get("code", self.code)  # type: ignore[misc]
        super().__init__(
            "since", message=problem.get("detail", ""), remedy=problem.get("remedy", "")
        )


async def tell_evidence(ledger: Ledger, log: Log, body: bytes) -> bytes:
    """Answer what a service's log proves.

    Raises:
        Malformed: the body is no `EvidenceAsked`, or asks for too much.
        MshauriError: see `Log.proven`.
    """
    try:
        asked = msgspec.msgpack.decode(body, type=EvidenceAsked)
    except msgspec.MsgspecError:
        raise Malformed(problem="it is no list of positions", expected="EvidenceAsked") from None
    if len(asked.positions) > AT_ONCE or any(one < 1 for one in asked.positions):
        raise Malformed(problem=f"it asks for more than {AT_ONCE}", expected="EvidenceAsked")
    entries = await ledger.at(asked.positions)
    proven = await log.proven([entry.position for entry in entries], asked.since)
    return msgspec.msgpack.encode(EvidenceTold(entries, proven))


async def tell_seal(log: Log, body: bytes) -> bytes:
    """Answer the note that seals a manifest, whose SHA-256 the body is.

    Raises:
        Malformed: it is none.
    """
    if len(body) != _DIGEST:
        raise Malformed(problem="it is no SHA-256", expected="a digest")
    return await log.seal(body)


class RemoteEvidence:
    """One service's ledger and log, as the gateway asks for evidence from them."""

    def __init__(self, client: httpx.AsyncClient, service_url: str, internal_token: str) -> None:
        """Say whose, and by which token."""
        self._client, self._url = client, service_url.rstrip("/")
        self._headers = {TOKEN_HEADER: internal_token}

    async def ask(self, positions: Sequence[int], since: bytes | None) -> EvidenceTold:
        """Return the entries at these positions, and what the log proves of them.

        Raises:
            Refused: the service says why.
            Unavailable: it does not answer.
        """
        body = msgspec.msgpack.encode(EvidenceAsked(list(positions), since))
        return msgspec.msgpack.decode(await self._post(PATH, body), type=EvidenceTold)

    async def seal(self, manifest: bytes) -> bytes:
        """Return the note that seals a manifest, of which this is the SHA-256.

        Raises:
            Unavailable: the service does not answer.
        """
        return await self._post(SEAL_PATH, manifest)

    async def _post(self, path: str, body: bytes) -> bytes:
        try:
            answer = await self._client.post(self._url + path, headers=self._headers, content=body)
        except httpx.HTTPError:
            raise Unavailable(part=f"the log at {self._url}") from None
        if answer.is_client_error and answer.status_code == Refused.status:
            raise Refused(msgspec.json.decode(answer.content))
        if not answer.is_success:
            raise Unavailable(part=f"the log at {self._url}")
        return answer.content


__all__ = ["PATH", "SEAL_PATH", "RemoteEvidence", "tell_evidence", "tell_seal"]
