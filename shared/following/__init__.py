"""What follows from what was recorded: the relay, views kept up, and policies carried out."""
