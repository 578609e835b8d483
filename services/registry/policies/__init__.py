"""What the registry does by itself when it hears of something: commands, sent as the system."""
