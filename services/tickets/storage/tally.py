"""Counts of tickets that are kept up (0047): triggers note what each change adds and takes away, folding sums it up.

A note (`tally_change`) is written in the transaction of the change, without a lock that others wait for; folding adds
notes to the sums (`tally`) and deletes them. A reader's snapshot has a change as a note or in the sums, never twice.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from services.tickets.domain.periods import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession

SPANS = {
    4: (Span.YEAR, Span.MONTH, Span.DAY),
    6: (Span.YEAR, Span.MONTH, Span.DAY),
    9: (Span.YEAR, Span.MONTH, Span.DAY),
    12: (Span.YEAR, Span.MONTH),
}
"""For which spans counts are kept, by length of region code; what is shorter or smaller is counted when asked for."""

_CELLS = "(VALUES " + ", ".join(f"({size}, '{span}')" for size, spans in SPANS.items() for span in spans) + ")"
_CELL = "left(region_code, size) AS region_code, span, date_trunc(span, {day})::date AS starts, process, key"
_DAY = "(raised_at AT TIME ZONE 'Asia/Shanghai')::timestamp"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('linli tally'))")
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('linli tally'))")

_ADD = """
INSERT INTO tally AS kept (region_code, span, starts, process, counts)
SELECT region_code, span, starts, process, jsonb_object_agg(key, n) FROM {found}
GROUP BY region_code, span, starts, process ORDER BY region_code, span, starts, process
ON CONFLICT (region_code, span, starts, process) DO UPDATE SET counts = tally_added(kept.counts, excluded.counts)"""

_FOLD = text(f"""
WITH taken AS (
  DELETE FROM tally_change WHERE id IN (SELECT id FROM tally_change ORDER BY id LIMIT :at_most)
  RETURNING region_code, process, day, counts
), summed AS (
  SELECT {_CELL.format(day="day::timestamp")}, sum(value::bigint) AS n
  FROM taken CROSS JOIN LATERAL jsonb_each_text(counts) JOIN {_CELLS} AS cell(size, span) ON length(region_code) >= size
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(value::bigint) <> 0
), added AS ({_ADD.format(found="summed")})
SELECT count(*) FROM taken""")  # noqa: S608 (constants of this module)

_BEGINS, _ENDS = (f"CAST(:{name} AS date)::timestamp AT TIME ZONE 'Asia/Shanghai'" for name in ("first", "next"))
# Each ticket is summed up twice, by community and month and by subdistrict and day, and these sums for every cell that
# they lie in: summed up for each cell that it counts in itself, ten million tickets would take an hour.
_COUNTED = f"""
  SELECT coalesce(community, subdistrict) AS region_code, coalesce(month, day)::timestamp AS day,
    community IS NULL AS daily, process, key, sum(n) AS n
  FROM (
    SELECT left(region_code, 12) AS community, left(region_code, 9) AS subdistrict, process, key, n,
      date_trunc('month', {_DAY})::date AS month, {_DAY}::date AS day
    FROM ticket_count WHERE raised_at >= {_BEGINS} AND raised_at < {_ENDS}
  ) AS each GROUP BY GROUPING SETS ((community, month, process, key), (subdistrict, day, process, key))"""  # noqa: S608
_DIFFERENT = f"""
  SELECT region_code, span, starts, process, key, sum(n)::bigint AS n FROM (
    SELECT {_CELL.format(day="day")}, n
    FROM ({_COUNTED}) AS counted JOIN {_CELLS} AS cell(size, span)
      ON length(region_code) >= size AND daily = (size < 12)
    UNION ALL
    SELECT {_CELL.format(day="day::timestamp")}, -value::bigint FROM tally_change CROSS JOIN LATERAL
    jsonb_each_text(counts) JOIN {_CELLS} AS cell(size, span) ON length(region_code) >= size
    WHERE day >= :first AND day < :next
    UNION ALL
    SELECT region_code, span, starts, process, key, -value::bigint FROM tally CROSS JOIN LATERAL jsonb_each_text(counts)
    WHERE starts >= :first AND starts < :next
  ) AS both_of_them GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0"""  # noqa: S608 (constants of this module)
_FIRST = """
SELECT *, (SELECT count(*) FROM different) AS total FROM different ORDER BY 1, 2, 3, 4, 5 LIMIT :most"""
_COMPARE = text(f"WITH different AS ({_DIFFERENT}) {_FIRST}")
_REPAIR = text(f"WITH different AS ({_DIFFERENT}), added AS ({_ADD.format(found='different')}) {_FIRST}")


_YEARS = text(f"""
SELECT min(year)::int AS first, max(year)::int AS last FROM (
  SELECT extract(year FROM unnest(ARRAY[min({_DAY}), max({_DAY})])) AS year FROM ticket
  UNION ALL SELECT extract(year FROM unnest(ARRAY[min(starts), max(starts)])) FROM tally
  UNION ALL SELECT extract(year FROM unnest(ARRAY[min(day), max(day)])) FROM tally_change
) AS each""")  # noqa: S608 (constants of this module)

READ = text("""
SELECT prefix, process, key, sum(n)::bigint AS n FROM (
  SELECT prefix, process, key, value::bigint AS n
  FROM unnest(CAST(:prefixes AS text[])) AS wanted(prefix)
  CROSS JOIN unnest(CAST(:spans AS text[]), CAST(:firsts AS date[]), CAST(:ends AS date[]))
    AS asked(span_, first_, end_)
  JOIN tally ON region_code = prefix AND span = span_ AND starts >= first_ AND starts < end_
  CROSS JOIN LATERAL jsonb_each_text(counts)
  UNION ALL
  SELECT prefix, process, key, value::bigint
  FROM unnest(CAST(:prefixes AS text[])) AS wanted(prefix)
  CROSS JOIN unnest(CAST(:firsts AS date[]), CAST(:ends AS date[])) AS asked(first_, end_)
  JOIN tally_change ON region_code >= prefix COLLATE "C" AND region_code < (prefix || ':') COLLATE "C"
    AND day >= first_ AND day < end_
  CROSS JOIN LATERAL jsonb_each_text(counts)
) AS both_of_them
WHERE (CAST(:processes AS text[]) IS NULL OR process = ANY (:processes)) AND process <> ALL (CAST(:but AS text[]))
GROUP BY prefix, process, key""")
"""Kept counts of regions over stretches whose spans are kept for them, with the notes not summed up yet."""

COUNT = text("""
SELECT prefix, process, key, sum(n)::bigint AS n
FROM unnest(CAST(:prefixes AS text[])) AS wanted(prefix)
JOIN ticket_count ON region_code >= prefix COLLATE "C" AND region_code < (prefix || ':') COLLATE "C"
WHERE raised_at >= CAST(:first AS date)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND raised_at < CAST(:end AS date)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND (CAST(:processes AS text[]) IS NULL OR process = ANY (:processes)) AND process <> ALL (CAST(:but AS text[]))
GROUP BY prefix, process, key""")
"""The same from the tickets themselves, for what is kept nowhere."""

COUNT_SINGLE = text("""
SELECT process, key, sum(n)::bigint AS n FROM ticket_count
WHERE id = ANY (CAST(:ids AS uuid[])) GROUP BY process, key""")
"""What single tickets count."""


_IN_BULK = text("""
SELECT set_config('work_mem', '256MB', true), set_config('enable_nestloop', 'off', true)""")
"""For statements that read everything: the planner expects few rows under row-level security, and looks each up."""
_MARK = text("""
WITH passed AS (
  SELECT id FROM ticket WHERE ended_at IS NULL AND NOT late AND due_at <= :at
  ORDER BY due_at LIMIT :at_most FOR UPDATE SKIP LOCKED
), marked AS (UPDATE ticket SET late = true FROM passed WHERE ticket.id = passed.id RETURNING 1)
SELECT count(*) FROM marked""")


async def mark_overdue(session: WriteSession, at: datetime, at_most: int = 500) -> int:
    """Count as overdue at most so many open tickets whose deadline has passed at an instant; return how many.

    What is held by somebody is left for the next time: until then it is counted when asked for (`stats.py`).
    """
    return int(await session.scalar(_MARK, {"at": at, "at_most": at_most}))


async def fold(session: WriteSession, at_most: int = 2_000) -> int:
    """Sum up at most so many notes; return how many there were. Nothing when another instance is doing it."""
    if not await session.scalar(_TRY_LOCK):
        return 0
    return int(await session.scalar(_FOLD, {"at_most": at_most}))


async def years(session: WriteSession) -> range:
    """Return the years in which anything is counted."""
    row = await session.row(_YEARS)
    return range(row["first"], row["last"] + 1) if row and row["first"] is not None else range(0)


async def differences(session: WriteSession, year: int, most: int, *, repair: bool) -> Sequence[RowMapping]:
    """Return where kept counts of a year differ from the tickets (region_code, span, starts, process, key, n).

    The first `most` of them, each with the `total` of all. Every span lies within a year. With `repair` the differences
    are added to the sums by the same statement, in one snapshot: nobody has to wait.
    """
    await session.execute(_LOCK)
    await session.rows(_IN_BULK)
    asked = {"first": date(year, 1, 1), "next": date(year + 1, 1, 1), "most": most}
    return await session.rows(_REPAIR if repair else _COMPARE, asked)
