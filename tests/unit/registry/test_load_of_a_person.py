"""A load may be of a person: all the areas that they mentor in count together."""

from uuid import UUID

from shared.contracts.definition import Ratio
from shared.contracts.definition.people import LoadPer
from tests.support.mentoring import Country, rules
from tests.unit.registry.test_matching_commands import matched


async def with_load_of(per: LoadPer, load: int = 2) -> Country:
    return await Country.under(
        rules(ratio=Ratio(mentors=1, mentees=(1, 2), load=load, load_per=per))
    )


async def in_two_areas(country: Country) -> tuple[UUID, UUID]:
    """Return somebody's records as mentor of both areas."""
    person = await country.person()
    return await country.mentor(person, "HR"), await country.mentor(person, "LAW")


async def test_the_load_of_an_area_lets_one_person_carry_it_twice() -> None:
    country = await with_load_of(LoadPer.AREA)
    for mentor, area in zip(await in_two_areas(country), ("HR", "LAW"), strict=True):
        for _ in range(2):
            await country.propose([mentor], [await country.enrolment(area=area)])


async def test_the_load_of_a_person_is_all_of_their_areas_together() -> None:
    country = await with_load_of(LoadPer.PERSON)
    hr, law = await in_two_areas(country)
    await country.propose([hr], [await country.enrolment(area="HR")])
    await country.propose([law], [await country.enrolment(area="LAW")])
    content = country.pair([law], [await country.enrolment(area="LAW")])
    refused = await country.refused("mentorshipPropose", **content)
    assert refused == ("MENTOR_LOAD_REACHED", "mentorIds")


async def test_a_mentorship_in_which_they_answer_for_both_is_one() -> None:
    country = await with_load_of(LoadPer.PERSON)
    both = await in_two_areas(country)
    for _ in range(2):
        mentees = [await country.enrolment(area=area) for area in ("HR", "LAW")]
        await country.propose(list(both), mentees)


async def test_another_person_s_load_is_their_own() -> None:
    country = await with_load_of(LoadPer.PERSON, load=1)
    for mentor in (await country.mentor(), await country.mentor()):
        await country.propose([mentor], [await country.enrolment()])


async def test_nobody_is_put_into_a_place_beyond_it() -> None:
    country = await with_load_of(LoadPer.PERSON, load=1)
    hr, law = await in_two_areas(country)
    await country.propose([hr], [await country.enrolment(area="HR")])
    first = await country.mentor(area="LAW")
    mentorship = await country.propose([first], [await country.enrolment(area="LAW")])
    left = {"mentorshipId": mentorship, "mentorId": first, "reason": "She moved."}
    await country.send("mentorshipDisengage", on=1, **left)
    content = {"mentorshipId": mentorship, "mentorId": law, "replacesId": first}
    refused = await country.refused("mentorshipReassign", on=2, **content)
    assert refused == ("MENTOR_LOAD_REACHED", "mentorId")


async def test_a_matching_shares_their_places_out_among_their_areas() -> None:
    for per, proposed in ((LoadPer.AREA, 2), (LoadPer.PERSON, 1)):
        country = await with_load_of(per, load=1)
        await in_two_areas(country)
        for area in ("HR", "LAW"):
            await country.enrolment(area=area)
        assert len((await matched(country)).mentorships) == proposed
