"""What makes the history evident: hashes that an outsider can compute again."""
