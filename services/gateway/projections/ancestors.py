"""Above whom a unit stands, on any day: kept by the database itself, beside the parents.

A fold sees one event, and where a unit stands depends on every unit above it. So the table of
parents has triggers, which keep this one in the same transaction, as an index is kept: whoever sees
a unit under a new parent sees it under that one's parents, too. One row says that a unit had an
ancestor (the nearest is itself) from one day until before another; before its first day a unit
stands where it first will.

It is a function of the parents alone, whatever order they came in. Of a ring, made by two people at
one time, each unit has every other as an ancestor once.
"""

NAME = "org_unit_ancestor_v1"

_TABLE = f"""
CREATE TABLE "{NAME}" (
    org_unit_id uuid    NOT NULL,
    ancestor_id uuid    NOT NULL,
    since       date    NOT NULL,
    until       date    NOT NULL,
    depth       integer NOT NULL,
    PRIMARY KEY (org_unit_id, ancestor_id, since)
);
CREATE INDEX "{NAME}_below_idx" ON "{NAME}" (ancestor_id, org_unit_id, since, until);
"""

# One at a time: two that each saw the parents without the other's would both write what never was.
# The lock keeps nobody from reading, and each statement after it sees what was written before it.
_FOLLOW = """
CREATE FUNCTION "{name}_follow"() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    moved uuid[];
BEGIN
    -- An upsert comes here twice, for what it made and for what it changed.
    IF NOT EXISTS (SELECT FROM changed) THEN RETURN NULL; END IF;
    LOCK TABLE "{name}" IN SHARE ROW EXCLUSIVE MODE;
    SELECT array_agg(DISTINCT below.id) INTO moved FROM (
        SELECT org_unit_id AS id FROM changed
         UNION ALL
        SELECT a.org_unit_id FROM "{name}" a JOIN changed c ON c.org_unit_id = a.ancestor_id
    ) below;
    DELETE FROM "{name}" WHERE org_unit_id = ANY(moved);
    INSERT INTO "{name}" (org_unit_id, ancestor_id, since, until, depth)
    WITH RECURSIVE up AS (
        SELECT u.id AS org_unit_id, u.id AS ancestor_id, date '-infinity' AS since,
               date 'infinity' AS until, ARRAY[u.id] AS path
          FROM unnest(moved) AS u(id)
         WHERE EXISTS (SELECT 1 FROM "{parents}" s WHERE s.org_unit_id = u.id)
         UNION ALL
        SELECT up.org_unit_id, p.parent_id, greatest(up.since, p.since),
               least(up.until, p.until), up.path || p.parent_id
          FROM up
         CROSS JOIN LATERAL (
               SELECT s.parent_id,
                      CASE WHEN lag(s.since) OVER days IS NULL THEN date '-infinity'
                           ELSE s.since END AS since,
                      coalesce(lead(s.since) OVER days, date 'infinity') AS until
                 FROM "{parents}" s WHERE s.org_unit_id = up.ancestor_id
               WINDOW days AS (ORDER BY s.since)
               ) p
         WHERE p.parent_id <> ALL (up.path) AND p.since < up.until AND p.until > up.since
    )
    SELECT org_unit_id, ancestor_id, since, until, cardinality(path) - 1 FROM up;
    RETURN NULL;
END $$;
"""

_TRIGGER = """
CREATE TRIGGER "{name}_{event}" AFTER {event} ON "{parents}"
    REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION "{name}_follow"();
"""


def kept_beside(parents: str) -> str:
    """Return the SQL that has the database keep the ancestors beside a table of parents.

    Args:
        parents: its physical name; it has `org_unit_id`, `since` and `parent_id`.
    """
    triggers = "".join(
        _TRIGGER.format(name=NAME, parents=parents, event=event, rows=rows)
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    )
    return _TABLE + _FOLLOW.format(name=NAME, parents=parents) + triggers
