"""Stories of what is said anew, voided and reinstated, for what commands could have said; see
`far_stories`.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from services.gateway.projections import MENTORSHIP
from shared.contracts.definition.people import Disengagement
from shared.contracts.definition.visits import RelationshipItem, RelationshipScale
from shared.contracts.registry.mentorship import MentorshipProposed
from shared.domain.errors import MshauriError
from tests.support.house import House
from tests.support.paired import days_ago, paired, rules

WHY = "The form was read wrongly."


async def taken_back() -> House:
    """Tell of what tells one thing of a day, each said anew, voided and reinstated; of letters and
    certifications, and of a mentee who withdraws.
    """
    scale = RelationshipScale(items=(RelationshipItem(code="trust", text="I can ask."),))
    told = Disengagement(notify=("FOCAL",), within_days=7)
    pair = await paired(rules(relationship=scale, disengagement=told))
    send, mentorship = pair.send, {"mentorshipId": pair.mentorship}
    hers = {**mentorship, "healthWorkerId": pair.mentees[0]}
    first, *_ = await pair.house.events(pair.mentorship)
    assert isinstance(first, MentorshipProposed)

    async def say(tell: str, record: str, said: dict[str, Any], **where: Any) -> dict[str, Any]:
        on = {"occurredOn": days_ago(10), "as_": where.pop("as_", "operator")}
        return {record: (await send(tell, **where, **said, **on)).id, "reason": WHY, **on}

    async def take_back(
        this: dict[str, Any], correct: str | None, void: str, reinstate: str, **said: Any
    ) -> None:
        if correct:
            await send(correct, **this, **said)
        await send(void, **this)
        await send(reinstate, **this)

    rated: dict[str, Any] = {"ratings": [{"item": "trust", "rating": 3}], "comment": "She listens."}
    this = await say("relationshipEvaluate", "relationshipEvaluationId", rated, **hers)
    name = "relationshipEvaluation"
    names = (f"{name}Correct", f"{name}Void", f"{name}Reinstate")
    await take_back(this, *names, **rated, evaluatedOn=days_ago(11))
    story: dict[str, Any] = {"title": "A warm corner", "story": "The maternity has one."}
    this = await say("outcomeStoryTell", "outcomeStoryId", story, **mentorship)
    names = ("outcomeStoryCorrect", "outcomeStoryVoid", "outcomeStoryReinstate")
    await take_back(this, *names, **story, toldOn=days_ago(11))
    wrote: dict[str, Any] = {"text": "Today I managed it alone."}
    this = await say("journalWrite", "journalEntryId", wrote, **hers, as_="person-2")
    names = ("journalCorrect", "journalVoid", "journalReinstate")
    await take_back(this, *names, **wrote, writtenOn=days_ago(11))
    offer: dict[str, Any] = {"exchangeKind": "OFFER", "text": "A lift to the district."}
    this = await say("exchangePost", "exchangeId", offer, **hers)
    await take_back(this, None, "exchangeWithdraw", "exchangeReinstate")
    at = {"programmeVersionId": pair.version, "orgUnitId": pair.facility}
    came: dict[str, Any] = {"supervisors": ["Medical officer"], "joint": True}
    this = await say("supervisionVisitLog", "supervisionVisitId", came, **at)
    names = ("supervisionVisitCorrect", "supervisionVisitVoid", "supervisionVisitReinstate")
    await take_back(this, *names, **came, heldOn=days_ago(11))
    met: dict[str, Any] = {"participants": 12}
    this = await say("coordinationMeetingLog", "coordinationMeetingId", met, **at)
    name = "coordinationMeeting"
    names = (f"{name}Correct", f"{name}Void", f"{name}Reinstate")
    await take_back(this, *names, **met, heldOn=days_ago(11))

    why = {"reason": WHY}
    await send("mentorshipCorrectSignature", **hers, **why, signedOn=days_ago(29))
    await send("mentorshipVoidSignature", **hers, **why)
    mentor = {"mentorId": pair.mentor_ids[0], **why}
    await send("mentorCorrectCertification", **mentor, certifiedOn=days_ago(39))
    await send("mentorVoidCertification", **mentor)
    mentee = {"enrolmentId": first.mentees[0].enrolment_id}
    await send("menteeWithdraw", **mentee, **why)
    with suppress(MshauriError):  # the policy was faster
        wish = {**mentorship, **mentee, "role": "FOCAL", "due": days_ago(0)}
        await send("noticeRaiseOfMentee", **wish)
    return pair.house


async def said_anew() -> House:
    """Tell of a mentee's needs, goals and self-assessment, of a reform, and of a group."""
    pair = await paired(rules())
    send, why = pair.send, {"reason": WHY}
    first, *_ = await pair.house.events(pair.mentorship)
    assert isinstance(first, MentorshipProposed)
    mentee: dict[str, Any] = {"enrolmentId": first.mentees[0].enrolment_id}
    await send("menteeChangeNeeds", **mentee, **why, needs=["CPAP"], occurredOn=days_ago(20))
    line = [{"since": str(days_ago(40)), "needs": ["CPAP", "BIRTH"]}]
    await send("menteeCorrectNeeds", **mentee, **why, needs=line)
    goal = {**mentee, "goal": "SAFE"}
    text = {"text": "To resuscitate alone.", "due": days_ago(0)}
    await send("menteeSetGoal", **goal, **text, occurredOn=days_ago(20))
    await send("menteeEvaluateGoal", **goal, howFar="PARTLY", comment="Half of it.")
    await send("menteeCorrectGoal", **goal, **why, **text, reachedOn=days_ago(5))
    await send("menteeVoidGoal", **goal, **why)
    await send("menteeReinstateGoal", **goal, **why)
    rated: dict[str, Any] = {"ratings": [{"skill": "CPAP", "level": 3}]}
    await send("menteeSelfAssess", **mentee, **rated, occurredOn=days_ago(20))
    days = {"insteadOf": days_ago(20), "assessedOn": days_ago(21)}
    await send("menteeCorrectSelfAssessment", **mentee, **why, **rated, **days)
    await send("menteeVoidSelfAssessment", **mentee, **why, assessedOn=days_ago(21))
    await _reformed(pair.house, pair.elsewhere, pair.country)
    made = {"code": "CL", "name": "Cluster", "groupKind": "CLUSTER", "occurredOn": days_ago(30)}
    member = {"groupId": (await send("groupEstablish", **made)).id, "orgUnitId": pair.district}
    await send("groupMemberAdd", **member, occurredOn=days_ago(20))
    stays = [{"since": str(days_ago(25)), "until": str(days_ago(15))}]
    await send("groupMemberCorrect", **member, **why, stays=stays)
    held = [{"since": str(days_ago(20)), "facility": {"type": "Clinic", "beds": 3}}]
    await send("orgUnitCorrectFacility", orgUnitId=pair.facility, **why, facilities=held)
    codes = [{"since": str(days_ago(20)), "code": "4711"}]
    await send("orgUnitCorrectCodes", orgUnitId=pair.facility, **why, system="MFL", codes=codes)
    await send("mentorshipMove", mentorshipId=pair.mentorship, orgUnitId=pair.elsewhere)
    (care,) = pair.house.rows(MENTORSHIP, id=pair.mentorship)
    await send("cohortMove", cohortId=care["cohort_id"], orgUnitId=pair.elsewhere)
    return pair.house


async def _reformed(house: House, unit: UUID, country: UUID) -> None:
    """Say anew where a unit stood, and open it again after it was closed by mistake."""
    province = {"code": "P1", "name": "Province", "unitKind": "PROVINCE", "parentId": str(country)}
    above = (await house.send("orgUnitEstablish", **province, occurredOn=str(days_ago(40)))).id
    places = [
        {"since": str(days_ago(40)), "parentId": str(country)},
        {"since": str(days_ago(20)), "parentId": str(above)},
    ]
    this: dict[str, Any] = {"orgUnitId": str(unit), "reason": WHY}
    await house.send("orgUnitCorrectPlaces", **this, places=places)
    await house.send("orgUnitClose", **this, occurredOn=str(days_ago(10)))
    await house.send("orgUnitReopen", **this)
