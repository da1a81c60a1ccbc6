"""What the database knows already when a practice is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from services.org.domain.assessment import LevelOfResult
from services.org.domain.duties import Held
from services.org.domain.filings import OPEN as FILING_OPEN
from services.org.domain.filings import FilingRule
from services.org.domain.grid_team import PairMember
from services.org.domain.levels import Level
from services.org.domain.lists import ListItem, ListName
from services.org.domain.muster import Mode
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period
from services.org.domain.practice_known import Known, KnownCheckIn, KnownPairing, KnownRegion, KnownTeam
from services.org.domain.recommendations import OPEN, RecommendationRule
from services.org.domain.regions import Holder
from services.org.storage import career_tables as c
from services.org.storage import partner_tables
from services.org.storage import tables as t
from services.org.storage import training_tables as tt
from services.org.storage.assignments import assignment_of
from services.org.storage.by_type import load_capacities
from services.org.storage.contacts import contact_of
from services.org.storage.grades import load_criteria, load_posts, post_of
from services.org.storage.grid_teams import duty_title
from services.org.storage.place_tables import KEPT, activity, adoption, expert, guidance, shared_method

if TYPE_CHECKING:
    from chassis.database import ReadSession


_WITH_IDS = (
    t.community_profile,
    t.census,
    t.distinction,
    t.pairing,
    t.alliance_member,
    t.check_in,
    t.check_in_assignment,
    t.contact,
    t.visit,
    t.recommendation,
    t.duty_filing,
    *partner_tables.GOVERNED,
    t.reservist,
    t.call_up,
    t.special_need,
    activity,
    *KEPT,
)


async def load_known(session: ReadSession) -> Known:
    """Return everything that the rules of an import ask about."""
    known = Known()
    await _words(session, known)
    await _regions(session, known)
    await _people_and_duties(session, known)
    await _groups(session, known)
    await _registers(session, known)
    await _careers(session, known)
    await _training(session, known)
    return known


async def _words(session: ReadSession, known: Known) -> None:
    kinds = await session.rows(select(t.kind))
    known.kinds.update((row["category"], row["code"]) for row in kinds)
    known.members_only.update((row["category"], row["code"]) for row in kinds if row["party_members"])
    known.party_kinds.update(row["code"] for row in kinds if row["category"] == "organisation" and row["party"])
    known.alliance_kinds.update(row["code"] for row in kinds if row["category"] == "organisation" and row["alliance"])
    known.same_type.update(row["code"] for row in kinds if row["category"] == "activity" and row["same_type"])
    known.titles.update({row["code"]: duty_title(row) for row in await session.rows(select(t.duty_title))})
    types = await session.rows(select(t.community_type.c.code))
    known.community_types.update(row["code"] for row in types)
    known.groups.update(row["code"] for row in await session.rows(select(t.muster_group)))


async def _regions(session: ReadSession, known: Known) -> None:
    v = t.region_version
    began = func.min(v.c.valid_from).over(partition_by=v.c.region_id).label("began")
    for row in await session.rows(select(v, began)):
        known.region_ids.add(row["region_id"])
        period = Period(row["valid_from"], row["valid_to"])
        known.holders[row["code"]].append(Holder(row["region_id"], period))
        if period.until is None:
            known.regions[row["code"]] = KnownRegion(
                row["region_id"], row["code"], Level[row["level"]], row["valid_from"], Period(row["began"])
            )


async def _people_and_duties(session: ReadSession, known: Known) -> None:
    o, p, d = t.organisation, t.person, t.duty
    for row in await session.rows(select(o)):
        known.branches[row["id"]] = row["region_code"]
        known.organisation_versions[row["id"]] = row["version"]
        known.organisations[row["id"]] = row["kind"], Period(row["established_on"], row["dissolved_on"])
    for row in await session.rows(select(p.c.id, p.c.party_status)):
        known.people[row["id"]] = PartyStatus(row["party_status"])
    rows = await session.rows(select(d))
    told = {row["paired_with"] for row in rows}
    for row in rows:
        period = Period(row["valid_from"], row["valid_to"])
        known.held[row["title"], row["region_code"]].append(Held(row["person_id"], period))
        known.duties[row["id"]] = PairMember(
            row["person_id"],
            row["title"],
            row["region_code"],
            known.people[row["person_id"]],
            period,
            is_paired=row["paired_with"] is not None or row["id"] in told,
        )


async def _groups(session: ReadSession, known: Known) -> None:
    team, member, muster = t.team, t.team_member, t.muster
    for row in await session.rows(select(team)):
        period = Period(row["formed_on"], row["disbanded_on"])
        known.teams[row["id"]] = KnownTeam(row["region_id"], row["region_code"], period, row["version"])
    for row in await session.rows(select(member)):
        known.members[row["team_id"], row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))
    known.stations.update(row["id"] for row in await session.rows(select(t.station.c.id)))
    for row in await session.rows(select(muster)):
        known.musters.add(row["id"])
        known.mustered[row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))
    mode = t.community_mode
    for row in await session.rows(select(mode).order_by(mode.c.region_id, mode.c.version)):
        known.switches[row["region_id"]].append((row["switched_at"], Mode(row["mode"])))


async def _registers(session: ReadSession, known: Known) -> None:
    f = t.fund
    for row in await session.rows(select(f.c.organisation_id, f.c.year, f.c.source)):
        known.funds.add((row["organisation_id"], row["year"], row["source"]))
    covering = select(t.organisation_compound.c.organisation_id).distinct()
    known.covering.update(row["organisation_id"] for row in await session.rows(covering))
    there = select(t.compound.c.id, t.compound.c.name, t.compound.c.region_code)
    known.compounds.update({row["id"]: (row["name"], row["region_code"]) for row in await session.rows(there)})
    profile, pairing = t.community_profile, t.pairing
    for table in _WITH_IDS:
        known.registered.update(row["id"] for row in await session.rows(select(table.c.id)))
    for row in await session.rows(select(profile).where(profile.c.valid_to.is_(None))):
        known.classified[row["region_code"]] = row["type"]
    counted = await session.rows(select(t.census.c.region_code).where(t.census.c.valid_to.is_(None)))
    known.counted.update(row["region_code"] for row in counted)
    for row in await session.rows(select(pairing).where(pairing.c.valid_to.is_(None))):
        known.paired[row["kind"], row["organisation_id"]].add(row["region_code"])
    for row in await session.rows(select(t.recommendation_rule)):
        known.recommendation_rules[row["title"]] = RecommendationRule(**row)
    under_way = select(t.recommendation.c.title, t.recommendation.c.region_code)
    for row in await session.rows(under_way.where(t.recommendation.c.state.in_(OPEN))):
        known.recommended_posts.add((row["title"], row["region_code"]))
    await _filings(session, known)
    for row in await session.rows(select(pairing)):
        period = Period(row["valid_from"], row["valid_to"])
        compounds = tuple(row["compound_ids"])
        known.pairings[row["id"]] = KnownPairing(row["organisation_id"], row["region_code"], period, compounds)
    for row in await session.rows(select(t.contact)):
        contact = contact_of(row)
        known.contacts[row["id"]] = contact
        known.contacts_of[contact.person_id].append(contact)
    await _by_type(session, known)
    await _models(session, known)
    item = t.list_item
    for row in await session.rows(select(item.c.id, item.c.list, item.c.region_code, item.c.valid_to)):
        known.list_items[row["id"]] = ListItem(
            ListName(row["list"]), row["region_code"], is_open=row["valid_to"] is None
        )
    await _ties(session, known)
    kept = t.reservist
    for row in await session.rows(select(kept.c.person_id, kept.c.valid_from, kept.c.valid_to)):
        known.in_reserve[row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))


async def _filings(session: ReadSession, known: Known) -> None:
    known.filing_rules.update({row["title"]: FilingRule(**row) for row in await session.rows(select(t.filing_rule))})
    f = t.duty_filing
    for row in await session.rows(select(f.c.title, f.c.organisation_id).where(f.c.state.in_(FILING_OPEN))):
        known.filed_posts.add((row["title"], row["organisation_id"]))


async def _ties(session: ReadSession, known: Known) -> None:
    for row in await session.rows(select(t.check_in)):
        period = Period(row["valid_from"], row["valid_to"])
        known.checked_in[row["person_id"]].append(period)
        known.check_ins[row["id"]] = KnownCheckIn(row["person_id"], row["region_code"], period)
    for row in await session.rows(select(t.alliance_member)):
        period = Period(row["valid_from"], row["valid_to"])
        known.allied[row["alliance_id"], row["organisation_id"]].append(period)
    for row in await session.rows(select(t.check_in_assignment)):
        known.assigned[row["check_in_id"]].append(assignment_of(row))


async def _by_type(session: ReadSession, known: Known) -> None:
    level, assessed, given = t.assessment_level, t.assessment, t.allocation
    known.capacities.update({one.code: one for one in await load_capacities(session)})
    for row in await session.rows(select(level.c.code, level.c.least)):
        known.levels[row["code"]] = LevelOfResult(**row)
    for row in await session.rows(select(assessed.c.organisation_id, assessed.c.year)):
        known.assessed.add((row["organisation_id"], row["year"]))
    for row in await session.rows(select(given.c.region_code, given.c.year, given.c.kind)):
        known.allocated.add((row["region_code"], row["year"], row["kind"]))


async def _careers(session: ReadSession, known: Known) -> None:
    careers, grade, assessed, placed = known.careers, c.worker_grade, c.worker_assessment, c.recruitment
    careers.posts.update({row["code"]: post_of(row) for row in await load_posts(session)})
    careers.criteria.update({one.code: one for one in await load_criteria(session)})
    for row in await session.rows(select(grade.c.id, grade.c.person_id, grade.c.valid_from, grade.c.valid_to)):
        known.registered.add(row["id"])
        careers.graded[row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))
    for row in await session.rows(select(assessed.c.person_id, assessed.c.year)):
        careers.assessed.add((row["person_id"], row["year"]))
    for row in await session.rows(select(placed.c.region_code, placed.c.year, placed.c.source)):
        careers.recruited.add((row["region_code"], row["year"], row["source"]))


async def _training(session: ReadSession, known: Known) -> None:
    careers, guide, planned, pool, able = known.careers, tt.duty_guide, tt.training, tt.talent, tt.qualification
    for row in await session.rows(select(guide)):
        careers.guides[row["of"], row["code"], row["version"]] = tuple(row["items"])
    for row in await session.rows(select(planned)):
        careers.trainings[row["id"]] = Period(row["valid_from"], row["valid_to"]), frozenset(row["titles"])
    known.registered.update(row["id"] for row in await session.rows(select(tt.training_session.c.id)))
    for row in await session.rows(select(pool.c.id, pool.c.person_id, pool.c.valid_from, pool.c.valid_to)):
        known.registered.add(row["id"])
        careers.pooled[row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))
    for row in await session.rows(select(able)):
        known.registered.add(row["id"])
        careers.qualified[row["person_id"], row["kind"]].append(Period(row["valid_from"], row["valid_to"]))


async def _models(session: ReadSession, known: Known) -> None:
    d, v = t.distinction, t.region
    models = select(d.c.region_code).where(d.c.person_id.is_(None), d.c.valid_to.is_(None))
    known.models.update(row["region_code"] for row in await session.rows(models))
    for row in await session.rows(select(expert)):
        known.experts[row["id"]] = row["region_code"]
    named = select(shared_method, v.c.region_code.label("model")).join(v, v.c.id == shared_method.c.model_id)
    for row in await session.rows(named):
        known.methods[row["id"]] = (row["region_code"], row["type"], row["model"])
    for table, *columns in ((expert, "person_id", "field"), (guidance, "expert_id"), (adoption, "method_id")):
        for row in await session.rows(select(table).where(table.c.valid_to.is_(None))):
            known.open_places[tuple(row[column] for column in columns)].add(row["region_code"])
