"""What a reform would do, asked of the API before anything is sent to be recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mshauri.api import Api, Wish, local_id
from mshauri.reform.file import Reform, draft_of

PAGE = 100

_UNITS = """
query Units($codes: [String!]!) {
  orgUnits(first: 100, filter: {codes: $codes}) { nodes { id code } }
}
"""
_DRAFT = """
mutation Draft($input: ReformDraftInput!) {
  reformDraft(input: $input) {
    id userErrors { code message field remedy } findings { severity code message field remedy }
  }
}
"""
_EFFECTS = """
query Effects($on: Date!, $changes: [ReformChangeInput!]!, $level: OrgUnitKind, $year: Int) {
  reformEffects(effectiveOn: $on, changes: $changes, level: $level, fiscalYear: $year) {
    grants { subject role programme change gains loses over { code name } }
    grantsThatStay
    moves {
      level from { code name } to { code name }
      orgUnits healthWorkers mentees mentorships cohorts
    }
    groups { code member { code name } ends successors { code } }
    figures {
      programme orgUnit { code name }
      before { mentees validated fullyValidated } after { mentees validated fullyValidated }
    }
    leftBehind { orgUnit { code name } parent { code name } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the API says of a reform.

    Attributes:
        draft: the command that drafts it.
        broken: the rules that it breaks, by place; empty: it may be drafted.
        effects: what it would do, as `reformEffects` answers; None where it cannot be.
    """

    draft: Wish
    broken: Sequence[dict[str, Any]]
    effects: dict[str, Any] | None


async def plan(api: Api, reform: Reform, *, level: str | None, fiscal_year: int | None) -> Plan:
    """Ask what a reform would do.

    Raises:
        BadReform: it names units that are not there.
        ApiFault: the API did not answer.
    """
    draft = draft_of(reform, await _known(api, reform.known()))
    tried = await _sent(api, draft, dry_run=True)
    broken = [one for one in tried["findings"] if one["severity"] == "REFUSE"]
    if broken or tried["userErrors"]:
        return Plan(draft, broken or tried["userErrors"], None)
    told = await api.ask(
        _EFFECTS,
        on=reform.effective_on.isoformat(),
        changes=draft.command["changes"],
        level=level,
        year=fiscal_year,
    )
    return Plan(draft, (), told["reformEffects"])


async def send(api: Api, draft: Wish) -> tuple[str | None, Sequence[dict[str, Any]]]:
    """Draft a reform; return its id, or why it was refused.

    Raises:
        ApiFault: the API did not answer.
    """
    answer = await _sent(api, draft)
    return answer["id"], answer["userErrors"]


async def _known(api: Api, codes: Sequence[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for start in range(0, len(codes), PAGE):
        answer = await api.ask(_UNITS, codes=codes[start : start + PAGE])
        found |= {unit["code"]: local_id(unit["id"]) for unit in answer["orgUnits"]["nodes"]}
    return found


async def _sent(api: Api, draft: Wish, *, dry_run: bool = False) -> dict[str, Any]:
    wish = {**draft.command, **({"dryRun": True} if dry_run else {})}
    answer: dict[str, Any] = (await api.ask(_DRAFT, input=wish))["reformDraft"]
    return answer
