"""Who is to be matched: mentees in groups, each with the seats it needs filled, and the mentors."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where somebody works.

    Attributes:
        parent_id: the unit above: for a facility, its district.
        latitude, longitude: degrees, where they are known.
    """

    org_unit_id: UUID
    parent_id: UUID | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """A mentee without a mentorship.

    Attributes:
        excluded: health workers who must not mentor them: their supervisor, a mentor who left them.
    """

    enrolment_id: UUID
    health_worker_id: UUID
    area: str
    location: Location
    needs: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    excluded: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A certified mentor, as they can be had now.

    Attributes:
        places: mentorships they could still take on.
        carried: mentorships they carry.
    """

    mentor_id: UUID
    health_worker_id: UUID
    area: str
    location: Location
    places: int
    carried: int = 0
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Mentees who will be in the care of one team.

    Attributes:
        seats: the areas that the team's mentors must be of, one entry a mentor.
        location: where the mentorship takes place.
    """

    seekers: tuple[Seeker, ...]
    seats: tuple[str, ...]
    location: Location
    needs: frozenset[str] = field(init=False)
    languages: frozenset[str] = field(init=False)
    excluded: frozenset[UUID] = field(init=False)

    def __post_init__(self) -> None:
        """Bring together what its members need; a language counts if all of them speak it."""
        one = self.seekers
        object.__setattr__(self, "needs", frozenset[str]().union(*(each.needs for each in one)))
        spoken = [each.languages for each in one if each.languages]
        common = frozenset.intersection(*spoken) if spoken else frozenset[str]()
        object.__setattr__(self, "languages", common)
        people = {each.health_worker_id for each in one}
        excluded = frozenset[UUID]().union(people, *(each.excluded for each in one))
        object.__setattr__(self, "excluded", excluded)
