"""Reads of votes, and the statements by which ballots are given; what belongs to many is read for all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, select, text

from services.property.storage import tables as t
from services.property.storage import vote_tables as v
from services.property.storage.reads import among

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_V, _I, _E, _S, _P, _B = v.vote.c, v.vote_item.c, v.elector.c, v.elector_subject.c, v.participation.c, v.ballot.c

OBJECTION_ORDER: tuple[ColumnElement[Any], ...] = (v.objection.c.at, v.objection.c.id)

LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(CAST(:vote AS text), 7240128))")
"""Held while a ballot is given: a vote closes when nobody holds it, and no ballot is half in the count."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:vote AS text), 7240128))")

FIND_ELECTOR = text("""
SELECT e.id, e.area, e.compound_id, e.region_code, v.status, v.closes_at, v.rule,
    (SELECT count(*) FROM vote_item i WHERE i.vote_id = v.id) AS items
FROM elector e JOIN vote v ON v.id = e.vote_id
WHERE e.vote_id = :vote AND e.id = :elector
    AND (CAST(:subject AS text) IS NULL
        OR EXISTS (SELECT FROM elector_subject s
            WHERE s.vote_id = e.vote_id AND s.subject = :subject AND s.elector_id = e.id))
""")

_PUT = """
WITH taken AS (
    INSERT INTO participation (elector_id, vote_id, compound_id, region_code, area, channel, proxy_index, at)
    VALUES (:elector, :vote, :compound, :region, :area, :channel, :proxy, :at)
    ON CONFLICT (elector_id) {participation} RETURNING elector_id)
INSERT INTO ballot (ballot_key, vote_id, compound_id, region_code, nonce, body, tag, receipt)
SELECT :ballot_key, :vote, :compound, :region, :nonce, :body, :tag, :receipt FROM taken
ON CONFLICT (ballot_key) DO UPDATE
    SET nonce = excluded.nonce, body = excluded.body, tag = excluded.tag, receipt = excluded.receipt
"""
PUT_LAST = text(
    _PUT.format(
        participation="DO UPDATE SET channel = excluded.channel, proxy_index = excluded.proxy_index,"
        " at = excluded.at, ballots = participation.ballots + 1"
    )
)
"""Give a ballot; a later one takes the place of the earlier."""
PUT_FIRST = text(_PUT.format(participation="DO NOTHING"))
"""Give a ballot, unless one was given: then no row."""

ALL_BALLOTS = text("""
SELECT string_agg(nonce, ''::bytea) AS nonces, string_agg(body, ''::bytea) AS bodies
FROM ballot WHERE vote_id = :vote
""")
"""All sealed ballots, in whatever order, but in the same: both come of one scan. The recount would notice otherwise."""

RECEIPTS = text("""
SELECT encode(sha256(convert_to(string_agg(receipt, ',' ORDER BY receipt), 'UTF8')), 'hex')
FROM ballot WHERE vote_id = :vote
""")


def votes_of(compound_id: UUID) -> Select[Any]:
    """Select a compound's votes."""
    return select(v.vote).where(_V.compound_id == compound_id)


def electors_of(vote_id: UUID) -> Select[Any]:
    """Select the frozen register of a vote with who has voted, and how."""
    joined = v.elector.outerjoin(v.participation, _P.elector_id == _E.id)
    return select(v.elector, _P.channel, _P.at).select_from(joined).where(_E.vote_id == vote_id)


async def load_votes(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return votes by id."""
    rows = {row["id"]: row for row in await session.rows(select(v.vote).where(among(_V.id, ids)))}
    return [rows.get(id_) for id_ in ids]


async def load_items(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the matters of each vote in their order."""
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(select(v.vote_item).where(among(_I.vote_id, ids)).order_by(_I.position)):
        found[row["vote_id"]].append(row)
    return [found[id_] for id_ in ids]


async def load_participation(session: ReadSession, ids: list[UUID]) -> list[tuple[int, int]]:
    """Return area and number of those who have taken part in each vote so far."""
    counted = select(_P.vote_id, func.sum(_P.area).label("area"), func.count().label("heads"))
    rows = await session.rows(counted.where(among(_P.vote_id, ids)).group_by(_P.vote_id))
    found = {row["vote_id"]: (int(row["area"]), int(row["heads"])) for row in rows}
    return [found.get(id_, (0, 0)) for id_ in ids]


async def turnout_of(session: ReadSession, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return of each vote that is there a state that differs after whatever changed it, and who takes part."""
    counted = select(func.count()).where(_P.vote_id == _V.id).scalar_subquery()
    rows = await session.rows(select(_V.id, _V.version, counted.label("heads")).where(among(_V.id, ids)))
    return {row["id"]: (row["version"], row["heads"]) for row in rows}


async def load_mine(session: ReadSession, keys: list[tuple[UUID, str]]) -> list[list[RowMapping]]:
    """Return for each (vote, subject) the electors for whom the subject votes, with who has voted."""
    found: dict[tuple[UUID, str], list[RowMapping]] = {key: [] for key in keys}
    joined = v.elector_subject.join(v.elector, _E.id == _S.elector_id).outerjoin(
        v.participation, _P.elector_id == _E.id
    )
    subjects = sorted({subject for _, subject in keys})
    statement = select(v.elector, _S.subject, _P.channel, _P.at).select_from(joined)
    mine = among(_S.vote_id, [id_ for id_, _ in keys]) & _S.subject.in_(subjects)
    for row in await session.rows(statement.where(mine).order_by(_E.number)):
        found[row["vote_id"], row["subject"]].append(row)
    return [found[key] for key in keys]


async def load_receipts(session: ReadSession, keys: list[bytes]) -> list[str | None]:
    """Return the receipts of ballots by where they are kept."""
    rows = await session.rows(select(_B.ballot_key, _B.receipt).where(_B.ballot_key.in_(keys)))
    found = {bytes(row["ballot_key"]): row["receipt"] for row in rows}
    return [found.get(key) for key in keys]


async def load_sealed(session: ReadSession, keys: list[bytes]) -> list[RowMapping | None]:
    """Return sealed ballots by where they are kept."""
    rows = await session.rows(select(_B.ballot_key, _B.nonce, _B.body, _B.tag).where(_B.ballot_key.in_(keys)))
    found = {bytes(row["ballot_key"]): row for row in rows}
    return [found.get(key) for key in keys]


def objections_to(vote_id: UUID, subject: str | None) -> Select[Any]:
    """Select the objections to a vote; those of a token subject if given."""
    o = v.objection.c
    statement = select(v.objection).where(o.vote_id == vote_id)
    return statement if subject is None else statement.where(o.subject == subject)


async def load_register(session: ReadSession, compound_id: UUID) -> list[RowMapping]:
    """Return each exclusive part of a compound with its present owners: ids, subjects, and who votes by agreement."""
    w, o, p = t.ownership.c, t.owner.c, t.part.c
    owners = func.array_agg(w.owner_id).filter(w.owner_id.is_not(None)).label("owners")
    subjects = func.array_agg(o.subject).filter(o.subject.is_not(None)).label("subjects")
    agents = func.array_agg(o.subject).filter(w.is_agent & o.subject.is_not(None)).label("agents")
    has_agent = func.bool_or(func.coalesce(w.is_agent, False)).label("has_agent")
    joined = t.part.outerjoin(t.ownership, (w.part_id == p.id) & w.valid_to.is_(None)).outerjoin(
        t.owner, o.id == w.owner_id
    )
    statement = select(p.id, p.area, p.status, owners, subjects, agents, has_agent).select_from(joined)
    return list(await session.rows(statement.where(p.compound_id == compound_id).group_by(p.id).order_by(p.id)))
