"""What an auditor takes away: a file that proves what it says, and the program that judges it."""
