"""A programme's rules: read from its file, and known to every service that must go by them."""
