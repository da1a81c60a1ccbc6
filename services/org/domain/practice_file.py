"""The rules of an import file: every record by the rules of the mutation that would make it.

`Checker.check` takes the records of one kind after another, in the order of `ORDER`, and keeps what is new.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chassis.problems import Refused
from services.org.domain import records as r
from services.org.domain.career_file import CAREER_CHECKS, CAREER_WORDS
from services.org.domain.circle_file import check_circle_word
from services.org.domain.codes import check_code, level_of, parent_of
from services.org.domain.duties import Candidate, DutyTitle, Held, check_assignment
from services.org.domain.grid_team import PairMember, check_pair
from services.org.domain.identifiers import check_credit_code
from services.org.domain.levels import Level
from services.org.domain.list_file import check_leads_to
from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
from services.org.domain.people import check_birth_year, checked
from services.org.domain.periods import Period, check_existence, check_period, today
from services.org.domain.practice_known import KnownRegion, KnownTeam
from services.org.domain.problems import OrgProblem
from services.org.domain.regions import Holder, RegionVersion, check_code_is_free, check_name, check_under
from services.org.domain.register_checks import REGISTER_CHECKS
from services.org.domain.staffing import Standard, check_standard
from services.org.domain.stations import check_functions
from services.org.domain.tie_records import CoveringRecord, DutyFilingRecord, FilingRuleRecord
from services.org.domain.training_file import TRAINING_CHECKS, TRAINING_WORDS
from services.org.domain.type_file import check_capacity_word, check_level_word
from services.org.domain.walking import point_of
from services.org.domain.word_file import check_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from services.org.domain.practice_known import Known

ORDER: tuple[type[r.Record], ...] = (
    r.KindRecord,
    r.DutyTitleRecord,
    r.MusterGroupRecord,
    r.CommunityTypeRecord,
    r.StaffingStandardRecord,
    r.CapacityRecord,
    r.AssessmentLevelRecord,
    r.AllocationRuleRecord,
    r.ReserveRuleRecord,
    *CAREER_WORDS,
    r.RecommendationRuleRecord,
    FilingRuleRecord,
    r.ContributionRuleRecord,
    r.PairingRuleRecord,
    *TRAINING_WORDS,
    r.ServiceCircleRecord,
    r.RegionRecord,
    r.OrganisationRecord,
    r.PersonRecord,
    r.DutyRecord,
    r.TeamRecord,
    r.TeamMemberRecord,
    r.StationRecord,
    r.MusterRecord,
    r.ModeSwitchRecord,
    r.CommunityProfileRecord,
    r.CensusRecord,
    r.DistinctionRecord,
    r.PairingRecord,
    r.AllianceMemberRecord,
    CoveringRecord,
    r.CheckInRecord,
    r.CheckInAssignmentRecord,
    r.ContactRecord,
    r.VisitRecord,
    r.RecommendationRecord,
    DutyFilingRecord,
    r.FundRecord,
    r.ListItemRecord,
    r.ContributionRecord,
    r.JointProblemRecord,
    r.AssessmentRecord,
    r.AllocationRecord,
    r.ReservistRecord,
    r.CallUpRecord,
    r.SpecialNeedRecord,
    r.ActivityRecord,
    *CAREER_CHECKS,
    r.ServiceItemRecord,
    r.AuthorisedMatterRecord,
    *TRAINING_CHECKS,
    ExpertRecord,
    GuidanceRecord,
    SharedMethodRecord,
    AdoptionRecord,
)
"""In which order records are looked at: what others refer to comes first."""


@dataclass
class Checker:
    """Checks records against what is known, and adds what it accepts to it."""

    known: Known
    lines: dict[tuple[type, Any], int] = field(default_factory=dict)
    """Where each record of the file is, by its kind and key."""
    parents: dict[UUID, UUID] = field(default_factory=dict)
    """Parents of organisations that were checked."""

    def check(self, record: Any, line: int) -> bool:
        """Return whether the record is new; False when the database has it. Raises Refused."""
        key = (type(record), record.key)
        if key in self.lines:
            what = type(record).__struct_config__.tag
            raise Refused(OrgProblem.DUPLICATE_RECORD, what=what, line=self.lines[key])
        self.lines[key] = line
        rule = _OTHERS.get(type(record))
        return rule(self.known, record) if rule else bool(_CHECKS[type(record)](self, record))

    def kind(self, record: r.KindRecord) -> bool:
        """Take a kind; one that is known is brought up to date."""
        check_word(record)
        self.known.kinds.add((record.category, record.code))
        if record.party_members:
            self.known.members_only.add((record.category, record.code))
        if record.category == "organisation" and record.party:
            self.known.party_kinds.add(record.code)
        if record.category == "organisation" and record.alliance:
            self.known.alliance_kinds.add(record.code)
        if record.category == "activity" and record.same_type:
            self.known.same_type.add(record.code)
        return True

    def duty_title(self, record: r.DutyTitleRecord) -> bool:
        """Take a duty title; one that is known is brought up to date."""
        check_word(record)
        if record.organisation_kind is not None:
            self._check_kind("organisation", record.organisation_kind)
        level = Level[record.level] if record.level else None
        self.known.titles[record.code] = DutyTitle(
            code=record.code,
            name_zh=record.name_zh,
            name_en=record.name_en,
            level=level,
            party_member=record.party_member,
            organisation_kind=record.organisation_kind,
            fewest=record.fewest,
            most=record.most,
            team_role=record.team_role,
        )
        return True

    def muster_group(self, record: r.MusterGroupRecord) -> bool:
        """Take a muster group; one that is known is brought up to date."""
        check_word(record)
        self.known.groups.add(record.code)
        return True

    def community_type(self, record: r.CommunityTypeRecord) -> bool:
        """Take a type of communities; one that is known is brought up to date."""
        check_word(record)
        self.known.community_types.add(record.code)
        return True

    def staffing_standard(self, record: r.StaffingStandardRecord) -> bool:
        """Take a standard; the one that is known of a title is brought up to date."""
        standard = Standard(**{field: getattr(record, field) for field in Standard.__slots__})
        check_standard(standard, self.known.titles.get(record.title))
        return True

    def region(self, record: r.RegionRecord) -> bool:
        """Take a region under the one that bears the prefix of its code."""
        if record.id in self.known.region_ids:
            return False
        check_name(record.name, "name")
        level = level_of(record.code)
        if level is None:
            check_code(record.code, Level.CITY, "code")
        else:
            above = self.known.regions.get(parent_of(record.code) or "")
            parent = RegionVersion(above.code, "", None, Period(above.since)) if above else None
            check_under(record.code, level, parent, record.valid_from, "code")
            check_code_is_free(record.code, record.id, self.known.holders[record.code], record.valid_from, "code")
            period = Period(record.valid_from)
            self.known.regions[record.code] = KnownRegion(record.id, record.code, level, record.valid_from, period)
            self.known.holders[record.code].append(Holder(record.id, period))
        return True

    def organisation(self, record: r.OrganisationRecord) -> bool:
        """Take an organisation; its parent may stand later in the file and is checked by `parents`."""
        if record.id in self.known.organisations:
            return False
        check_name(record.name, "name")
        self._check_kind("organisation", record.kind)
        period = Period(record.established_on, record.dissolved_on)
        check_period(period, "dissolved_on")
        check_existence(self.known.region(record.region_code).existence, period, "region", "region_code")
        if record.credit_code is not None:
            check_credit_code(record.credit_code, "credit_code")
        self.known.organisations[record.id] = (record.kind, period)
        self.known.branches[record.id] = record.region_code
        return True

    def parent(self, record: r.OrganisationRecord) -> None:
        """Check an organisation's parent, once all are known. Raises Refused."""
        if record.parent is None:
            return
        _, existence = self.known.organisation(record.parent, "parent")
        check_existence(existence, Period(record.established_on, record.dissolved_on), "parent", "parent")
        self.parents[record.id] = record.parent
        above: UUID | None = record.parent
        while above is not None:
            if above == record.id:
                raise Refused(OrgProblem.CIRCLE, "parent")
            above = self.parents.get(above)

    def person(self, record: r.PersonRecord) -> bool:
        """Take a person."""
        if record.id in self.known.people:
            return False
        checked(record.name, record.phone, record.resident_id)
        check_birth_year(record.birth_year, today().year, "birth_year")
        self.known.region(record.region_code)
        self.known.people[record.id] = record.party_status
        return True

    def duty(self, record: r.DutyRecord) -> bool:
        """Take a duty; its pair is checked by `pair`."""
        if record.id in self.known.duties:
            return False
        title = self.known.titles.get(record.title)
        if title is None:
            raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=record.title[:40])
        region = self.known.region(record.region_code)
        kind, existence = self._organisation(record.organisation)
        candidate = Candidate(
            person_id=record.person,
            party_status=self._person(record.person),
            period=Period(record.valid_from, record.valid_to),
            region_code=region.code,
            region_level=region.level,
            region_existence=region.existence,
            organisation_kind=kind,
            organisation_existence=existence,
        )
        held = self.known.held[title.code, region.code]
        check_assignment(title, candidate, held)
        held.append(Held(record.person, candidate.period))
        self.known.duties[record.id] = PairMember(
            record.person, title.code, region.code, candidate.party_status, candidate.period, is_paired=False
        )
        return True

    def pair(self, record: r.DutyRecord) -> None:
        """Check a duty's pair, once all are known. Raises Refused."""
        if record.paired_with is None:
            return
        one, other = self.known.duties[record.id], self.known.duties.get(record.paired_with)
        if other is None:
            raise Refused(OrgProblem.UNKNOWN_DUTY, "paired_with")
        check_pair(one, other)
        self.known.duties[record.id] = replace(one, is_paired=True)
        self.known.duties[record.paired_with] = replace(other, is_paired=True)

    def team(self, record: r.TeamRecord) -> bool:
        """Take a team."""
        if record.id in self.known.teams:
            return False
        check_name(record.name, "name")
        self._check_kind("team", record.kind)
        period = Period(record.formed_on, record.disbanded_on)
        check_period(period, "disbanded_on")
        region = self.known.region(record.region_code)
        check_existence(region.existence, period, "region", "region_code")
        self.known.teams[record.id] = KnownTeam(region.id, region.code, period)
        return True

    def capacity(self, record: r.CapacityRecord) -> bool:
        """Take a capacity."""
        check_word(record)
        return check_capacity_word(self.known, record)

    def assessment_level(self, record: r.AssessmentLevelRecord) -> bool:
        """Take a level."""
        check_word(record)
        return check_level_word(self.known, record)

    def links(self, record: r.ListItemRecord) -> bool:
        """Look at what something on a list leads to, now that all are known. Raises Refused."""
        check_leads_to(self.known, record)
        return True

    def team_member(self, record: r.TeamMemberRecord) -> bool:
        """Take a membership."""
        mine = self.known.members[record.team, record.person]
        if any(period.start == record.valid_from for period in mine):
            return False
        team = self.known.teams.get(record.team)
        if team is None:
            raise Refused(OrgProblem.UNKNOWN_TEAM, "team")
        self._person(record.person)
        period = Period(record.valid_from, record.valid_to)
        check_period(period, "valid_to")
        check_existence(team.period, period, "team", "valid_from")
        if any(one.meets(period) for one in mine):
            raise Refused(OrgProblem.ALREADY_MEMBER, "person")
        if record.leads:
            if team.version or record.team in self.known.leaders:
                raise Refused(OrgProblem.HAS_LEADER, "leads")
            self.known.leaders[record.team] = record.person
        mine.append(period)
        return True

    def station(self, record: r.StationRecord) -> bool:
        """Take a station."""
        if record.id in self.known.stations:
            return False
        check_name(record.name, "name")
        check_functions(record.functions, "functions")
        point_of(record.latitude, record.longitude, "latitude")
        self._check_kind("station", record.kind)
        period = Period(record.opened_on, record.closed_on)
        check_period(period, "closed_on")
        check_existence(self.known.region(record.region_code).existence, period, "region", "region_code")
        self.known.stations.add(record.id)
        return True

    def _check_kind(self, category: str, kind: str) -> None:
        if (category, kind) not in self.known.kinds:
            raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=kind[:40], category=category)

    def _person(self, id_: UUID) -> Any:
        status = self.known.people.get(id_)
        if status is None:
            raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
        return status

    def _organisation(self, id_: UUID | None) -> tuple[str | None, Period | None]:
        if id_ is None:
            return None, None
        return self.known.organisation(id_, "organisation")


_OTHERS = {
    **REGISTER_CHECKS,
    **CAREER_WORDS,
    **CAREER_CHECKS,
    **TRAINING_WORDS,
    **TRAINING_CHECKS,
    r.ServiceCircleRecord: check_circle_word,
}
"""Rules that need no more than what is known."""
_CHECKS: dict[type, Callable[[Checker, Any], bool]] = {
    r.KindRecord: Checker.kind,
    r.DutyTitleRecord: Checker.duty_title,
    r.MusterGroupRecord: Checker.muster_group,
    r.CommunityTypeRecord: Checker.community_type,
    r.StaffingStandardRecord: Checker.staffing_standard,
    r.RegionRecord: Checker.region,
    r.OrganisationRecord: Checker.organisation,
    r.PersonRecord: Checker.person,
    r.DutyRecord: Checker.duty,
    r.TeamRecord: Checker.team,
    r.TeamMemberRecord: Checker.team_member,
    r.StationRecord: Checker.station,
    r.CapacityRecord: Checker.capacity,
    r.AssessmentLevelRecord: Checker.assessment_level,
}
