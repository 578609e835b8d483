"""A programme version: the rules, as published. It never changes; it is only read."""

from hashlib import sha256

import msgspec

from shared.contracts.definition import Area, Definition
from shared.contracts.registry.programme import ProgrammeVersionPublished
from shared.domain import Aggregate, event
from shared.domain.errors import Refusal


class AreaUnknown(Refusal):
    """The programme has no such area."""

    code = "AREA_UNKNOWN"
    template = "The programme {programme} has no area {area!r}."
    remedy_template = "Its areas: {areas}."


class OtherProgrammeVersion(Refusal):
    """A newer version is one of the same programme."""

    code = "VERSION_OF_OTHER_PROGRAMME"
    template = "The version is one of {theirs}; the mentee is enrolled in {programme}."
    remedy_template = "Name a version of {programme}."


class VersionNotNewer(Refusal):
    """Whoever is moved is moved forward."""

    code = "VERSION_NOT_NEWER"
    template = "The mentee is under version {present}; version {asked} is not newer."
    remedy_template = "Name a version above {present}."


class CriteriaNotMet(Refusal):
    """A mentor is chosen by all of the programme's criteria."""

    code = "CRITERIA_NOT_MET"
    template = "The nomination does not name these criteria of the programme: {missing}."
    remedy_template = "Name every criterion that they fulfil in `criteria`, or choose another."


class CriterionUnknown(Refusal):
    """A nomination names the programme's own criteria."""

    code = "CRITERION_UNKNOWN"
    template = "The programme has no criterion {criterion!r}."
    remedy_template = "Its criteria: {criteria}."


def digest_of(definition: Definition) -> str:
    """Return the SHA-256 of a definition's canonical JSON: the same rules, the same digest."""
    return sha256(msgspec.json.encode(definition, order="sorted")).hexdigest()


class ProgrammeVersion(Aggregate):
    """One version of one programme."""

    kind = "programme_version"
    constant = True

    definition: Definition
    digest: str

    @event(ProgrammeVersionPublished)
    def _published(self, event: ProgrammeVersionPublished) -> None:
        self.definition, self.digest = event.definition, event.digest

    def area(self, code: str) -> Area:
        """Return one of the programme's areas.

        Raises:
            AreaUnknown: it has none of that code.
        """
        area = self.definition.area(code)
        if area is None:
            raise AreaUnknown(
                "area",
                programme=self.definition.programme,
                area=code,
                areas=", ".join(a.code for a in self.definition.areas),
            )
        return area

    def must_follow(self, present: Definition) -> None:
        """Refuse to be what somebody under `present` is moved to, unless it is newer.

        Raises:
            OtherProgrammeVersion, VersionNotNewer: as they say.
        """
        ours = self.definition
        if ours.programme != present.programme:
            raise OtherProgrammeVersion(
                "programmeVersionId", theirs=ours.programme, programme=present.programme
            )
        if ours.version <= present.version:
            raise VersionNotNewer("programmeVersionId", present=present.version, asked=ours.version)

    def must_be_met(self, criteria: tuple[str, ...]) -> None:
        """Refuse a mentor who does not fulfil every criterion of the selection.

        Raises:
            CriterionUnknown, CriteriaNotMet: as they say.
        """
        asked = [criterion.code for criterion in self.definition.selection]
        for criterion in criteria:
            if criterion not in asked:
                raise CriterionUnknown(
                    "criteria", criterion=criterion, criteria=", ".join(asked) or "none"
                )
        missing = [criterion for criterion in asked if criterion not in criteria]
        if missing:
            raise CriteriaNotMet("criteria", missing=", ".join(missing))
