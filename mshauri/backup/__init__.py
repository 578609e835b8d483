"""Backups of the ledgers, taken while everything runs, and their restoring."""
