"""The page that is read: 25 mentees of 12 leaves, with 10 competencies of 6 leaves; some 40 KB."""

from typing import Any

LEAVES = (
    *("id", "programme", "area", "technicalArea", "since", "fiscalYear", "status"),
    *("baselineRaw", "baselineMax", "validated", "competencyCount", "lastAssessedOn"),
)
BEHIND = ("competency", "name", "raw", "max", "assessedOn", "validatedOn")

QUERY = f"""query Page($first: Int!, $after: Cursor) {{
  mentees(first: $first, after: $after) {{
    nodes {{ {" ".join(LEAVES)} competencies {{ {" ".join(BEHIND)} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""

MERCURIUS = QUERY.replace("Cursor", "String", 1)
"""Its schema calls a cursor a string."""

POSTGRAPHILE = (
    QUERY.replace("mentees(", "mentees: allMentees(orderBy: [SINCE_ASC, ROW_ID_ASC], ")
    .replace("{ id ", "{ id: rowId ")
    .replace("competencyCount", "competencyCount: competencies")
    .replace(" competencies {", " competencies: progressList {")
)
"""It names things after tables and columns; an alias each, and the answer is the same."""


def body(query: str, first: int, after: str | None) -> dict[str, Any]:
    """Return the body of a request."""
    return {"query": query, "variables": {"first": first, "after": after}}


def told(answer: Any) -> tuple[list[Any], bool, str]:
    """Return what an answer says: the mentees, whether there are more, and where they go on.

    Ids are left out: each server spells them its own way.
    """
    assert not answer.get("errors"), answer
    page = answer["data"]["mentees"]
    nodes = [{name: value for name, value in one.items() if name != "id"} for one in page["nodes"]]
    return nodes, page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
