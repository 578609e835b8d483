"""Who looked: what each operation shows of people is noted, kept, and shipped to a ledger."""
