"""The demonstration's points: merchants and offers, volunteers who earn in a month, and what they redeem later."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from stdnum.cn import uscc

from deploy.practices.generate.source import day_between
from services.credit.domain import records as credit
from services.credit.domain.market import Use
from services.credit.domain.periods import ZONE, after_months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random
    from uuid import UUID

    from deploy.practices.demonstration import City
    from deploy.practices.model_credit import DemonstrationCredit
    from services.credit.domain.catalogue import Catalogue

_OPENED_DAYS = 100
"""Accounts were opened in the days before the month, as many as this."""
_PRICE_FEN = 100
"""What the fund pays for a point."""
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_credit(
    city: City, wanted: DemonstrationCredit, catalogue: Catalogue, district_id: UUID
) -> Iterator[credit.Record]:
    """Yield the records, each after what it rests on. Everybody earns once; some redeem half of it, twice."""
    year = wanted.month.year
    yield credit.FundRecord(district_id=district_id, year=year, budget_fen=wanted.fund_yuan * 100)
    item = catalogue.reward(wanted.item, wanted.group)
    assert item is not None, "the practice was checked"  # noqa: S101 (narrows the type)
    offers = list(_market(city, wanted, catalogue, district_id, item.points))
    yield from offers
    twice = wanted.redemptions - wanted.volunteers
    small = [one for one in offers if isinstance(one, credit.OfferRecord) and one.points * 2 <= item.points]
    whole = [one for one in offers if isinstance(one, credit.OfferRecord)]
    random, name = city.source.random("credit"), city.source.names("credit")
    grids = city.tree.within("GRID", wanted.subdistrict)
    last = city.practice.demonstration.date - timedelta(days=1)
    for number in range(wanted.volunteers):
        grid = grids[number % len(grids)]
        account = city.source.id("credit account", number)
        yield credit.AccountRecord(
            id=account,
            district_id=district_id,
            group=wanted.group,
            region_id=grid.id,
            region_code=grid.code,
            name=name(),
            subject=str(city.source.id("volunteer", number)),
            opened_on=wanted.month - timedelta(days=random.randint(1, _OPENED_DAYS)),
        )
        earned = day_between(random, wanted.month, after_months(wanted.month, 1) - timedelta(days=1))
        worker = city.staff.holder_at("grid_worker", grid.code, earned)
        yield credit.EarnedRecord(
            id=city.source.id("earned", number),
            account_id=account,
            item=item.code,
            at=_moment(earned, random),
            recorded_by=str(worker or "system:import"),
        )
        times = 2 if number < twice else int(number < wanted.redemptions)
        yield from _redeemed(city, account, times, small if times > 1 else whole, random, last)


def _market(
    city: City, wanted: DemonstrationCredit, catalogue: Catalogue, district_id: UUID, most: int
) -> Iterator[credit.Record]:
    """Yield merchants, each with an offer of half of what one earns or of all of it."""
    scenarios = [
        one
        for one in catalogue.scenarios
        if one.tier is None and one.is_for(wanted.group) and one.use is not Use.PRIORITY
    ]
    random, name = city.source.random("merchants"), city.source.names("merchants")
    for number in range(1, wanted.merchants + 1):
        merchant, scenario = city.source.id("merchant", number), scenarios[number % len(scenarios)]
        yield credit.MerchantRecord(
            id=merchant,
            district_id=district_id,
            name=f"{name()[:1]}记便民{number}店",
            credit_code=_credit_code(random, city.practice.region.district.code),
            keeper=str(city.source.id("merchant keeper", number)),
        )
        points = most if number % 2 else most // 2
        yield credit.OfferRecord(
            id=city.source.id("offer", number),
            merchant_id=merchant,
            scenario=scenario.code,
            name=f"{scenario.name_zh}券",
            points=points,
            price_fen=points * _PRICE_FEN,
        )


def _redeemed(
    city: City, account: UUID, times: int, offers: list[credit.OfferRecord], random: Random, last: date
) -> Iterator[credit.RedeemedRecord]:
    first = after_months(city.practice.demonstration.credit.month, 1) if city.practice.demonstration.credit else last
    for number in range(times):
        at = _moment(day_between(random, first, last), random)
        yield credit.RedeemedRecord(
            id=city.source.id("redeemed", account, number),
            account_id=account,
            offer_id=random.choice(offers).id,
            at=at,
            used_at=at + timedelta(minutes=random.randint(5, 600)),
        )


def _moment(day: date, random: Random) -> datetime:
    return datetime.combine(day, time(9 + random.randint(0, 8), random.randint(0, 59)), ZONE)


def _credit_code(random: Random, district: str) -> str:
    """Return a made-up credit code of a sole trader (GB 32100-2015) with its check character."""
    number = f"92{district}MA" + "".join(random.choice(_LETTERS) for _ in range(7))
    return number + uscc.calc_check_digit(number)
