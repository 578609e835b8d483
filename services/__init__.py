"""The recording services (registry, sessions, validation) and the gateway that asks them."""
