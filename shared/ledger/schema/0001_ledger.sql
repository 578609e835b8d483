-- The history of one service. Nothing in it is ever changed: see the trigger below.
CREATE TABLE ledger (
    position    bigint      NOT NULL PRIMARY KEY,  -- 1, 2, 3, … in commit order
    epoch       integer     NOT NULL,              -- raised when a restored backup goes on
    id          uuid        NOT NULL,              -- of the event
    stream      uuid        NOT NULL,
    kind        text        NOT NULL,              -- what the stream is: 'mentorship'
    version     bigint      NOT NULL,              -- 1, 2, 3, … within the stream
    key         uuid        NOT NULL,              -- decides the partition on the bus
    topic       text        NOT NULL,
    recorded    timestamptz NOT NULL,
    command_id  uuid        NOT NULL,
    meta        bytea       NOT NULL,
    payload     bytea       NOT NULL,
    hash        bytea       NOT NULL,              -- of the entry and its stream's whole past
    -- The writer compares versions under the head's lock; this key is a tripwire behind it.
    UNIQUE (stream, version)
);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- One row: whose lock lets one writer write at a time, and whose counter gives positions without
-- a gap, because both end with the transaction.
CREATE TABLE ledger_head (
    single    boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (single),
    position  bigint      NOT NULL,
    epoch     integer     NOT NULL,
    hash      bytea       NOT NULL,  -- chains the hashes of all entries in position order
    recorded  timestamptz NOT NULL   -- of the last entry: time never runs backwards here
) WITH (fillfactor = 10);            -- every commit updates it in place, on the same page

INSERT INTO ledger_head (position, epoch, hash, recorded)
VALUES (0, 1, decode(repeat('00', 32), 'hex'), 'epoch');

-- What each command was answered, so that the same command is answered the same again.
CREATE TABLE command_log (
    command_id   uuid  NOT NULL PRIMARY KEY,
    fingerprint  bytea NOT NULL,
    receipt      bytea NOT NULL
);

-- What may belong to one record only, such as an identifier, and to which it does.
CREATE TABLE claim (
    key     text COLLATE "C" NOT NULL PRIMARY KEY,
    stream  uuid             NOT NULL
);

-- The newest known state of a stream; may be deleted at any time.
CREATE TABLE snapshot (
    stream   uuid   NOT NULL PRIMARY KEY,
    version  bigint NOT NULL,
    state    bytea  NOT NULL
);
