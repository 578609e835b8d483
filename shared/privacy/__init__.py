"""Personal data, encrypted with a key a person: destroy the key, and the person is forgotten."""
