"""Finds what somebody mentors: by their number, the programme and the area."""

from typing import Any

from mshauri.importing.columns import Column, Form
from mshauri.importing.known import Known
from mshauri.importing.rows import Draft
from mshauri.importing.words import MEANS
from shared.contracts.base import Code

COLUMNS = (
    Column(
        name="healthWorker",
        means=MEANS["healthWorker"],
        form=Form.CODE,
        ref="HealthWorker",
        required=True,
    ),
    Column(name="programme", means=MEANS["programme"], form=Form.CODE, hint=Code, required=True),
    Column(name="area", means=MEANS["area"], form=Form.CODE, hint=Code, required=True),
)
KEY = ("healthWorker", "programme", "area")


def the_mentor(draft: Draft, known: Known) -> dict[str, Any] | None:
    """Return what somebody mentors; None: they do not, which was noted as a mistake."""
    programme, area = draft.text("programme"), draft.text("area")
    for stands in known.people[draft.text("healthWorker")]["mentoring"]:
        if (stands["programme"], stands["area"]) == (programme, area):
            return dict(stands)
    draft.wrong("NO_MENTOR", "healthWorker", areas=area, programme=programme)
    return None
