"""A programme file: the one we ship is sound, and a broken one is explained line by line."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from shared.contracts.definition import Definition
from shared.programmes.file import Mistake, read_programme

INGOBYI = Path(__file__).parents[2] / "programmes" / "ingobyi-hospital.yaml"
Break = Callable[..., list[Mistake]]


@pytest.fixture(scope="module")
def text() -> str:
    """The hospital programme's file."""
    return INGOBYI.read_text(encoding="utf-8")


@pytest.fixture
def broken(text: str) -> Break:
    """The mistakes of the hospital programme with some of its text replaced."""

    def read(old: str, new: str) -> list[Mistake]:
        assert old in text
        found = read_programme(text.replace(old, new, 1))
        assert isinstance(found, list), "the mistake went unnoticed"
        return found

    return read


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_the_hospital_programme_says_what_seed_002_says(text: str) -> None:
    programme = read_programme(text)
    assert isinstance(programme, Definition)
    assert [area.association for area in programme.areas] == ["RPA", "RAM", "RSOG"]
    assert programme.ratio.mentors == 3
    assert programme.ratio.one_of_each_area
    assert programme.validation is not None
    assert (programme.validation.threshold, programme.validation.technique) == (85, True)
    assert (programme.calendar.zone, programme.calendar.fiscal_year_start) == (
        "Africa/Kigali",
        "10-01",
    )


def test_every_step_at_a_patient_s_side_needs_consent(text: str) -> None:
    programme = read_programme(text)
    assert isinstance(programme, Definition)
    asking = {step.code for step in programme.visit_steps if step.needs_consent}
    assert asking == {"CASE-OBSERVATION", "WARD-ROUND"}


def test_every_checklist_is_short_and_has_something_critical(text: str) -> None:
    programme = read_programme(text)
    assert isinstance(programme, Definition)
    for framework in programme.frameworks:
        for competency in framework.competencies:
            assert 4 <= len(competency.checklist) <= 8, competency.code
            assert any(item.critical for item in competency.checklist), competency.code


def test_an_unknown_field_is_named_with_its_line_and_the_likely_one(
    broken: Break, text: str
) -> None:
    (mistake,) = broken("oneOfEachArea: true", "oneOfEachArea: true\n  lood: 3").copy()[:1]
    assert mistake.path == "ratio.lood"
    assert mistake.line == line_of(text, "oneOfEachArea") + 1
    assert mistake.remedy == "Did you mean 'load'?"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(broken: Break, text: str) -> None:
    found = broken("version: 2", "version: one")
    assert [mistake.path for mistake in found] == ["version"]
    twice = text.replace("version: 2", "version: one", 1).replace("threshold: 85", "threshold: 185")
    both = read_programme(twice)
    assert isinstance(both, list)
    assert [mistake.path for mistake in both] == ["version", "validation.threshold"]


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("model: EXTERNAL", "model: OUTSIDE", "model", "INTERNAL, EXTERNAL"),
        ("zone: Africa/Kigali", "zone: Africa/Kigalli", "calendar.zone", "IANA"),
        ("zone: Africa/Kigali", "zone: Africa", "calendar.zone", "IANA"),
        ('"10-01"', '"02-30"', "calendar.fiscalYearStart", "10-01"),
        ("  min: 60 ", "  min: 400 ", "minutes.min", "at most"),
        ("mentees: [1, 30]", "mentees: [30, 1]", "ratio.mentees", "least first"),
        ("mentees: [1, 30]", "mentees: [1]", "ratio.mentees", "[least, most]"),
        ("mentees: [1, 30]", "mentees: [0, 30]", "ratio.mentees[0]", "from 1 to 100"),
        ("  mentors: 3 ", "  mentors: [3] ", "ratio.mentors", "or [least, most]"),
        ("  mentors: 3 ", "  mentors: [0, 3] ", "ratio.mentors[0]", "from 1 to 20"),
        ("  mentors: 3 ", "  mentors: three ", "ratio.mentors", "a whole number"),
        ("  mentors: 3 ", "  mentors: 0 ", "ratio.mentors", "from 1 to 20"),
        ("calendar:\n", "calendar: Africa\nwas:\n", "calendar", "zone, fiscalYearStart"),
        ("{theory: 70,", "{theory: 170,", "orientation.theory", "from 0 to 100"),
        ("orientation: {theory: 70, practical: 80}", "orientation: 70", "orientation", "theory"),
        ("validated: all\n    least", "validated: al\n    least", "cascade[0].validated", "or all"),
        ("validated: all\n    least", "validated: 0\n    least", "cascade[0].validated", "or all"),
        ("{code: QUALIFIED,", "{code: 7,", "selection[0].code", "quotes"),
        ("  mentors: 3 ", "  mentors: 2 ", "ratio.mentors", "number of areas"),
        ("modes: [IN_PERSON,", "modes: [PHONE,", "modes[1]", "take one of them out"),
        ("modes: [IN_PERSON, PHONE, VIDEO, MESSAGE]", "modes: []", "modes", "list"),
        (
            "framework: INGOBYI-MIDWIFERY",
            "framework: MIDWIVES",
            "areas[1].framework",
            "INGOBYI-PAEDIATRICS version 1",
        ),
        ("code: DATA-REVIEW", "code: ENTRY-MEETING", "visitSteps[1].code", "own"),
        ("code: MIDWIFERY\n", "code: PAEDIATRICS\n", "areas[1].code", "own"),
        (
            "{code: DRIES,",
            "{code: PREPARES,",
            "frameworks[1].competencies[0].checklist[1].code",
            "own",
        ),
        (
            "code: EMERGENCY-TRIAGE",
            "code: HIGH-RISK-NEWBORN",
            "frameworks[0].competencies[1].code",
            "own",
        ),
        ("points: 12}", "points: 0}", "frameworks[1].competencies[0].checklist[0].points", ""),
        ("    associationName: Rwanda Pediatric Association\n", "", "areas[0]", "both"),
        ("cadence: three consecutive days a month\n", "", "", "`cadence: …`"),
    ],
)
def test_each_mistake_names_its_place_and_its_remedy(
    broken: Break, old: str, new: str, path: str, said: str
) -> None:
    found = {mistake.path: mistake for mistake in broken(old, new)}
    assert path in found
    assert said in found[path].remedy
    assert found[path].line > 0


@pytest.mark.parametrize("points", ["1", "0.5", '"0.25"', "1.50"])
def test_points_are_read_exactly_as_they_are_written(text: str, points: str) -> None:
    more = f"{text}\ncpd: [{{code: HOUR, side: MENTOR, pointsPerHour: {points}}}]\n"
    read = read_programme(more)
    assert isinstance(read, Definition)
    assert read.cpd[0].points_per_hour == Decimal(points.strip('"'))


@pytest.mark.parametrize(
    "points", ["-1", "0", ".inf", ".nan", "many", "true", "[1]", "0.1234567", "1.0e-7", "1.0e+300"]
)
def test_points_that_are_none_are_a_mistake_on_their_line(text: str, points: str) -> None:
    more = f"{text}\ncpd:\n  - {{code: HOUR, side: MENTOR, pointsPerHour: {points}}}\n"
    found = read_programme(more)
    assert isinstance(found, list)
    assert [(one.path, one.line) for one in found] == [("cpd[0].pointsPerHour", more.count("\n"))]
    assert "0.5" in found[0].remedy


@pytest.mark.parametrize(
    ("written", "team"), [("3", (3, 3)), ("[3, 3]", (3, 3)), ("[1, 3]", None), ("[3, 1]", None)]
)
def test_a_team_is_a_number_or_the_least_and_the_most(
    text: str, written: str, team: tuple[int, int] | None
) -> None:
    read = read_programme(text.replace("  mentors: 3 ", f"  mentors: {written} ", 1))
    if team is None:
        assert isinstance(read, list)
        assert {one.path for one in read} == {"ratio.mentors"}
    else:
        assert isinstance(read, Definition)
        assert read.ratio.team == team


def test_what_is_left_out_or_left_empty_is_not_asked_for(text: str) -> None:
    for written in ("", "orientation:\n", "orientation: null\n"):
        read = read_programme(
            text.replace("orientation: {theory: 70, practical: 80}\n", written, 1)
        )
        assert isinstance(read, Definition)
        assert read.orientation is None


def test_a_framework_that_no_area_uses_is_a_mistake(text: str) -> None:
    more = text + (
        "  - {code: SPARE, version: 1, name: Spare, competencies: [{code: A, name: A, "
        "checklist: [{code: A, text: A, points: 1}]}]}\n"
    )
    found = read_programme(more)
    assert isinstance(found, list)
    assert [(one.path, one.line) for one in found] == [
        ("frameworks[3].code", more.count("\n")),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "fields are meant"),
        ("just a word", "fields are meant"),
        ("programme: [", "not YAML"),
        ("a: 1\na: 2\n", "not YAML"),
        ("a: &x 1\nb: *x\n", "alias"),
        ("[" * 5_000, "levels"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: \x00", "not YAML"),
        ("2021-02-30", "not YAML"),
        ("a: !!int x", "not YAML"),
        ("9" * 5_000, "not YAML"),
        ("0x" + "f" * 10_000, "40000 bits"),
        ("!!python/object:os.system {}", "is missing"),
    ],
)
def test_what_is_no_programme_at_all_is_one_sentence_and_no_crash(text: str, said: str) -> None:
    found = read_programme(text)
    assert isinstance(found, list)
    assert said in found[0].problem
