"""What the registry decides on. No I/O in here."""
