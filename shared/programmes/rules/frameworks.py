"""Rules of what is assessed: areas, the frameworks they name, the checklists in them."""

from collections.abc import Iterator

from shared.contracts.definition import Definition, Framework, Gate
from shared.contracts.definition.assessment import Operator
from shared.programmes.rules.broken import Broken, missing, repeated


def frameworks(definition: Definition) -> Iterator[Broken]:
    """Yield what is wrong with what the programme assesses, and how."""
    yield from repeated(("areas",), (area.code for area in definition.areas), "code")
    yield from _areas(definition)
    yield from _associations(definition)
    yield from _published(definition)
    yield from _validation(definition)
    yield from _baselines(definition)
    yield from _recognised(definition)


def _areas(definition: Definition) -> Iterator[Broken]:
    held = {(framework.code, framework.version) for framework in definition.frameworks}
    known = ", ".join(f"{code} version {version}" for code, version in sorted(held))
    for place, area in enumerate(definition.areas):
        cadres = (cadre.casefold() for cadre in area.cadres)
        yield from repeated(("areas", place, "cadres"), cadres)
        if (area.framework is None) != (area.framework_version is None):
            yield (
                ("areas", place),
                "A framework's code and its version come together, and one of them is missing",
                "Give both `framework` and `frameworkVersion`, or neither.",
            )
        elif area.framework is not None and (area.framework, area.framework_version) not in held:
            use = f", or use one of: {known}" if known else ", or leave both fields out"
            yield (
                ("areas", place, "framework"),
                f"The file holds no framework {area.framework} version {area.framework_version}",
                f"Add it under `frameworks`{use}.",
            )


def _associations(definition: Definition) -> Iterator[Broken]:
    names: dict[str, str] = {}
    for place, area in enumerate(definition.areas):
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


def _published(definition: Definition) -> Iterator[Broken]:
    used = {(area.framework, area.framework_version) for area in definition.areas}
    yield from repeated(
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
        yield from _checklists(place, framework)


def _checklists(at: int, framework: Framework) -> Iterator[Broken]:
    path = ("frameworks", at, "competencies")
    yield from repeated(path, (one.code for one in framework.competencies), "code")
    for place, competency in enumerate(framework.competencies):
        yield from repeated(
            (*path, place, "checklist"), (item.code for item in competency.checklist), "code"
        )


def _validation(definition: Definition) -> Iterator[Broken]:
    rule = definition.validation
    if Gate.PRE_TEST in definition.gates and not definition.frameworks:
        at = definition.gates.index(Gate.PRE_TEST)
        yield missing(("gates", at), "The gate PRE_TEST", "frameworks")
    if rule is None:
        return
    if not definition.frameworks:
        yield missing(("validation",), "A rule of validation", "frameworks")
    if rule.operator is Operator.ABOVE and rule.threshold == 100:
        yield (
            ("validation", "threshold"),
            "No score is above 100 %",
            "Lower the threshold, or make `operator` AT_LEAST.",
        )
    critical = any(
        item.critical
        for framework in definition.frameworks
        for competency in framework.competencies
        for item in competency.checklist
    )
    if rule.critical_items and definition.frameworks and not critical:
        yield (
            ("validation", "criticalItems"),
            "All hangs on critical items, and no checklist has any",
            "Mark items `critical: true`, or set `criticalItems` to false.",
        )


def _baselines(definition: Definition) -> Iterator[Broken]:
    looked_at = definition.facility_baseline
    if Gate.FACILITY_BASELINE in definition.gates and not looked_at:
        at = definition.gates.index(Gate.FACILITY_BASELINE)
        yield missing(("gates", at), "The gate FACILITY_BASELINE", "facilityBaseline")
    yield from repeated(("facilityBaseline",), (area.code for area in looked_at), "code")
    for place, area in enumerate(looked_at):
        yield from repeated(
            ("facilityBaseline", place, "items"), (item.code for item in area.items), "code"
        )


def _recognised(definition: Definition) -> Iterator[Broken]:
    known = {one.code for framework in definition.frameworks for one in framework.competencies}
    for place, equivalence in enumerate(definition.recognises):
        if known and equivalence.counts_as not in known:
            yield (
                ("recognises", place, "countsAs"),
                f"The file holds no competency {equivalence.counts_as}",
                f"Its competencies: {', '.join(sorted(known)) or 'none'}.",
            )
