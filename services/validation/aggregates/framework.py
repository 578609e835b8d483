"""A framework: what is assessed in an area, at one version; it never changes, it is only read."""

from shared.contracts.definition import Competency
from shared.contracts.validation.framework import FrameworkPublished
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class CompetencyUnknown(Refusal):
    """The framework has no such competency."""

    code = "COMPETENCY_UNKNOWN"
    template = "The framework {framework} has no competency {competency!r}."
    remedy_template = "Its competencies: {competencies}."


class Framework(Aggregate):
    """One version of an area's competencies and their checklists."""

    kind = "framework"
    constant = True

    code: str
    framework_version: int
    competencies: tuple[Competency, ...]

    @event(FrameworkPublished)
    def _published(self, event: FrameworkPublished) -> None:
        self.code, self.framework_version = event.code, event.framework_version
        self.competencies = event.competencies

    def competency(self, code: str) -> Competency:
        """Return one of its competencies.

        Raises:
            CompetencyUnknown: it has none of that code.
        """
        found = next((one for one in self.competencies if one.code == code), None)
        if found is None:
            raise CompetencyUnknown(
                "competency",
                framework=self.code,
                competency=code,
                competencies=", ".join(one.code for one in self.competencies),
            )
        return found
