"""What a programme proves, and by what rule: areas, frameworks, validation, the right to mentor
that follows from it, facility baselines, indicators, certificates.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.base import Code, Text
from shared.contracts.definition.part import Count, Part, Percent


class ChecklistItem(Part, kw_only=True):
    """One thing to see done: how many points it is worth, and whether all hangs on it.

    Attributes:
        code: its key in this checklist.
        text: what is to be seen.
        points: what it is worth, in full.
        critical: all hangs on it, where the rule of validation says so.
    """

    code: Code
    text: Annotated[str, Meta(min_length=1, max_length=400)]
    points: Annotated[int, Meta(ge=1, le=100)]
    critical: bool = False


class Competency(Part, kw_only=True):
    """A skill with the checklist that it is assessed by.

    Attributes:
        code: its key in this framework.
        name: what people call it.
        checklist: what it is assessed by.
    """

    code: Code
    name: Text
    checklist: Annotated[tuple[ChecklistItem, ...], Meta(min_length=1, max_length=200)]


class Framework(Part, kw_only=True):
    """The competencies of one area, at one version of their checklists.

    Attributes:
        code: its key, the same for every version and in every programme that uses it.
        version: counts up; a published version never changes.
        name: what people call it.
        competencies: what is assessed.
    """

    code: Code
    version: Count
    name: Text
    competencies: Annotated[tuple[Competency, ...], Meta(min_length=1, max_length=100)]


class Area(Part, kw_only=True):
    """What a mentee is mentored in, by whose mentors, assessed by which framework if by one.

    Attributes:
        code: its key in this programme.
        name: what people call it.
        technical_area: what reports count it under, across programmes and tiers.
        association: the professional body that its mentors come from.
        association_name: what that body is called.
        framework: what its mentees are assessed by; none: they are not.
        framework_version: which version of it.
        cadres: whom it is for, as their records name them, in capitals or not; empty: everybody.
    """

    code: Code
    name: Text
    technical_area: Code
    association: Code | None = None
    association_name: Text | None = None
    framework: Code | None = None
    framework_version: Count | None = None
    cadres: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()

    def is_for(self, cadre: str) -> bool:
        """Say whether it is for somebody of a cadre."""
        named = {one.strip().casefold() for one in self.cadres}
        return not named or cadre.strip().casefold() in named


class Operator(StrEnum):
    """How a score is held against the threshold."""

    AT_LEAST = "AT_LEAST"
    """`raw × 100 ≥ threshold × max`"""
    ABOVE = "ABOVE"
    """`raw × 100 > threshold × max`"""


class FailedRetest(StrEnum):
    """What follows when somebody fails who is validated: at a spot check, or a refresher."""

    SUSPENDS = "SUSPENDS"
    """The validation counts no more, until a new attempt reaches the rule."""
    COACHES = "COACHES"
    """The validation stands; they are coached as after any failed attempt."""
    RECORDS = "RECORDS"
    """The validation stands; the attempt is kept, and asks for no coaching plan."""


class Validation(Part, kw_only=True):
    """When an assessment validates a competency; in whole numbers, never rounded.

    Attributes:
        operator: whether the threshold itself is enough.
        threshold: out of 100.
        technique: the technique must be performed properly too.
        critical_items: every critical item must have its full points.
        coaching_plan: after a failed attempt, a coaching plan comes before the next.
        valid_months: a validation lapses so many months after its day; none: it holds.
        failed_retest: what follows when somebody fails who is validated.
        post_test: a written test beside the checklist must come to so much too, out of 100; none:
            there is none.
        countersigned: what somebody else records for the assessor proves nothing until the assessor
            has signed it.
    """

    threshold: Percent
    operator: Operator = Operator.AT_LEAST
    technique: bool
    critical_items: bool = False
    coaching_plan: bool = False
    valid_months: Count | None = None
    failed_retest: FailedRetest = FailedRetest.COACHES
    post_test: Percent | None = None
    countersigned: bool = False


class Equivalence(Part, kw_only=True):
    """A competency of another framework that proves one of this programme's.

    Attributes:
        framework: the other framework's code, in whatever version.
        competency: the competency there.
        counts_as: the competency here.
    """

    framework: Code
    competency: Code
    counts_as: Code


class CascadeStep(Part, kw_only=True):
    """Who earns the right to mentor the tier below, and in which of its areas.

    Attributes:
        areas: the areas of this programme it is earned in; empty: in each of them.
        programme: the code of the programme of the tier below; it may be this one.
        area: the area there.
        validated: how many competencies must be validated, or `all`.
        least_percent: and at least so high every one of their scores, out of 100.
    """

    areas: tuple[Code, ...] = ()
    programme: Code
    area: Code
    validated: Count | Literal["all"] = "all"
    least_percent: Percent = 0


class BaselineArea(Part, kw_only=True):
    """One side of a facility that its baseline looks at.

    Attributes:
        code: its key.
        name: what people call it.
        items: what is looked at, and what each is worth.
    """

    code: Code
    name: Text
    items: Annotated[tuple[ChecklistItem, ...], Meta(min_length=1, max_length=200)]


class Formula(StrEnum):
    """How an indicator's change from baseline is worked out, over those measured twice."""

    CHANGE_OF_MEANS = "CHANGE_OF_MEANS"
    """(mean of the last − mean of the baselines) ÷ mean of the baselines"""
    MEAN_OF_CHANGES = "MEAN_OF_CHANGES"
    """the mean of each person's (last − baseline) ÷ baseline; a zero baseline has none"""
    DIFFERENCE = "DIFFERENCE"
    """mean of the last − mean of the baselines, in the scale's own points"""


class Indicator(Part, kw_only=True):
    """Something scored at baseline and again; it is neither passed nor failed.

    Attributes:
        code: its key.
        name: what people call it.
        formula: how its change from baseline is worked out.
        numerator: what is counted, in words.
        denominator: what it is counted out of, in words.
        most: the highest score there is; the lowest is 0.
        decimals: digits after the point where it is shown; never where it is compared.
    """

    code: Code
    name: Text
    numerator: Text
    denominator: Text
    most: Annotated[int, Meta(ge=1, le=10_000)]
    formula: Formula
    decimals: Annotated[int, Meta(ge=0, le=6)] = 1


class Basis(StrEnum):
    """What a certificate certifies."""

    COMPLETION = "COMPLETION"
    """The mentee completed the programme: its end rule was reached."""
    VALIDATION = "VALIDATION"
    """The mentee is validated on every competency of the area."""


class ApproverRole(StrEnum):
    """The role by which a step is approved."""

    ADMINISTRATOR = "ADMINISTRATOR"
    """An administrator of the level."""
    COORDINATOR = "COORDINATOR"
    """A coordinator of the level."""


class Approver(Part, kw_only=True):
    """Who may take a step: by a grant of a role over a unit of a level, above the mentee's.

    Attributes:
        role: the grant's role.
        level: the kind of the grant's org unit; none: any. A grant over everything is of each.
    """

    role: ApproverRole
    level: Code | None = None


class ApprovalStep(Part, kw_only=True):
    """One who must approve a certificate; every step by somebody else.

    Attributes:
        code: its key.
        name: who approves, in words.
        by: who may; none: every coordinator and administrator of the mentee's unit.
    """

    code: Code
    name: Text
    by: Approver | None = None


class Certificate(Part, kw_only=True):
    """What a mentee is given in the end.

    Attributes:
        name: what stands on it.
        basis: what it certifies.
        prefix: what its numbers begin with.
        approvals: in this order, each by another person; none: it is issued when recommended.
    """

    name: Text
    prefix: Annotated[
        str, Meta(pattern="^[A-Z0-9]{2,12}$", description="2 to 12 capitals and digits.")
    ]
    basis: Basis
    approvals: tuple[ApprovalStep, ...] = ()


class End(Part, kw_only=True):
    """When a mentee has completed the programme: all that is named here holds.

    Attributes:
        sessions: sessions attended, at the least.
        validated: competencies validated, or `all` of them.
        goals: every learning goal reached, and there is one.
        indicators: every indicator scored at baseline and again.
    """

    sessions: Count | None = None
    validated: Count | Literal["all"] | None = None
    goals: bool = False
    indicators: bool = False
