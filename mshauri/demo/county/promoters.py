"""What the promoters' year was like: their group by waiver, its supervised visits, a re-test that
failed, and a score that was written down wrongly, with all that hung on it.
"""

from datetime import date, timedelta

from mshauri.api import global_id
from mshauri.demo.county.approving import approving, certificate_of
from mshauri.demo.county.changes import Changes
from mshauri.demo.county.diary import Diary
from mshauri.demo.county.figures import Figures
from mshauri.demo.county.group import AGREED, Group
from mshauri.demo.people import Person
from mshauri.demo.play import Player
from mshauri.demo.stage import Script, Stage, apart

VISITS = [date(2024, 8, 14), date(2024, 11, 13), date(2025, 2, 12), date(2025, 5, 14)]
ASSESSED, RETESTED, LAST = VISITS[1:]
ISSUED = date(2024, 12, 2)
LOOKED_AT = date(2025, 3, 10)
"""The day on which somebody holds the year's forms beside what was typed."""
REVOKED, PROVED_ANEW, REISSUED = date(2025, 3, 17), date(2025, 4, 9), date(2025, 4, 16)
WAIVED_BY = "The county director of health"


class Promoters:
    """The promoters' part of the year."""

    def __init__(
        self, script: Script, group: Group, player: Player, diary: Diary, changes: Changes
    ) -> None:
        self._script, self._wish, self._group = script, script.wish, group
        self._player, self._diary, self._changes = player, diary, changes
        self._figures = Figures(
            player, programme=group.rules.programme, unit=group.centre, cohort=group.cohort
        )

    async def play(self) -> bool:
        """Play it; say whether a dry run told beforehand what fell."""
        await self._player.stages(
            [
                Stage("county, promoters' cohort", [list(self._group.open())]),
                Stage("county, promoters", [list(self._group.begin())]),
            ]
        )
        await self._four_by_waiver()
        await self._validated()
        await self._failed_retest()
        await self._supervisor_forgotten()
        told = await self._corrected_score()
        await self._revoked()
        await self._issued_anew()
        await self._last_visit()
        return told

    async def _four_by_waiver(self) -> None:
        """The village has four; the director lets it be."""
        with self._script.because("The village has four promoters."):
            unwaived = self._group.propose()
            lane = [self._group.propose({"MENTEE_COUNT": WAIVED_BY}), *self._group.sign()]
        found = await self._player.tried(unwaived)
        self._diary.tried(AGREED, "A group of four, where five are asked for", found)
        async with self._changes.around(
            "A group of four, by waiver",
            self._figures,
            {
                "mentorships that count": (0, 1),
                "deviations: MENTEE_COUNT": (0, 1),
                "deviations that count": (0, 1),
            },
        ):
            await self._player.stage(Stage("county, group of four", [lane]))
        await self._diary.mentorship(AGREED, f"{WAIVED_BY} waives that", self._group.id)

    async def _validated(self) -> None:
        """Two visits, everybody assessed on everything, and four certificates."""
        meet = apart(self._group.meet(on) for on in VISITS[:2])
        assess = [
            [self._group.assess(one, code, ASSESSED) for code in ("MALARIA", "DANGER-SIGNS")]
            for one in self._group.four
        ]
        async with self._changes.around(
            "Two supervised visits",
            self._figures,
            {
                "supervised sessions": (0, 2),
                "validated on everything": (0, 4),
                "certificates recommended": (0, 4),
            },
            as_of=ISSUED,
        ):
            await self._player.stage(Stage("county, supervised visits", meet))
            await self._player.stage(Stage("county, assessments", assess))
        first = self._group.session(VISITS[0])
        await self._diary.session(VISITS[0], "The group meets, supervised by the hospital", first)
        enrolments = [self._group.enrolment(one) for one in self._group.four]
        async with self._changes.around(
            "Two offices' approvals, again", self._figures, {"certificates that hold": (0, 4)}
        ):
            await self._player.stages(
                approving(self._script, self._group.rules, enrolments, ISSUED)
            )
        found = await self._figures.asked(ISSUED)
        answer = (
            f"recorded: {found['validated on everything']} are validated on everything, "
            f"{found['certificates that hold']} certificates are issued"
        )
        self._diary.tell(ISSUED, "Both offices approve", answer)

    async def _failed_retest(self) -> None:
        """A spot check: a danger sign is missed, and the validation is suspended from that day."""
        second = self._group.four[1]
        failed = self._group.assess(second, "DANGER-SIGNS", RETESTED, missing="LOOKS")
        told = "A re-test that failed"
        async with (
            self._changes.around(
                told, self._figures, {"validated on everything": (4, 4)}, as_of=ISSUED
            ),
            self._changes.around(
                told,
                self._figures,
                {
                    "validated on everything": (4, 3),
                    "certificates that hold": (4, 3),
                    "certificates in doubt": (0, 1),
                },
                as_of=RETESTED,
            ),
        ):
            await self._player.stage(Stage("county, failed re-test", [[failed]]))
        number = await self._number(second)
        await self._diary.certificate(RETESTED, "A re-test on danger signs fails", number)
        coach = self._group.coach(second, "DANGER-SIGNS", RETESTED)
        await self._player.stage(Stage("county, coaching", [[coach]]))

    async def _supervisor_forgotten(self) -> None:
        """The third visit's form says nothing of the supervisor, whose own book does."""
        meet = self._group.meet(RETESTED, supervised=False)
        await self._player.stage(Stage("county, third visit", [[meet]]))
        with self._script.because("The supervisor's book has the visit."):
            corrected = self._wish(
                "sessionCorrect",
                RETESTED + timedelta(days=5),
                sessionId=self._group.session(RETESTED),
                heldOn=RETESTED,
                **self._group.held(),
            )
        async with self._changes.around(
            "A supervisor the form forgot",
            self._figures,
            {"sessions held": (3, 3), "supervised sessions": (2, 3)},
        ):
            await self._player.stage(Stage("county, supervisor added", [[corrected]]))
        third = self._group.session(RETESTED)
        await self._diary.session(RETESTED, "A visit whose form forgot its supervisor", third)

    async def _corrected_score(self) -> bool:
        """What was typed is not what the form says: a validation never held. Told beforehand."""
        third = self._group.four[2]
        with self._script.because("The form says 3 of 5: the test was read too early."):
            correct = self._wish(
                "competencyAttemptCorrect",
                LOOKED_AT,
                enrolmentId=self._group.enrolment(third),
                competency="MALARIA",
                attempt=1,
                assessedOn=ASSESSED,
                assessorId=self._group.mentor.id,
                items=self._group.items("MALARIA", missing="TESTS"),
                technique=True,
            )
        before = await self._figures.asked(ISSUED)
        found = await self._player.tried(correct)
        nothing_fell = await self._figures.asked(ISSUED) == before
        self._diary.tried(LOOKED_AT, "A score was typed as 5 where the form says 3", found)
        async with self._changes.around(
            "The corrected score",
            self._figures,
            {
                "validated on everything": (4, 3),
                "certificates that hold": (3, 2),
                "certificates in doubt": (1, 2),
            },
            as_of=ISSUED,
        ):
            await self._player.stage(Stage("county, corrected score", [[correct]]))
        await self._diary.certificate(LOOKED_AT, "It is corrected", await self._number(third))
        falls = {"VALIDATION_FALLS", "CERTIFICATE_FALLS_IN_DOUBT"}
        return nothing_fell and {one["code"] for one in found} == falls

    async def _revoked(self) -> None:
        """Who may decide, decides: the certificate falls."""
        third = self._group.four[2]
        with self._script.because("It rests on a score that was written down wrongly."):
            certificate = certificate_of(self._group.enrolment(third))
            revoke = self._wish("certificateRevoke", REVOKED, certificateId=certificate)
        async with self._changes.around(
            "The certificate that fell",
            self._figures,
            {"certificates in doubt": (2, 1), "certificates revoked": (0, 1)},
        ):
            await self._player.stage(Stage("county, revoked", [[revoke]], as_="operator"))
        await self._diary.certificate(REVOKED, "It is decided on", await self._number(third))

    async def _issued_anew(self) -> None:
        """The promoter is coached and proves it; the certificate has a new number."""
        third = self._group.four[2]
        old = await self._number(third)
        prove = [
            self._group.coach(third, "MALARIA", REVOKED),
            self._group.assess(third, "MALARIA", PROVED_ANEW),
        ]
        with self._script.because("Malaria was proved anew on 9 April."):
            certificate = certificate_of(self._group.enrolment(third))
            reissue = self._wish("certificateReissue", REISSUED, certificateId=certificate)
        async with self._changes.around(
            "Proved anew, issued anew",
            self._figures,
            {
                "validated on everything": (2, 3),
                "certificates that hold": (2, 3),
                "certificates revoked": (1, 0),
            },
            as_of=REISSUED,
        ):
            await self._player.stage(Stage("county, proved anew", [prove]))
            await self._player.stage(Stage("county, issued anew", [[reissue]], as_="operator"))
        new = await self._number(third)
        await self._diary.certificate(REISSUED, "Proved anew, it is issued anew", new)
        await self._diary.certificate(REISSUED, "Somebody shows the old one", old)

    async def _last_visit(self) -> None:
        """The fourth visit: the re-test is passed, nothing is in doubt, and all four are done."""
        second = self._group.four[1]
        passed = self._group.assess(second, "DANGER-SIGNS", LAST)
        async with self._changes.around(
            "Last visit, re-test passed",
            self._figures,
            {
                "supervised sessions": (3, 4),
                "validated on everything": (3, 4),
                "certificates that hold": (3, 4),
                "certificates in doubt": (1, 0),
                "completed": (0, 4),
            },
            as_of=LAST,
        ):
            await self._player.stage(Stage("county, re-test passed", [[passed]]))
            await self._player.stage(Stage("county, last visit", [[self._group.meet(LAST)]]))
        number = await self._number(second)
        await self._diary.certificate(LAST, "The re-test is passed", number)

    async def _number(self, person: Person) -> str:
        """Return the number that somebody's certificate has now."""
        mentee = global_id("Mentee", self._group.enrolment(person))
        nodes = (await self._player.ask(_NUMBER, mentee=mentee))["certificates"]["nodes"]
        number: str = nodes[0]["number"]
        return number


_NUMBER = """
query Number($mentee: ID!, $after: [Position!]) {
  certificates(first: 1, filter: {menteeId: $mentee}, afterPositions: $after) {
    nodes { number }
  }
}
"""
