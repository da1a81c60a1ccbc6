"""The practice's rule of what counts as red, and rows of facts as the rule asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from services.property.domain.red import DEFAULT_RED, Facts, RedRule
from services.property.storage import committee_tables as c

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.context import Context


async def load_standards(session: ReadSession, keys: list[tuple[str, str]]) -> list[RowMapping | None]:
    """Return standards by kind and code."""
    s = c.standard.c
    wanted = select(c.standard).where(s.kind.in_(sorted({kind for kind, _ in keys})))
    rows = {(row["kind"], row["code"]): row for row in await session.rows(wanted)}
    return [rows.get(key) for key in keys]


async def load_of_kind(session: ReadSession, kinds: list[str]) -> list[list[RowMapping]]:
    """Return all standards of each kind."""
    s = c.standard.c
    rows = await session.rows(select(c.standard).where(s.kind.in_(kinds)).order_by(s.code))
    return [[row for row in rows if row["kind"] == kind] for kind in kinds]


async def red_rule(context: Context) -> RedRule:
    """Return the practice's rule."""
    row = await context.loader(load_standards).load(("red", DEFAULT_RED.code))
    return msgspec.convert(row["definition"], RedRule) if row else DEFAULT_RED


def party_form(rule: RedRule, kind: str | None) -> str:
    """Return what an organisation of a kind is to a committee or company: branch, working_group or none."""
    if kind in rule.branch_kinds:
        return "branch"
    return "working_group" if kind in rule.group_kinds else "none"


def facts_from(row: RowMapping, rule: RedRule) -> Facts:
    """Return what the rule asks about one row of facts."""
    return Facts(
        row["members"],
        row["party_members"],
        row["crossed"],
        row["chair_crossed"],
        party_form(rule, row["organisation_kind"]) != "none",
    )
