"""After a merge, forms that name the other record reach the party of the mentorship."""

from typing import Any
from uuid import UUID

import pytest

from shared.contracts.definition.visits import Support
from shared.domain import new_id
from shared.domain.errors import MshauriError
from tests.support.paired import AREA, Paired, days_ago, paired, rules


@pytest.fixture
async def pair() -> Paired:
    return await paired(rules(support=Support(acknowledge_hours=24, answer_hours=72)))


async def merged(pair: Paired, into: UUID) -> UUID:
    """Return another record of a person, that was merged into theirs."""
    alias = await another(pair)
    await merge(pair, alias, into)
    return alias


async def another(pair: Paired, **more: Any) -> UUID:
    return (
        await pair.send(
            "healthWorkerRegister",
            givenNames="Given",
            familyName="Family",
            cadre="NURSE",
            orgUnitId=pair.facility,
            occurredOn=days_ago(40),
            **more,
        )
    ).id


async def merge(pair: Paired, alias: UUID, into: UUID) -> None:
    await pair.send(
        "healthWorkerMerge", healthWorkerId=alias, intoId=into, reason="They are one person."
    )


def told(pair: Paired, *present: UUID, **more: Any) -> dict[str, Any]:
    return {"mode": "IN_PERSON", "minutes": 120, "present": present, **more}


async def log(pair: Paired, *present: UUID, **more: Any) -> UUID:
    held = {"mentorshipId": pair.mentorship, "occurredOn": days_ago(5), "id": new_id()}
    return (await pair.send("sessionLog", **held, **told(pair, *present, **more))).id


async def told_of(pair: Paired, session: UUID) -> Any:
    """Return what was said of a session last."""
    return (await pair.house.events(session))[-1]


async def test_a_session_that_names_the_other_record_is_the_partys(pair: Paired) -> None:
    mentor, mentee = pair.mentors[0], pair.mentees[0]
    alias, mentor_alias = await merged(pair, mentee), await merged(pair, mentor)
    partly = [{"healthWorkerId": str(alias), "minutes": 30}]
    session = await log(pair, mentor_alias, alias, partly=partly)
    held = await told_of(pair, session)
    assert (held.mentors, held.mentees) == ((mentor,), (mentee,))
    assert held.partly[0].health_worker_id == mentee
    anew = told(pair, mentor, alias, pair.mentees[1])
    this = {"sessionId": session, "heldOn": days_ago(5), "reason": "One more was there."}
    await pair.send("sessionCorrect", **this, **anew)
    corrected = await told_of(pair, session)
    assert set(corrected.mentees) == {mentee, pair.mentees[1]}


async def test_whoever_is_a_party_under_the_record_that_was_merged_is_found_by_the_other(
    pair: Paired,
) -> None:
    survivor = await another(pair)
    await merge(pair, pair.mentees[0], survivor)
    session = await log(pair, pair.mentors[0], survivor)
    held = await told_of(pair, session)
    assert held.mentees == (pair.mentees[0],)


async def test_one_person_named_by_two_records_is_named_twice(pair: Paired) -> None:
    alias = await merged(pair, pair.mentees[0])
    with pytest.raises(MshauriError) as refused:
        await log(pair, pair.mentors[0], pair.mentees[0], alias)
    assert (refused.value.code, refused.value.field) == ("ATTENDEE_TWICE", "present")


async def test_who_is_no_party_by_any_record_is_called_by_the_number_that_stands(
    pair: Paired,
) -> None:
    survivor = await another(pair, number="N-77")
    alias = await merged(pair, survivor)
    with pytest.raises(MshauriError) as refused:
        await log(pair, pair.mentors[0], pair.mentees[0], alias)
    assert (refused.value.code, refused.value.field) == ("ATTENDEE_NOT_A_PARTY", "present")
    assert "N-77" in str(refused.value)
    assert str(alias) not in str(refused.value)


async def test_after_the_merge_is_reversed_the_other_record_is_somebody_else(
    pair: Paired,
) -> None:
    alias = await merged(pair, pair.mentees[0])
    await pair.send("healthWorkerUnmerge", healthWorkerId=alias, reason="They are two people.")
    with pytest.raises(MshauriError) as refused:
        await log(pair, pair.mentors[0], alias)
    assert refused.value.code == "ATTENDEE_NOT_A_PARTY"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("supportRequestRaise", {"topic": "Oxytocin", "question": "How is it kept?"}),
        ("exchangePost", {"exchangeKind": "OFFER", "text": "I can show how a partograph is kept."}),
    ],
)
async def test_other_forms_reach_the_party_too(
    pair: Paired, name: str, content: dict[str, Any]
) -> None:
    alias = await merged(pair, pair.mentees[0])
    answer = await pair.send(name, mentorshipId=pair.mentorship, healthWorkerId=alias, **content)
    first: Any = (await pair.house.events(answer.id))[0]
    assert first.health_worker_id == pair.mentees[0]


async def test_a_journal_is_ones_own_by_whichever_record(pair: Paired) -> None:
    alias = await another(pair)
    await pair.send(
        "accessGrantGive",
        subjectName="under-the-other-name",
        role="MENTEE",
        orgUnitId=pair.facility,
        healthWorkerId=alias,
    )
    await merge(pair, alias, pair.mentees[0])
    entry = {"mentorshipId": pair.mentorship, "healthWorkerId": alias, "text": "A long day."}
    answer = await pair.send("journalWrite", **entry, as_="under-the-other-name")
    written: Any = (await pair.house.events(answer.id))[0]
    assert written.health_worker_id == pair.mentees[0]
    with pytest.raises(MshauriError) as refused:
        await pair.send("journalWrite", **entry, as_="person-3")
    assert refused.value.code == "ACCESS_DENIED"


async def test_the_registry_refuses_the_other_record_by_the_number_that_stands(
    pair: Paired,
) -> None:
    alias = await merged(pair, await another(pair, number="N-78"))
    with pytest.raises(MshauriError) as refused:
        await pair.send(
            "mentorNominate", healthWorkerId=alias, programmeVersionId=pair.version, area=AREA
        )
    assert refused.value.code == "MERGED_INTO"
    assert "Name N-78" in str(refused.value.remedy)


async def test_a_letter_signed_under_the_other_record_is_the_partys(pair: Paired) -> None:
    alias = await another(pair)
    await merge(pair, alias, pair.mentees[0])
    with pytest.raises(MshauriError) as refused:
        await pair.send("mentorshipSign", mentorshipId=pair.mentorship, healthWorkerId=alias)
    assert refused.value.code == "ALREADY_SIGNED", "it is the mentee's, who has signed"
    stranger = await merged(pair, await another(pair, number="N-80"))
    with pytest.raises(MshauriError) as refused:
        await pair.send("mentorshipSign", mentorshipId=pair.mentorship, healthWorkerId=stranger)
    assert refused.value.code == "NOT_A_PARTY"
    assert "N-80" in str(refused.value)
