"""The screens of a coordinator's and a mentor's app, each as the requests it makes.

A screen is what is asked for one after the other by `ask`; what it returns is looked at by nobody.
Where a build can answer in one request what another one only has page by page, each is asked in
its own way: `has` says which of the root's fields there are.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

TIER = "ingobyi-health-centre"
"""The programme with the most mentorships of the demonstration."""

Ask = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the screens are about: global ids, and somebody's name.

    Attributes:
        unit: the reader's own.
        has: the fields of the root.
    """

    unit: str
    mentorship: str
    mentee: str
    mentee_person: str
    name: str
    has: frozenset[str]


_DASHBOARD = """query Dashboard($programme: String!, $unit: ID) {
  caseload: mentorCaseload(programme: $programme, orgUnitId: $unit, first: 20) {
    area mentorships mentees lastSession ratio mentor { healthWorker { givenNames familyName } } }
  coverage: facilityCoverage(programme: $programme, orgUnitId: $unit, first: 20) {
    mentees sessions lastSession daysSince orgUnit { name } }
  overdue: overdueVisits(programme: $programme, orgUnitId: $unit, first: 20) {
    asked held lastSession due daysOverdue orgUnit { name } mentorship { id } }
  table: validationTable(
    programme: $programme, by: ORG_UNIT, level: DISTRICT, fiscalYear: 2021) {
    rows { label mentees validated fullyValidated mentors ratio }
    total { mentees validated fullyValidated mentors ratio } }
}"""
_OVERDUE = """query Overdue($programme: String!, $unit: ID) {
  overdueVisits(programme: $programme, orgUnitId: $unit, first: 20) {
    asked held lastSession due daysOverdue orgUnit { name }
    mentorship { id mentors { healthWorker { givenNames familyName } } } }
}"""
_TABLE = """query Table($programme: String!) {
  validationTable(programme: $programme, by: ORG_UNIT, level: DISTRICT, fiscalYear: 2021) {
    rows { label mentees validated fullyValidated mentors ratio }
    total { mentees validated fullyValidated mentors ratio } }
}"""
_ATTENDANCE = """attendance { side present minutes credited
  healthWorker { id givenNames familyName } }"""
_MENTORSHIP = f"""query Mentorship($id: ID!) {{
  mentorship(id: $id) {{ id programme status agreedOn phase orgUnit {{ name }}
    mentors {{ areas joinedOn healthWorker {{ givenNames familyName phone }} }}
    mentees {{ area joinedOn mentee {{ validated competencyCount lastAssessedOn }}
      healthWorker {{ givenNames familyName phone }} }}
    sessions(first: 50, orderBy: HELD_DESC) {{ nodes {{
      id status day heldOn mode minutes topics competencies {_ATTENDANCE} }} }} }}
}}"""
_MONTHS = (
    "query Months($programme: String!) {"
    + " ".join(
        f"m{month:02}: validationTable(programme: $programme, by: AREA, fiscalYear: 2021,"
        f' asOf: "2021-{month:02}-28") {{ total {{ mentees validated fullyValidated mentors }} }}'
        for month in range(1, 13)
    )
    + "}"
)
_MENTEE = """query Mentee($id: ID!) {
  mentee(id: $id) { id programme area association technicalArea since fiscalYear status needs
    languages trainedOn baselineRaw baselineMax validated competencyCount lastAssessedOn
    healthWorker { number givenNames familyName phone cadre } orgUnit { name code }
    supervisor { givenNames familyName } cohort { code name }
    goals { goal text due } trainings { training completedOn } selfRatings { skill level }
    competencies { competency name attempts raw max technique reached assessedOn validatedOn }
    assessments { competency attempt assessedOn raw max technique reached items
      assessor { givenNames familyName } }
    coachingPlans { competency attempt actions until setOn }
    indicators { indicator round occasion score most scoredOn } }
}"""
_SEARCH = """query Search($text: String!) { search(text: $text, first: 10) { nodes {
  why found { id ... on HealthWorker { givenNames familyName number orgUnit { name } } } } } }"""
_WORKERS = "healthWorkers", "id number givenNames familyName cadre orgUnit { name }"
_THEIRS = """query Theirs($person: ID!) { mentorships(first: 10, filter: {healthWorkerId: $person})
  { nodes { id status programme agreedOn } } }"""
_MENTORSHIPS = (
    "mentorships",
    "id status programme agreedOn mentees { joinedOn mentee { id } }",
)
_SESSIONS = "sessions", f"id status day heldOn mode minutes topics competencies {_ATTENDANCE}"
_EVERYTHING = (
    ("orgUnits", "id code name"),
    _WORKERS,
    (
        "mentees",
        """id programme area since status validated competencyCount lastAssessedOn
        healthWorker { id } competencies { competency raw max assessedOn validatedOn }""",
    ),
    (
        "mentorships",
        """id status programme agreedOn phase orgUnit { id } mentors { healthWorker { id } }
        mentees { joinedOn mentee { id } }""",
    ),
    _SESSIONS,
)
"""What an app of a district holds."""


async def pages(ask: Ask, field: str, nodes: str, filter: str = "") -> AsyncIterator[Any]:
    """Yield the nodes of a whole list, a hundred a request."""
    document = f"""query All($after: Cursor) {{ {field}(first: 100, after: $after{filter}) {{
      nodes {{ {nodes} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    after = None
    while True:
        page = (await ask(document, after=after))[field]
        for node in page["nodes"]:
            yield node
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


async def dashboard(ask: Ask, place: Place) -> None:
    """Four widgets: caseloads, coverage, what is overdue, the validation table."""
    await ask(_DASHBOARD, programme=TIER, unit=place.unit)


async def overdue(ask: Ask, place: Place) -> None:
    """Overdue visits, the first 20."""
    await ask(_OVERDUE, programme=TIER, unit=place.unit)


async def table(ask: Ask, _place: Place) -> None:
    """The validation table by district."""
    await ask(_TABLE, programme=TIER)


async def mentorship(ask: Ask, place: Place) -> None:
    """A mentorship: its team, its mentees, 50 sessions with who was there."""
    await ask(_MENTORSHIP, id=place.mentorship)


async def months(ask: Ask, _place: Place) -> None:
    """Twelve months as twelve aliases."""
    await ask(_MONTHS, programme=TIER)


async def mentee(ask: Ask, place: Place) -> None:
    """All of one mentee."""
    await ask(_MENTEE, id=place.mentee)


async def find(ask: Ask, place: Place) -> None:
    """Find a health worker by name."""
    if "search" in place.has:
        await ask(_SEARCH, text=place.name)
        return
    async for one in pages(ask, *_WORKERS):
        if place.name == f"{one['givenNames']} {one['familyName']}":
            pass  # a client looks through all of them: there may be two


async def find_mentorship(ask: Ask, place: Place) -> None:
    """Find the mentorship of a mentee."""
    if "search" in place.has:
        await ask(_THEIRS, person=place.mentee_person)
        return
    async for _ in pages(ask, *_MENTORSHIPS):
        pass


async def level_again(ask: Ask, _place: Place) -> None:
    """Have all that an app of this place holds as it is now: by reading all of it."""
    for field, nodes in _EVERYTHING:
        async for _ in pages(ask, field, nodes):
            pass


async def all_sessions(ask: Ask, _place: Place) -> None:
    """Every session with who was there."""
    async for _ in pages(ask, *_SESSIONS):
        pass


async def introspection(ask: Ask, _place: Place) -> None:
    """What a console asks first."""
    from graphql import get_introspection_query

    await ask(get_introspection_query())


@dataclass(frozen=True, slots=True)
class Screen:
    """One of the table.

    Attributes:
        reader: of what: the `district` or the `country` of the tier, or that of the `mentorship`
            or the `mentee`.
        times: how often it is asked.
        bar: milliseconds that are asked of its median; None: it is not said.
    """

    name: str
    reader: str
    load: Callable[[Ask, Place], Awaitable[None]]
    times: int = 30
    bar: float | None = None


SCREENS = (
    Screen("dashboard, a district", "district", dashboard, bar=60),
    Screen("dashboard, the country", "country", dashboard, bar=60),
    Screen("overdue visits, a district", "district", overdue, bar=20),
    Screen("overdue visits, the country", "country", overdue, bar=20),
    Screen("validation table by district", "country", table, bar=20),
    Screen("a mentorship with 50 sessions", "mentorship", mentorship, bar=12),
    Screen("twelve months", "country", months, bar=20),
    Screen("all of a mentee", "mentee", mentee),
    Screen("find a person, a district", "district", find, bar=20),
    Screen("find a person, the country", "country", find, bar=20),
    Screen("find a mentorship", "mentee", find_mentorship, bar=20),
    Screen("level again, a district", "district", level_again, times=5, bar=200),
    Screen("all sessions, the country", "country", all_sessions, times=2, bar=2_000),
    Screen("introspection", "country", introspection),
)
