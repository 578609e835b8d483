"""The public GraphQL schema: generated from the contracts, and from the declared read models."""
