-- Every epoch of the ledger up to this one is told of on every partition of the topic.
ALTER TABLE relay_checkpoint ADD COLUMN epoch integer NOT NULL DEFAULT 1;
