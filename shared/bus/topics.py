"""Which topic a service speaks on."""


def topic_of(service: str) -> str:
    """Return the topic a service's events are on."""
    return f"mshauri.{service}.v1"
