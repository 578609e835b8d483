"""Rules of what follows: when it ends, who may mentor next, what is measured and certified."""

from collections.abc import Iterable, Iterator

from shared.contracts.definition import Area, CascadeStep, Definition
from shared.contracts.definition.assessment import Basis
from shared.programmes.rules.broken import Broken, Path, missing, repeated


def outcomes(definition: Definition) -> Iterator[Broken]:
    """Yield what is wrong with what follows from the mentoring."""
    yield from repeated(("indicators",), (one.code for one in definition.indicators), "code")
    yield from _end(definition)
    yield from _cascade(definition)
    yield from _certificate(definition)


def _end(definition: Definition) -> Iterator[Broken]:
    end = definition.end
    if end is None:
        return
    if not (end.sessions or end.validated or end.goals or end.indicators):
        yield (
            ("end",),
            "It names nothing, and would hold for everybody at once",
            "Name `sessions`, `validated`, `goals` or `indicators`, or leave `end` out.",
        )
    if end.indicators and not definition.indicators:
        yield missing(("end", "indicators"), "An end by indicators", "indicators")
    if end.validated:
        path = ("end", "validated")
        yield from _validated(definition, path, end.validated, definition.areas)


def _cascade(definition: Definition) -> Iterator[Broken]:
    seen: set[tuple[tuple[str, ...], str, str]] = set()
    for place, step in enumerate(definition.cascade):
        path = ("cascade", place)
        same = (step.areas, step.programme, step.area)
        if same in seen:
            yield path, "This step stands above already", "Take one of them out."
        seen.add(same)
        yield from _cascade_areas(definition, path, step)
        earned_in = [area for area in definition.areas if area.code in step.areas]
        yield from _validated(
            definition, (*path, "validated"), step.validated, earned_in or definition.areas
        )


def _cascade_areas(definition: Definition, path: Path, step: CascadeStep) -> Iterator[Broken]:
    known = ", ".join(area.code for area in definition.areas)
    yield from repeated((*path, "areas"), step.areas)
    for place, code in enumerate(step.areas):
        if definition.area(code) is None:
            yield (
                (*path, "areas", place),
                f"This programme has no area {code}",
                f"Its areas: {known}.",
            )
    if step.programme == definition.programme and definition.area(step.area) is None:
        yield (*path, "area"), f"This programme has no area {step.area}", f"Its areas: {known}."


def _certificate(definition: Definition) -> Iterator[Broken]:
    certificate = definition.certificate
    if certificate is None:
        return
    yield from repeated(
        ("certificate", "approvals"), (step.code for step in certificate.approvals), "code"
    )
    if certificate.basis is Basis.VALIDATION:
        yield from _validated(definition, ("certificate", "basis"), "all", definition.areas)


def _validated(
    definition: Definition, path: Path, asked: int | str, areas: Iterable[Area]
) -> Iterator[Broken]:
    """Yield why so many competencies of those areas could never be validated."""
    if definition.validation is None:
        yield missing(path, "What hangs on validations", "validation")
        return
    held: dict[tuple[str | None, int | None], int] = {
        (one.code, one.version): len(one.competencies) for one in definition.frameworks
    }
    for area in areas:
        if area.framework is None and area.framework_version is None:
            yield (
                path,
                f"Nothing is validated in {area.code}: it has no framework",
                "Give the area its `framework` and `frameworkVersion`, or take this out.",
            )
            continue
        most = held.get((area.framework, area.framework_version))
        if isinstance(asked, int) and most is not None and asked > most:
            yield (
                path,
                f"{asked} competencies are asked for, and {area.code} has {most}",
                f"Ask for at most {most}, or for `all`.",
            )
