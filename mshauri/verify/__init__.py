"""`mshauri verify`: whether the ledgers hold, and whether everybody has what they hold.

A ledger is walked entry by entry; then what others have of it is held against it: the bus, and the
audit trail that auditors read; and, where that is wished, all read models are made anew, and held
against those in use.
"""
