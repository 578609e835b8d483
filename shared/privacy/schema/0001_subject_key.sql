-- One row a person: their key, wrapped by the master key; or, once erased, the fact that there was
-- one. The tombstone stays, so that a late event cannot bring the person back under a new key.
CREATE TABLE subject_key (
    subject   uuid        PRIMARY KEY,
    wrapped   bytea,
    master_id text,
    made      timestamptz NOT NULL DEFAULT now(),
    erased    timestamptz,
    CHECK ((wrapped IS NULL) = (erased IS NOT NULL)),
    CHECK ((wrapped IS NULL) = (master_id IS NULL))
);
