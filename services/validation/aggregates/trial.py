"""A trial: what somebody was seen to do at a competency, held against the rules of that day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.validation.aggregates.assessor import Assessor
from services.validation.aggregates.framework import Framework
from services.validation.aggregates.mentee import Mentee
from services.validation.aggregates.proof import Course, last_day
from services.validation.aggregates.refusals import CoachingPlanMissing
from services.validation.aggregates.scoring import Score, score
from shared.contracts.definition import Competency, Gate
from shared.contracts.definition.conduct import ConductRule, Judgement
from shared.contracts.deviation import Deviation, all_count
from shared.contracts.validation.competency_record import ItemScore, PostTest
from shared.domain.findings import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Who was seen to do what, by whom, under which rules.

    Attributes:
        formative: it is to learn by: nothing is proved, and nothing asked for.
    """

    mentee: Mentee
    assessor: Assessor
    framework: Framework
    competency: Competency
    items: tuple[ItemScore, ...]
    technique: bool
    post_test: PostTest | None = None
    formative: bool = False

    @property
    def day(self) -> date:
        """When it was."""
        return self.assessor.day

    def facts(
        self, number: int, before: Course, baseline_on: date | None, findings: Findings
    ) -> dict[str, Any]:
        """Return what is to be said of it, as the attempt of that number.

        Args:
            before: how the days before it went.
            baseline_on: when the pre-test was taken.

        Raises:
            Refusal: what it is refused for, with all that was found.
        """
        asked = {} if self.formative else self._asked()
        result = self._weighed(asked, before, baseline_on, findings)
        deviations = findings.must_be_recorded()
        assert result is not None, "what has no score is refused"
        rule = None if self.formative else self.mentee.rule
        return {
            **self.mentee.circumstances(),
            "competency": self.competency.code,
            "competency_name": self.competency.name,
            "framework": self.framework.code,
            "framework_version": self.framework.framework_version,
            "assessor_id": self.assessor.health_worker_id,
            "assessed_on": self.day,
            "attempt": number,
            "items": self.items,
            "raw": result.raw,
            "max": result.max,
            "technique": self.technique,
            "reached": result.reached,
            "valid_until": last_day(self.day, rule) if rule and result.reached else None,
            "failed_retest": rule.failed_retest if rule and result.reached is False else None,
            "post_test": self.post_test,
            "formative": self.formative,
            "recorded_for_another": not self.assessor.records_it,
            "unsigned": bool(rule and rule.countersigned and not self.assessor.records_it),
            "counts": all_count(deviations),
            "deviations": deviations,
            "asked": tuple(
                Deviation(rule=rule, counts=judged is Judgement.COUNT)
                for rule, judged in asked.items()
                if judged is not Judgement.REFUSE
            ),
        }

    def _asked(self) -> dict[ConductRule, Judgement]:
        """Return what its version asks of the days before it, and what becomes of departures."""
        mentee = self.mentee
        rules = {
            ConductRule.BASELINE_MISSING: Gate.PRE_TEST in mentee.gates,
            ConductRule.FACILITY_BASELINE_MISSING: Gate.FACILITY_BASELINE in mentee.gates,
            ConductRule.COACHING_PLAN_MISSING: bool(mentee.rule and mentee.rule.coaching_plan),
        }
        return {rule: mentee.conduct.judge(rule) for rule, asks in rules.items() if asks}

    def _weighed(
        self,
        asked: dict[ConductRule, Judgement],
        before: Course,
        baseline_on: date | None,
        findings: Findings,
    ) -> Score | None:
        mentee, code = self.mentee, self.competency.code
        if self.formative:
            with findings.weighing():
                mentee.must_be_enrolled(self.day)
        else:
            self.assessor.weigh(mentee, findings)
        if ConductRule.BASELINE_MISSING in asked:
            with findings.weighing():
                mentee.must_have_taken_the_pre_test(baseline_on, self.day)
        if not self.formative:
            with findings.weighing():
                mentee.must_work_where_was_looked(self.day)
        if ConductRule.COACHING_PLAN_MISSING in asked and not before.is_coached_by(self.day):
            with findings.weighing():
                assert before.owing is not None, "what is not coached is owing"
                raise CoachingPlanMissing(
                    "competency", competency=code, attempt=before.owing.number
                )
        with findings.weighing():
            rule = None if self.formative else mentee.rule
            return score(self.competency, self.items, self.technique, rule, self.post_test)
