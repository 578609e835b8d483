-- Each history that this ledger went on with: whatever an earlier epoch recorded above
-- `after_position` is gone. Epoch 1 begins with the ledger.
CREATE TABLE ledger_epoch (
    epoch           integer     NOT NULL PRIMARY KEY,
    after_position  bigint      NOT NULL,
    began           timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason          text        NOT NULL
);

INSERT INTO ledger_epoch (epoch, after_position, reason) VALUES (1, 0, 'the ledger was begun');

-- The server that wrote last, and its timeline: a backup goes on on another one. NULL until noted.
ALTER TABLE ledger_head ADD COLUMN system_id bigint, ADD COLUMN timeline integer;
