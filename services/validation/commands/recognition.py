"""Deciding what was proved elsewhere: another programme, another version, an earlier enrolment."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.recognition import Elsewhere
from services.validation.aggregates.refusals import (
    NotEquivalent,
    NothingToAddUp,
    NotProvedThere,
    ProvedByAnother,
    RecogniserIsMentee,
    RecognitionsHold,
)
from services.validation.commands.competency_record import allow, begun, framework_by, record_of
from services.validation.commands.ground import weigh_ground
from services.validation.commands.handlers import handlers
from services.validation.commands.mentee import framework_of, mentee_of
from services.validation.views import MENTEE
from services.validation.views.recognitions import all_recognised_of, recognised_of
from shared.contracts.definition import Definition
from shared.contracts.validation.competency_correction import (
    CompetencyAddUp,
    CompetencyRecognise,
    CompetencyRecognitionWeigh,
)
from shared.deciding.facts import Row
from shared.deciding.people import person_of
from shared.deciding.work import Work


@handlers.decides(CompetencyRecognise)
async def recognise(
    command: CompetencyRecognise, work: Work[CompetencyRecognise]
) -> CompetencyRecord:
    """Let what the same person proved in another enrolment count in this one."""
    mentee, rules = await mentee_of(command.enrolment_id, work)
    await allow(mentee, work)
    framework = await framework_of(mentee, rules, work)
    competency = framework.competency(command.competency)
    elsewhere = await _elsewhere(mentee, framework.code, rules, work)
    record = await record_of(mentee, framework, work)
    record.recognise(mentee, framework, competency, elsewhere, work.day)
    await weigh_ground(mentee, record, framework, work)
    return record


@handlers.decides(CompetencyRecognitionWeigh)
async def weigh(
    command: CompetencyRecognitionWeigh, work: Work[CompetencyRecognitionWeigh]
) -> CompetencyRecord:
    """Let what was recognised of a validation fall with it, or stand again."""
    proved, _ = await mentee_of(command.enrolment_id, work)
    await allow(proved, work)
    there = await begun(proved, work)
    rows = await recognised_of(command.enrolment_id, command.competency, work)
    changed = await _weighed(rows, there, proved, work)
    if changed is None:
        raise RecognitionsHold("competency", competency=command.competency)
    return changed


@handlers.decides(CompetencyAddUp)
async def add_up(command: CompetencyAddUp, work: Work[CompetencyAddUp]) -> CompetencyRecord:
    """Let what was proved under another name count for the person, or for somebody else no more."""
    proved, _ = await mentee_of(command.enrolment_id, work)
    await allow(proved, work)
    there = await work.find(CompetencyRecord, record_id(proved.enrolment_id))
    if there is None:
        raise NothingToAddUp("enrolmentId")
    rows = await all_recognised_of(command.enrolment_id, work)
    changed = await _weighed(rows, there, proved, work)
    if proved.goes_on_in is not None:
        changed = await _added_up(there, proved.goes_on_in, work) or changed
    if changed is None:
        raise NothingToAddUp("enrolmentId")
    return changed


async def _added_up(
    there: CompetencyRecord, goes_on_in: UUID, work: Work[CompetencyAddUp]
) -> CompetencyRecord | None:
    """Let the proofs of a record count in an enrolment; None: they do already."""
    mentee, rules = await mentee_of(goes_on_in, work)
    framework = await framework_of(mentee, rules, work)
    same = there.framework[0] == framework.code
    proofs = {one: there.proofs.get(one.code) for one in framework.competencies if same}
    if not any(proofs.values()):
        return None
    record, changed = await record_of(mentee, framework, work), False
    for competency, proof in proofs.items():
        if proof is not None:
            elsewhere = Elsewhere(
                enrolment_id=work.command.enrolment_id,
                framework=framework.code,
                competency=competency.code,
                proof=proof,
                evidence=None,
                approver=work.actor.subject,
                added_up=True,
            )
            changed |= record.add_up(mentee, framework, competency, elsewhere, work.day)
    if changed:
        await weigh_ground(mentee, record, framework, work)
    return record if changed else None


async def _weighed(
    rows: Iterable[Row], there: CompetencyRecord, proved: Mentee, work: Work[Any]
) -> CompetencyRecord | None:
    """Hold what was recognised of an enrolment against what is proved there; None: it is as it was.

    What was proved by somebody else, as is known now, holds nowhere.
    """
    changed = None
    for row in rows:
        mentee, _ = await mentee_of(row["enrolment_id"], work)
        record = await begun(mentee, work)
        framework = await framework_by(record, work)
        parted = row["added_up"] and proved.goes_on_in != mentee.enrolment_id
        proof = None
        if not parted:
            proof = there.proof_on(row["from_competency"], row["recognised_on"])
        code, number = row["competency"], row["attempt"]
        if record.weigh_recognition(
            mentee, framework, code, number, proof, work.day, parted=parted
        ):
            await weigh_ground(mentee, record, framework, work)
            changed = record
    return changed


async def _elsewhere(
    mentee: Mentee, framework: str, rules: Definition, work: Work[CompetencyRecognise]
) -> Elsewhere:
    """Return what they proved there, by the record that is kept of it: it must hold on the day."""
    command = work.command
    there = await work.facts.get(
        MENTEE, command.from_enrolment_id, field="fromEnrolmentId", kind="Mentee"
    )
    person = await person_of(work.facts, mentee.health_worker_id)
    another = there["health_worker_id"] not in person.records
    if another or command.from_enrolment_id == mentee.enrolment_id:
        raise ProvedByAnother("fromEnrolmentId", from_enrolment=command.from_enrolment_id)
    if not work.actor.people.isdisjoint(person.records):
        raise RecogniserIsMentee("enrolmentId")
    code = command.from_competency or command.competency
    record = await work.find(CompetencyRecord, record_id(command.from_enrolment_id))
    proof = None if record is None else record.proof_on(code, work.day)
    if record is None or proof is None:
        raise NotProvedThere(
            "fromCompetency",
            day=work.day,
            from_enrolment=command.from_enrolment_id,
            competency=code,
        )
    of = record.framework[0]
    same = (of, code) == (framework, command.competency)
    if not same and (of, code, command.competency) not in {
        (one.framework, one.competency, one.counts_as) for one in rules.recognises
    }:
        raise NotEquivalent(
            "fromCompetency", competency=code, framework=of, counts_as=command.competency
        )
    return Elsewhere(
        enrolment_id=command.from_enrolment_id,
        framework=of,
        competency=code,
        proof=proof,
        evidence=command.evidence,
        approver=work.actor.subject,
    )
