-- A hash over all of an entry (shared/proof/sealing.py); entries from before keep what they have.
ALTER TABLE ledger ADD COLUMN seal bytea;

-- The position of the last entry in each of the bus's partitions, or 0; NULL until it is first known.
ALTER TABLE ledger_head ADD COLUMN reached bigint[];
