"""The Merkle log of a service's ledger: sealed, served, exported, and shown to witnesses."""
