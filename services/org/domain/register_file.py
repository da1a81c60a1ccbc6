"""The rules of an import file for community types, counts of grids, distinctions, pairings and check-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.compounds import check_lies_there
from services.org.domain.funds import balances_of, check_purpose_of, check_year
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence, check_period, today
from services.org.domain.practice_known import KnownCheckIn, KnownPairing
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import check_check_in, check_classified, check_hooked, check_pairing, check_remark
from services.org.domain.staffing import check_count, check_grid

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_profile(known: Known, record: r.CommunityProfileRecord) -> bool:
    """Take a community's type; one community has one in a file. Raises Refused."""
    if record.id in known.registered:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    if record.type not in known.community_types:
        raise Refused(OrgProblem.UNKNOWN_COMMUNITY_TYPE, "type", type=record.type[:40])
    check_existence(region.existence, Period(record.valid_from), "region", "region_code")
    earlier = known.classified.get(region.code)
    if earlier is not None:
        check_classified(record.type, None, record.type, record.valid_from)
    known.classified[region.code] = record.type
    known.registered.add(record.id)
    return True


def check_census(known: Known, record: r.CensusRecord) -> bool:
    """Take a grid's count; one grid has one in a file. Raises Refused."""
    if record.id in known.registered:
        return False
    region = known.region(record.region_code)
    check_grid(region.code, region.level, "region_code")
    check_count(record.households, "households")
    check_count(record.residents, "residents")
    check_existence(region.existence, Period(record.valid_from), "region", "region_code")
    if region.code in known.counted:
        raise Refused(OrgProblem.ALREADY_COUNTED, "region_code", code=region.code)
    known.counted.add(region.code)
    known.registered.add(record.id)
    return True


def check_distinction(known: Known, record: r.DistinctionRecord) -> bool:
    """Take a distinction. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_kind(known, "distinction", record.kind)
    if record.person is not None and record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    check_remark(record.reason, "reason")
    _check_period(known, record)
    if record.person is None and record.valid_to is None:
        known.models.add(record.region_code)
    known.registered.add(record.id)
    return True


def check_paired(known: Known, record: r.PairingRecord) -> bool:
    """Take a partner unit's pairing. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_kind(known, "pairing", record.kind)
    known.check_standing(record.organisation, Period(record.valid_from, record.valid_to), "organisation")
    check_remark(record.project, "project")
    if record.compounds:
        check_hooked(record.compounds, [])
        # Property may import its compounds at this moment: one that it has not told of yet is taken on trust.
        for name, code in (known.compounds[one] for one in record.compounds if one in known.compounds):
            check_lies_there(name, code, record.region_code, "compounds")
    _check_period(known, record)
    places = known.paired[record.kind, record.organisation]
    check_pairing(places, record.region_code)
    if record.valid_to is None:
        places.add(record.region_code)
    period = Period(record.valid_from, record.valid_to)
    pairing = KnownPairing(record.organisation, record.region_code, period, record.compounds)
    known.pairings[record.id] = pairing
    known.registered.add(record.id)
    return True


def check_checked_in(known: Known, record: r.CheckInRecord) -> bool:
    """Take a member's check-in. Raises Refused."""
    if record.id in known.registered:
        return False
    status = known.people.get(record.person)
    if status is None:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    known.check_standing(record.unit, Period(record.valid_from, record.valid_to), "unit")
    _check_period(known, record)
    mine = known.checked_in[record.person]
    period = Period(record.valid_from, record.valid_to)
    if record.group is not None:
        _check_kind(known, "check_in", record.group)
    check_check_in(status, mine, period, group=record.group)
    mine.append(period)
    known.check_ins[record.id] = KnownCheckIn(record.person, record.region_code, period)
    known.registered.add(record.id)
    return True


def check_fund(known: Known, record: r.FundRecord) -> bool:
    """Take a fund that is not there yet; what was paid out was budgeted, what was spent paid out. Raises Refused."""
    key = (record.organisation, record.year, record.source)
    if key in known.funds:
        return False
    _check_kind(known, "fund", record.source)
    known.organisation(record.organisation, "organisation")
    known.region(record.region_code)
    check_year(record.year, today().year)
    check_purpose_of(record.purpose)
    balances_of(record.budget_fen, record.disbursed_fen, (one.amount_fen for one in record.spent))
    for one in record.spent:
        check_purpose_of(one.purpose)
        if one.on < record.on:
            raise Refused(OrgProblem.DATE_TOO_EARLY, "spent", date=one.on, earliest=record.on)
    known.funds.add(key)
    return True


def _check_kind(known: Known, category: str, kind: str) -> None:
    if (category, kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=kind[:40], category=category)


def _check_period(known: Known, record: r.DistinctionRecord | r.PairingRecord | r.CheckInRecord) -> None:
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    check_existence(known.region(record.region_code).existence, period, "region", "region_code")
