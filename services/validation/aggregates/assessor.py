"""Who assesses: a mentor certified in the mentee's area, and somebody else."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.validation.aggregates.mentee import Mentee
from shared.domain.errors import Departure, Refusal
from shared.domain.findings import Findings


class AssessorIsMentee(Refusal):
    """Nobody assesses themselves."""

    code = "ASSESSOR_IS_MENTEE"
    template = "The assessor is the mentee."
    remedy_template = "Let another certified mentor of the area assess."


class AssessorNotCertified(Departure):
    """Only a certified mentor of the area assesses in it, and not while suspended."""

    code = "ASSESSOR_NOT_CERTIFIED"
    template = "The health worker {assessor} is no certified mentor in the area {area}."
    remedy_template = "Name a mentor certified in {area}, or certify them with `mentorCertify`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """Who assesses, on which day, and whether they might in the mentee's area on that day.

    Attributes:
        records: all of the same person's, where records were merged.
        called: how a refusal calls them: by the number of the record that stands for them.
        records_it: they record it themselves.
    """

    health_worker_id: UUID
    certified: bool
    day: date
    records: tuple[UUID, ...] = ()
    called: str | None = None
    records_it: bool = True

    def weigh(self, mentee: Mentee, findings: Findings) -> None:
        """Find what there is against their assessing the mentee on the day: AssessorIsMentee,
        AssessorNotCertified, and what `Mentee.must_be_enrolled` refuses.
        """
        with findings.weighing():
            self.must_be_another(mentee)
        with findings.weighing():
            if not self.certified:
                raise AssessorNotCertified(
                    "assessorId",
                    assessor=self.called or self.health_worker_id,
                    area=mentee.area,
                )
        with findings.weighing():
            mentee.must_be_enrolled(self.day)

    def must_be_another(self, mentee: Mentee) -> None:
        """Raise AssessorIsMentee, if they are."""
        if mentee.health_worker_id in (self.health_worker_id, *self.records):
            raise AssessorIsMentee("assessorId")
