"""Every mistake a row can hold: a stable code, what is wrong, and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowError:
    """One mistake, where it stands.

    Attributes:
        row: as a spreadsheet counts: the headings are row 1.
        column: the heading of the file; empty: the row as a whole.
        code: stable, for programs.
        value: what stands there.
    """

    row: int
    column: str
    code: str
    value: str
    problem: str
    remedy: str


CATALOGUE: dict[str, tuple[str, str]] = {
    "WRONG_CELL_COUNT": (
        "The row has {cells} cells, the headings {asked}",
        "Quote cells that hold a separator; fill the row up with empty cells.",
    ),
    "MISSING_CODE": (
        "There is no code",
        "Ask the owner of the list for the official code: names change, codes do not.",
    ),
    "BAD_CODE": (
        "A code has letters, digits, dot, dash, underscore and slash, at most 64 of them",
        "Correct it to the official code.",
    ),
    "DUPLICATE_CODE": (
        "Row {first} has the same code",
        "Keep the row that is right, or give this one its own code.",
    ),
    "MISSING_NAME": ("There is no name", "Give the name."),
    "TOO_LONG": ("The text is longer than {most} characters", "Shorten it."),
    "MISSING_PARENT": (
        "The {kind} that it lies in is not named",
        "Name it: a unit is found by what lies above it.",
    ),
    "BAD_PARENT": (
        "No code can be made from this: it has no letter and no digit",
        "Give the name of the {kind}, or its code in a column of its own.",
    ),
    "PARENT_CODE_MISMATCH": (
        "The {kind} {named} lies elsewhere, or is called otherwise, in row {first}",
        "Give a code one name and one place above it.",
    ),
    "BAD_COORDINATE": (
        "This is not a number of degrees from {least} to {most}",
        "Give decimal degrees such as -1.9441, or leave both coordinates empty.",
    ),
    "HALF_A_COORDINATE": (
        "One of latitude and longitude is there, the other is not",
        "Give both, or leave both empty.",
    ),
    "COORDINATES_SWAPPED": (
        "Latitude and longitude lie outside the country, and inside it when swapped",
        "Run again with --swap-coordinates.",
    ),
    "OUTSIDE_COUNTRY": (
        "The point lies outside the country",
        "Correct the coordinates, or leave both empty.",
    ),
    "BAD_NUMBER": ("This is not a whole number, 0 or more", "Give a number, or leave it empty."),
    "UNKNOWN_VALUE": (
        "The mapping does not know this value",
        "Correct it, or add it under `values` in the mapping. Known: {known}.",
    ),
    "PARENT_NOT_ESTABLISHED": (
        "The {kind} that it lies in was not established",
        "Mend what refused the unit above, and run again: what landed stays.",
    ),
    "MISSING_VALUE": ("There is no value", "Give it: {means}"),
    "BAD_DAY": ("This is not a day", "Write it as year, month and day: 2024-05-31."),
    "BAD_YES_NO": ("This is neither yes nor no", "Write yes or no."),
    "BAD_PAIR": (
        "`{part}` is not of the form {form}",
        "Write {form}, and put `;` between one and the next.",
    ),
    "SAME_TWICE": ("`{part}` stands there twice", "Keep the one that is right."),
    "OUT_OF_BOUNDS": ("This is not what the column takes: {bounds}", "Correct it. {means}"),
    "BAD_FORM": ("This is not written as the column asks", "Correct it. {means}"),
    "DUPLICATE_ROW": (
        "Row {first} tells of the same thing: {what}",
        "Keep the row that is right, or set them apart by {apart}.",
    ),
    "UNKNOWN_ORG_UNIT": (
        "No org unit has this code",
        "Correct the code, or establish the unit first (`mshauri import facilities`).",
    ),
    "UNKNOWN_HEALTH_WORKER": (
        "No health worker whom you may see has this number",
        "Correct the number, or register them first (`mshauri import health-workers`).",
    ),
    "UNKNOWN_PROGRAMME": (
        "No such programme, or no such version of it, was published",
        "Correct it, or publish it first (`mshauri programme publish`).",
    ),
    "UNKNOWN_COHORT": (
        "{programme} has no cohort of this code that you may see",
        "Correct the code, or open the cohort first (`cohortOpen`).",
    ),
    "NOT_ENROLLED": (
        "They are not enrolled in {area} of {programme}",
        "Correct number, programme or area, or enrol them first (`mshauri import enrolments`).",
    ),
    "NO_MENTORSHIP": (
        "No mentorship of cohort {cohort} has them as mentee and mentor",
        "Correct the numbers, or propose the mentorship first (`mentorshipPropose`).",
    ),
    "SEVERAL_MENTORSHIPS": (
        "Cohort {cohort} has {found} mentorships with them",
        "Say which one: give `mentor`, or the mentorship's id as `mentorship`.",
    ),
    "NEW_PERSON": (
        "Nobody has this number yet, and there is no value here to register them with",
        "Give it: {means}",
    ),
    "NUMBER_OF_ANOTHER": (
        "The number is recorded of somebody with another name",
        "Correct the number; if it is the same person, write the name as it is recorded.",
    ),
    "IMPORTED_OTHERWISE": (
        "What this row tells of was imported before, with other content",
        "What was recorded stays. If this is another one, set it apart by `reference`.",
    ),
    "STANDS_OTHERWISE": (
        "It stands already, with another {differs}",
        "An import only adds; use `{change}` to change what stands.",
    ),
    "CHANGED_SINCE": (
        "It was established before with another {differs}",
        "An import establishes; use `orgUnitRename` or `orgUnitReparent` to change what stands.",
    ),
}


def row_error(code: str, row: int, column: str, value: str, **params: object) -> RowError:
    """Make the error of that code for a cell."""
    problem, remedy = CATALOGUE[code]
    return RowError(row, column, code, value, problem.format(**params), remedy.format(**params))
