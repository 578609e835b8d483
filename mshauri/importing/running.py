"""An import under way: what stands is looked up, the rest is sent, and every row is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from mshauri.api import Api
from mshauri.importing.carrying import (
    PROGRESS,
    CannotBegin,
    ResultFile,
    broke_off,
    carried_out,
    may_not_last,
    must_last,
)
from mshauri.importing.job import Job
from mshauri.importing.known import Known
from mshauri.importing.lookups import look_up
from mshauri.importing.mapping import BadMapping
from mshauri.importing.outcome import (
    Line,
    count,
    lines_of,
    print_outcome,
    refused_lines,
    result_lines,
)
from mshauri.importing.plan import Listed, plan_list
from mshauri.importing.planned import Outcome, Planned, Sent
from mshauri.importing.reading import NotATable
from mshauri.importing.send import send_list, would_send

LANDED, REFUSED, BROKE = 0, 1, 2
"""How an import ends."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an import goes, and in whose name."""

    gateway: str
    token: str
    console: Console


@dataclass(frozen=True, slots=True)
class Ended:
    """How an import ended.

    Attributes:
        landed: how many rows landed now.
        waiting: the numbers of the rows that wait.
    """

    code: int
    landed: int = 0
    waiting: tuple[int, ...] = ()


def carry(job: Job, where: Where, *, dry_run: bool, result: Path | None = None) -> Ended:
    """Import a file, and say what became of it."""
    console = where.console
    try:
        listed = job.read()
        must_last(where.token, dry_run=dry_run)
        out = ResultFile(
            result or job.file.with_suffix(".result.csv"), Line, job.file, job.kind.key_was
        )
    except (BadMapping, NotATable, CannotBegin, OSError) as problem:
        console.print(str(problem), style="red", markup=False, soft_wrap=True)
        return Ended(BROKE)
    run = Run(listed, where, out, update=job.update)
    why = carried_out(run.go(dry_run=dry_run))
    if run.planned is None:
        out.drop()
        console.print(str(why), style="red", markup=False, soft_wrap=True)
        return Ended(BROKE)
    sent = [*run.sent, *run.unanswered()]
    more = list(listed.kind.afterwards(listed, sent)) if why is None else []
    said = out.finish(result_lines(listed, sent, more))
    print_outcome(console, listed, sent, more, dry_run=dry_run)
    console.print(said, markup=False, soft_wrap=True)
    waiting = tuple(draft.row for draft in listed.drafts if draft.waits)
    if why is not None:
        told = broke_off(why, run.landed, run.total, where.token)
        console.print(told, style="red", markup=False, soft_wrap=True)
        return Ended(BROKE, run.new, waiting)
    return Ended(REFUSED if listed.errors else LANDED, run.new, waiting)


@dataclass(slots=True)
class Run:
    """An import under way.

    Attributes:
        planned: what is to be sent; None until what stands was looked up.
        sent: what became of each row so far.
    """

    listed: Listed
    where: Where
    out: ResultFile
    update: bool = False
    planned: list[Planned] | None = None
    sent: list[Sent] = field(default_factory=list)

    async def go(self, *, dry_run: bool) -> None:
        """Hold the list against what stands, and send the rest.

        A dry run without a token compares nothing, and asks nobody.

        Raises:
            ApiFault: the API could not be reached, or the token was not accepted.
        """
        listed, kind = self.listed, self.listed.kind
        if dry_run and not self.where.token:
            self.planned = alone(listed)
            new = Outcome(f"WOULD_BE_{kind.lands}")
            self.sent = [Sent(one, new) for one in self.planned]
            return
        async with Api(self.where.gateway, self.where.token) as api:
            known = await look_up(api, listed)
            known.update = self.update
            self.planned = plan_list(listed, known)
            if dry_run:
                self.sent = would_send(self.planned, kind)
                return
            await self._send(api, self.planned)

    async def _send(self, api: Api, planned: Sequence[Planned]) -> None:
        console = self.where.console
        commands = sum(len(one.wishes) for one in planned)
        warning = may_not_last(self.where.token, commands)
        if warning:
            console.print(warning, style="yellow", markup=False, soft_wrap=True)
        self.out.add(list(refused_lines(self.listed)))
        with Progress(*PROGRESS, console=console) as progress:
            task = progress.add_task(f"importing {self.listed.kind.name}", total=len(planned))

            def tell(one: Sent) -> None:
                self.sent.append(one)
                self.out.add(list(lines_of(self.listed, [one])))
                progress.advance(task)

            await send_list(planned, api, self.listed.kind, tell=tell)

    @property
    def new(self) -> int:
        """How many rows landed, or changed what stood."""
        there = (Outcome.RECORDED, Outcome.ESTABLISHED, Outcome.UPDATED)
        return sum(one.outcome in there for one in self.sent)

    @property
    def landed(self) -> int:
        """How many stand as the list says, what lies above rows among them."""
        return self.new + sum(one.outcome is Outcome.ALREADY_THERE for one in self.sent)

    @property
    def total(self) -> int:
        """How many there are in all."""
        above = [one for one in self.planned or () if not one.listed]
        refused = count(self.listed, (), Outcome.REFUSED, rows=False)
        return self.listed.rows + len(above) + refused

    def unanswered(self) -> list[Sent]:
        """Return the rows of which nobody knows what became of them."""
        told = {id(one.planned) for one in self.sent}
        return [
            Sent(one, Outcome.NOT_ANSWERED) for one in self.planned or () if id(one) not in told
        ]


def alone(listed: Listed) -> list[Planned]:
    """Return what a list would become where nothing stands."""
    if listed.kind.plan_all is not None:
        return plan_list(listed, Known())
    return [Planned(draft=draft, same=draft.row) for draft in listed.sound]
