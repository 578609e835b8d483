"""Every value that a command accepts can be decided, folded, and held by every view and read model:
each is tried alone, as far out as it may be said, in a state in which the command is recorded.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from rich.console import Console

from mshauri.demo.bungoma import Bungoma
from mshauri.demo.paper import Page
from mshauri.demo.programmes import load
from mshauri.demo.south_africa import SouthAfrica
from mshauri.demo.template import Template
from services.registry.commands import programme
from shared.contracts.base import commands
from shared.contracts.definition import Definition
from shared.domain.errors import MshauriError
from shared.programmes import file
from shared.programmes.file import Mistake
from shared.programmes.rules import broken_rules
from tests.support import far_audited, far_corrections, far_people, far_stories
from tests.support.far import FarHouse, StrangeHouse, Tried, definitions
from tests.support.house import House
from tests.unit.test_rebuild_of_everything import HousePlayer, Played


def demo(story: type[Any]) -> Callable[[], Awaitable[House]]:
    """Return what plays a demonstration."""

    async def play() -> House:
        house = await House.built()
        with pytest.raises(Played):
            await story(1).play(HousePlayer(house), Page(Console(quiet=True)))
        return house

    return play


STORIES: dict[str, tuple[Callable[[], Awaitable[House]], str]] = {
    "country": (
        far_stories.country,
        """orgUnitEstablish orgUnitRename orgUnitReparent orgUnitUpdateFacility
        orgUnitChangeFacility orgUnitChangeCode orgUnitGiveUpCode orgUnitSplit orgUnitMerge
        orgUnitClose codeListTell groupEstablish groupMemberAdd groupMemberRemove
        healthWorkerRegister healthWorkerCheckDuplicates healthWorkerDismissDuplicate
        healthWorkerMerge healthWorkerUnmerge healthWorkerSuspectDuplicate
        healthWorkerWeighRights screeningBegin screeningGoOn screeningStop""",
    ),
    "people": (
        far_people.told_of_people,
        """healthWorkerUpdateDetails healthWorkerCorrectIdentifiers healthWorkerTellLicence
        healthWorkerRenewLicence healthWorkerWithdrawLicence healthWorkerCorrectLicence
        healthWorkerBeginSecondPosting healthWorkerEndSecondPosting
        healthWorkerCorrectSecondPostings healthWorkerGoOnLeave healthWorkerReturn healthWorkerLeave
        healthWorkerCorrectEmployment healthWorkerWeighEmployment""",
    ),
    "reformed": (
        far_stories.reformed,
        """groupOfficeTake groupOfficeLeave groupOfficeCorrect reformDraft reformRedraft
        reformApprove reformCarryOut reformWithdraw""",
    ),
    "team": (
        far_stories.team,
        """programmePublish cohortOpen cohortStart mentorCertify mentorshipPropose mentorshipSign
        sessionPlan sessionReschedule sessionCancel sessionLog sessionCorrect sessionVoid
        sessionReinstate journalWrite actionAgree actionComplete actionEscalate actionResolve
        planSend outcomeStoryTell supervisionVisitLog coordinationMeetingLog accessGrantGive
        accessGrantRevoke healthWorkerChangeCadre healthWorkerTransfer menteeTransfer
        healthWorkerCorrectPostings healthWorkerCorrectCadres healthWorkerRename
        mentorshipDisengage noticeRaise noticeGive mentorshipReassign
        mentorshipConclude menteeWithdraw""",
    ),
    "following": (
        far_stories.following,
        """visitLog visitCorrect sessionSettle sessionTwinsWeigh sessionsWeigh contactLog
        contactVoid supportRequestFollowUp
        actionReschedule actionReportProgress actionReturn actionDrop planAmend
        initiativeAddMeasure initiativeNote initiativeEnd""",
    ),
    "gathering": (
        far_stories.gathering,
        """workshopLog workshopCorrect workshopVoid workshopReinstate healthWorkerWeighWorkshops
        menteeTrainingCorrect menteeTrainingVoid menteeTrainingReinstate mentorOrientationVoid""",
    ),
    "hospital": (
        far_stories.hospital,
        """frameworkPublish mentorNominate mentorOrient menteeEnrol competencyBaselineAssess
        competencyAssess competencyCoach competencyRevoke competencyLapse certificateRecommend
        certificateApprove certificateRevoke menteeMoveToVersion menteeSetGoal menteeReachGoal
        menteeComplete cohortClose""",
    ),
    "amended": (
        far_stories.amended,
        """competencyBaselineCorrect competencyAttemptCountersign competencyAttemptCorrect
        competencyAttemptVoid competencyAttemptReinstate certificateDecline certificateReissue
        indicatorCorrect indicatorVoid indicatorReinstate facilityBaselineCorrect
        facilityBaselineVoid facilityBaselineReinstate facilityBaselineCountersign
        competencyRecognise competencyRecognitionWeigh competencyAddUp certificateWeigh""",
    ),
    "pairs": (
        far_stories.pairs,
        """cohortMatch mentorshipAccept mentorshipDecline mentorSuspend mentorReinstate
        mentorNominateByCascade""",
    ),
    "breathing": (
        far_stories.breathing,
        """mentorshipAddMentee mentorshipRemoveMentee mentorshipWaive mentorshipPause
        mentorshipResume mentorshipMoveToVersion cohortExtend cohortPause cohortResume
        menteeReadmit menteeReopen""",
    ),
    "taken back": (
        far_corrections.taken_back,
        """relationshipEvaluationCorrect relationshipEvaluationVoid relationshipEvaluationReinstate
        outcomeStoryCorrect outcomeStoryVoid outcomeStoryReinstate journalCorrect journalVoid
        journalReinstate exchangeWithdraw exchangeReinstate supervisionVisitCorrect
        supervisionVisitVoid supervisionVisitReinstate coordinationMeetingCorrect
        coordinationMeetingVoid coordinationMeetingReinstate mentorshipCorrectSignature
        mentorshipVoidSignature mentorCorrectCertification mentorVoidCertification
        noticeRaiseOfMentee""",
    ),
    "said anew": (
        far_corrections.said_anew,
        """menteeChangeNeeds menteeCorrectNeeds menteeEvaluateGoal menteeCorrectGoal
        menteeVoidGoal menteeReinstateGoal menteeCorrectSelfAssessment menteeVoidSelfAssessment
        orgUnitCorrectPlaces orgUnitReopen groupMemberCorrect orgUnitCorrectFacility
        orgUnitCorrectCodes mentorshipMove cohortMove""",
    ),
    "audited": (
        far_audited.audited,
        """accessBreakGlass accessBreakGlassReview auditFindingDismiss auditFindingReopen
        healthWorkerRequestErasure
        healthWorkerDeclineErasure healthWorkerPlaceLegalHold healthWorkerLiftLegalHold
        healthWorkerErase registryDestroyKeys sessionsDestroyKeys validationDestroyKeys""",
    ),
    "meant": (far_stories.meant, "targetSet targetCorrect targetWithdraw"),
    "template": (
        demo(Template),
        """cohortApprove mentorDeclareAvailability menteeTrain menteeSelfAssess
        facilityBaselineAssess""",
    ),
    "coaching": (
        demo(Bungoma),
        """indicatorScore planAgree initiativeChoose initiativeMeasure exchangePost exchangeTakeUp
        mentorshipChangePhase""",
    ),
    "support": (
        demo(SouthAfrica),
        """relationshipEvaluate supportRequestRaise supportRequestAcknowledge supportRequestAnswer
        supportRequestEscalate supportRequestClose""",
    ),
}
NEVER_RECORDED = frozenset(
    {
        "certificateRecommend",
        "certificateWeigh",
        "competencyAddUp",
        "competencyRecognitionWeigh",
        "healthWorkerCheckDuplicates",
        "healthWorkerSuspectDuplicate",
        "healthWorkerWeighEmployment",
        "healthWorkerWeighRights",
        "healthWorkerWeighWorkshops",
        "mentorNominateByCascade",
        "noticeRaise",
        "noticeRaiseOfMentee",
        "reformCarryOut",
        "registryDestroyKeys",
        "screeningGoOn",
        "screeningStop",
        "sessionTwinsWeigh",
        "sessionsDestroyKeys",
        "sessionsWeigh",
        "validationDestroyKeys",
    }
)
"""A policy sends them as soon as they are due: sent again, they are refused."""


def test_every_command_is_tried_in_one_story() -> None:
    told = [name for _, names in STORIES.values() for name in names.split()]
    assert sorted(told) == sorted(commands)


@pytest.mark.parametrize("story", STORIES)
async def test_what_a_command_accepts_everything_can_hold(
    story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, names = STORIES[story]
    monkeypatch.setattr(FarHouse, "kinds", frozenset(names.split()))
    monkeypatch.setattr(House, "built", FarHouse.built)
    house = await tell()
    assert isinstance(house, FarHouse)
    assert house.faults == [], "\n".join(house.faults)
    assert house.tried.keys() == FarHouse.kinds
    for name, tried in house.tried.items():
        assert tried.recorded or name in NEVER_RECORDED, (name, tried.refused)
        assert "UNFIT_VALUE" not in tried.refused, (name, tried.by_field)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("story", STORIES)
async def test_what_was_said_at_its_farthest_can_be_built_upon(
    story: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    houses: list[StrangeHouse] = []

    async def built() -> House:
        houses.append(StrangeHouse())
        houses[0].random.seed(seed)
        return houses[0]

    monkeypatch.setattr(House, "built", built)
    with suppress(MshauriError, AssertionError, ValueError, IndexError):
        await STORIES[story][0]()  # it may go otherwise than it was told, and end before its end
    (house,) = houses
    assert house.faults == []
    await house.settle()
    await house.new_day()
    assert house.stayed


async def test_what_a_definition_may_say_everything_can_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(programme, "read_programme", plainly)
    house = FarHouse()
    house.tried["programmePublish"] = Tried()
    wishes = [
        (path, value, {"commandId": uuid4(), "definition": msgspec.json.encode(rules).decode()})
        for path, value, rules in definitions(full())
    ]
    await house.try_out("programmePublish", wishes)
    assert house.faults == [], "\n".join(house.faults)
    assert house.tried["programmePublish"].recorded > len(wishes) / 2


def plainly(text: str) -> Definition | list[Mistake]:
    """Read a definition that is written in JSON, in a hundredth of the time that YAML takes."""
    content = msgspec.json.decode(text)
    wrong = list(file._wrong_shapes(content, Definition, ()))
    if not wrong:
        definition = msgspec.convert(content, Definition)
        wrong = list(broken_rules(definition))
        if not wrong:
            return definition
    return [Mistake(line=1, path="", problem=what, remedy=remedy) for _, what, remedy in wrong]


def full() -> Definition:
    """Return a programme that says something about everything a programme can."""
    (template,) = load("mcsp-template")
    return template.definition
