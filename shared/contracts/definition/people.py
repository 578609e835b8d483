"""What a programme asks of its people: who mentors, who is mentored, how many of each, when a
mentor leaves, and how the two sides are matched.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from shared.contracts.base import Code, Text
from shared.contracts.definition.part import Count, Part, Percent

Mentors = Annotated[int, Meta(ge=1, le=20)]
Mentees = Annotated[int, Meta(ge=1, le=100)]
TeamSpan = Annotated[
    tuple[Mentors, ...], Meta(min_length=2, max_length=2, description="The least and the most.")
]
"""Not `tuple[Mentors, Mentors]`: msgspec 0.22 crashes on that beside a bounded integer."""


class LoadPer(StrEnum):
    """What somebody's load is counted by."""

    AREA = "AREA"
    """Each area that they mentor in has a load of its own."""
    PERSON = "PERSON"
    """All their areas together; a mentorship in which they answer for several is one."""


class Ratio(Part, kw_only=True):
    """How many mentors care for how many mentees.

    Attributes:
        mentors: the size of the team: a number, or the least and the most.
        mentees: the least and the most mentees in the care of one team.
        one_of_each_area: the team has exactly one mentor of each area.
        load: the most mentorships one mentor carries at a time.
        load_per: what those are counted by.
    """

    mentors: Mentors | TeamSpan
    mentees: tuple[Mentees, Mentees]
    one_of_each_area: bool = False
    load: Count
    load_per: LoadPer = LoadPer.AREA

    @property
    def team(self) -> tuple[int, int]:
        """The least and the most mentors of one team."""
        least, most = (self.mentors,) * 2 if isinstance(self.mentors, int) else self.mentors
        return least, most


class Criterion(Part, kw_only=True):
    """Something a mentor must fulfil to be nominated.

    Attributes:
        code: its key, as a nomination names it.
        name: the criterion, in words.
    """

    code: Code
    name: Text


class Orientation(Part, kw_only=True):
    """The least a candidate mentor scores to be certified.

    Attributes:
        theory: in the theoretical evaluation.
        practical: in the practical one.
    """

    theory: Percent
    practical: Percent


class Training(Part, kw_only=True):
    """What mentees take before they are mentored.

    Attributes:
        name: what it is called.
        days: the least that counts; the days of several courses add up.
        code: only courses under this code count; none: any course does.
        topics: what it is about.
    """

    name: Text
    days: Count
    code: Code | None = None
    topics: tuple[Text, ...] = ()


class Disengagement(Part, kw_only=True):
    """Who must hear of a mentor who cannot go on, or of a mentee who withdraws.

    Attributes:
        notify: their roles, `FOCAL-PERSON`, `SECRETARIAT`, `MENTEE`; of a mentee who withdraws, all
            of these but `MENTEE`.
        within_days: so many days after it, every one of them has been told.
    """

    notify: Annotated[tuple[Code, ...], Meta(max_length=20)]
    within_days: Annotated[int, Meta(ge=0, le=366)] = 7


class MatchBy(StrEnum):
    """What is matched with a mentor."""

    MENTEE = "MENTEE"
    """Each mentee on their own."""
    FACILITY = "FACILITY"
    """The mentees of one facility together, in groups of the programme's size."""


class Weights(Part, kw_only=True):
    """What counts how much when mentors and mentees are matched; 0: not at all.

    Attributes:
        needs: the share of the mentee's needs that the mentor's skills meet.
        language: a language in common.
        district: the same org unit above both.
        distance: nearness, as the crow flies.
        load: a mentor who carries little yet.
    """

    needs: Annotated[int, Meta(ge=0, le=100, description="The share of needs met.")] = 50
    language: Annotated[int, Meta(ge=0, le=100, description="A language in common.")] = 20
    district: Annotated[int, Meta(ge=0, le=100, description="The same unit above.")] = 10
    distance: Annotated[int, Meta(ge=0, le=100, description="Nearness.")] = 10
    load: Annotated[int, Meta(ge=0, le=100, description="A mentor with little to do.")] = 10


class Matching(Part, kw_only=True):
    """How proposals are made for a whole cohort.

    Attributes:
        by: what is matched with a mentor.
        weights: what counts how much.
        max_km: nobody is proposed across more kilometres, as the crow flies; none: any distance.
        language_required: a pair without a common language is not proposed.
        supervisor_may_mentor: whoever supervises a mentee may be their mentor too.
    """

    by: MatchBy = MatchBy.MENTEE
    weights: Weights = Weights()
    max_km: Count | None = None
    language_required: bool = False
    supervisor_may_mentor: bool = False
