"""Rules of the visits: lengths, phases, steps, and what is due with them."""

from collections.abc import Iterator

from shared.contracts.definition import Definition, Gate, Mode
from shared.contracts.definition.conduct import ConductRule
from shared.contracts.definition.visits import ArtefactKind, Place, SessionFormat
from shared.programmes.rules.broken import Broken, missing, repeated

MOST_POINTS = 10_000
"""Of any rule, in an hour or in a year: more is a slip of the keyboard."""


def visits(definition: Definition) -> Iterator[Broken]:
    """Yield what is wrong with how they meet."""
    minutes = definition.minutes
    if minutes.min > minutes.target:
        yield (
            ("minutes", "min"),
            f"The least, {minutes.min} minutes, is more than the target, {minutes.target}",
            "Make `min` at most `target`.",
        )
    yield from _by_mode(definition)
    yield from repeated(("modes",), definition.modes)
    yield from repeated(("gates",), definition.gates)
    yield from repeated(("visitSteps",), (step.code for step in definition.visit_steps), "code")
    yield from _conduct(definition)
    yield from _phases(definition)
    yield from _in_person(definition)
    yield from _due(definition)
    yield from _supervised(definition)
    yield from _cpd(definition)


def _by_mode(definition: Definition) -> Iterator[Broken]:
    by_mode = definition.minutes.by_mode
    yield from repeated(("minutes", "byMode"), (each.mode for each in by_mode), "mode")
    for place, each in enumerate(by_mode):
        at = ("minutes", "byMode", place)
        if each.min > each.target:
            yield (
                (*at, "min"),
                f"The least, {each.min} minutes, is more than the target, {each.target}",
                "Make `min` at most `target`.",
            )
        if each.mode not in definition.modes:
            yield (
                (*at, "mode"),
                f"The programme has no sessions by {each.mode}",
                "Add it to `modes`, or take this out.",
            )


def _conduct(definition: Definition) -> Iterator[Broken]:
    conduct = definition.conduct
    seen: dict[ConductRule, str] = {}
    for name, rules in (
        ("refuse", conduct.refuse),
        ("record", conduct.record),
        ("count", conduct.count),
    ):
        yield from repeated(("conduct", name), rules)
        for place, rule in enumerate(rules):
            other = seen.setdefault(rule, name)
            if other != name:
                yield (
                    ("conduct", name, place),
                    f"The rule {rule} stands in `{other}` too",
                    "Let it stand in one of the lists.",
                )


def _phases(definition: Definition) -> Iterator[Broken]:
    yield from repeated(("phases",), (phase.code for phase in definition.phases), "code")
    impossible = set()
    if definition.ratio.team[1] == 1:
        impossible.add(SessionFormat.TEAM)
    if definition.ratio.mentees[1] == 1:
        impossible.add(SessionFormat.GROUP)
    for place, phase in enumerate(definition.phases):
        yield from repeated(("phases", place, "formats"), phase.formats)
        if set(phase.formats) <= impossible:
            yield (
                ("phases", place, "formats"),
                f"Nobody can meet in {phase.code}: the ratio is too small for "
                f"{' and '.join(phase.formats)}",
                "Add INDIVIDUAL, or raise the most in `ratio`.",
            )
    gate = Gate.DEVELOPMENT_PLAN
    if gate in definition.gates:
        at = ("gates", definition.gates.index(gate))
        if definition.development_plan is None:
            yield missing(at, f"The gate {gate}", "developmentPlan")
        if definition.phases and not any(
            SessionFormat.INDIVIDUAL in phase.formats for phase in definition.phases
        ):
            yield (
                at,
                f"The gate {gate} is for one-to-one sessions, and no phase has any",
                "Add INDIVIDUAL to a phase's `formats`, or take the gate out.",
            )


def _in_person(definition: Definition) -> Iterator[Broken]:
    if Mode.IN_PERSON in definition.modes:
        return
    remedy = "Add IN_PERSON to `modes`, or take this out."
    if Gate.PLAN_SENT in definition.gates:
        at = definition.gates.index(Gate.PLAN_SENT)
        yield ("gates", at), "The gate PLAN_SENT is for sessions in person: there are none", remedy
    if definition.place is Place.MENTEE_WORKPLACE:
        yield ("place",), "A place is for sessions in person: there are none", remedy


def _due(definition: Definition) -> Iterator[Broken]:
    artefacts, support = definition.artefacts, definition.support
    if artefacts:
        yield from repeated(("artefacts", "kinds"), artefacts.kinds)
        kind = ArtefactKind.RELATIONSHIP_EVALUATION
        if kind in artefacts.kinds and definition.relationship is None:
            at = ("artefacts", "kinds", artefacts.kinds.index(kind))
            yield missing(at, f"The artefact {kind}", "relationship")
    if definition.relationship:
        yield from repeated(
            ("relationship", "items"), (one.code for one in definition.relationship.items), "code"
        )
    if support and support.acknowledge_hours > support.answer_hours:
        yield (
            ("support", "acknowledgeHours"),
            f"A request is to be answered after {support.answer_hours} hours, and acknowledged "
            f"only after {support.acknowledge_hours}",
            "Make `acknowledgeHours` at most `answerHours`.",
        )


def _supervised(definition: Definition) -> Iterator[Broken]:
    roles = definition.oversight.supervised_by if definition.oversight else ()
    at = ("oversight", "supervisedBy")
    yield from repeated(at, roles)
    if roles and Mode.IN_PERSON not in definition.modes:
        yield (
            at,
            "It is for sessions in person: there are none",
            "Add IN_PERSON to `modes`, or take this out.",
        )


def _cpd(definition: Definition) -> Iterator[Broken]:
    yield from repeated(("cpd",), (rule.code for rule in definition.cpd), "code")
    for place, rule in enumerate(definition.cpd):
        for name, points in (
            ("pointsPerHour", rule.points_per_hour),
            ("capPerYear", rule.cap_per_year),
        ):
            if points is not None and not (points.is_finite() and 0 < points <= MOST_POINTS):
                yield (
                    ("cpd", place, name),
                    f"{points} is no number of points",
                    f"Give a number above 0, such as 1 or 0.5, and at most {MOST_POINTS}.",
                )
