"""Enums of org's graph."""

from enum import Enum

import strawberry


@strawberry.enum(description="A level of the region tree. 区划层级")
class RegionLevel(Enum):
    """As `domain.levels.Level`, by name."""

    CITY = strawberry.enum_value("CITY", description="City; code of 4 digits. 市")
    DISTRICT = strawberry.enum_value("DISTRICT", description="District or county; 6 digits. 区县")
    SUBDISTRICT = strawberry.enum_value("SUBDISTRICT", description="Subdistrict or town; 9 digits. 街道(镇)")
    COMMUNITY = strawberry.enum_value("COMMUNITY", description="Community; 12 digits. 社区")
    GRID = strawberry.enum_value("GRID", description="Grid; 15 digits. 网格")
    BUILDING = strawberry.enum_value("BUILDING", description="Building; 18 digits. 楼栋")
    UNIT = strawberry.enum_value("UNIT", description="Unit, an entrance of a building; 20 digits. 单元")


@strawberry.enum(description="What the digits of a subdistrict's or community's code say it is. 区划代码类别")
class RegionCodeKind(Enum):
    """As `domain.codes.CodeKind`, by name."""

    STREET = strawberry.enum_value("STREET", description="Subdistrict: 001 to 099. 街道")
    TOWN = strawberry.enum_value("TOWN", description="Town: 100 to 199. 镇")
    TOWNSHIP = strawberry.enum_value("TOWNSHIP", description="Township: 200 to 399. 乡")
    SIMILAR_TO_TOWNSHIP = strawberry.enum_value(
        "SIMILAR_TO_TOWNSHIP", description="A unit like a township: 400 to 599. 类似乡级单位"
    )
    RESIDENTS_COMMITTEE = strawberry.enum_value(
        "RESIDENTS_COMMITTEE", description="Residents' committee: 001 to 199. 居委会"
    )
    VILLAGERS_COMMITTEE = strawberry.enum_value(
        "VILLAGERS_COMMITTEE", description="Villagers' committee: 200 to 399. 村委会"
    )
    SIMILAR_TO_RESIDENTS_COMMITTEE = strawberry.enum_value(
        "SIMILAR_TO_RESIDENTS_COMMITTEE", description="Like a residents' committee: 400 to 499. 类似居委会"
    )
    SIMILAR_TO_VILLAGERS_COMMITTEE = strawberry.enum_value(
        "SIMILAR_TO_VILLAGERS_COMMITTEE", description="Like a villagers' committee: 500 to 599. 类似村委会"
    )


@strawberry.enum(description="Whether a person is a party member, and of which kind for pairing. 党员类别")
class PartyStatus(Enum):
    """As `domain.people.PartyStatus`, by name."""

    NONE = strawberry.enum_value("NONE", description="Not a party member. 非党员")
    IN_SERVICE = strawberry.enum_value("IN_SERVICE", description="In-service party member. 在职党员")
    OTHER = strawberry.enum_value("OTHER", description="Party member not in service. 非在职党员")


@strawberry.enum(description="The highest education that a person has finished. 学历")
class Education(Enum):
    """As `domain.people.Education`, by name."""

    SECONDARY = strawberry.enum_value("SECONDARY", description="Secondary school or below. 高中及以下")
    COLLEGE = strawberry.enum_value("COLLEGE", description="College. 大专")
    UNIVERSITY = strawberry.enum_value("UNIVERSITY", description="University. 本科")
    POSTGRADUATE = strawberry.enum_value("POSTGRADUATE", description="Postgraduate. 研究生")


@strawberry.enum(description="What a duty title is in the 1+1+N team of a grid. 网格服务队伍角色")
class GridTeamRole(Enum):
    """As `domain.duties.TeamRole`, by name."""

    GRID_LEADER = strawberry.enum_value("GRID_LEADER", description="Grid leader. 网格长")
    GRID_WORKER = strawberry.enum_value("GRID_WORKER", description="Grid worker. 网格员")
    BUILDING_LEADER = strawberry.enum_value("BUILDING_LEADER", description="Building leader. 楼长")
    UNIT_LEADER = strawberry.enum_value("UNIT_LEADER", description="Unit leader. 单元长")


@strawberry.enum(name="CommunityModeKind", description="How a community works. 平急状态")
class ModeKind(Enum):
    """As `domain.muster.Mode`, by name."""

    PEACETIME = strawberry.enum_value("PEACETIME", description="Ordinary service. 平时服务")
    EMERGENCY = strawberry.enum_value("EMERGENCY", description="Emergency: everyone in their group. 战时应急")


@strawberry.enum(description="What a kind of the practice is a kind of. 类型类别")
class KindCategory(Enum):
    """As the import file's `category`."""

    ORGANISATION = strawberry.enum_value("organisation", description="Kinds of organisations. 组织类型")
    TEAM = strawberry.enum_value("team", description="Kinds of teams. 队伍类型")
    STATION = strawberry.enum_value("station", description="Kinds of stations. 阵地类型")
    DISTINCTION = strawberry.enum_value("distinction", description="Kinds of distinctions. 评选命名类型")
    FUND = strawberry.enum_value("fund", description="Whose money funds are. 资金来源")
    NEED = strawberry.enum_value("need", description="Kinds of needs and problems of the lists. 需求问题类型")
    RESOURCE = strawberry.enum_value("resource", description="Kinds of resources of the lists. 资源类型")
    SERVICE = strawberry.enum_value("service", description="Kinds of services of the lists. 服务类型")
    TASK = strawberry.enum_value("task", description="Kinds of governance tasks of the lists. 治理任务类型")
    ALLOCATION = strawberry.enum_value("allocation", description="What communities are given by type. 配置类别")
    RESERVE = strawberry.enum_value("reserve", description="Sources of people in reserve. 应急力量来源")
    EXPERTISE = strawberry.enum_value("expertise", description="Fields of experts. 专业领域")
    ACTIVITY = strawberry.enum_value("activity", description="Kinds of activities. 活动类型")
    SPECIAL_NEED = strawberry.enum_value("special_need", description="Kinds of special needs. 特殊人群类别")
    CONTRIBUTION = strawberry.enum_value("contribution", description="Kinds of contributions of units. 共建贡献类型")
    CHECK_IN = strawberry.enum_value("check_in", description="Groups that check in beside members. 报到群体")
    CONTACT = strawberry.enum_value("contact", description="Kinds of contacts with households. 包联类型")
    TALENT = strawberry.enum_value("talent", description="Stages of the talent pool. 人才培养阶段")
    SERVICE_POST = strawberry.enum_value("service_post", description="Posts of members who checked in. 服务岗位")
    WINDOW = strawberry.enum_value("window", description="Posts and windows of a service hall. 岗位与窗口")
    RECRUITMENT = strawberry.enum_value("recruitment", description="Kinds of recruitment. 招录渠道")
    PAIRING = strawberry.enum_value("pairing", description="Kinds of pairings of partner units. 共建结对类型")


@strawberry.enum(name="ActivityState", description="How it stands with an activity. 活动状态")
class StateOfActivity(Enum):
    """As `domain.activities.ActivityState`, by name."""

    PLANNED = strawberry.enum_value("PLANNED", description="To be held. 计划中")
    HELD = strawberry.enum_value("HELD", description="Held. 已举办")
    CANCELLED = strawberry.enum_value("CANCELLED", description="Called off. 已取消")


@strawberry.enum(description="How far a recommendation is. 推选进度")
class RecommendationState(Enum):
    """As `domain.recommendations.State`, by name."""

    NOMINATING = strawberry.enum_value("NOMINATING", description="People can be nominated. 提名中")
    VOTING = strawberry.enum_value("VOTING", description="The branch votes, or is about to be counted. 投票中")
    RECOMMENDED = strawberry.enum_value("RECOMMENDED", description="Somebody is recommended. 已推选")
    NOBODY_RECOMMENDED = strawberry.enum_value("NOBODY_RECOMMENDED", description="Nobody is. 未选出")
    ASSIGNED = strawberry.enum_value("ASSIGNED", description="The duty was given on it. 已任命")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Nothing is to come of it. 已撤回")
    EXPIRED = strawberry.enum_value("EXPIRED", description="Its time is over. 已过期")


@strawberry.enum(description="How far the filing of a nomination is. 备案进度")
class DutyFilingState(Enum):
    """As `domain.filings.FilingState`, by name."""

    SUBMITTED = strawberry.enum_value("SUBMITTED", description="Awaits the district's review. 待审核")
    FILED = strawberry.enum_value("FILED", description="Filed; the duty can be given. 已备案")
    RETURNED = strawberry.enum_value("RETURNED", description="Returned to the subdistrict. 已退回")
    ASSIGNED = strawberry.enum_value("ASSIGNED", description="The duty was given on it. 已任命")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Nothing is to come of it. 已撤回")
    EXPIRED = strawberry.enum_value("EXPIRED", description="Its time is over. 已过期")


@strawberry.enum(description="What the district finds. 审核结果")
class DutyFilingVerdict(Enum):
    """As `domain.filings.FilingVerdict`, by name."""

    FILED = strawberry.enum_value("FILED", description="It is filed. 予以备案")
    RETURNED = strawberry.enum_value("RETURNED", description="It is returned, with a reason. 退回")


@strawberry.enum(description="By which way an item of service is handled. 办理方式")
class ServiceWay(Enum):
    """As `domain.services.Way`, by name."""

    ONLINE = strawberry.enum_value("ONLINE", description="Online. 网上办理")
    SUBDISTRICT = strawberry.enum_value("SUBDISTRICT", description="By the subdistrict. 街道办理")
    COMMUNITY = strawberry.enum_value("COMMUNITY", description="By the community. 社区办理")
    STATION = strawberry.enum_value("STATION", description="At stations. 阵地办理")


@strawberry.enum(description="Whether an authorised matter works where it was handed to. 赋权评估结果")
class MatterVerdict(Enum):
    """As `domain.authorised.Verdict`, by name."""

    WORKS = strawberry.enum_value("WORKS", description="It works. 运行良好")
    PARTLY = strawberry.enum_value("PARTLY", description="It works in part. 部分运行")
    FAILS = strawberry.enum_value("FAILS", description="It does not work. 未能运行")
