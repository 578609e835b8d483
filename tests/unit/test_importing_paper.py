"""What paper has besides sessions and assessments: mentorships, signatures, plans, pre-tests,
facility baselines, indicator scores, and people without a number.
"""

from typing import Any
from uuid import UUID

import pytest

from mshauri.api import global_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known, Mentorship, Mentorships
from mshauri.importing.lists.certifications import CERTIFICATIONS
from mshauri.importing.lists.facility_baselines import FACILITY_BASELINES
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lists.indicator_scores import INDICATOR_SCORES
from mshauri.importing.lists.mentorships import MENTORSHIPS
from mshauri.importing.lists.orientations import ORIENTATIONS
from mshauri.importing.lists.plans import PLANS
from mshauri.importing.lists.pre_tests import PRE_TESTS
from mshauri.importing.lists.signatures import SIGNATURES
from mshauri.importing.mapping import read_mapping
from mshauri.importing.plan import Listed, plan_list
from mshauri.importing.planned import Planned
from tests.support.lists import read, told

PAIR = global_id("Mentorship", UUID(int=1))
ENROLMENT: dict[str, Any] = {
    "id": "enrolment",
    "programme": "chw",
    "area": "MNH",
    "since": "2024-01-01",
    "withdrawnOn": None,
    "cohort": {"id": "cohort"},
    "competencyBaselines": [],
    "indicators": [],
}


def house(**enrolment: Any) -> Known:
    """Return a house where N-1 is enrolled, M-1 mentors, and they have a mentorship."""
    known = Known(
        versions={("chw", 0): "version"},
        cohorts={("chw", "FY24"): "cohort"},
        mentorships={
            "cohort": Mentorships(
                [Mentorship(PAIR, "AGREED", frozenset({"M-1"}), frozenset({"N-1"}))]
            )
        },
    )
    known.ids["OrgUnit"] = {"H-1": "h1"}
    for number in ("N-1", "N-2", "M-1", "M-2"):
        known.ids["HealthWorker"][number] = f"id-{number}"
        known.people[number] = {"id": f"id-{number}", "enrolments": [], "mentoring": []}
    known.people["N-1"]["enrolments"] = [{**ENROLMENT, **enrolment}]
    known.people["M-1"]["mentoring"] = [{"id": "right", "programme": "chw", "area": "MNH"}]
    return known


def planned(kind: Kind, known: Known, *lines: str) -> tuple[Listed, list[Planned]]:
    listed = read(kind, *lines)
    return listed, plan_list(listed, known)


def content(one: Planned) -> dict[str, Any]:
    (wish,) = one.wishes
    return {name: value for name, value in wish.command.items() if name not in ("commandId", "id")}


CARE = "programme,cohort,orgUnit,mentors,mentees,area,occurredOn"


def test_a_mentorship_is_of_its_people_s_enrolments_and_rights() -> None:
    known = house()
    known.mentorships = {}
    _, (one,) = planned(MENTORSHIPS, known, CARE, "chw,FY24,H-1,M-1,N-1,,2024-02-01")
    assert content(one) == {
        "cohortId": "cohort",
        "orgUnitId": "h1",
        "mentorIds": ["right"],
        "enrolmentIds": ["enrolment"],
        "occurredOn": "2024-02-01",
    }
    _, (again,) = planned(MENTORSHIPS, known, CARE, "chw,FY24,H-1,M-1,N-1,,2024-02-01")
    assert one.wishes == again.wishes


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("M-1,N-1,", []),
        ("M-2,N-1,", [(2, "mentors", "STANDS_OTHERWISE")]),
        ("M-1,N-2,", [(2, "mentees", "NOT_ENROLLED")]),
        ("M-1,N-1;N-2,FP", [(2, "mentees", "NOT_ENROLLED")] * 2 + [(2, "mentors", "NO_MENTOR")]),
    ],
)
def test_a_mentorship_that_stands_is_left_alone_and_one_that_cannot_be_waits(
    cells: str, found: object
) -> None:
    listed, sent = planned(MENTORSHIPS, house(), CARE, f"chw,FY24,H-1,{cells},2024-02-01")
    assert told(listed) == found
    assert [one.wishes for one in sent] == ([()] if not found else [])
    assert all(draft.waits for draft in listed.drafts if draft.errors) or "M-2" in cells


SIGNED = "programme,cohort,mentee,healthWorker,occurredOn"


def test_a_signature_is_sent_once_and_one_of_another_day_is_told() -> None:
    known = house()
    row = "chw,FY24,N-1,M-1,2024-02-02"
    _, (one,) = planned(SIGNATURES, known, SIGNED, row)
    assert content(one) == {
        "mentorshipId": PAIR,
        "healthWorkerId": "id-M-1",
        "occurredOn": "2024-02-02",
    }
    (pair,) = known.mentorships["cohort"]
    pair.signed["M-1"] = "2024-02-02"
    listed, (one,) = planned(SIGNATURES, known, SIGNED, row)
    assert (one.wishes, told(listed)) == ((), [])
    listed, _ = planned(SIGNATURES, known, SIGNED, row.replace("02-02", "02-03"))
    assert told(listed) == [(2, "occurredOn", "STANDS_OTHERWISE")]
    assert "mentorshipCorrectSignature" in listed.errors[0].remedy


AGREED = "programme,cohort,mentee,planKind,starts,ends,objectives,occurredOn"


def test_a_plan_is_known_by_its_mentorship_kind_and_first_day() -> None:
    known = house()
    row = "chw,FY24,N-1,mentorship,2024-02-01,2024-07-31,Learn; teach,2024-02-01"
    _, (one,) = planned(PLANS, known, AGREED, row)
    assert content(one)["objectives"] == ["Learn", "teach"]
    known.standing[one.id] = {"id": one.id, "ends": "2024-07-31", "objectives": ["Learn", "teach"]}
    listed, (there,) = planned(PLANS, known, AGREED, row)
    assert (there.wishes, told(listed)) == ((), [])
    listed, _ = planned(PLANS, known, AGREED, row.replace("teach", "rest"))
    assert told(listed) == [(2, "objectives", "STANDS_OTHERWISE")]


TESTED = "healthWorker,programme,area,assessor,raw,max,competency,occurredOn"


def test_a_pre_test_is_of_the_area_or_of_a_competency_and_stands_once() -> None:
    _, sent = planned(
        PRE_TESTS,
        house(),
        TESTED,
        "N-1,chw,MNH,M-1,9,20,,2024-02-02",
        "N-1,chw,MNH,M-1,7,10,PPH,2024-02-02",
    )
    assert [content(one).get("competency") for one in sent] == [None, "PPH"]
    stands = {"competency": "PPH", "assessedOn": "2024-02-02", "raw": 7, "max": 10}
    known = house(competencyBaselines=[{**stands, "assessor": {"number": "M-1"}}])
    row = "N-1,chw,MNH,M-1,7,10,PPH,2024-02-02"
    listed, (one,) = planned(PRE_TESTS, known, TESTED, row)
    assert (one.wishes, told(listed)) == ((), [])
    listed, _ = planned(PRE_TESTS, known, TESTED, row.replace(",7,10", ",8,10"))
    assert told(listed) == [(2, "raw", "STANDS_OTHERWISE")]


SCORED = "healthWorker,programme,area,indicator,occasion,score,occurredOn"


def test_a_score_is_known_by_indicator_occasion_and_day() -> None:
    row = "N-1,chw,MNH,DRIVE,Baseline,14,2024-02-02"
    _, (one,) = planned(INDICATOR_SCORES, house(), SCORED, row)
    assert (content(one)["occasion"], content(one)["score"]) == ("BASELINE", 14)
    stands = {"indicator": "DRIVE", "occasion": "BASELINE", "scoredOn": "2024-02-02", "score": 14}
    known = house(indicators=[{**stands, "voidedOn": None}])
    listed, (there,) = planned(INDICATOR_SCORES, known, SCORED, row)
    assert (there.wishes, told(listed)) == ((), [])
    listed, _ = planned(INDICATOR_SCORES, known, SCORED, row.replace("14", "15"))
    assert told(listed) == [(2, "score", "STANDS_OTHERWISE")]
    voided = house(indicators=[{**stands, "voidedOn": "2024-03-01"}])
    _, (anew,) = planned(INDICATOR_SCORES, voided, SCORED, row)
    assert anew.wishes, "what was voided is none"


MENTORED = "healthWorker,programme,area,occurredOn"


def test_a_certification_and_an_orientation_are_of_what_somebody_mentors() -> None:
    known = house()
    (right,) = known.people["M-1"]["mentoring"]
    right |= {"certifiedOn": None, "orientedOn": None, "theory": None, "practical": None}
    row = "M-1,chw,MNH,2024-01-20"
    _, (one,) = planned(CERTIFICATIONS, known, MENTORED, row)
    assert content(one) == {"mentorId": "right", "occurredOn": "2024-01-20"}
    marks = f"{MENTORED},theory,practical"
    _, (one,) = planned(ORIENTATIONS, known, marks, f"{row},86,91")
    assert (content(one)["theory"], content(one)["practical"]) == (86, 91)
    day = "2024-01-20"
    right |= {"certifiedOn": day, "orientedOn": day, "theory": 86, "practical": 91}
    for kind, headings, again in (
        (CERTIFICATIONS, MENTORED, row),
        (ORIENTATIONS, marks, f"{row},86,91"),
    ):
        listed, (there,) = planned(kind, known, headings, again)
        assert (there.wishes, told(listed)) == ((), [])
    listed, _ = planned(CERTIFICATIONS, known, MENTORED, row.replace("01-20", "01-21"))
    assert told(listed) == [(2, "occurredOn", "STANDS_OTHERWISE")]
    listed, _ = planned(ORIENTATIONS, known, marks, f"{row},80,91")
    assert told(listed) == [(2, "theory", "STANDS_OTHERWISE")]
    listed, _ = planned(CERTIFICATIONS, known, MENTORED, row.replace("M-1", "M-2"))
    assert told(listed) == [(2, "healthWorker", "NO_MENTOR")]
    assert listed.drafts[0].waits


LOOKED = "orgUnit,programme,occurredOn,item:WATER/TAP,item:WATER/TANK,item:POWER/GRID"


def test_a_facility_baseline_has_a_column_for_each_item_of_each_area() -> None:
    row = "H-1,chw,2024-02-02,1,0,2"
    _, (one,) = planned(FACILITY_BASELINES, house(), LOOKED, row)
    assert content(one)["areas"] == [
        {"area": "WATER", "items": [{"item": "TAP", "points": 1}, {"item": "TANK", "points": 0}]},
        {"area": "POWER", "items": [{"item": "GRID", "points": 2}]},
    ]
    known = house()
    look = {"assessedOn": "2024-02-02", "voidedOn": None, "raw": 3, "orgUnit": {"code": "H-1"}}
    known.beside["chw", "H-1"] = [look]
    listed, (there,) = planned(FACILITY_BASELINES, known, LOOKED, row)
    assert (there.wishes, told(listed)) == ((), [])
    listed, _ = planned(FACILITY_BASELINES, known, LOOKED, "H-1,chw,2024-02-02,1,1,2")
    assert told(listed) == [(2, "scores", "STANDS_OTHERWISE")]
    listed, _ = planned(FACILITY_BASELINES, house(), LOOKED.replace("POWER/", ""), row)
    assert told(listed) == [(2, "scores", "BAD_PAIR")]


NAMED = "givenNames,familyName,phone,cadre,orgUnit"


def test_who_has_no_number_is_registered_once_by_name_and_place() -> None:
    known = house()
    _, (one,) = planned(HEALTH_WORKERS, known, NAMED, "Some,Body,,CHW,H-1")
    assert "number" not in content(one)
    known.beside["H-1"] = [{"id": "x", "givenNames": "SOME", "familyName": "Body", "phone": None}]
    listed, (there,) = planned(HEALTH_WORKERS, known, NAMED, "Body,Some,0722 000 001,CHW,H-1")
    assert (there.wishes, there.id, told(listed)) == ((), "x", [])
    known.beside["H-1"][0]["phone"] = "+254722000009"
    _, (other,) = planned(HEALTH_WORKERS, known, NAMED, "Some,Body,0722 000 001,CHW,H-1")
    assert other.wishes, "with another phone it is somebody else"


def test_no_id_is_made_of_a_name() -> None:
    ids = set()
    for _ in range(2):
        _, (one,) = planned(HEALTH_WORKERS, house(), NAMED, "Some,Body,,CHW,H-1")
        ids |= {one.id, one.wishes[0].command["commandId"]}
    assert len(ids) == 4


def test_two_rows_of_one_name_in_one_place_are_told_apart_by_nothing() -> None:
    listed, sent = planned(
        HEALTH_WORKERS, house(), NAMED, "Some,Body,,CHW,H-1", "Some,Body,,CHW,H-1"
    )
    assert [code for _, _, code in told(listed)] == ["DUPLICATE_ROW"] * 2
    assert sent == []


def test_in_a_list_of_numbers_a_row_lacks_one_only_where_the_mapping_says_so() -> None:
    rows = f"number,{NAMED}", ",Some,Body,,CHW,H-1"
    assert told(read(HEALTH_WORKERS, *rows)) == [(2, "number", "MISSING_VALUE")]
    assert "without: [number]" in read(HEALTH_WORKERS, *rows).errors[0].remedy
    mapping = read_mapping("without: [number]")
    assert told(read(HEALTH_WORKERS, *rows, mapping=mapping)) == []
