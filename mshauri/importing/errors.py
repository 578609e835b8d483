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
    "LEFT_OUT_TOTAL": ("The row counts others", "Nothing is to be done."),
    "LEFT_OUT_NOTE": ("The row is a note, or a heading of rows", "Nothing is to be done."),
    "LEFT_OUT_HEADINGS": ("The headings stand here once more", "Nothing is to be done."),
    "SPREADSHEET_ERROR": (
        "A spreadsheet wrote here that a formula failed",
        "Mend the formula in the list, or write the value; leave the cell empty if there is none.",
    ),
    "A_SUM": (
        "This is not a {what}: the row counts others, or holds a nought",
        "Leave rows of totals out of the list; for a facility, give its own {what}.",
    ),
    "BAD_NAME": (
        "There is no letter and no digit in it",
        "Give the name, or leave the cell empty if there is none.",
    ),
    "MISSING_CODE": (
        "There is no code, or only a word for nothing",
        "Ask the owner of the list for the official code: names change, codes do not.",
    ),
    "BAD_CODE": (
        "A code has letters, digits, dot, dash, underscore and slash, at most 64 of them",
        "Correct it to the official code.",
    ),
    "DUPLICATE_CODE": (
        "{others} the same code, and the list does not say which is right",
        "Keep the row that is right, or give each its own code.",
    ),
    "CODE_ALIKE": (
        "{others} one code written in another way",
        "Keep one of them, as its owner writes it: spreadsheets add `.0` and drop leading zeros.",
    ),
    "CODE_STANDS_ALIKE": (
        "{stands} stands already: one code written in another way",
        "Write {stands} if it is that one: spreadsheets add `.0` and drop leading zeros.",
    ),
    "SAME_NAME": (
        "Another unit of this name lies in the same place: {others}",
        "If it is the same one, keep one row, under the code that it has.",
    ),
    "LEFT_EMPTY": (
        "{named} was established for rows of which none landed in the end",
        "Mend the rows and run again; close it (`orgUnitClose`) if it was a mistake.",
    ),
    "LONE_LEVEL": (
        "The {kind} {named} was never seen before, and only this row lies in it",
        "If it is misspelled, correct it before it is established{like}.",
    ),
    "MISSING_NAME": ("There is no name, or only a word for nothing", "Give the name."),
    "TOO_LONG": ("The text is longer than {most} characters", "Shorten it."),
    "MISSING_PARENT": (
        "The {kind} that it lies in is not named, or only by a word for nothing",
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
        "Give degrees such as -1.9441 or 1°56'38.8\"S, or leave both coordinates empty.",
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
    "NO_NUMBER": (
        "There is no number, or only a word for nothing",
        "Give the number; if they have none, say in the mapping that some rows lack it: "
        "`without: [number]`.",
    ),
    "MISSING_VALUE": ("There is no value, or only a word for nothing", "Give it: {means}"),
    "BAD_DAY": (
        "This is not a day, or not one that is written in full",
        "Write it as year, month and day (2024-05-31), or say in the mapping how days are written: "
        "`days: DD/MM/YY`.",
    ),
    "AMBIGUOUS_DAY": (
        "This may be {one} or {other}, and nothing else in the column {heading} proves which",
        "Say in the mapping how days are written: `days: DD/MM/YYYY` or `days: MM/DD/YYYY`.",
    ),
    "ONE_PHONE_KEPT": (
        "There are several phone numbers in the cell, and one is kept: the first",
        "Put the one first that they are reached by.",
    ),
    "BAD_YEAR": (
        "The year lies outside of {first} to {last}",
        "Write all four figures of the year: 2024-05-31.",
    ),
    "BAD_YES_NO": ("This is neither yes nor no", "Write yes or no."),
    "BAD_PAIR": (
        "`{part}` is not of the form {form}",
        "Write {form}, and put `;` between one and the next.",
    ),
    "SAME_TWICE": ("`{part}` stands there twice", "Keep the one that is right."),
    "OUT_OF_BOUNDS": ("This is not what the column takes: {bounds}", "Correct it. {means}"),
    "BAD_FORM": ("This is not written as the column asks", "Correct it. {means}"),
    "DUPLICATE_ROW": (
        "{others} the same key: {what}",
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
    "UNSURE_ORG_UNIT": (
        "No org unit has this code or, alone, this name; it may be {near}",
        "Give the code of the one that is meant, or say it under `values` in the mapping.",
    ),
    "UNSURE_HEALTH_WORKER": (
        "Nobody has this number or, alone, this name; it may be the one with the number {near}",
        "Give the number of the one who is meant, or say it under `values` in the mapping.",
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
    "NO_MENTOR": (
        "They are no mentor of {areas} in {programme}",
        "Correct number or programme, or nominate them first (`mshauri import mentors`).",
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
    "STANDS_OTHERWISE_UPDATE": (
        "It stands already, with another {differs}",
        "Correct the list, or run again with --update to change what stands (`{change}`).",
    ),
    "STANDS_OTHERWISE_FOR_GOOD": (
        "It stands already, with another {differs}",
        "An import only adds, and no command changes this: correct the list if it is wrong.",
    ),
    "NOT_COMPARED": (
        "They stand already; nobody reads their {differs} back, so it was not compared",
        "If it is new, it was not recorded: tell the administrator.",
    ),
    "SENT_NOT_COMPARED": (
        "They stand already; nobody reads their {differs} back, so it was sent as it is",
        "Nothing is left to do: what is new of it was added, and what was known is known once.",
    ),
    "STANDS_OTHERWISE_THERE": (
        "It stands already, with another {differs}: {stands}",
        "{change}",
    ),
}

WAITS = frozenset(
    {
        *("UNKNOWN_ORG_UNIT", "UNKNOWN_HEALTH_WORKER", "UNKNOWN_PROGRAMME", "UNKNOWN_COHORT"),
        *("NOT_ENROLLED", "NO_MENTORSHIP", "NO_MENTOR", "NEW_PERSON"),
        # As the API says it, of what a list brings.
        *("NOT_ORIENTED", "ORIENTATION_SCORES_MISSING"),
        *("MENTOR_NOT_CERTIFIED", "ASSESSOR_NOT_CERTIFIED", "MENTORSHIP_NOT_SIGNED"),
        *("BASELINE_MISSING", "FACILITY_BASELINE_MISSING", "INDICATOR_BASELINE_MISSING"),
        "DEVELOPMENT_PLAN_MISSING",
    }
)
"""Mistakes that are none once another list has been imported: the row is kept waiting for it."""


def row_error(
    code: str, row: int, column: str, value: str, says: str = "", /, **params: object
) -> RowError:
    """Make the error of that code for a cell, in its own sentences or in those of `says`."""
    problem, remedy = CATALOGUE[says or code]
    return RowError(row, column, code, value, problem.format(**params), remedy.format(**params))


NAMED = 5
"""Rows named in one sentence; of more, how many."""


def rows_that_have(rows: list[int]) -> str:
    """Return the subject of a sentence about other rows: `Row 2 has`, `Rows 2 and 7 have`."""
    names = [str(row) for row in sorted(rows)]
    if len(names) > NAMED:
        names = [*names[:NAMED], f"{len(names) - NAMED:,} more"]
    if len(names) == 1:
        return f"Row {names[0]} has"
    return f"Rows {', '.join(names[:-1])} and {names[-1]} have"
