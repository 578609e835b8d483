"""What validation decides on. No I/O in here."""
