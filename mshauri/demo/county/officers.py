"""What the officers' year was like: what departs from version 3 is recorded with its deviation and
counts for nothing, and whoever pauses is not overdue.

Things are told in the order in which a county hears of them: a transfer when the letter comes, a
leave when somebody asks why nothing is heard, a strike when it has lasted for weeks.
"""

from datetime import date, timedelta
from uuid import UUID

from mshauri.api import global_id
from mshauri.demo.county.approving import approving
from mshauri.demo.county.changes import Changes
from mshauri.demo.county.diary import Diary
from mshauri.demo.county.figures import Figures
from mshauri.demo.county.pairs import ENDS, Pairs
from mshauri.demo.play import Player
from mshauri.demo.stage import Script, Stage, apart

TUESDAYS = [date(2024, 8, 27) + timedelta(weeks=number) for number in range(5)]
"""Before the strike, one session a week."""
AFTER = [date(2024, 12, 3), date(2024, 12, 10), date(2024, 12, 17), date(2025, 1, 7)]
"""And after it."""
LEAVE = date(2024, 9, 12), date(2024, 10, 3)
STRIKE = date(2024, 10, 1), date(2024, 11, 26)
POSTED = date(2024, 9, 23)
EXTENDED = date(2025, 1, 31)
SHORT = 45
"""Minutes of a session that asks for ninety."""


class Officers:
    """The officers' part of the year."""

    def __init__(
        self, script: Script, pairs: Pairs, player: Player, diary: Diary, changes: Changes
    ) -> None:
        self._script, self._wish, self._pairs = script, script.wish, pairs
        self._player, self._diary, self._changes = player, diary, changes
        self._figures = Figures(
            player,
            programme="kenya-hrh",
            unit=pairs.unit,
            cohort=pairs.cohort,
            people=[person for pair in pairs.all for person in pair.people],
        )

    async def play(self, hospital: UUID) -> None:
        """Play it from the letters to the certificates; one officer is posted to the hospital."""
        pairs = self._pairs
        await self._player.stages(
            [
                Stage("county, officers' cohort", [list(pairs.open())]),
                Stage("county, officers", [list(pairs.begin(one)) for one in pairs.all]),
                Stage("county, letters", [list(pairs.agree(one)) for one in pairs.all]),
                Stage(
                    "county, two weeks",
                    apart(*(pairs.meet(one, TUESDAYS[:2]) for one in pairs.all)),
                ),
            ]
        )
        await self._short_session()
        await self._rotation(hospital)
        await self._leave()
        await self._strike()
        await self._to_the_end()

    async def _short_session(self) -> None:
        """The third week: one officer is called away after three quarters of an hour."""
        first, second, third = self._pairs.all
        on = TUESDAYS[2]
        meet = apart(*(self._pairs.meet(one, [on]) for one in (first, second)))
        await self._player.stage(Stage("county, third week", meet))
        with self._script.because("Called to the county assembly after three quarters of an hour."):
            short = self._pairs.meet(third, [on], SHORT)
        async with self._changes.around(
            "A session of 45 minutes",
            self._figures,
            {
                "sessions held": (8, 9),
                "sessions that count": (8, 8),
                "CPD points": ("32", "32"),
                "deviations: SESSION_TOO_SHORT": (0, 1),
            },
        ):
            await self._player.stage(Stage("county, short session", [short]))
        session = self._pairs.session(third, on)
        await self._diary.session(on, "An officer is called away after 45 minutes", session)

    async def _rotation(self, hospital: UUID) -> None:
        """The middle: an officer works at the hospital since Monday; the letter comes later."""
        _, second, third = self._pairs.all
        before, on = TUESDAYS[3:]
        meet = apart(
            self._pairs.meet(second, [before]),
            self._pairs.meet(second, [on], at=hospital),
            self._pairs.meet(third, [before, on]),
        )
        await self._player.stage(Stage("county, weeks four and five", meet))
        moved = self._pairs.session(second, on)
        await self._diary.session(on, "A session at the hospital, as it is logged", moved)
        posted = [
            self._wish(
                "healthWorkerTransfer",
                POSTED,
                healthWorkerId=second.officer.id,
                orgUnitId=hospital,
            ),
            self._wish("menteeTransfer", POSTED, enrolmentId=second.enrolment),
        ]
        with self._script.because("She works at the hospital since 23 September."):
            corrected = self._wish(
                "sessionCorrect",
                POSTED + timedelta(weeks=2),
                sessionId=moved,
                heldOn=on,
                **self._pairs.held(second, at=hospital),
            )
        async with self._changes.around(
            "The rotation, two weeks late",
            self._figures,
            {
                "sessions held": (13, 13),
                "sessions that count": (11, 12),
                "CPD points": ("44", "48"),
                "visits overdue": (2, 1),
                "deviations: PLACE_NOT_ALLOWED": (1, 0),
            },
            as_of=on + timedelta(days=2),
        ):
            await self._player.stage(Stage("county, rotation", [posted]))
            # It is weighed again by whoever comes first, this or the correction: always by this.
            await self._player.until(
                "the session at the hospital is weighed again", lambda: self._diary.counts(moved)
            )
            await self._player.stage(Stage("county, corrected place", [[corrected]]))
        data = await self._player.ask(_WORKPLACE, id=global_id("Mentee", second.enrolment))
        workplace = data["mentee"]["orgUnitNow"]["name"]
        self._diary.tell(POSTED, "An officer is posted elsewhere", f"recorded late: {workplace}")
        await self._diary.session(on, "That session, told again once that is known", moved)

    async def _leave(self) -> None:
        """Three weeks of leave: nothing is due meanwhile."""
        first = self._pairs.all[0]
        since, until = LEAVE
        with self._script.because("Leave after a birth, and a day for the handover."):
            pause = self._wish("mentorshipPause", since, mentorshipId=first.id, cause="LEAVE")
        resume = self._wish("mentorshipResume", until, mentorshipId=first.id)
        async with self._changes.around(
            "A leave, while it lasts",
            self._figures,
            {"visits overdue": (1, 0)},
            as_of=TUESDAYS[4] + timedelta(days=2),
        ):
            await self._player.stage(Stage("county, leave", [[pause, resume]]))
        data = await self._player.ask(_PAUSES, id=global_id("Mentorship", first.id))
        (told,) = data["mentorship"]["pauses"]
        answer = f"recorded: {told['cause']}, and nothing is due until {told['until']}"
        self._diary.tell(since, "An officer goes on leave", answer)

    async def _strike(self) -> None:
        """Eight weeks of strike: the cohort pauses with all of its pairs, and ends later."""
        since, until = STRIKE
        cohort = self._pairs.cohort
        with self._script.because("The county's health workers are on strike."):
            pause = self._wish("cohortPause", since, cohortId=cohort, cause="STRIKE")
        with self._script.because("Eight weeks were lost to the strike."):
            extend = self._wish("cohortExtend", until, cohortId=cohort, ends=EXTENDED)
        resume = self._wish("cohortResume", until, cohortId=cohort)
        async with self._changes.around(
            "A strike, while it lasts",
            self._figures,
            {"visits overdue": (3, 0), "cohort ends": (str(ENDS), str(EXTENDED))},
            as_of=since + timedelta(weeks=4),
        ):
            await self._player.stage(Stage("county, strike", [[pause, resume, extend]]))
        found = await self._figures.asked(since + timedelta(weeks=4))
        answer = f"recorded: {found['visits overdue']} visits are overdue while it lasts"
        self._diary.tell(since, "The health workers strike", answer)
        answer = f"recorded: the cohort ends on {found['cohort ends']} instead"
        self._diary.tell(until, "Work is taken up again, eight weeks later", answer)

    async def _to_the_end(self) -> None:
        """Each comes to seven sessions that count; the short one is made up for."""
        days = (AFTER, AFTER[:2], AFTER[:3])
        meet = [self._pairs.meet(one, on) for one, on in zip(self._pairs.all, days, strict=True)]
        async with self._changes.around(
            "The weeks after it",
            self._figures,
            {
                "sessions held": (13, 22),
                "sessions that count": (12, 21),
                "CPD points": ("48", "84"),
                "deviations": (1, 1),
                "completed": (0, 3),
                "certificates recommended": (0, 3),
            },
        ):
            await self._player.stage(Stage("county, after the strike", apart(*meet)))
        enrolments = [one.enrolment for one in self._pairs.all]
        async with self._changes.around(
            "Two offices' approvals", self._figures, {"certificates that hold": (0, 3)}
        ):
            await self._player.stages(
                approving(self._script, self._pairs.rules, enrolments, EXTENDED)
            )
        found = await self._figures.asked()
        answer = (
            f"recorded: {found['completed']} have completed, "
            f"{found['certificates that hold']} certificates are issued"
        )
        self._diary.tell(EXTENDED, "Each has seven sessions that count", answer)


_WORKPLACE = """
query Workplace($id: ID!, $after: [Position!]) {
  mentee(id: $id, after: $after) { orgUnitNow { name } }
}
"""
_PAUSES = """
query Pauses($id: ID!, $after: [Position!]) {
  mentorship(id: $id, after: $after) { pauses { since until cause } }
}
"""
