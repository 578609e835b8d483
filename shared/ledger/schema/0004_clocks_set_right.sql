-- Where time runs backwards: the first entry after a clock that was ahead had been set right. Between
-- two of them no entry was recorded earlier than the one before it, so an instant is soon found.
CREATE TABLE ledger_turned_back (position bigint NOT NULL PRIMARY KEY);

CREATE FUNCTION note_turned_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_turned_back VALUES (OLD.position + 1) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- By a trigger, so that in a rolling update a writer of an older release notes it as well. What was
-- recorded is looked through while writers go on, and only what came meanwhile while they wait.
DO $$
DECLARE
    seen bigint := (SELECT position FROM ledger_head);
BEGIN
    INSERT INTO ledger_turned_back
    SELECT position
      FROM (SELECT position, recorded, lag(recorded) OVER (ORDER BY position) AS before
              FROM ledger WHERE position <= seen) AS entry
     WHERE recorded < before;

    CREATE TRIGGER turned_back AFTER UPDATE ON ledger_head
        FOR EACH ROW WHEN (NEW.recorded < OLD.recorded) EXECUTE FUNCTION note_turned_back();

    INSERT INTO ledger_turned_back
    SELECT position
      FROM (SELECT position, recorded, lag(recorded) OVER (ORDER BY position) AS before
              FROM ledger WHERE position >= seen) AS entry
     WHERE recorded < before;
END
$$;
