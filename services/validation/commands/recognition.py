"""Deciding what was proved elsewhere: another programme, another version, an earlier enrolment."""

from services.validation.aggregates.competency_record import CompetencyRecord, record_id
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.recognition import Elsewhere
from services.validation.aggregates.refusals import (
    NotEquivalent,
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
from services.validation.views.recognitions import recognised_of
from shared.contracts.definition import Definition
from shared.contracts.validation.competency_correction import (
    CompetencyRecognise,
    CompetencyRecognitionWeigh,
)
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
    changed = None
    for row in await recognised_of(command.enrolment_id, command.competency, work):
        mentee, _ = await mentee_of(row["enrolment_id"], work)
        record = await begun(mentee, work)
        framework = await framework_by(record, work)
        proof = there.proof_on(command.competency, row["recognised_on"])
        number = row["attempt"]
        if record.weigh_recognition(mentee, framework, row["competency"], number, proof, work.day):
            await weigh_ground(mentee, record, framework, work)
            changed = record
    if changed is None:
        raise RecognitionsHold("competency", competency=command.competency)
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
