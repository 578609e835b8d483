"""What the parts of a definition must be to each other, beyond each having its right shape."""

from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.contracts.definition import Definition, Framework

Path = tuple[str | int, ...]
Broken = tuple[Path, str, str]
"""Where in the file, what is wrong, and what would be right."""


def broken_rules(definition: Definition) -> Iterator[Broken]:
    """Yield every rule that the definition breaks; none: it can be published."""
    yield from _calendar(definition)
    yield from _sizes(definition)
    yield from _visits(definition)
    yield from _areas(definition)
    yield from _frameworks(definition)


def _calendar(definition: Definition) -> Iterator[Broken]:
    calendar = definition.calendar
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: `Africa` is a folder of zones
        yield (
            ("calendar", "zone"),
            f"There is no time zone {calendar.zone!r}",
            "Use an IANA name such as Africa/Kigali.",
        )
    month, day = map(int, calendar.fiscal_year_start.split("-"))
    try:
        date(2001, month, day)  # a common year: the fiscal year begins in every year
    except ValueError:
        yield (
            ("calendar", "fiscalYearStart"),
            f"{calendar.fiscal_year_start} is not a day of every year",
            "Give month and day, such as 10-01.",
        )


def _sizes(definition: Definition) -> Iterator[Broken]:
    minutes, ratio = definition.minutes, definition.ratio
    if minutes.min > minutes.target:
        yield (
            ("minutes", "min"),
            f"The least, {minutes.min} minutes, is more than the target, {minutes.target}",
            "Make `min` at most `target`.",
        )
    least, most = ratio.mentees
    if least > most:
        yield (
            ("ratio", "mentees"),
            f"The least, {least}, is more than the most, {most}",
            "Give the least first: [least, most].",
        )
    if ratio.one_of_each_area and ratio.mentors != len(definition.areas):
        yield (
            ("ratio", "mentors"),
            f"One mentor of each of {len(definition.areas)} areas does not make a team of "
            f"{ratio.mentors}",
            "Make `mentors` the number of areas, or set `oneOfEachArea` to false.",
        )


def _visits(definition: Definition) -> Iterator[Broken]:
    yield from _repeated(("visitSteps",), (step.code for step in definition.visit_steps), "code")
    for part, values in (
        ("languages", definition.languages),
        ("modes", definition.modes),
        ("gates", definition.gates),
    ):
        yield from _repeated((part,), values)


def _areas(definition: Definition) -> Iterator[Broken]:
    yield from _repeated(("areas",), (area.code for area in definition.areas), "code")
    published = {(framework.code, framework.version) for framework in definition.frameworks}
    names: dict[str, str] = {}
    for place, area in enumerate(definition.areas):
        if (area.framework, area.framework_version) not in published:
            known = ", ".join(f"{code} version {version}" for code, version in sorted(published))
            yield (
                ("areas", place, "framework"),
                f"The file holds no framework {area.framework} version {area.framework_version}",
                f"Add it under `frameworks`, or use one of: {known}.",
            )
        if (area.association is None) != (area.association_name is None):
            yield (
                ("areas", place),
                "An association's code and its name come together, and one of them is missing",
                "Give both `association` and `associationName`, or neither.",
            )
        elif area.association is not None and area.association_name is not None:
            name = names.setdefault(area.association, area.association_name)
            if name != area.association_name:
                yield (
                    ("areas", place, "associationName"),
                    f"{area.association} is called {name!r} above, and otherwise here",
                    "Call an association the same everywhere.",
                )


def _frameworks(definition: Definition) -> Iterator[Broken]:
    used = {(area.framework, area.framework_version) for area in definition.areas}
    yield from _repeated(
        ("frameworks",),
        (f"{one.code} version {one.version}" for one in definition.frameworks),
        "code",
    )
    for place, framework in enumerate(definition.frameworks):
        if (framework.code, framework.version) not in used:
            yield (
                ("frameworks", place, "code"),
                f"No area is assessed by {framework.code} version {framework.version}",
                "Name it in an area's `framework` and `frameworkVersion`, or take it out.",
            )
        yield from _checklists(("frameworks", place), framework)


def _checklists(path: Path, framework: Framework) -> Iterator[Broken]:
    yield from _repeated(
        (*path, "competencies"), (one.code for one in framework.competencies), "code"
    )
    for place, competency in enumerate(framework.competencies):
        yield from _repeated(
            (*path, "competencies", place, "checklist"),
            (item.code for item in competency.checklist),
            "code",
        )


def _repeated(path: Path, values: Iterable[str], field: str | None = None) -> Iterator[Broken]:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield (
                (*path, place) if field is None else (*path, place, field),
                f"{value} stands here a second time",
                "Give each its own, or take one of them out.",
            )
        seen.add(value)
