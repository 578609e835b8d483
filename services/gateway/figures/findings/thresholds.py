"""What is held to be too much, where a ministry may think otherwise. Each has its source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How much is too much.

    Attributes:
        minutes_per_day: of sessions, in one person's day. 960: a day without eight hours of sleep.
            Directive 2003/88/EC, article 3, leaves less (13 hours); what is found here is not what
            is unlawful, but what is not credible.
        kilometres_per_hour: as the crow flies, between two sessions. 100: WHO's AccessMod has no
            faster road, and no road is straight.
        burst_days: different days of sessions recorded within a minute. 5: a week's working days.
        late_days: after which a session is recorded late. 30: a reporting month.
        late_percent: of a unit's sessions in a quarter that make lateness its habit.
        days_without_session: after a mentorship was agreed. 92: the Rwandan programme's rhythm is a
            visit a month, that of community groups one a quarter; a quarter has at most so many.
        group_most: mentees at one session. 9: "each group of 5-9 CHWs" (Ingobyi, community
            mentorship), the largest group that any of the source programmes has.
        grace_days: after a fiscal quarter's end, when its figures count as reported. 30: quarterly
            reports to donors (USAID, 2 CFR 200.329) are due so many days after the quarter.
        changed_percent: of a quarter's sessions of a unit that changed after that.
    """

    minutes_per_day: int = 960
    kilometres_per_hour: int = 100
    burst_days: int = 5
    late_days: int = 30
    late_percent: int = 50
    days_without_session: int = 92
    group_most: int = 9
    grace_days: int = 30
    changed_percent: int = 5


STANDARD = Thresholds()
"""Those that hold where nobody says otherwise."""
LEAST = 10
"""Sessions, or attempts, below which nothing is said to be a habit."""
CALIPER_LEAST = 20
"""Attempts close to the threshold, on both of its sides, that a clustering is tested of."""
PEERS_LEAST = 30
"""Attempts of others, below which nothing is known of what is usual."""
CHANCE = 0.001
"""The chance below which something is not put down to it: one in a thousand, as an assessor is
tested often."""
NEAREST_KM = 20
"""Below this, facilities are near each other: coordinates are often those of a sector's middle."""
