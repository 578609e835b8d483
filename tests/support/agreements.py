"""A mentorship as sessions knows it: two mentors, two mentees, all signed."""

from datetime import date
from typing import Any

from services.sessions.aggregates.agreement import Agreement
from shared.domain import new_id
from shared.domain.findings import Findings
from tests.support.definitions import definition

MENTOR, SECOND_MENTOR, MENTEE, SECOND_MENTEE = new_id(), new_id(), new_id(), new_id()
AGREED_ON = date(2018, 11, 5)


def agreement(**changes: Any) -> Agreement:
    """Return the agreement, changed where a test needs it otherwise."""
    return Agreement(
        **{
            "mentorship_id": new_id(),
            "programme_version_id": new_id(),
            "rules": definition(),
            "org_unit_id": new_id(),
            "mentors": frozenset({MENTOR, SECOND_MENTOR}),
            "mentees": frozenset({MENTEE, SECOND_MENTEE}),
            "enrolments": {MENTEE: (new_id(),), SECOND_MENTEE: (new_id(), new_id())},
            "areas": {
                MENTOR: ("RPA",),
                SECOND_MENTOR: ("RAM",),
                MENTEE: ("RPA",),
                SECOND_MENTEE: ("RPA", "RAM"),
            },
            "phase": None,
            "signed_on": dict.fromkeys((MENTOR, SECOND_MENTOR, MENTEE, SECOND_MENTEE), AGREED_ON),
            "live": True,
            **changes,
        }
    )


UNSIGNED = dict.fromkeys((MENTOR, SECOND_MENTOR, MENTEE, SECOND_MENTEE))
"""Nobody has signed the letter."""


def weighed(under: Agreement) -> Findings:
    """Return what takes in what is found under an agreement."""
    return Findings(under.rules.conduct)
