"""What grids are ranked by is kept up: their people and points by quarter, as notes that are summed up later.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_QUARTER = """
CREATE FUNCTION quarter_of(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_trunc('quarter', at AT TIME ZONE 'Asia/Shanghai')::date
"""

# A reversal takes away in the quarter in which the points were earned.
_RANKED = """
CREATE VIEW ranked_points AS
SELECT p.id AS posting_id, a.id AS account_id, a.book_id, a.region_id, quarter_of(o.at) AS quarter,
    CASE WHEN p.kind = 'earn' THEN e.amount ELSE -e.amount END AS points
FROM posting p
JOIN posting o ON o.id = coalesce(p.reverses, p.id) AND o.kind = 'earn'
JOIN entry e ON e.posting_id = o.id AND e.component = 'available'
JOIN account a ON a.id = o.account_id AND a.nature = 'natural' AND a.closed_at IS NULL
"""

_SEALED = """
CREATE FUNCTION note_sealed_points() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO grid_change (book_id, region_id, quarter, points)
    SELECT r.book_id, r.region_id, r.quarter, sum(r.points)
    FROM fresh f JOIN ranked_points r ON r.posting_id = f.posting_id
    GROUP BY 1, 2, 3 HAVING sum(r.points) <> 0;
    RETURN NULL;
END $$
"""

_JOINED = """
CREATE FUNCTION note_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO grid_change (book_id, region_id, quarter, members)
    SELECT book_id, region_id, quarter_of(opened_at), count(*) FROM fresh
    WHERE nature = 'natural' AND closed_at IS NULL GROUP BY 1, 2, 3;
    RETURN NULL;
END $$
"""

# Waits until nothing of the book is being sealed: of each posting it must be known where it counts.
_MOVED = """
CREATE FUNCTION note_moved_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7240127, hashtext(NEW.book_id::text));
    INSERT INTO grid_change (book_id, region_id, quarter, points, members)
    WITH own AS (
        SELECT quarter_of(OLD.opened_at) AS quarter, 0 AS points, 1 AS members
        UNION ALL
        SELECT quarter_of(o.at), CASE WHEN p.kind = 'earn' THEN e.amount ELSE -e.amount END, 0
        FROM posting p
        JOIN seal s ON s.posting_id = p.id
        JOIN posting o ON o.id = coalesce(p.reverses, p.id) AND o.kind = 'earn'
        JOIN entry e ON e.posting_id = o.id AND e.component = 'available'
        WHERE p.account_id = OLD.id
    ), moved AS (
        SELECT OLD.region_id AS region_id, quarter, -points AS points, -members AS members
        FROM own WHERE OLD.closed_at IS NULL
        UNION ALL
        SELECT NEW.region_id, quarter, points, members FROM own WHERE NEW.closed_at IS NULL
    )
    SELECT NEW.book_id, region_id, quarter, sum(points), sum(members) FROM moved GROUP BY 2, 3;
    RETURN NULL;
END $$
"""

_FOLD = """
CREATE FUNCTION fold_grid_changes(folded_book uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM grid_change WHERE book_id = folded_book RETURNING *)
    INSERT INTO grid_sum AS s (book_id, quarter, region_id, points, members)
    SELECT book_id, quarter, region_id, sum(points), sum(members) FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (book_id, quarter, region_id) DO UPDATE
    SET points = s.points + excluded.points, members = s.members + excluded.members
$$
"""

_RECOUNT = """
CREATE FUNCTION recount_grids(counted_book uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE differing bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7240127, hashtext(counted_book::text));
    WITH kept AS (
        SELECT region_id, quarter, -points AS points, -members AS members FROM grid_sum WHERE book_id = counted_book
        UNION ALL
        SELECT region_id, quarter, -points, -members FROM grid_change WHERE book_id = counted_book
    ), counted AS (
        SELECT region_id, quarter_of(opened_at) AS quarter, 0 AS points, 1 AS members FROM account
        WHERE book_id = counted_book AND nature = 'natural' AND closed_at IS NULL
        UNION ALL
        SELECT r.region_id, r.quarter, r.points, 0
        FROM seal s JOIN ranked_points r ON r.posting_id = s.posting_id WHERE s.book_id = counted_book
    ), written AS (
        INSERT INTO grid_change (book_id, region_id, quarter, points, members)
        SELECT counted_book, region_id, quarter, sum(points), sum(members)
        FROM (TABLE kept UNION ALL TABLE counted) AS all_of_it
        GROUP BY 2, 3 HAVING sum(points) <> 0 OR sum(members) <> 0
        RETURNING 1
    )
    SELECT count(*) INTO differing FROM written;
    RETURN differing;
END $$
"""

_RANK = """
CREATE FUNCTION rank_grids(ranked_book uuid, ranked_quarter date, flags integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH known AS (
        SELECT region_id, quarter, points, members FROM grid_sum
        WHERE book_id = ranked_book AND quarter <= ranked_quarter
        UNION ALL
        SELECT region_id, quarter, points, members FROM grid_change
        WHERE book_id = ranked_book AND quarter <= ranked_quarter
        UNION ALL
        SELECT r.region_id, r.quarter, r.points, 0
        FROM unsealed u JOIN ranked_points r ON r.posting_id = u.posting_id
        WHERE u.book_id = ranked_book AND r.quarter = ranked_quarter
    ), summed AS (
        SELECT region_id, sum(members) AS people,
            coalesce(sum(points) FILTER (WHERE quarter = ranked_quarter), 0) AS points
        FROM known GROUP BY region_id HAVING sum(members) > 0
    ), ranked AS (
        SELECT region_id, people, points, round(points / people, 2) AS mean,
            rank() OVER (ORDER BY points / people DESC) AS place
        FROM summed
    ), written AS (
        INSERT INTO grid_rank (book_id, quarter, region_id, people, points, mean, rank, red_flag)
        SELECT ranked_book, ranked_quarter, region_id, people, points, mean, place, place <= flags FROM ranked
        RETURNING 1
    )
    SELECT count(*) FROM written
$$
"""


def upgrade() -> None:
    role = serving_role()
    op.execute(_QUARTER)
    _create_tables()
    op.execute(_RANKED)
    for function in (_SEALED, _JOINED, _MOVED, _FOLD, _RECOUNT):
        op.execute(function)
    for name in ("note_sealed_points()", "note_members()", "note_moved_member()"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
    for name in ("fold_grid_changes(uuid)", "recount_grids(uuid)"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {role}")
    _create_triggers()
    op.execute("SELECT recount_grids(id) FROM book")
    op.execute("DROP FUNCTION rank_grids(uuid, date, timestamptz, timestamptz, integer)")
    op.execute(_RANK)
    op.execute("REVOKE EXECUTE ON FUNCTION rank_grids(uuid, date, integer) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION rank_grids(uuid, date, integer) TO {role}")


def _create_tables() -> None:
    def cell() -> list[sa.Column[object]]:
        def counted(name: str, comment: str) -> sa.Column[object]:
            return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False, comment=comment)

        return [
            sa.Column("book_id", sa.Uuid(), nullable=False),
            sa.Column("quarter", sa.Date(), nullable=False, comment="its first day"),
            sa.Column("region_id", sa.Uuid(), nullable=False),
            counted("points", "earned in it, and chained"),
            counted("members", "people who joined in it"),
        ]

    op.create_table(
        "grid_sum",
        *cell(),
        sa.PrimaryKeyConstraint("book_id", "quarter", "region_id", name="pk_grid_sum"),
        comment="points and people by the grid that they are of now; written by functions of the owner only",
    )
    op.create_table(
        "grid_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *cell(),
        sa.PrimaryKeyConstraint("id", name="pk_grid_change"),
        comment="what is to be added to grid_sum; written by triggers only",
    )
    op.create_index("ix_grid_change_book_id", "grid_change", ["book_id"], unique=False)


def _create_triggers() -> None:
    op.execute(
        "CREATE TRIGGER note_sealed_points AFTER INSERT ON seal REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_sealed_points()"
    )
    op.execute(
        "CREATE TRIGGER note_members AFTER INSERT ON account REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_members()"
    )
    op.execute(
        "CREATE TRIGGER note_moved_member AFTER UPDATE ON account FOR EACH ROW"
        " WHEN (NEW.nature = 'natural' AND (OLD.region_id, OLD.closed_at) IS DISTINCT FROM"
        " (NEW.region_id, NEW.closed_at)) EXECUTE FUNCTION note_moved_member()"
    )
