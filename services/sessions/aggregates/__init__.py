"""What sessions decides on. No I/O in here."""
