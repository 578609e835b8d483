"""What a mentee asks in private is between the two: no role speaks, acts or reads for another."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.projections import AUDIT_EVENT, SUPPORT_REQUEST
from services.gateway.projections import MENTEE as ENROLMENT
from shared.contracts.sessions.support_request import SupportRequestRaised
from shared.domain.errors import MshauriError
from shared.privacy.payload import ERASED
from tests.support.paired import Paired, days_ago, paired
from tests.unit.sessions.test_support_request_commands import PHASED, ask

MENTOR, COLLEAGUE, MENTEE, OTHER_MENTEE = "person-0", "person-1", "person-2", "person-3"
SECRET = "I cannot sleep since the child died."


@pytest.fixture
async def pair() -> Paired:
    found = await paired(PHASED)
    await found.send(
        "accessGrantGive", subjectName="coordinator", role="COORDINATOR", orgUnitId=found.country
    )
    return found


async def confide(pair: Paired, **changes: Any) -> UUID:
    return await ask(pair, question=SECRET, private=True, **({"as_": MENTEE} | changes))


async def refused(pair: Paired, name: str, **content: Any) -> str:
    with pytest.raises(MshauriError) as error:
        await pair.send(name, **content)
    return error.value.code


def row(pair: Paired) -> dict[str, Any]:
    (found,) = pair.house.rows(SUPPORT_REQUEST)
    return found


async def test_a_mentee_asks_in_private_and_is_answered_in_private(pair: Paired) -> None:
    request = await confide(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0], "as_": MENTOR}
    await pair.send("supportRequestAcknowledge", **said)
    await pair.send("supportRequestAnswer", **said, answer="Come to me after the shift.")
    mine = said | {"healthWorkerId": pair.mentees[0], "as_": MENTEE}
    await pair.send("supportRequestFollowUp", **mine, text="I will.")
    await pair.send("supportRequestFollowUp", **said, text="Good.")
    await pair.send("supportRequestClose", supportRequestId=request, as_=MENTEE)
    found = row(pair)
    assert (found["private"], found["status"]) == (True, "CLOSED")
    # Its times count like any other's, without a word of it.
    assert None not in (found["acknowledged_after"], found["answered_after"])


@pytest.mark.parametrize("who", ["operator", "coordinator", MENTOR, OTHER_MENTEE])
async def test_nobody_confides_for_a_mentee(pair: Paired, who: str) -> None:
    code = await refused_to(pair, who)
    assert code in ("IN_CONFIDENCE", "ACCESS_DENIED")
    assert code == "IN_CONFIDENCE" or who == OTHER_MENTEE


async def refused_to(pair: Paired, who: str) -> str:
    with pytest.raises(MshauriError) as error:
        await confide(pair, as_=who)
    return error.value.code


@pytest.mark.parametrize("who", ["operator", "coordinator", COLLEAGUE, OTHER_MENTEE])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("supportRequestAcknowledge", {}),
        ("supportRequestAnswer", {"answer": "She will be fine."}),
        ("supportRequestFollowUp", {"text": "She will be fine."}),
    ],
)
async def test_nobody_speaks_for_the_mentor(
    pair: Paired, who: str, name: str, words: dict[str, str]
) -> None:
    request = await confide(pair)
    content = {"supportRequestId": request, "healthWorkerId": pair.mentors[0], **words}
    assert await refused(pair, name, as_=who, **content) in ("IN_CONFIDENCE", "ACCESS_DENIED")


async def test_another_mentor_of_the_mentorship_may_answer_in_their_own_name(pair: Paired) -> None:
    request = await confide(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[1]}
    await pair.send("supportRequestAnswer", **said, answer="I am here too.", as_=COLLEAGUE)
    assert row(pair)["status"] == "ANSWERED"


async def test_another_mentee_has_no_word_in_it(pair: Paired) -> None:
    request = await confide(pair)
    mine = {"supportRequestId": request, "healthWorkerId": pair.mentees[1], "as_": OTHER_MENTEE}
    assert await refused(pair, "supportRequestFollowUp", **mine, text="Me too.") == "IN_CONFIDENCE"
    close = {"supportRequestId": request, "reason": "It is over.", "as_": OTHER_MENTEE}
    assert await refused(pair, "supportRequestClose", **close) == "IN_CONFIDENCE"


@pytest.mark.parametrize("who", ["operator", "coordinator", MENTOR, OTHER_MENTEE])
async def test_to_pass_it_on_is_the_mentees_own_act(pair: Paired, who: str) -> None:
    request = await confide(pair)
    up = {"supportRequestId": request, "toOrgUnitId": pair.district, "reason": "It is too much."}
    code = await refused(pair, "supportRequestEscalate", as_=who, **up)
    assert code in ("IN_CONFIDENCE", "ACCESS_DENIED")
    await pair.send("supportRequestEscalate", as_=MENTEE, **up)
    assert (row(pair)["private"], row(pair)["status"]) == (False, "ESCALATED"), "and opens it"
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAnswer", **said, answer="A counsellor comes.", as_="coordinator")


@pytest.mark.parametrize("name", ["supportRequestClose", "supportRequestEscalate"])
async def test_a_mentee_who_left_since_ends_or_passes_on_what_only_she_may(
    pair: Paired, name: str
) -> None:
    request = await confide(pair)
    (hers,) = pair.house.rows(ENROLMENT, health_worker_id=pair.mentees[0])
    left = {"mentorshipId": pair.mentorship, "enrolmentId": hers["id"], "reason": "She moved."}
    await pair.send("mentorshipRemoveMentee", **left, occurredOn=days_ago(2))
    content: dict[str, Any] = {"supportRequestId": request, "reason": "Nobody here can answer it."}
    if name == "supportRequestEscalate":
        content["toOrgUnitId"] = pair.district
    for who in ("coordinator", OTHER_MENTEE):
        code = await refused(pair, name, as_=who, **content)
        assert code in ("IN_CONFIDENCE", "ACCESS_DENIED")
    await pair.send(name, as_=MENTEE, **content)
    assert row(pair)["status"] in ("CLOSED", "ESCALATED")


async def test_a_mentee_passes_on_their_own_request_and_nobody_elses(pair: Paired) -> None:
    request = await ask(pair)
    up = {"supportRequestId": request, "toOrgUnitId": pair.district, "reason": "Nobody answers."}
    assert await refused(pair, "supportRequestEscalate", as_=OTHER_MENTEE, **up) == "ACCESS_DENIED"
    await pair.send("supportRequestEscalate", as_=MENTEE, **up)
    assert row(pair)["status"] == "ESCALATED"


async def test_what_is_not_said_to_be_private_goes_on_as_before(pair: Paired) -> None:
    request = await ask(pair)
    said = {"supportRequestId": request, "healthWorkerId": pair.mentors[0]}
    await pair.send("supportRequestAnswer", **said, answer="In a cool box.", as_="coordinator")
    assert (row(pair)["private"], row(pair)["status"]) == (False, "ANSWERED")


async def test_the_trail_does_not_tell_why_something_private_was_done(pair: Paired) -> None:
    request = await confide(pair, reason="She told me to.")
    over = {"supportRequestId": request, "reason": "We settled it between us."}
    await pair.send("supportRequestClose", as_=MENTEE, **over)
    trail = [each for each in pair.house.rows(AUDIT_EVENT) if each["stream"] == request]
    assert trail
    assert {each["reason"] for each in trail} == {None}


async def test_the_question_is_sealed_with_the_mentees_key(pair: Paired) -> None:
    request = await confide(pair)
    raised, *_ = await pair.house.events(request)
    assert isinstance(raised, SupportRequestRaised)
    assert (raised.about, raised.question) == (ERASED, ERASED)
