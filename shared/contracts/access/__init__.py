"""Who looked: what the gateway showed to whom. No bus carries it; the gateway keeps its ledger."""

from shared.contracts.access import operation

__all__ = ["operation"]
