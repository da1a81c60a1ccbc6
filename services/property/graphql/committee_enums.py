"""Enums of committees in the graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="What acts for the owners of a compound. 业主组织形式")
class CommitteeForm(Enum):
    """As `domain.committee_rules.Form`, by name."""

    OWNERS_COMMITTEE = strawberry.enum_value("OWNERS_COMMITTEE", description="Elected by the owners. 业主委员会")
    MANAGEMENT_COMMITTEE = strawberry.enum_value(
        "MANAGEMENT_COMMITTEE", description="Formed where owners cannot elect one yet. 物业管理委员会"
    )
    SELF_MANAGEMENT_GROUP = strawberry.enum_value(
        "SELF_MANAGEMENT_GROUP", description="Owners who manage for themselves. 自管小组"
    )


@strawberry.enum(description="Where a committee stands. 状态")
class CommitteeStatus(Enum):
    """By name."""

    PREPARING = strawberry.enum_value("PREPARING", description="Its preparatory group works. 筹备中")
    IN_OFFICE = strawberry.enum_value("IN_OFFICE", description="In office. 在任")
    ENDED = strawberry.enum_value("ENDED", description="Ended. 已终止")


@strawberry.enum(description="Party organisation of a committee. 党组织形式")
class PartyForm(Enum):
    """By name."""

    NONE = strawberry.enum_value("NONE", description="None. 无")
    BRANCH = strawberry.enum_value("BRANCH", description="A Party branch. 党支部")
    WORKING_GROUP = strawberry.enum_value("WORKING_GROUP", description="A Party working group. 党的工作小组")


@strawberry.enum(description="Capacity in which somebody takes part. 身份")
class MemberCapacity(Enum):
    """As `domain.seats.Capacity`, by name."""

    OWNER = strawberry.enum_value("OWNER", description="An owner. 业主")
    SUBDISTRICT = strawberry.enum_value("SUBDISTRICT", description="Of the subdistrict. 街道")
    COMMUNITY = strawberry.enum_value("COMMUNITY", description="Of the residents' committee. 社区")
    PARTY = strawberry.enum_value("PARTY", description="Of the Party organisation. 党组织")
    DEVELOPER = strawberry.enum_value("DEVELOPER", description="Of the developer. 建设单位")
    POLICE = strawberry.enum_value("POLICE", description="Of the police. 公安派出所")
    OTHER = strawberry.enum_value("OTHER", description="Somebody else. 其他")


@strawberry.enum(description="Office in a committee. 职务")
class CommitteeOffice(Enum):
    """As `domain.seats.Office`, by name."""

    CHAIR = strawberry.enum_value("CHAIR", description="Chair. 主任")
    DEPUTY = strawberry.enum_value("DEPUTY", description="Deputy. 副主任")
    MEMBER = strawberry.enum_value("MEMBER", description="Member. 委员")
    ALTERNATE = strawberry.enum_value("ALTERNATE", description="Alternate: does not sit. 候补委员")


@strawberry.enum(description="By whom a candidate is proposed. 推荐方式")
class CandidateNomination(Enum):
    """As `domain.seats.Nomination`, by name."""

    PARTY_ORGANISATION = strawberry.enum_value("PARTY_ORGANISATION", description="A Party organisation. 党组织推荐")
    RESIDENTS_COMMITTEE = strawberry.enum_value("RESIDENTS_COMMITTEE", description="The community. 居委会推荐")
    OWNERS = strawberry.enum_value("OWNERS", description="Owners together. 业主联名推荐")
    SELF = strawberry.enum_value("SELF", description="Themself. 自荐")


@strawberry.enum(description="Where a candidate stands. 候选人状态")
class CandidateStanding(Enum):
    """As `domain.elections.Standing`, by name."""

    NOMINATED = strawberry.enum_value("NOMINATED", description="Not every department has answered. 待联审")
    ADMITTED = strawberry.enum_value("ADMITTED", description="All departments agree. 联审通过")
    REJECTED = strawberry.enum_value("REJECTED", description="A department objects. 联审未通过")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Does not stand. 退出")
    ELECTED = strawberry.enum_value("ELECTED", description="Elected. 当选")
    ALTERNATE = strawberry.enum_value("ALTERNATE", description="Passed, without a seat. 候补")
    TIED = strawberry.enum_value("TIED", description="Equal votes for the last seat. 得票相同")
    NOT_ELECTED = strawberry.enum_value("NOT_ELECTED", description="Not elected. 未当选")


@strawberry.enum(description="What a department says of a candidate. 联审意见")
class ReviewVerdict(Enum):
    """As `domain.elections.Verdict`, by name."""

    PASS = strawberry.enum_value("PASS", description="Nothing against them. 同意")
    OBJECT = strawberry.enum_value("OBJECT", description="Against, with reasons. 不同意")


@strawberry.enum(description="Where an election stands. 选举状态")
class ElectionStage(Enum):
    """As `domain.elections.ElectionStatus`, by name."""

    NOMINATING = strawberry.enum_value("NOMINATING", description="Candidates are named. 提名")
    REVIEWING = strawberry.enum_value("REVIEWING", description="Departments look at them. 联审")
    VOTING = strawberry.enum_value("VOTING", description="The owners vote. 表决")
    HELD = strawberry.enum_value("HELD", description="Enough were elected. 选举产生")
    FAILED = strawberry.enum_value("FAILED", description="Too few were. 选举未成")


@strawberry.enum(description="Why a member leaves. 离任原因")
class MemberDeparture(Enum):
    """As `domain.seats.Departure`, by name."""

    RESIGNED = strawberry.enum_value("RESIGNED", description="Resigned. 辞职")
    RECALLED = strawberry.enum_value("RECALLED", description="Recalled by the owners. 罢免")
    NO_LONGER_OWNER = strawberry.enum_value("NO_LONGER_OWNER", description="Owns nothing there. 不再是业主")
    UNABLE = strawberry.enum_value("UNABLE", description="Cannot go on. 无法履职")


@strawberry.enum(description="Why a committee ended. 终止原因")
class CommitteeEnding(Enum):
    """As `domain.seats.Ending`, by name."""

    SUCCEEDED = strawberry.enum_value("SUCCEEDED", description="Another took office. 换届")
    DISSOLVED = strawberry.enum_value("DISSOLVED", description="Dissolved by the owners. 解散")
    NOT_ELECTED = strawberry.enum_value("NOT_ELECTED", description="Its preparation was given up. 筹备终止")
    REPLACED = strawberry.enum_value("REPLACED", description="Another form took its place. 改由其他形式")


@strawberry.enum(description="One of the community's two committees. 社区“两委”")
class CommunityCommittee(Enum):
    """As `commands.matters.Reviewer`, by name."""

    PARTY_COMMITTEE = strawberry.enum_value("PARTY_COMMITTEE", description="The Party committee. 社区党委")
    RESIDENTS_COMMITTEE = strawberry.enum_value("RESIDENTS_COMMITTEE", description="The residents'. 社区居委会")
