"""The programmes we ship: each says what its source says, and together they are one whole."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from mshauri.programme import publish_wishes
from shared.contracts.definition import Area, Definition, Gate, Mode
from shared.contracts.definition.assessment import Basis, Formula, Framework
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.contracts.definition.people import LoadPer, MatchBy
from shared.contracts.definition.visits import (
    ArtefactKind,
    CpdSide,
    GuestRole,
    Initiative,
    Period,
    Place,
    SessionFormat,
)
from shared.programmes.file import read_programme
from tests.support.house import House

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "programmes").glob("*.yaml"))
SIXTH = ROOT / "tests" / "e2e" / "data" / "ward-peer-mentoring.yaml"


@cache
def programme(file: Path) -> Definition:
    read = read_programme(file.read_text(encoding="utf-8"))
    assert isinstance(read, Definition), read
    return read


def shipped(name: str) -> Definition:
    return programme(ROOT / "programmes" / f"{name}.yaml")


def framework_of(definition: Definition, area: Area) -> Framework | None:
    return next(
        (
            one
            for one in definition.frameworks
            if (one.code, one.version) == (area.framework, area.framework_version)
        ),
        None,
    )


@pytest.mark.parametrize("file", [*FILES, SIXTH], ids=lambda file: file.stem)
def test_every_file_is_sound_and_says_where_it_comes_from(file: Path) -> None:
    definition = programme(file)
    assert definition.source
    assert file.read_text(encoding="utf-8").startswith("# ")
    assert file.stem in (definition.programme, f"{definition.programme}-v{definition.version}")


def test_no_two_files_publish_the_same_version() -> None:
    versions = [(one.programme, one.version) for one in map(programme, FILES)]
    assert len(set(versions)) == len(versions)


def test_one_version_of_a_framework_is_the_same_wherever_it_stands() -> None:
    texts: dict[tuple[str, int], set[str]] = defaultdict(set)
    for definition in map(programme, FILES):
        for framework in definition.frameworks:
            texts[framework.code, framework.version].add(repr(framework))
    assert [key for key, found in texts.items() if len(found) > 1] == []


def test_every_cascade_leads_to_an_area_that_a_shipped_programme_has() -> None:
    areas = {(one.programme, area.code) for one in map(programme, FILES) for area in one.areas}
    for definition in map(programme, FILES):
        for step in definition.cascade:
            assert (step.programme, step.area) in areas


def test_every_checklist_we_ship_is_short_and_has_something_critical() -> None:
    for definition in map(programme, FILES):
        for framework in definition.frameworks:
            for competency in framework.competencies:
                assert 3 <= len(competency.checklist) <= 8, (definition.programme, competency.code)
                assert any(item.critical for item in competency.checklist), competency.code


def test_every_assessed_area_finds_its_framework_in_its_file() -> None:
    for definition in map(programme, FILES):
        for area in definition.areas:
            assert (area.framework is None) == (framework_of(definition, area) is None)


# ── Kenya, seed 000 ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "minutes"), [("kenya-hrh-v1", 60), ("kenya-hrh-v2", 120)])
def test_kenya_meets_seven_weeks_at_the_mentee_s_workplace(name: str, minutes: int) -> None:
    kenya = shipped(name)
    assert kenya.minutes.target == minutes
    assert kenya.end is not None
    assert kenya.end.sessions == 7
    assert kenya.rhythm is not None
    assert (kenya.rhythm.sessions, kenya.rhythm.per) == (1, Period.WEEK)
    assert (kenya.place, kenya.modes) == (Place.MENTEE_WORKPLACE, (Mode.IN_PERSON,))
    assert (kenya.ratio.team, kenya.ratio.mentees) == ((1, 1), (1, 1))


def test_kenya_asks_for_approval_training_and_both_signatures() -> None:
    kenya = shipped("kenya-hrh-v1")
    assert kenya.gates == (Gate.LEADERSHIP_APPROVAL, Gate.TRAINING, Gate.SIGNATURES)
    assert kenya.training is not None
    assert (kenya.training.days, len(kenya.training.topics)) == (5, 3)
    assert kenya.orientation is None


def test_kenya_s_mentors_submit_four_artefacts_a_week() -> None:
    artefacts = shipped("kenya-hrh-v2").artefacts
    assert artefacts is not None
    assert (artefacts.per, set(artefacts.kinds)) == (Period.WEEK, set(ArtefactKind))


def test_kenya_tells_three_of_a_disengagement_and_gives_both_sides_points() -> None:
    kenya = shipped("kenya-hrh-v1")
    assert kenya.disengagement is not None
    assert set(kenya.disengagement.notify) == {"FOCAL-PERSON", "SECRETARIAT", "MENTEE"}
    assert {(rule.side, rule.points_per_hour) for rule in kenya.cpd} == {
        (CpdSide.MENTOR, Decimal(1)),
        (CpdSide.MENTEE, Decimal(1)),
    }
    assert kenya.certificate is not None
    assert (kenya.certificate.basis, len(kenya.certificate.approvals)) == (Basis.COMPLETION, 2)


def test_kenya_s_second_version_differs_by_the_length_of_a_session_alone() -> None:
    first, second = shipped("kenya-hrh-v1"), shipped("kenya-hrh-v2")
    differing = {
        name
        for name in Definition.__struct_fields__
        if getattr(first, name) != getattr(second, name)
    }
    assert differing == {"version", "minutes"}


def test_kenya_s_newest_version_lets_no_other_course_stand_for_its_own() -> None:
    third, newest = shipped("kenya-hrh-v3"), shipped("kenya-hrh-v4")
    differing = {
        name
        for name in Definition.__struct_fields__
        if getattr(third, name) != getattr(newest, name)
    }
    assert differing == {"version", "training"}
    assert newest.training is not None
    assert newest.training.code == "HRM-COUNTIES"


def test_letters_are_signed_in_kenya_alone() -> None:
    signed = {one.programme for one in map(programme, FILES) if Gate.SIGNATURES in one.gates}
    assert signed == {"kenya-hrh", "mcsp-template"}


def test_the_newest_versions_refuse_nothing_that_happened() -> None:
    newest = {
        one.programme: one for one in sorted(map(programme, FILES), key=lambda one: one.version)
    }
    del newest["mcsp-template"]  # it shows every setting there is
    for one in newest.values():
        refused = [rule for rule in ConductRule if one.conduct.judge(rule) is Judgement.REFUSE]
        assert refused == [], one.programme


# ── Rwanda, seed 002 ────────────────────────────────────────────────────────────────────────────


def test_each_tier_of_rwanda_has_its_ratio() -> None:
    ratios = {
        tier: (one.ratio.team, one.ratio.load)
        for tier in ("hospital", "health-centre", "health-post")
        for one in [shipped(f"ingobyi-{tier}")]
    }
    assert ratios == {
        "hospital": ((3, 3), 1),
        "health-centre": ((1, 1), 2),
        "health-post": ((1, 1), 1),
    }
    assert shipped("ingobyi-chw").ratio.mentees == (5, 9)


def test_a_district_mentor_has_two_centres_whatever_they_mentor_in() -> None:
    assert shipped("ingobyi-health-centre").ratio.load_per is LoadPer.PERSON


def test_district_mentors_teach_the_brief_s_topics() -> None:
    mnh, _, _, neonatal = shipped("ingobyi-health-centre").frameworks
    assert [one.code for one in (*mnh.competencies, *neonatal.competencies)] == [
        "ANTENATAL-CARE",
        "INTRAPARTUM-SURVEILLANCE",
        "PRE-ECLAMPSIA",
        "HAEMORRHAGE-ATONY",
        "PLACENTA-REMOVAL",
        "POSTNATAL-CARE",
        "PREPARATION",
        "RESPECTFUL-CARE",
        "DATA-USE",
        "HELPING-BABIES-BREATHE",
        "ESSENTIAL-CARE-EVERY-BABY",
        "ESSENTIAL-CARE-SMALL-BABIES",
        "DANGER-SIGNS",
    ]


def test_two_of_three_mentors_go_on_and_the_third_is_missed() -> None:
    hospital = shipped("ingobyi-hospital")
    for rule in ("MENTOR_MISSING", "TEAM_SIZE", "ONE_OF_EACH_AREA"):
        assert hospital.conduct.judge(ConductRule(rule)) is Judgement.COUNT
    assert hospital.least_team == 1


@pytest.mark.parametrize("tier", ["hospital", "health-centre", "health-post"])
def test_who_failed_is_coached_by_a_plan(tier: str) -> None:
    one = shipped(f"ingobyi-{tier}")
    assert one.validation is not None
    assert one.validation.coaching_plan
    assert one.conduct.judge(ConductRule.COACHING_PLAN_MISSING) is Judgement.COUNT


@pytest.mark.parametrize("tier", ["hospital", "health-centre", "health-post", "chw"])
def test_a_call_of_ten_minutes_counts_where_nobody_could_travel(tier: str) -> None:
    assert shipped(f"ingobyi-{tier}").minutes.least(Mode.PHONE) == 10


def test_the_community_is_mentored_by_its_supervisors_and_watched_by_the_hospital_s() -> None:
    community = shipped("ingobyi-chw")
    assert community.matching.supervisor_may_mentor
    assert community.oversight is not None
    assert community.oversight.supervised_by == (GuestRole.SUPERVISOR,)
    assert community.conduct.judge(ConductRule.SESSION_NOT_SUPERVISED) is Judgement.COUNT
    assert community.conduct.judge(ConductRule.MENTEE_COUNT) is Judgement.RECORD


def test_the_centres_areas_are_those_of_table_2() -> None:
    centre = shipped("ingobyi-health-centre")
    assert [area.code for area in centre.areas] == ["MNH", "IMCI", "FP", "NEONATAL"]
    for area in centre.areas:
        framework = framework_of(centre, area)
        assert framework is not None
        assert len(framework.competencies) >= 2


@pytest.mark.parametrize("tier", ["hospital", "health-centre", "health-post"])
def test_a_competency_is_validated_at_85_percent_and_with_the_technique(tier: str) -> None:
    rule = shipped(f"ingobyi-{tier}").validation
    assert rule is not None
    assert (rule.threshold, rule.technique) == (85, True)


@pytest.mark.parametrize("tier", ["hospital", "health-centre"])
def test_a_facility_is_looked_at_from_four_sides_and_hears_of_the_plan(tier: str) -> None:
    ingobyi = shipped(f"ingobyi-{tier}")
    assert [side.code for side in ingobyi.facility_baseline] == [
        "HEALTH-DATA",
        "SERVICE-ORGANISATION",
        "INFRASTRUCTURE",
        "GUIDELINES",
    ]
    assert set(ingobyi.gates) == {Gate.PRE_TEST, Gate.FACILITY_BASELINE, Gate.PLAN_SENT}
    assert ingobyi.matching.by is MatchBy.FACILITY
    assert ingobyi.oversight is not None
    assert ingobyi.oversight.supervision is ingobyi.oversight.meeting is Period.QUARTER


def test_the_cascade_goes_from_hospital_to_centre_to_post_and_community() -> None:
    leads = {
        (tier, step.programme)
        for tier in ("hospital", "health-centre", "health-post", "chw")
        for step in shipped(f"ingobyi-{tier}").cascade
    }
    assert leads == {
        ("hospital", "ingobyi-health-centre"),
        ("health-centre", "ingobyi-health-post"),
        ("health-centre", "ingobyi-chw"),
    }


def test_a_district_mentor_comes_of_high_performance_in_everything() -> None:
    for step in shipped("ingobyi-hospital").cascade:
        assert (step.validated, step.least_percent) == ("all", 90)


def test_the_community_meets_once_a_quarter_in_three_areas() -> None:
    community = shipped("ingobyi-chw")
    assert [area.code for area in community.areas] == ["CBMNH", "CBP-FP", "ICCM"]
    assert community.rhythm is not None
    assert (community.rhythm.sessions, community.rhythm.per) == (1, Period.QUARTER)
    assert community.validation is None


# ── MANI, seed 003 ──────────────────────────────────────────────────────────────────────────────


def test_mani_opens_and_closes_together_and_combines_both_in_between() -> None:
    mani = shipped("mani-coaching")
    assert [(phase.code, phase.formats) for phase in mani.phases] == [
        ("OPEN", (SessionFormat.GROUP,)),
        ("COACH", (SessionFormat.INDIVIDUAL, SessionFormat.GROUP)),
        ("CLOSE", (SessionFormat.GROUP,)),
    ]
    assert Gate.DEVELOPMENT_PLAN in mani.gates
    assert mani.development_plan is not None
    assert (mani.development_plan.strengths, mani.development_plan.before_session) == (10, 2)


def test_mani_lets_who_missed_a_workshop_make_up_for_it_alone() -> None:
    mani = shipped("mani-coaching")
    assert mani.conduct.judge(ConductRule.FORMAT_NOT_IN_PHASE) is Judgement.COUNT


def test_mani_scores_four_indicators_by_a_formula_that_is_named() -> None:
    mani = shipped("mani-coaching")
    assert len(mani.indicators) == 4
    assert {one.formula for one in mani.indicators} == {Formula.CHANGE_OF_MEANS}
    assert mani.end is not None
    assert mani.end.indicators
    assert (mani.certificate, mani.frameworks, mani.cascade) == (None, (), ())


# ── South Africa, seed 004 ──────────────────────────────────────────────────────────────────────


def test_south_africa_turns_from_the_mentor_s_initiative_to_the_mentee_s() -> None:
    south_africa = shipped("south-africa-targeted")
    assert [
        (phase.code, phase.initiative, phase.support_requests) for phase in south_africa.phases
    ] == [("PROACTIVE", Initiative.MENTOR, True), ("REACTIVE", Initiative.MENTEE, True)]
    assert south_africa.support is not None
    assert south_africa.relationship is not None


def test_south_africa_says_for_whom_each_strand_is() -> None:
    clinical, data, pharmacy = shipped("south-africa-targeted").areas
    assert clinical.is_for("Professional nurse")
    assert data.is_for("data capturer")
    assert pharmacy.is_for("Pharmacist")
    assert not clinical.is_for("Data capturer")


def test_south_africa_assesses_three_strands_and_validates_nobody() -> None:
    south_africa = shipped("south-africa-targeted")
    assert [area.code for area in south_africa.areas] == ["CLINICAL", "DATA", "PHARMACY"]
    assert all(area.framework for area in south_africa.areas)
    assert south_africa.validation is None


# ── MCSP, seed 001 ──────────────────────────────────────────────────────────────────────────────


def test_the_template_shows_every_setting_there_is() -> None:
    template = shipped("mcsp-template")
    left_out = [
        name for name in Definition.__struct_fields__ if getattr(template, name) in (None, ())
    ]
    assert left_out == []
    assert set(template.gates) == set(Gate)


# ── Published ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", [*FILES, SIXTH], ids=lambda file: file.stem)
async def test_every_file_is_published_with_its_frameworks(file: Path) -> None:
    house = await House.built()
    wishes = publish_wishes(file.read_text(encoding="utf-8"), programme(file))
    for wish in wishes:
        answer = await house.send(wish.name, **wish.command)
        assert answer.positions
    assert len(wishes) == len(programme(file).frameworks) + 1
