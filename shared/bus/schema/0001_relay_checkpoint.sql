-- How far a service's ledger is on the bus. Only the leading relay writes it, on the connection that
-- holds the leader's lock, and only where it still says what the relay read or wrote last.
CREATE TABLE relay_checkpoint (
    topic     text     NOT NULL PRIMARY KEY,
    topic_id  uuid     NOT NULL,  -- a topic that was made anew has another, and begins at zero
    position  bigint   NOT NULL,  -- every entry up to here is acknowledged
    reached   bigint[] NOT NULL   -- the last of them in each partition, or 0
) WITH (fillfactor = 10);         -- every round updates it in place, on the same page
