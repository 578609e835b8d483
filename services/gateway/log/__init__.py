"""The services' Merkle logs, published to anybody: read-only, nothing personal in them."""
