"""What an auditor takes away: gathered under their grants, proven by the services' logs."""
