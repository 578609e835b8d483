"""Where it is today: the zone that the house counts days by, unless it is told another.

Of the programmes' countries it is the first to begin a day: nobody's today is in its future.
"""

from zoneinfo import ZoneInfo

HOUSE_ZONE = ZoneInfo("Africa/Nairobi")
