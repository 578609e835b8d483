"""What a list's rows become: the contract's commands, the same ones every time, and none twice."""

from typing import Any
from unicodedata import normalize
from uuid import UUID

import msgspec
import pytest

from mshauri.api import Answer, Api, UserError, Wish, global_id, local_id
from mshauri.importing.kinds import Kind
from mshauri.importing.known import Known, Mentorship, Mentorships
from mshauri.importing.lists.assessments import ASSESSMENTS
from mshauri.importing.lists.enrolments import ENROLMENTS
from mshauri.importing.lists.health_workers import HEALTH_WORKERS
from mshauri.importing.lists.mentors import MENTORS
from mshauri.importing.lists.sessions import SESSIONS
from mshauri.importing.outcome import result_lines
from mshauri.importing.plan import Listed, plan_list, sent_in_order
from mshauri.importing.planned import Outcome, Planned, Sent
from mshauri.importing.send import LANE, ROUND, in_rounds, send_list, would_send
from shared.contracts.base import Command, commands
from shared.contracts.definition.visits import GuestRole
from tests.support.lists import read


def an_id(kind: str, number: int) -> str:
    return global_id(kind, UUID(int=number))


def known(**people: dict[str, Any]) -> Known:
    """Return a house with a hospital, two cohorts, and these people by number."""
    house = Known()
    house.ids["OrgUnit"] = {"H-1": an_id("OrgUnit", 1), "H-2": an_id("OrgUnit", 2)}
    house.versions = {
        ("chw", 1): an_id("ProgrammeVersion", 1),
        ("chw", 2): an_id("ProgrammeVersion", 2),
        ("chw", 0): an_id("ProgrammeVersion", 2),
    }
    house.cohorts = {("chw", "FY24"): an_id("Cohort", 1), ("chw", "FY25"): an_id("Cohort", 2)}
    for place, (name, stands) in enumerate(people.items()):
        number = name.replace("_", "-")
        house.people[number] = {"id": an_id("HealthWorker", 100 + place), **stands}
        house.ids["HealthWorker"][number] = house.people[number]["id"]
    return house


def planned(kind: Kind, house: Known, *lines: str) -> tuple[Listed, list[Planned]]:
    listed = read(kind, *lines)
    return listed, plan_list(listed, house)


def codes(listed: Listed) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in listed.errors]


def as_contract(wish: Wish) -> Command:
    """Return the command as the services read it, once the gateway has read the ids."""

    def plain(name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [plain(name, one) for one in value]
        if isinstance(value, dict):
            return {key: plain(key, one) for key, one in value.items()}
        is_id = (name.endswith("Id") and name != "commandId") or name == "present"
        return str(local_id(value)) if is_id else value

    content = {name: plain(name, value) for name, value in wish.command.items()}
    return msgspec.convert(content, commands[wish.name])


PERSON = "number,givenNames,familyName,cadre,orgUnit,occurredOn"
ALINE = "N-1,Aline,Uwase,Midwife,H-1,2024-01-31"
STANDS = {
    "cadre": "Midwife",
    "givenNames": "Aline",
    "familyName": "Uwase",
    "postings": [
        {"kind": "PRIMARY", "orgUnit": {"code": "H-1"}},
        {"kind": "PRIMARY", "orgUnit": {"code": "H-2"}},
    ],
}


def test_a_new_number_is_registered_where_its_code_says() -> None:
    _, (one,) = planned(HEALTH_WORKERS, known(), PERSON, ALINE)
    (wish,) = one.wishes
    command = as_contract(wish)
    assert (command.number, command.org_unit_id) == ("N-1", UUID(int=1))  # type: ignore[attr-defined]
    assert one.id == global_id("HealthWorker", command.id)  # type: ignore[attr-defined]


def test_the_same_row_is_the_same_command_and_another_row_another() -> None:
    def wishes(row: str) -> Any:
        return planned(HEALTH_WORKERS, known(), PERSON, row)[1][0].wishes

    assert wishes(ALINE) == wishes(ALINE)
    assert wishes(ALINE)[0].command["id"] == wishes(ALINE.replace("Aline", "A."))[0].command["id"]
    other = wishes(ALINE.replace("N-1", "N-2"))
    assert other[0].command["commandId"] != wishes(ALINE)[0].command["commandId"]


def test_who_stands_as_the_row_says_is_already_there_wherever_they_were_posted_since() -> None:
    listed, (one,) = planned(HEALTH_WORKERS, known(N_1=STANDS), PERSON, ALINE)
    assert one.wishes == ()
    assert one.id == an_id("HealthWorker", 100)
    assert codes(listed) == []


@pytest.mark.parametrize(
    ("cell", "other", "found"),
    [
        ("Midwife", "Nurse", (2, "cadre", "STANDS_OTHERWISE")),
        ("H-1", "H-9", (2, "orgUnit", "UNKNOWN_ORG_UNIT")),
        ("Uwase", "Mutoni", (2, "number", "NUMBER_OF_ANOTHER")),
    ],
)
def test_who_stands_otherwise_is_refused(cell: str, other: str, found: object) -> None:
    listed, sent = planned(HEALTH_WORKERS, known(N_1=STANDS), PERSON, ALINE.replace(cell, other))
    assert sent == []
    assert codes(listed) == [found]


HEADINGS = "number,givenNames,familyName,phone,identifiers,cadre,languages,orgUnit,occurredOn"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("078 800,,Midwife,fr", []),
        ("078 801,,Midwife,fr", ["phone"]),
        (",,Midwife,fr;rw", ["languages"]),
        ("078 801,,Nurse,en", ["cadre", "phone", "languages"]),
        (",,MIDWIFE,", []),
    ],
)
def test_what_a_person_s_row_says_otherwise_is_told_by_column(cells: str, found: object) -> None:
    stands = {**STANDS, "phone": "078800", "languages": ["fr"]}
    row = f"N-1,Aline,Uwase,{cells},H-1,2024-01-31"
    listed, _ = planned(HEALTH_WORKERS, known(N_1=stands), HEADINGS, row)
    assert [(column, code) for _, column, code in codes(listed)] == [
        (column, "STANDS_OTHERWISE")
        for column in found  # type: ignore[attr-defined]
    ]
    unread = {**stands, "phone": None, "givenNames": None, "familyName": None}
    listed, _ = planned(HEALTH_WORKERS, known(N_1=unread), HEADINGS, row)
    assert "phone" not in {column for _, column, _ in codes(listed)}, "one may not read it"


def test_a_phone_that_is_new_and_identifiers_that_nobody_reads_are_told() -> None:
    row = "N-1,Aline,Uwase,078 801,NID=5,Midwife,,H-1,2024-01-31"
    listed, _ = planned(HEALTH_WORKERS, known(N_1={**STANDS, "phone": None}), HEADINGS, row)
    assert codes(listed) == [(2, "phone", "STANDS_OTHERWISE")]
    assert [(one.row, one.column, one.code) for one in listed.warnings] == [
        (2, "identifiers", "NOT_COMPARED")
    ]
    assert not any("078" in str(one) or "=5" in str(one) for one in listed.errors)


UPDATE = "healthWorkerUpdateDetails"


def changing(row: str, stands: dict[str, Any]) -> tuple[Listed, list[Planned]]:
    house = known(N_1={"version": 4, **STANDS, "phone": "078800", "languages": ["fr"], **stands})
    house.update = True
    return planned(HEALTH_WORKERS, house, HEADINGS, row)


def contents(one: Planned) -> list[tuple[str, dict[str, Any]]]:
    own = {"commandId", "healthWorkerId"}
    for wish in one.wishes:
        assert as_contract(wish).health_worker_id == UUID(int=100)  # type: ignore[attr-defined]
    return [(w.name, {k: v for k, v in w.command.items() if k not in own}) for w in one.wishes]


def changed_by(**cells: str) -> str:
    row = {
        **dict.fromkeys(HEADINGS.split(","), ""),
        **{"number": "N-1", "givenNames": "Aline", "familyName": "Uwase", "cadre": "Midwife"},
        **{"orgUnit": "H-1", "occurredOn": "2024-01-31", **cells},
    }
    return ",".join(row.values())


@pytest.mark.parametrize(
    ("cells", "commands"),
    [
        ({"cadre": "MIDWIFE"}, []),
        ({"phone": "078 800", "languages": "fr"}, []),
        ({"phone": "078 801"}, [(UPDATE, {"phone": "078 801"})]),
        (
            {"phone": "078 801", "languages": "fr;rw"},
            [(UPDATE, {"phone": "078 801", "languages": ["fr", "rw"]})],
        ),
        (
            {"cadre": "Nurse", "languages": "en"},
            [
                ("healthWorkerChangeCadre", {"cadre": "Nurse", "occurredOn": "2024-01-31"}),
                (UPDATE, {"languages": ["en"]}),
            ],
        ),
        (
            {"orgUnit": "H-2"},
            [
                (
                    "healthWorkerTransfer",
                    {"orgUnitId": an_id("OrgUnit", 2), "occurredOn": "2024-01-31"},
                )
            ],
        ),
    ],
)
def test_with_update_what_a_person_s_row_says_otherwise_is_changed_and_nothing_else(
    cells: dict[str, str], commands: object
) -> None:
    stands = {"postings": [{"kind": "PRIMARY", "orgUnit": {"code": "H-1"}}]}
    listed, (one,) = changing(changed_by(**cells), stands)
    assert contents(one) == commands
    assert codes(listed) == []
    outcome = Outcome.WOULD_BE_UPDATED if commands else Outcome.ALREADY_THERE
    assert {line.outcome for line in result_lines(listed, would_send([one], HEALTH_WORKERS))} == {
        outcome
    }


def test_with_update_each_change_is_told_and_nothing_personal() -> None:
    row = changed_by(phone="078 801", cadre="Nurse")
    listed, (one,) = changing(row, {})
    lines = result_lines(listed, would_send([one], HEALTH_WORKERS))
    assert [(line.outcome, line.column, line.value, line.problem) for line in lines] == [
        ("WOULD_BE_UPDATED", "cadre", "Nurse", "It was Midwife"),
        ("WOULD_BE_UPDATED", "phone", "", ""),
    ]


def test_with_update_a_number_of_somebody_of_another_name_changes_nobody() -> None:
    listed, sent = changing(changed_by(familyName="Mutoni", phone="078 801"), {})
    assert sent == []
    assert codes(listed) == [(2, "number", "NUMBER_OF_ANOTHER")]


def test_with_update_what_goes_to_and_fro_is_another_command_and_identifiers_are_not() -> None:
    row = changed_by(phone="078 801", identifiers="NID=5")
    one, again = (
        [w.command["commandId"] for w in changing(row, {"version": v})[1][0].wishes] for v in (4, 6)
    )
    assert one[0] != again[0]
    assert one[1] == again[1], "they are added once"


def test_with_update_identifiers_alone_are_added_and_change_no_column() -> None:
    listed, (one,) = changing(changed_by(identifiers="NID=5"), {})
    assert contents(one) == [(UPDATE, {"identifiers": [{"system": "NID", "value": "5"}]})]
    assert [line.code for line in listed.warnings] == ["SENT_NOT_COMPARED"]
    assert [sent.outcome for sent in would_send([one], HEALTH_WORKERS)] == [Outcome.ALREADY_THERE]


async def test_with_update_what_landed_is_told_beside_what_was_refused() -> None:
    row = changed_by(phone="078 801", cadre="Nurse", identifiers="NID=5")
    listed, sent = changing(row, {})
    told: list[Sent] = []
    async with Scripted("cadre", "identifiers") as api:
        await send_list(sent, api, HEALTH_WORKERS, tell=told.append)
    lines = [(line.outcome, line.column, line.error_code) for line in result_lines(listed, told)]
    assert sorted(lines) == [
        ("REFUSED", "cadre", "NO"),
        ("REFUSED", "identifiers", "NO"),
        ("UPDATED", "phone", ""),
        ("WARNING", "identifiers", "SENT_NOT_COMPARED"),
    ]


class Scripted(Api):
    """Records every command, but refuses those that hold one of some fields."""

    def __init__(self, *refused: str) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.refused = refused

    async def caught_up(self, positions: Any) -> None:
        """Nothing is read here."""

    async def _batch(self, wishes: Any) -> list[Answer]:
        return [self._answer(wish) for wish in wishes]

    def _answer(self, wish: Wish) -> Answer:
        field = next((field for field in self.refused if field in wish.command), None)
        return Answer("id") if field is None else Answer(errors=(UserError("NO", "No.", field),))


def test_a_name_in_another_unicode_form_is_the_same_name() -> None:
    stands = {**STANDS, "givenNames": normalize("NFD", "Aimée"), "familyName": "UWASE "}
    row = ALINE.replace("Aline", "Aimée")
    listed, _ = planned(HEALTH_WORKERS, known(N_1=stands), PERSON, row)
    assert codes(listed) == []


@pytest.mark.parametrize(("number", "refused"), [("n-1", True), ("N-1.0", True), ("N-01", False)])
def test_a_number_that_stands_in_another_way_registers_nobody(number: str, refused: bool) -> None:
    row = ALINE.replace("N-1", number)
    listed, sent = planned(HEALTH_WORKERS, known(N_1=STANDS), PERSON, row)
    assert codes(listed) == ([(2, "number", "CODE_STANDS_ALIKE")] if refused else [])
    assert bool(sent) is not refused


def test_names_that_one_may_not_read_are_not_compared() -> None:
    unread = {**STANDS, "givenNames": None, "familyName": None}
    listed, (one,) = planned(
        HEALTH_WORKERS, known(N_1=unread), PERSON, ALINE.replace("Uwase", "Other")
    )
    assert one.wishes == ()
    assert codes(listed) == []


MEMBER = "number,givenNames,familyName,cadre,orgUnit,programme,version,area,criteria"


def test_a_mentor_whom_nobody_knows_is_registered_once_and_nominated_in_each_area() -> None:
    _, sent = planned(
        MENTORS,
        known(),
        MEMBER,
        "N-1,Aline,Uwase,Midwife,H-1,chw,,MNH,TRAINED;ABLE",
        "N-1,Aline,Uwase,Midwife,H-1,chw,1,FP,",
    )
    assert [[wish.name for wish in one.wishes] for one in sent] == [
        ["healthWorkerRegister", "mentorNominate"],
        ["mentorNominate"],
    ]
    register, latest = map(as_contract, sent[0].wishes)
    first = as_contract(sent[1].wishes[0])
    assert latest.health_worker_id == first.health_worker_id == register.id  # type: ignore[attr-defined]
    assert latest.programme_version_id == UUID(int=2)  # type: ignore[attr-defined]
    assert first.programme_version_id == UUID(int=1)  # type: ignore[attr-defined]
    assert latest.criteria == ("TRAINED", "ABLE")  # type: ignore[attr-defined]
    assert sent_in_order(sent) == [sent], "one lane, the registration first"


def test_a_mentor_who_is_known_is_nominated_and_one_who_was_is_left_alone() -> None:
    mentoring = {"mentoring": [{"id": an_id("Mentor", 5), "programme": "chw", "area": "MNH"}]}
    _, (there, new) = planned(
        MENTORS, known(N_1=mentoring), MEMBER, "N-1,,,,,chw,,MNH,", "N-1,,,,,chw,,FP,"
    )
    assert (there.wishes, there.id) == ((), an_id("Mentor", 5))
    assert [wish.name for wish in new.wishes] == ["mentorNominate"]


def test_a_mentor_who_stands_with_other_criteria_or_as_another_person_is_told() -> None:
    stands = {"id": an_id("Mentor", 5), "programme": "chw", "area": "MNH", "criteria": ["ABLE"]}
    house = known(N_1={**STANDS, "mentoring": [stands]})
    listed, sent = planned(MENTORS, house, MEMBER, "N-1,Aline,Uwase,Nurse,H-1,chw,,MNH,TRAINED")
    assert codes(listed) == [
        (2, "cadre", "STANDS_OTHERWISE"),
        (2, "criteria", "STANDS_OTHERWISE"),
    ]
    assert sent == []
    listed, (one,) = planned(MENTORS, house, MEMBER, "N-1,,,,,chw,,MNH,ABLE")
    assert (codes(listed), one.wishes) == ([], ())


def test_a_new_mentor_needs_what_a_registration_needs() -> None:
    listed, sent = planned(MENTORS, known(), MEMBER, "N-1,Aline,,Midwife,,chw,7,MNH,")
    assert codes(listed) == [(2, "version", "UNKNOWN_PROGRAMME")]
    listed, sent = planned(MENTORS, known(), MEMBER, "N-1,Aline,,Midwife,,chw,,MNH,")
    assert codes(listed) == [(2, "familyName", "NEW_PERSON"), (2, "orgUnit", "NEW_PERSON")]
    assert sent == []


ENROL = "healthWorker,programme,cohort,area,supervisor,occurredOn"


def enrolled(withdrawn: str | None = None) -> dict[str, Any]:
    stands = {
        "id": an_id("Mentee", 7),
        "area": "MNH",
        "withdrawnOn": withdrawn,
        "cohort": {"id": an_id("Cohort", 1)},
    }
    return {"enrolments": [stands]}


def test_an_enrolment_names_person_cohort_and_supervisor_by_their_codes() -> None:
    house = known(N_1={"enrolments": []}, N_2={"enrolments": []})
    _, (one,) = planned(ENROLMENTS, house, ENROL, "N-1,chw,FY24,MNH,N-2,2024-01-31")
    command = as_contract(one.wishes[0])
    assert command.cohort_id == UUID(int=1)  # type: ignore[attr-defined]
    assert command.supervisor_id == UUID(int=101)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("withdrawn", "day", "anew"),
    [
        (None, "2024-01-31", False),
        ("2024-03-01", "2024-01-31", False),
        ("2024-03-01", "", False),
        ("2024-03-01", "2024-06-01", True),
    ],
)
def test_who_left_is_enrolled_anew_only_by_a_row_of_a_later_day(
    withdrawn: str | None, day: str, anew: bool
) -> None:
    house = known(N_1=enrolled(withdrawn))
    _, (one,) = planned(ENROLMENTS, house, ENROL, f"N-1,chw,FY24,MNH,,{day}")
    assert bool(one.wishes) is anew
    _, (elsewhere,) = planned(ENROLMENTS, house, ENROL, f"N-1,chw,FY25,MNH,,{day}")
    assert elsewhere.wishes, "another cohort is another enrolment"


@pytest.mark.parametrize(
    ("supervisor", "needs", "found"),
    [
        ("N-2", "PPH", []),
        ("N-2", "", []),
        ("N-1", "PPH", ["supervisor"]),
        ("", "PPH;ANC", ["needs"]),
    ],
)
def test_an_enrolment_that_stands_otherwise_is_told_by_column(
    supervisor: str, needs: str, found: list[str]
) -> None:
    stands = enrolled()
    stands["enrolments"][0] |= {"supervisor": {"number": "N-2"}, "needs": ["PPH"], "languages": []}
    house = known(N_1=stands, N_2={"enrolments": []})
    row = f"N-1,chw,FY24,MNH,{supervisor},{needs},2024-01-31"
    listed, _ = planned(ENROLMENTS, house, ENROL.replace("occurredOn", "needs,occurredOn"), row)
    assert codes(listed) == [(2, column, "STANDS_OTHERWISE") for column in found]


def test_a_supervisor_where_none_stood_is_told() -> None:
    stands = enrolled()
    stands["enrolments"][0]["supervisor"] = None
    house = known(N_1=stands, N_2={"enrolments": []})
    listed, _ = planned(ENROLMENTS, house, ENROL, "N-1,chw,FY24,MNH,N-2,2024-01-31")
    assert codes(listed) == [(2, "supervisor", "STANDS_OTHERWISE")]


def test_codes_that_name_nothing_are_each_told() -> None:
    listed, _ = planned(ENROLMENTS, known(), ENROL, "N-8,chw,FY99,MNH,N-9,2024-01-31")
    assert codes(listed) == [
        (2, "healthWorker", "UNKNOWN_HEALTH_WORKER"),
        (2, "supervisor", "UNKNOWN_HEALTH_WORKER"),
        (2, "cohort", "UNKNOWN_COHORT"),
    ]


MET = "programme,cohort,mentee,mentor,present,mode,minutes,reference,occurredOn"


def a_mentorship(number: int, mentor: str, *mentees: str, status: str = "AGREED") -> Mentorship:
    return Mentorship(an_id("Mentorship", number), status, frozenset({mentor}), frozenset(mentees))


def with_mentorships(*mentorships: Mentorship) -> Known:
    house = known(N_1={}, N_2={}, M_1={}, M_2={}, M_9={})
    house.mentorships = {an_id("Cohort", 1): Mentorships(mentorships)}
    return house


def test_a_session_is_of_the_mentorship_that_has_the_mentee() -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-2"), a_mentorship(2, "M-1", "N-1"))
    _, (one,) = planned(SESSIONS, house, MET, "chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-03-01")
    command = as_contract(one.wishes[0])
    assert command.mentorship_id == UUID(int=2)  # type: ignore[attr-defined]
    assert command.present == (UUID(int=102), UUID(int=100))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "mentor", "code"),
    [
        ("AGREED", "", "SEVERAL_MENTORSHIPS"),
        ("AGREED", "M-2", None),
        ("AGREED", "M-9", "NO_MENTORSHIP"),
        ("CONCLUDED", "", None),
        ("DECLINED", "M-2", "NO_MENTORSHIP"),
    ],
)
def test_a_mentee_of_two_mentorships_says_which(status: str, mentor: str, code: str | None) -> None:
    house = with_mentorships(
        a_mentorship(1, "M-1", "N-1"), a_mentorship(2, "M-2", "N-1", status=status)
    )
    row = f"chw,FY24,N-1,{mentor},M-1;N-1,PHONE,45,,2024-03-01"
    listed, _ = planned(SESSIONS, house, MET, row)
    assert codes(listed) == ([(2, "mentee", code)] if code else [])


def test_one_session_told_by_two_of_its_mentees_is_one_too_many() -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1", "N-2"))
    row = "chw,FY24,{},,M-1;N-1;N-2,PHONE,45,,2024-03-01"
    listed, sent = planned(SESSIONS, house, MET, row.format("N-1"), row.format("N-2"))
    assert sent == []
    assert codes(listed) == [
        (2, "programme", "DUPLICATE_ROW"),
        (3, "programme", "DUPLICATE_ROW"),
    ]


@pytest.mark.parametrize(("minutes", "differs"), [("45", False), ("60", True)])
def test_a_session_that_stands_is_left_alone_and_one_that_differs_refused(
    minutes: str, differs: bool
) -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1"))
    row = f"chw,FY24,N-1,,M-1;N-1,PHONE,{minutes},,2024-03-01"
    _, (new,) = planned(SESSIONS, house, MET, row)
    house.standing[new.id] = {
        "mode": "PHONE",
        "minutes": 45,
        "attendance": [
            {"present": True, "healthWorker": {"number": "M-1"}},
            {"present": True, "healthWorker": {"number": "N-1"}},
            {"present": False, "healthWorker": {"number": "N-2"}},
        ],
    }
    listed, sent = planned(SESSIONS, house, MET, row)
    assert [one.wishes for one in sent] == ([] if differs else [()])
    assert codes(listed) == ([(2, "minutes", "STANDS_OTHERWISE")] if differs else [])


@pytest.mark.parametrize(
    ("partly", "place", "initiative", "found"),
    [
        ("N-1=30", "H-1", "MENTOR", []),
        ("", "", "", []),
        ("N-1=10", "H-1", "MENTOR", ["partly"]),
        ("M-1=30", "", "", ["partly"]),
        ("N-1=30", "H-2", "MENTEE", ["initiative", "orgUnit"]),
    ],
)
def test_a_session_s_parts_place_and_initiative_are_compared(
    partly: str, place: str, initiative: str, found: list[str]
) -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1"))
    headings = f"{MET},partly,orgUnit,initiative"
    row = f"chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-03-01,{partly},{place},{initiative}"
    _, (new,) = planned(SESSIONS, house, headings, row)
    house.standing[new.id] = {
        "mode": "PHONE",
        "minutes": 45,
        "initiative": "MENTOR",
        "orgUnit": {"code": "H-1"},
        "attendance": [
            {"present": True, "minutes": 45, "healthWorker": {"number": "M-1"}},
            {"present": True, "minutes": 30, "healthWorker": {"number": "N-1"}},
        ],
    }
    listed, _ = planned(SESSIONS, house, headings, row)
    assert codes(listed) == [(2, column, "STANDS_OTHERWISE") for column in found]


@pytest.mark.parametrize(
    ("guests", "came", "sent"),
    [
        ("supervisor", ["SUPERVISOR"], [GuestRole.SUPERVISOR]),
        (
            "DIRECTOR;SUPERVISOR",
            ["SUPERVISOR", "DIRECTOR"],
            [GuestRole.DIRECTOR, GuestRole.SUPERVISOR],
        ),
        ("", ["SUPERVISOR"], []),
    ],
)
def test_a_list_says_as_what_others_were_there(
    guests: str, came: list[str], sent: list[GuestRole]
) -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1"))
    headings, row = f"{MET},guests", "chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-03-01,{}"
    _, (new,) = planned(SESSIONS, house, headings, row.format(guests))
    command = as_contract(new.wishes[0])
    assert [one.role for one in command.guests] == sent  # type: ignore[attr-defined]
    assert ("guests" in new.wishes[0].command) is bool(guests)
    house.standing[new.id] = {
        "attendance": [
            {"present": True, "healthWorker": {"number": number}} for number in ("M-1", "N-1")
        ],
        "guests": [{"role": role} for role in came],
    }
    listed, _ = planned(SESSIONS, house, headings, row.format(guests))
    assert codes(listed) == []
    listed, _ = planned(SESSIONS, house, headings, row.format("COLLEAGUE"))
    assert codes(listed) == [(2, "guests", "STANDS_OTHERWISE")]


def test_sessions_of_a_mentorship_are_sent_in_the_order_of_their_days() -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1"), a_mentorship(2, "M-2", "N-2"))
    house.ids["HealthWorker"]["M-2"] = an_id("HealthWorker", 200)
    _, sent = planned(
        SESSIONS,
        house,
        MET,
        "chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-05-01",
        "chw,FY24,N-2,,M-2;N-2,PHONE,45,,2024-04-01",
        "chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-03-01",
    )
    lanes = [[one.draft.row for one in lane] for lane in sent_in_order(sent)]
    assert lanes == [[4, 2], [3]]


def test_sessions_that_one_person_was_at_are_sent_one_after_the_other() -> None:
    house = with_mentorships(a_mentorship(1, "M-1", "N-1"), a_mentorship(2, "M-2", "N-2"))
    house.ids["HealthWorker"]["M-2"] = an_id("HealthWorker", 200)
    rows = [
        "chw,FY24,N-1,,M-1;N-1,PHONE,45,,2024-05-01",
        "chw,FY24,N-2,,M-2;N-2,PHONE,45,,2024-04-01",
        "chw,FY24,N-1,,M-1;N-2,PHONE,45,,2024-03-01",
        "chw,FY24,N-2,,M-2;N-2,PHONE,45,,2024-02-01",
    ]
    lanes = sent_in_order(planned(SESSIONS, house, MET, *rows)[1])
    assert [[one.draft.row for one in lane] for lane in lanes] == [[5, 4, 3, 2]]


def lane(length: int) -> list[Wish]:
    return [Wish("sessionLog", {"commandId": str(place)}) for place in range(length)]


def test_a_lane_too_long_for_a_request_goes_in_pieces_one_after_the_other() -> None:
    long, short = lane(LANE + 1), lane(1)
    rounds = list(in_rounds([long, short]))
    assert [[len(lane) for lane in lanes] for lanes in rounds] == [[LANE, 1], [1]]
    assert [*rounds[0][0], *rounds[1][0]] == long


def test_of_many_lanes_each_gives_one_command_to_a_round() -> None:
    """What is of one lane is decided one after the other: others stand beside it meanwhile."""
    rounds = list(in_rounds([lane(3), *(lane(1) for _ in range(ROUND - 1))]))
    assert [[len(piece) for piece in pieces] for pieces in rounds] == [[1] * ROUND, [2]]
    assert [len(pieces) for pieces in in_rounds([lane(4)] * (ROUND // 2))] == [ROUND // 2] * 2


TRIED = "healthWorker,programme,area,competency,assessor,items,technique,reference,occurredOn"


def attempted(*scores: int) -> dict[str, Any]:
    enrolment = {"programme": "chw", "area": "MNH", "since": "2024-01-01", "assessments": []}
    attempts = [
        {
            "competency": "PPH",
            "assessedOn": "2024-03-01",
            "technique": True,
            "items": [{"item": "A", "points": points}],
        }
        for points in scores
    ]
    return {
        "enrolments": [
            {**enrolment, "id": an_id("Mentee", 8), "since": "2024-09-01"},
            {**enrolment, "id": an_id("Mentee", 7), "assessments": attempts},
        ]
    }


def test_an_attempt_is_at_the_enrolment_that_had_begun_on_its_day() -> None:
    house = known(N_1=attempted(), N_2={"enrolments": []})
    row = "N-1,chw,MNH,PPH,N-2,A=2,yes,,"
    _, (one, later) = planned(ASSESSMENTS, house, TRIED, f"{row}2024-03-01", f"{row}2024-10-01")
    assert as_contract(one.wishes[0]).enrolment_id == UUID(int=7)  # type: ignore[attr-defined]
    assert as_contract(later.wishes[0]).enrolment_id == UUID(int=8)  # type: ignore[attr-defined]


def test_an_attempt_that_was_changed_is_the_same_command_and_no_second_attempt() -> None:
    rows = ["N-1,chw,MNH,PPH,N-2,A=2,yes,,2024-03-01", "N-1,chw,MNH,PPH,N-2,A=3,no,,2024-03-01"]
    ids = set()
    for row in rows:
        house = known(N_1=attempted(), N_2={"enrolments": []})
        _, (one,) = planned(ASSESSMENTS, house, TRIED, row)
        ids.add(one.wishes[0].command["commandId"])
    assert len(ids) == 1


def test_two_attempts_of_one_day_with_the_same_scores_stand_for_two_rows() -> None:
    house = known(N_1=attempted(2), N_2={"enrolments": []})
    row = "N-1,chw,MNH,PPH,N-2,A=2,yes,{},2024-03-01"
    _, sent = planned(ASSESSMENTS, house, TRIED, row.format(1), row.format(2))
    assert [len(one.wishes) for one in sent] == [0, 1]


def test_an_attempt_that_stands_with_another_assessor_is_told() -> None:
    house = known(N_1=attempted(2), N_2={"enrolments": []}, N_3={"enrolments": []})
    house.people["N-1"]["enrolments"][1]["assessments"][0]["assessor"] = {"number": "N-3"}
    listed, _ = planned(ASSESSMENTS, house, TRIED, "N-1,chw,MNH,PPH,N-2,A=2,yes,,2024-03-01")
    assert codes(listed) == [(2, "assessor", "STANDS_OTHERWISE")]


def test_who_is_not_enrolled_there_is_told_so() -> None:
    house = known(N_1=attempted(), N_2={"enrolments": []})
    listed, _ = planned(ASSESSMENTS, house, TRIED, "N-1,chw,FP,PPH,N-2,A=2,yes,,2024-03-01")
    assert codes(listed) == [(2, "healthWorker", "NOT_ENROLLED")]


def test_what_the_api_refuses_is_told_at_the_column_of_its_field() -> None:
    house = known(N_1={"enrolments": []})
    _, (one,) = planned(ENROLMENTS, house, ENROL, "N-1,chw,FY24,XX,,2024-01-31")
    error = one.draft.refused("AREA_UNKNOWN", "area", "There is no such area.", "Name one.")
    assert (error.column, error.value, error.problem) == ("area", "XX", "There is no such area")
    person = one.draft.refused("ALREADY_TAKEN", "healthWorkerId", "Taken.", None)
    assert (person.column, person.value, person.remedy) == ("healthWorker", "N-1", "")


def test_a_result_names_rows_by_codes_and_records_by_ids() -> None:
    listed, sent = planned(
        HEALTH_WORKERS, known(N_1=STANDS), PERSON, ALINE, ALINE.replace("N-1", "N-2"), f"{ALINE},x"
    )
    written = result_lines(listed, would_send(sent, HEALTH_WORKERS))
    assert [(line.row, line.outcome, line.key) for line in written[:2]] == [
        (2, Outcome.ALREADY_THERE, "N-1"),
        (3, Outcome.WOULD_BE_RECORDED, "N-2"),
    ]
    assert written[0].id == an_id("HealthWorker", 100)
    assert written[1].id == "", "what is not there yet has no id"
    assert {line.error_code for line in written[2:]} == {"WRONG_CELL_COUNT"}
    assert not any("Uwase" in str(line) for line in written)


def test_a_cadre_in_the_country_s_own_words_is_the_one_that_stands_by_its_code() -> None:
    house = known(N_1={**STANDS, "cadre": "RM"})
    house.cadres = {("midwife", "rm")}
    listed, (one,) = planned(HEALTH_WORKERS, house, PERSON, ALINE)
    assert (codes(listed), one.wishes) == ([], ())
    listed, _ = planned(HEALTH_WORKERS, house, PERSON, ALINE.replace("Midwife", "Nurse"))
    assert codes(listed) == [(2, "cadre", "STANDS_OTHERWISE")]
