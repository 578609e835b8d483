"""What follows from what the services record: relays, views, policies; see `shared.service`."""
