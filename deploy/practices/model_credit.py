"""Parts of a practice file that credit imports: points of people, selections that were concluded."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)

from deploy.practices.model_base import Code, Count, Entry, LevelName, Positive, RegionCode


class DemonstrationCredit(Entry, frozen=True):
    """People with points: `volunteers` of a subdistrict who earn `item` in the month of `month`.

    Until the date of the demonstration they redeem `redemptions` times at `merchants` merchants; `fund_yuan` is the
    budget of that year's fund.
    """

    subdistrict: RegionCode
    group: Code
    item: Code
    month: date
    volunteers: Count
    redemptions: Count
    merchants: Positive
    fund_yuan: Positive


class DemonstrationSelections(Entry, frozen=True):
    """`chosen` of an honour of the catalogue together, one selection in every region of `level`.

    People stand with an account of the `group`. They were made public on a day from `published_from` to `published_to`.
    """

    honour: Code
    level: LevelName
    chosen: Positive
    published_from: date
    published_to: date
    group: Code | None = None
