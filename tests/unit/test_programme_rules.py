"""The rules between the parts of a programme: the template keeps them all, each change breaks one.

A case says what is changed in the template, by path, and where the mistakes must then be.
"""

import re
from functools import cache, reduce
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from shared.contracts.definition import Definition
from shared.programmes.file import read_programme
from shared.programmes.rules import broken_rules

PROGRAMMES = Path(__file__).parents[2] / "programmes"
LEFT_OUT = object()
Changes = dict[str, Any]
Cases = list[tuple[Any, ...]]
"""The changes, then where the mistakes must be."""


@cache
def written() -> bytes:
    """Return the template, read once."""
    read = read_programme((PROGRAMMES / "mcsp-template.yaml").read_text(encoding="utf-8"))
    assert isinstance(read, Definition), read
    return msgspec.json.encode(read)


def template() -> dict[str, Any]:
    """Return the template, as plain lists and dicts that a case can change."""
    content: dict[str, Any] = msgspec.json.decode(written())
    return content


def changed(changes: Changes) -> Definition:
    """Return the template with some of it replaced, or left out."""
    content = template()
    for path, value in changes.items():
        *way, last = (int(at) if at.isdigit() else at for at in re.findall(r"\w+", path))
        part: Any = reduce(lambda part, at: part[at], way, cast("Any", content))
        if value is LEFT_OUT:
            del part[last]
        elif isinstance(part, list) and last == len(part):
            part.append(value)
        else:
            part[last] = value
    return msgspec.convert(content, Definition)


def places(definition: Definition) -> list[str]:
    """Return where it breaks rules, as paths are spelled in the file."""
    return [
        "".join(f"[{at}]" if isinstance(at, int) else f".{at}" for at in path).lstrip(".")
        for path, _, _ in broken_rules(definition)
    ]


ALONE = {"ratio.mentors": 1, "ratio.mentees": [1, 1]}
AREA = template()["areas"][0]
FRAMEWORK = template()["frameworks"][0]
UNCRITICAL = [
    one | {"checklist": [item | {"critical": False} for item in one["checklist"]]}
    for one in FRAMEWORK["competencies"]
]
WEIGHTS = template()["matching"]["weights"]
UNPROVED = {"validation": LEFT_OUT, "cascade": LEFT_OUT, "end.validated": LEFT_OUT}
UNASSESSED = {
    **{"areas[0].framework": LEFT_OUT, "areas[0].frameworkVersion": LEFT_OUT},
    "frameworks": LEFT_OUT,
    "gates": ["SIGNATURES"],
}
REMOTE = {"modes": ["PHONE"], "place": "ANYWHERE", "oversight": LEFT_OUT}
SUPERVISED = {"oversight": {"supervisedBy": ["SUPERVISOR"]}}

PEOPLE: Cases = [
    ({"ratio.mentors": [3, 1]}, "ratio.mentors"),
    ({"ratio.mentees": [12, 1]}, "ratio.mentees"),
    ({"ratio.oneOfEachArea": True}, "ratio.mentors"),
    ({"languages": ["en", "fr", "en"]}, "languages[2]"),
    ({"selection[1].code": "EXPERT"}, "selection[1].code"),
    ({"training": LEFT_OUT}, "gates[1]"),
    ({"training.topics": ["Goals", "Goals"]}, "training.topics[1]"),
    ({"disengagement.notify": ["MENTEE", "MENTEE"]}, "disengagement.notify[1]"),
    ({"matching.weights": dict.fromkeys(WEIGHTS, 0)}, "matching.weights"),
]
VISITS: Cases = [
    ({"minutes.min": 241}, "minutes.min"),
    ({"modes": ["IN_PERSON", "PHONE", "PHONE"]}, "modes[2]"),
    ({"gates[8]": "GOALS"}, "gates[8]"),
    ({"visitSteps[1].code": "ENTRY"}, "visitSteps[1].code"),
    ({"phases[1].code": "START"}, "phases[1].code"),
    ({"phases[0].formats": ["GROUP", "GROUP"]}, "phases[0].formats[1]"),
    (ALONE | {"phases[0].formats": ["GROUP", "TEAM"]}, "phases[0].formats"),
    ({"ratio.mentors": 1, "phases[0].formats": ["TEAM"]}, "phases[0].formats"),
    ({"ratio.mentees": [1, 1], "phases[0].formats": ["GROUP"]}, "phases[0].formats"),
    ({"developmentPlan": LEFT_OUT}, "gates[5]"),
    ({"phases[0].formats": ["GROUP"], "phases[1].formats": ["TEAM"]}, "gates[5]"),
    (REMOTE, "gates[4]"),
    (REMOTE | {"gates": [], "place": "MENTEE_WORKPLACE"}, "place"),
    ({"artefacts.kinds": ["PLAN", "PLAN"]}, "artefacts.kinds[1]"),
    ({"relationship": LEFT_OUT}, "artefacts.kinds[3]"),
    ({"relationship.items[1].code": "RAPPORT"}, "relationship.items[1].code"),
    ({"support.acknowledgeHours": 73}, "support.acknowledgeHours"),
    ({"oversight.supervisedBy": ["SUPERVISOR", "SUPERVISOR"]}, "oversight.supervisedBy[1]"),
    (REMOTE | SUPERVISED | {"gates": []}, "oversight.supervisedBy"),
    ({"cpd[1].code": "MENTOR-HOUR"}, "cpd[1].code"),
    ({"cpd[0].pointsPerHour": "0"}, "cpd[0].pointsPerHour"),
    ({"cpd[0].pointsPerHour": "NaN"}, "cpd[0].pointsPerHour"),
    ({"cpd[0].pointsPerHour": "10001"}, "cpd[0].pointsPerHour"),
    ({"cpd[0].capPerYear": "-1"}, "cpd[0].capPerYear"),
    ({"cpd[0].capPerYear": "Infinity"}, "cpd[0].capPerYear"),
]
FRAMEWORKS: Cases = [
    ({"areas[1]": AREA}, "areas[1].code"),
    ({"areas[1]": AREA | {"code": "B", "associationName": "Nurses"}}, "areas[1].associationName"),
    ({"areas[1]": AREA | {"code": "B", "frameworkVersion": None}}, "areas[1]"),
    ({"areas[1]": AREA | {"code": "B", "framework": None}}, "areas[1]"),
    ({"areas[0].cadres": ["Nurse", "NURSE"]}, "areas[0].cadres[1]"),
    ({"frameworks[1]": FRAMEWORK}, "frameworks[1].code"),
    ({"frameworks[1]": FRAMEWORK | {"version": 2}}, "frameworks[1].code"),
    ({"areas[0].frameworkVersion": 2}, "areas[0].framework", "frameworks[0].code"),
    ({"areas[0].associationName": LEFT_OUT}, "areas[0]"),
    ({"areas[0].association": LEFT_OUT}, "areas[0]"),
    ({"frameworks[0].competencies[1].code": "VENTILATION"}, "frameworks[0].competencies[1].code"),
    (
        {"frameworks[0].competencies[0].checklist[1].code": "PREPARES"},
        "frameworks[0].competencies[0].checklist[1].code",
    ),
    ({"validation.operator": "ABOVE", "validation.threshold": 100}, "validation.threshold"),
    ({"facilityBaseline": LEFT_OUT}, "gates[7]"),
    (
        {"facilityBaseline[1]": template()["facilityBaseline"][0]},
        "facilityBaseline[1].code",
    ),
    ({"frameworks[0].competencies": UNCRITICAL}, "validation.criticalItems"),
    ({"facilityBaseline[0].items[1].code": "BAG-MASK"}, "facilityBaseline[0].items[1].code"),
    (UNPROVED | UNASSESSED | {"gates": ["PRE_TEST"]}, "gates[0]"),
    (UNASSESSED | {"cascade": LEFT_OUT, "end.validated": LEFT_OUT}, "validation"),
]
OUTCOMES: Cases = [
    ({"indicators[1]": template()["indicators"][0]}, "indicators[1].code"),
    ({"end": {}}, "end"),
    ({"indicators": LEFT_OUT}, "end.indicators"),
    ({"end.validated": 3}, "end.validated"),
    ({"recognises[0].countsAs": "XYZ"}, "recognises[0].countsAs"),
    ({"cascade[0].validated": 3}, "cascade[0].validated"),
    ({"cascade[0].areas": ["CHILD"]}, "cascade[0].areas[0]"),
    ({"cascade[0].areas": ["NEWBORN", "NEWBORN"]}, "cascade[0].areas[1]"),
    ({"cascade[0].area": "CHILD"}, "cascade[0].area"),
    ({"validation": LEFT_OUT}, "end.validated", "cascade[0].validated"),
    (UNPROVED | {"certificate.basis": "VALIDATION"}, "certificate.basis"),
    ({"certificate.approvals[1].code": "FACILITY"}, "certificate.approvals[1].code"),
    (
        {"areas[1]": {"code": "B", "name": "B", "technicalArea": "B"}, "cascade": LEFT_OUT},
        "end.validated",
    ),
    ({"cascade[1]": template()["cascade"][0]}, "cascade[1]"),
]


def test_the_template_keeps_every_rule() -> None:
    assert places(changed({})) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(case, list(where), id=f"{where[0]}-{number}")
        for number, (case, *where) in enumerate(PEOPLE + VISITS + FRAMEWORKS + OUTCOMES)
    ],
)
def test_a_broken_rule_is_found_where_it_is_broken_and_nowhere_else(
    changes: Changes, expected: list[str]
) -> None:
    assert sorted(places(changed(changes))) == sorted(expected)
