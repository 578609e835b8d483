"""When the garbage collector looks: seldom, and not at what stays.

Nearly all that a request makes is let go of as its references are counted down; the collector is
for what refers to itself. By its defaults it looks whenever 700 objects have come to stay, and a
process that remembers records and grants has some more with every command: a quarter of a
decider's CPU went into looking, and found next to nothing. In the gateway most of what stays is the
schema: to look that through held the loop for 200 ms.
"""

import gc

SELDOM = (8_000, 25, 20)
"""Objects that came to stay between two looks at the youngest (half a millisecond each), and how
many such looks lie between two at those that stayed then, and so on."""


def look_seldom() -> None:
    """Set aside what is there now, as long as the process lives; look seldom at what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
