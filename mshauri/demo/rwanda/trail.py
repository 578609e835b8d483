"""One mentee's audit trail, told line by line."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mshauri.demo.paper import Page

ALIKE = 3
"""Entries of one kind that are told; the others are counted."""
PERSONAL_NOTE = "No name stands in it: who the person is, is sealed with a key of their own."


def tell_trail(page: Page, mentee: Mapping[str, Any]) -> None:
    """Print one mentee's progress and their audit trail."""
    entries = mentee["auditTrail"]["nodes"]
    page.say("\n  One mentee's audit trail: occurred, what, its place in that ledger")
    shown: Counter[str] = Counter()
    for entry in entries:
        shown[entry["topic"]] += 1
        if shown[entry["topic"]] <= ALIKE:
            page.say(
                f"{entry['occurredOn']}  {entry['topic']:<48} {entry['position']:>6}  "
                f"{told(entry['topic'], entry['details'] or {})}"
            )
    for topic, many in shown.items():
        if many > ALIKE:
            page.say(f"… and {many - ALIKE} more of {topic}")
    actors = ", ".join(sorted({entry["actor"] for entry in entries}))
    page.say(f"Recorded by {actors}. {PERSONAL_NOTE}")
    for one in mentee["competencies"]:
        state = f"validated on {one['validatedOn']}" if one["validatedOn"] else "not validated yet"
        page.say(
            f"{one['name']}: {one['raw']} of {one['max']} points at the last of "
            f"{one['attempts']} attempts; {state}."
        )


def told(topic: str, details: Mapping[str, Any]) -> str:
    """Return what matters of an event's own fields, in a few words."""
    if topic.endswith(("baseline_assessed", "assessment_recorded")):
        points = f"{details['raw']} of {details['max']}"
        percent = f"{100 * details['raw'] / details['max']:.2f} %"
        if "technique" not in details:
            return f"pre-test: {points}, {percent}"
        technique = "proper technique" if details["technique"] else "technique not yet proper"
        reached = "reached" if details["reached"] else "not reached"
        attempt = f"{details['competency']}, attempt {details['attempt']}"
        return f"{attempt}: {points}, {percent}, {technique}: {reached}"
    if topic.endswith("session.held"):
        steps = ", ".join(details["steps"]).lower()
        return f"{details['minutes']} minutes, {details['mode'].lower()}: {steps}"
    if topic.endswith("enrolled"):
        return f"{details['area']}, fiscal year {details['fiscalYear']}"
    return str(details.get("competency") or details.get("side") or details.get("cadre") or "")
