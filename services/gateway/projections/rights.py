"""The cascade: who earned the right to mentor a tier, by which validations, and who lost it."""

from collections.abc import Iterator

from services.gateway.projections.columns import DATE, ID, TEXT, TEXTS, maybe
from shared.contracts.validation.competency_record import RightToMentorEarned, RightToMentorLost
from shared.domain.ids import derived_id
from shared.projection import Change, Happening, Patch, Projection, Table, Upsert

RIGHT_TO_MENTOR = Table(
    name="right_to_mentor",
    version=1,
    key=("mentee_id", "tier", "tier_area"),
    columns={
        "mentee_id": ID,
        "tier": TEXT,
        "tier_area": TEXT,
        "health_worker_id": ID,
        "programme": TEXT,
        "area": TEXT,
        "org_unit_id": ID,
        "mentor_id": ID,
        "status": TEXT,
        "because": TEXTS,
        "earned_on": DATE,
        "lost_on": maybe(DATE),
        "lost_because": maybe(TEXT),
    },
    indexes=(
        ("earned_on", "mentee_id", "tier", "tier_area"),
        ("programme", "earned_on", "mentee_id", "tier", "tier_area"),
        ("tier", "earned_on", "mentee_id", "tier", "tier_area"),
        ("org_unit_id", "earned_on", "mentee_id", "tier", "tier_area"),
        ("status", "earned_on", "mentee_id", "tier", "tier_area"),
        ("health_worker_id",),
    ),
)
"""By the validations of an enrolment in `programme` and `area`, its mentee may mentor in the
`tier_area` of the programme `tier`. `mentor_id` is the record that the cascade makes of it there,
if it did; `status` is HELD or LOST."""

RIGHTS = Projection("rights", RIGHT_TO_MENTOR)


@RIGHTS.on(RightToMentorEarned)
def earned(event: RightToMentorEarned, _happening: Happening) -> Iterator[Change]:
    """Show what their validations opened to them; a right that was lost can be earned again."""
    yield Upsert(
        RIGHT_TO_MENTOR,
        (event.enrolment_id, event.tier, event.tier_area),
        {
            "health_worker_id": event.health_worker_id,
            "programme": event.programme,
            "area": event.area,
            "org_unit_id": event.org_unit_id,
            "mentor_id": derived_id("mentor", event.tier, event.tier_area, event.health_worker_id),
            "status": "HELD",
            "because": event.because,
            "earned_on": event.earned_on,
            "lost_on": None,
            "lost_because": None,
        },
    )


@RIGHTS.on(RightToMentorLost)
def lost(event: RightToMentorLost, _happening: Happening) -> Iterator[Change]:
    """Show that it does not rest on enough any more."""
    yield Patch(
        RIGHT_TO_MENTOR,
        (event.enrolment_id, event.tier, event.tier_area),
        {"status": "LOST", "lost_on": event.lost_on, "lost_because": event.because},
    )
