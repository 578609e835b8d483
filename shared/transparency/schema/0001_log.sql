-- The Merkle log over the ledger's positions, in tiles as C2SP tlog-tiles has them. All of it can be
-- computed again from the ledger; what cannot are the checkpoints that were handed out.

-- A later epoch's tree has the leaves of the earlier one up to its cut, so all epochs share tiles:
-- what an earlier one ended in is the beginning of what stands here.
CREATE TABLE log_tile (
    level   smallint NOT NULL,
    number  bigint   NOT NULL,
    hashes  bytea    NOT NULL,  -- up to 256 of 32 bytes; the last tile of a level grows
    PRIMARY KEY (level, number)
) WITH (fillfactor = 50);
-- Hashes do not compress, and a tile of 8 kB is best beside its row.
ALTER TABLE log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The newest checkpoint of each epoch, and the newest that a witness cosigned.
CREATE TABLE log_checkpoint (
    epoch          integer     NOT NULL PRIMARY KEY,
    origin         text        NOT NULL,
    size           bigint      NOT NULL,
    root           bytea       NOT NULL,
    note           bytea       NOT NULL,  -- signed, with the cosignatures that have come of it
    sealed         timestamptz NOT NULL,
    cosigned_size  bigint,
    cosigned_note  bytea
) WITH (fillfactor = 10);

-- The keys of those who cosigned, as they are handed on.
CREATE TABLE log_witness (
    vkey   text        NOT NULL PRIMARY KEY,
    since  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Which keys signed them. Only the newest signs; whoever is given a retired one does not seal.
CREATE TABLE log_key (
    public_key  bytea       NOT NULL PRIMARY KEY,  -- Ed25519, 32 bytes
    since       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retired     timestamptz
);
