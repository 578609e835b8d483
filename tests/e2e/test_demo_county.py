"""The county's year, played alone on a stack of its own: every figure before and after is as it
should be, and the page tells what happened and what the house answered.
"""

import re
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]
ANSWERED = "what the house answered"


@pytest.fixture(scope="module")
def page() -> str:
    """What one run says, for the module; it must end with 0."""
    command = [sys.executable, "-m", "mshauri", "demo", "--programme", "county-year"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def diary(page: str) -> list[str]:
    """Return the lines of the diary, each with its day and what the house answered, whole."""
    lines = page.splitlines()
    begins = next(number for number, line in enumerate(lines) if ANSWERED in line)
    column = lines[begins].index(ANSWERED)
    rows: list[str] = []
    for line in lines[begins + 2 :]:
        if not line.strip():
            return rows
        day, answer = line[:column].split(maxsplit=1)[:1], line[column:].strip()
        if day and re.fullmatch(r"\d{4}-\d\d-\d\d", day[0]):
            rows.append(f"{day[0]} {answer}")
        else:
            rows[-1] += f" {answer}"
    raise AssertionError("the diary has no end")


def test_every_figure_before_and_after_is_as_it_should_be(page: str) -> None:
    assert re.search(r"✓ (\d+) of \1 figures as they should be, before and after", page), page
    assert "✓ A dry run told which validation and which certificate would fall" in page
    assert "✗" not in page


@pytest.mark.parametrize(
    ("figure", "before", "after"),
    [
        ("deviations: SESSION_TOO_SHORT", "0", "1"),
        ("deviations: PLACE_NOT_ALLOWED", "1", "0"),
        ("deviations: MENTEE_COUNT", "0", "1"),
        ("2024-09-26 +visits overdue", "1", "0"),
        ("2024-10-29 +visits overdue", "3", "0"),
        ("cohort ends", "2024-10-31", "2025-01-31"),
        ("2024-12-02 +validated on everything", "4", "3"),
        ("2025-02-12 +validated on everything", "4", "3"),
        ("certificates revoked", "0", "1"),
        ("certificates revoked", "1", "0"),
        ("supervised sessions", "3", "4"),
        ("completed", "0", "4"),
    ],
)
def test_before_and_after_stand_side_by_side(
    page: str, figure: str, before: str, after: str
) -> None:
    assert re.search(rf"{figure} +{before} +{after} +✓", page), page


@pytest.mark.parametrize(
    "told",
    [
        r"2024-08-05 recorded, and counts: MENTEE_COUNT of county-chp.* waived by The county",
        r"2024-09-10 recorded, and counts for nothing: SESSION_TOO_SHORT of kenya-hrh, version 3",
        r"2024-09-24 recorded, and counts for nothing: PLACE_NOT_ALLOWED of kenya-hrh, version 3",
        r"2024-09-24 recorded, and counts$",
        r"2025-02-12 CHP-2024-\S+: issued, in doubt since 2025-02-12$",
        r"2025-03-10 tried: VALIDATION_FALLS.* CERTIFICATE_FALLS_IN_DOUBT",
        r"2025-03-17 CHP-2024-\S+: revoked$",
        r"2025-04-16 CHP-2025-\S+: issued, in place of CHP-2024-\S+$",
        r"2025-04-16 CHP-2024-\S+ looked up: CHP-2025-\S+ holds in its place$",
    ],
)
def test_the_page_tells_what_the_house_answered(page: str, told: str) -> None:
    assert any(re.match(told, row) for row in diary(page)), diary(page)
