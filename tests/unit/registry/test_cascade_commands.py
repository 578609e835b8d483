"""The cascade: whoever is validated above is put forward below, and stands back if that is lost."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.registry.aggregates.mentor import cascade_mentor_id
from shared.contracts.definition import Area, ChecklistItem, Competency, Framework, Validation
from shared.contracts.definition.assessment import CascadeStep
from shared.contracts.envelope import decode_meta
from shared.contracts.registry.mentor import MentorNominated, MentorSuspended, NominatedBy
from shared.domain import new_id
from tests.support.mentoring import Country, rules

BLEEDING = Competency(
    code="PPH",
    name="Postpartum haemorrhage",
    checklist=(ChecklistItem(code="oxytocin", text="Gives oxytocin in time", points=20),),
)
UPPER = rules(
    programme="upper",
    areas=(
        Area(
            code="OBS",
            name="Obstetrics",
            technical_area="OBS",
            framework="obs",
            framework_version=1,
        ),
    ),
    frameworks=(Framework(code="obs", version=1, name="Obstetrics", competencies=(BLEEDING,)),),
    validation=Validation(threshold=85, technique=True),
    cascade=(CascadeStep(programme="lower", area="HR"),),
)
LOWER = rules(programme="lower")


@dataclass(slots=True)
class Tiers:
    """Two tiers, and a mentee of the upper one with a mentor."""

    country: Country
    herself: UUID
    himself: UUID
    enrolment: UUID

    @property
    def right(self) -> dict[str, object]:
        return {"enrolmentId": self.enrolment, "programme": "lower", "area": "HR"}

    @property
    def mentor(self) -> UUID:
        return cascade_mentor_id("lower", "HR", self.himself)

    async def validate(self, on: int = 1) -> None:
        await self.country.send(
            "competencyAssess",
            enrolmentId=self.enrolment,
            competency="PPH",
            assessorId=self.herself,
            items=[{"item": "oxytocin", "points": 20}],
            technique=True,
            on=on,
        )

    async def revoke(self, on: int = 2) -> None:
        await self.country.send(
            "competencyRevoke",
            enrolmentId=self.enrolment,
            competency="PPH",
            reason="The checklist was misread",
            on=on,
        )


@pytest.fixture
async def tiers() -> Tiers:
    country = await Country.under(UPPER)
    framework = UPPER.frameworks[0]
    await country.send(
        "frameworkPublish",
        code=framework.code,
        frameworkVersion=framework.version,
        name=framework.name,
        competencies=framework.competencies,
    )
    herself, himself = await country.person(), await country.person()
    enrolment = await country.enrolment(himself, area="OBS")
    mentorship = await country.propose([await country.mentor(herself, "OBS")], [enrolment])
    await country.sign(mentorship, herself, himself)
    return Tiers(country, herself, himself, enrolment)


async def test_a_validation_puts_them_forward_below_in_the_newest_version(tiers: Tiers) -> None:
    country = tiers.country
    await country.publish(LOWER)
    newest = await country.publish(replace(LOWER, version=2))
    await tiers.validate()
    (nominated,) = await country.house.events(tiers.mentor)
    assert isinstance(nominated, MentorNominated)
    assert nominated.nominated_by is NominatedBy.CASCADE
    assert nominated.earned_in == tiers.enrolment
    assert nominated.programme_version_id == newest
    await country.send("mentorCertify", mentorId=tiers.mentor)
    refused = await country.refused("mentorNominateByCascade", **tiers.right)
    assert refused == ("ALREADY_NOMINATED", "enrolmentId")


async def test_what_is_asked_for_of_itself_says_which_event_called_for_it(tiers: Tiers) -> None:
    await tiers.country.publish(LOWER)
    await tiers.validate()
    entries = [entry for _, entry in await tiers.country.house.history()]
    by_topic = {entry.topic: entry for entry in entries}
    earned = by_topic["validation.competency_record.right_to_mentor_earned"]
    nominated = by_topic["registry.mentor.nominated"]
    assert decode_meta(nominated.meta).causation_id == earned.id
    assert decode_meta(nominated.meta).correlation_id == earned.command_id
    # What somebody wished follows from their command alone.
    assert decode_meta(earned.meta).causation_id == earned.command_id


async def test_without_the_right_nobody_is_put_forward(tiers: Tiers) -> None:
    await tiers.country.publish(LOWER)
    for right in (tiers.right, tiers.right | {"enrolmentId": new_id()}):
        refused = await tiers.country.refused("mentorNominateByCascade", **right)
        assert refused == ("NO_RIGHT_TO_MENTOR", "enrolmentId")


async def test_a_tier_that_is_not_published_yet_is_caught_up_with_later(tiers: Tiers) -> None:
    await tiers.validate()
    refused = await tiers.country.refused("mentorNominateByCascade", **tiers.right)
    assert refused == ("NO_SUCH_PROGRAMME", "programme")
    await tiers.country.publish(LOWER)
    assert await tiers.country.send("mentorNominateByCascade", **tiers.right) == tiers.mentor


async def test_whoever_was_chosen_before_is_not_put_forward_twice(tiers: Tiers) -> None:
    lower = await tiers.country.publish(LOWER)
    await tiers.country.mentor(tiers.himself, version=lower)
    await tiers.validate()
    refused = await tiers.country.refused("mentorNominateByCascade", **tiers.right)
    assert refused == ("ALREADY_TAKEN", "enrolmentId")


async def test_a_revoked_validation_suspends_the_mentor_it_made(tiers: Tiers) -> None:
    country = tiers.country
    await country.publish(LOWER)
    await tiers.validate()
    await country.send("mentorCertify", mentorId=tiers.mentor)
    await tiers.revoke()
    assert isinstance((await country.house.events(tiers.mentor))[-1], MentorSuspended)
    reinstate = {"mentorId": tiers.mentor, "reason": "She is needed"}
    refused = await country.refused("mentorReinstate", on=3, **reinstate)
    assert refused == ("RIGHT_TO_MENTOR_LOST", "mentorId")
    refused = await country.refused("mentorNominateByCascade", **tiers.right)
    assert refused[0] == "NO_RIGHT_TO_MENTOR"
    await tiers.validate(on=4)
    await country.send("mentorReinstate", on=5, **reinstate)


async def test_whoever_lost_the_right_is_not_certified(tiers: Tiers) -> None:
    await tiers.country.publish(LOWER)
    await tiers.validate()
    await tiers.revoke()
    refused = await tiers.country.refused("mentorCertify", mentorId=tiers.mentor)
    assert refused == ("RIGHT_TO_MENTOR_LOST", "mentorId")


async def test_a_mentor_who_was_chosen_is_not_touched_by_a_lost_right(tiers: Tiers) -> None:
    lower = await tiers.country.publish(LOWER)
    mentor = await tiers.country.mentor(tiers.himself, version=lower)
    await tiers.validate()
    await tiers.revoke()
    last = (await tiers.country.house.events(mentor))[-1]
    assert not isinstance(last, MentorSuspended)


async def test_whoever_holds_the_right_by_another_enrolment_goes_on_mentoring() -> None:
    obstetrics = UPPER.areas[0]
    two = replace(UPPER, areas=(obstetrics, replace(obstetrics, code="MID", name="Midwifery")))
    country = await Country.under(two)
    await country.publish(LOWER)
    framework = two.frameworks[0]
    await country.send(
        "frameworkPublish",
        code=framework.code,
        frameworkVersion=framework.version,
        name=framework.name,
        competencies=framework.competencies,
    )
    herself, himself = await country.person(), await country.person()
    both = []
    for area in ("OBS", "MID"):
        enrolment = await country.enrolment(himself, area=area)
        await country.mentor(herself, area)
        tiers = Tiers(country, herself, himself, enrolment)
        await tiers.validate()
        both.append(tiers)
    first, second = both
    await first.revoke()
    assert ("cascade", "mentorSuspend", "RIGHT_STILL_HELD") in country.house.outcomes
    await second.revoke(on=3)
    assert ("cascade", "mentorSuspend", "ok") in country.house.outcomes
