"""The root of all queries, in parts: one module for what belongs together."""
