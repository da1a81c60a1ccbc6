"""Ranking reads whole tables as the owner: row-level security would be asked for each posting and each entry.

Revision ID: 0010
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_RANK = """
CREATE FUNCTION rank_grids(ranked_book uuid, ranked_quarter date, first timestamptz, after timestamptz, flags integer)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    WITH people AS (
        SELECT region_id, count(*) AS people FROM account
        WHERE book_id = ranked_book AND nature = 'natural' AND closed_at IS NULL AND opened_at < after
        GROUP BY region_id
    ), earned AS (
        SELECT a.region_id, sum(e.amount) AS points
        FROM posting p JOIN account a ON a.id = p.account_id
        JOIN entry e ON e.posting_id = p.id AND e.component = 'available'
        WHERE p.book_id = ranked_book AND p.kind = 'earn' AND p.at >= first AND p.at < after
            AND a.nature = 'natural' AND a.closed_at IS NULL
            AND NOT EXISTS (SELECT FROM posting back WHERE back.reverses = p.id)
        GROUP BY a.region_id
    ), ranked AS (
        SELECT region_id, people, coalesce(points, 0) AS points,
            round(coalesce(points, 0)::numeric / people, 2) AS mean,
            rank() OVER (ORDER BY coalesce(points, 0)::numeric / people DESC) AS place
        FROM people LEFT JOIN earned USING (region_id)
    ), written AS (
        INSERT INTO grid_rank (book_id, quarter, region_id, people, points, mean, rank, red_flag)
        SELECT ranked_book, ranked_quarter, region_id, people, points, mean, place, place <= flags FROM ranked
        RETURNING 1
    )
    SELECT count(*) FROM written
$$
"""
_ARGUMENTS = "uuid, date, timestamptz, timestamptz, integer"


def upgrade() -> None:
    op.execute(_RANK)
    op.execute(f"REVOKE EXECUTE ON FUNCTION rank_grids({_ARGUMENTS}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION rank_grids({_ARGUMENTS}) TO {serving_role()}")
