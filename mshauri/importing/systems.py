"""Units that a list names by the codes of another list: a DHIS2 uid instead of the unit's own code.

A mapping says so of a column, `orgUnit: {heading: Unit UID, codeSystem: DHIS2}`. The rows say the
unit's own code from then on; a code that two units bear or bore is asked about.
"""

from collections.abc import Sequence

from mshauri.api import Api
from mshauri.importing.errors import NAMED
from mshauri.importing.known import codes_in
from mshauri.importing.plan import Listed
from mshauri.importing.rows import Draft

PAGE = 100
_CODED = """
query Coded($codes: [String!]!, $system: String!) {
  orgUnits(first: 100, filter: {codes: $codes, codeSystem: $system}) {
    nodes { code name codes { system code } }
  }
}
"""


async def by_own_codes(api: Api, listed: Listed) -> None:
    """Let rows name units by their own codes; note what no unit bears, and what several do.

    Raises:
        ApiFault: the API could not be reached, or the token was not accepted.
    """
    for name, system in listed.layout.systems.items():
        column = listed.layout.columns[name]
        drafts = [draft for draft in listed.sound if name in draft.values]
        codes = sorted({one for draft in drafts for one in codes_in(column, draft.values[name])})
        found = await _units_of(api, codes, system)
        for draft in drafts:
            said = draft.values[name]
            own = [_own(draft, name, code, found) for code in codes_in(column, said)]
            if None not in own:
                draft.values[name] = own if column.many else own[0]


def _own(draft: Draft, name: str, code: str, found: dict[str, dict[str, str]]) -> str | None:
    units = found.get(code) or found.get(code.casefold(), {})
    if len(units) == 1:
        return next(iter(units))
    if units:
        near = [f"{called} ({own})" for own, called in sorted(units.items())]
        draft.wrong("UNSURE_ORG_UNIT", name, code, near="; ".join(near[:NAMED]))
    else:
        draft.wrong("UNKNOWN_ORG_UNIT", name, code)
    return None


async def _units_of(api: Api, codes: Sequence[str], system: str) -> dict[str, dict[str, str]]:
    """Return the units' own codes and names by each code of a system, as it is and in small
    letters: two of DHIS2 may differ in capitals alone.
    """
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(codes), PAGE):
        page = await api.ask(_CODED, codes=codes[start : start + PAGE], system=system)
        for node in page["orgUnits"]["nodes"]:
            for one in node["codes"]:
                if one["system"] == system:
                    for way in (one["code"], one["code"].casefold()):
                        found.setdefault(way, {})[node["code"]] = node["name"]
    return found
