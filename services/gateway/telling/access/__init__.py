"""What is told of who looked."""

from services.gateway.telling.access import operation

__all__ = ["operation"]
