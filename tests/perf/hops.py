"""How long each hop from a command to its rows takes, as the processes' own metrics say."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from mshauri.stack.stack import Stack

_AGE, _COMMAND = "mshauri_event_age_seconds", "mshauri_command_seconds"
_PLACES = ("relay", "broker", "projector", "rows")
"""Where an event comes to, in this order; each is measured since it was recorded."""
_BAR = 40

Buckets = list[tuple[float, float]]
"""Upper bounds in seconds, and how many lie at or below each."""


async def read(stack: Stack) -> dict[str, Buckets]:
    """Return the histogram of commands at the registry, and of events' age at each place."""
    found: dict[str, Buckets] = {}
    async with httpx.AsyncClient(trust_env=False) as client:
        for process in ("registry", "followers", "projector"):
            said = (await client.get(f"{stack.url(process)}/metrics")).text
            for family in text_string_to_metric_families(said):
                if family.name not in (_AGE, _COMMAND):
                    continue
                for sample in family.samples:
                    if sample.name.endswith("_bucket"):
                        place = sample.labels.get("at", "command")
                        bound = float(sample.labels["le"])
                        found.setdefault(place, []).append((bound, sample.value))
    return found


def between(before: dict[str, Buckets], after: dict[str, Buckets]) -> dict[str, Buckets]:
    """Return what came to each place between two readings."""
    return {
        place: [
            (bound, count - was)
            for (bound, count), (_, was) in zip(
                buckets, before.get(place) or [(b, 0.0) for b, _ in buckets], strict=True
            )
        ]
        for place, buckets in after.items()
    }


def below(buckets: Buckets, share: float) -> float:
    """Return the bound below which so large a share lies, in milliseconds."""
    wanted = share * buckets[-1][1]
    return next(bound for bound, count in buckets if count >= wanted) * 1000


def show(hops: dict[str, Buckets]) -> None:
    """Print a histogram of each place."""
    for place in ("command", *_PLACES):
        if not (buckets := hops.get(place)) or not buckets[-1][1]:
            continue
        since = "asked" if place == "command" else "recorded"
        print(
            f"\n{place}, since {since}: half within {below(buckets, 0.5):.1f} ms, "
            f"99 of 100 within {below(buckets, 0.99):.1f} ms"
        )
        under, all_of = 0.0, buckets[-1][1]
        for bound, count in buckets:
            if (share := (count - under) / all_of) >= 0.005:
                print(f"  {bound * 1000:8.1f} ms {'▇' * round(share * _BAR)} {share:.0%}")
            under = count
