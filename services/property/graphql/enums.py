"""Enums of property's graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="How a compound is cared for. 管理方式")
class CompoundCare(Enum):
    """As `domain.care.Care`, by name."""

    NONE = strawberry.enum_value("NONE", description="Nobody: a compound without service. 无物业")
    COMPANY = strawberry.enum_value("COMPANY", description="A property company. 物业企业")
    STATE_COMPANY = strawberry.enum_value("STATE_COMPANY", description="A state-owned company. 国资物业")
    SHARED = strawberry.enum_value("SHARED", description="One company for several compounds. 共享物业")
    CITY = strawberry.enum_value("CITY", description="One company for streets and compounds alike. 物业城市")
    SELF_MANAGED = strawberry.enum_value("SELF_MANAGED", description="The owners themselves. 业主自管")
    COMMUNITY = strawberry.enum_value("COMMUNITY", description="The community stands in. 社区兜底代管")


@strawberry.enum(description="What an exclusive area is taken from; the first that there is counts. 面积依据")
class AreaBasis(Enum):
    """As `domain.register.Basis`, by name."""

    LAND_REGISTER = strawberry.enum_value("LAND_REGISTER", description="The land register. 不动产登记簿")
    SURVEYED = strawberry.enum_value("SURVEYED", description="A survey. 测绘机构实测")
    CONTRACT = strawberry.enum_value("CONTRACT", description="The sales contract. 房屋买卖合同")


@strawberry.enum(description="Whether an exclusive part has an owner who counts for himself. 交付状态")
class HouseholdStatus(Enum):
    """As `domain.register.Status`, by name."""

    OWNED = strawberry.enum_value("OWNED", description="Handed over to its owners. 已交付")
    SOLD_UNDELIVERED = strawberry.enum_value("SOLD_UNDELIVERED", description="Sold, not handed over. 已售未交付")
    DEVELOPER_UNSOLD = strawberry.enum_value("DEVELOPER_UNSOLD", description="Not sold. 未出售")


@strawberry.enum(description="What an exclusive part is for. 用途")
class HouseholdUse(Enum):
    """As `domain.register.Use`, by name."""

    HOME = strawberry.enum_value("HOME", description="Living. 住宅")
    SHOP = strawberry.enum_value("SHOP", description="Trade. 商业")
    PARKING = strawberry.enum_value("PARKING", description="A parking space that is owned. 车位")
    OTHER = strawberry.enum_value("OTHER", description="Something else. 其他")


@strawberry.enum(description="Who owns. 业主类型")
class OwnerKind(Enum):
    """As `domain.register.OwnerKind`, by name."""

    NATURAL = strawberry.enum_value("NATURAL", description="A natural person. 自然人")
    LEGAL = strawberry.enum_value("LEGAL", description="A body. 法人或非法人组织")


@strawberry.enum(description="Who is in an exclusive part beside its owners. 使用人类型")
class OccupantRole(Enum):
    """By name."""

    TENANT = strawberry.enum_value("TENANT", description="A tenant. 承租人")
    REPRESENTATIVE = strawberry.enum_value("REPRESENTATIVE", description="Entrusted by the owners. 受托人")


@strawberry.enum(description="The matters that owners decide together: Civil Code, article 278. 业主共同决定事项")
class VoteMatter(Enum):
    """As `domain.voting.Matter`, by name."""

    ASSEMBLY_RULES = strawberry.enum_value("ASSEMBLY_RULES", description="Item 1. 制定和修改业主大会议事规则")
    COVENANT = strawberry.enum_value("COVENANT", description="Item 2. 制定和修改管理规约")
    COMMITTEE = strawberry.enum_value("COMMITTEE", description="Item 3. 选举业主委员会或者更换业主委员会成员")
    MANAGER = strawberry.enum_value("MANAGER", description="Item 4. 选聘和解聘物业服务企业或者其他管理人")
    USE_FUND = strawberry.enum_value("USE_FUND", description="Item 5. 使用建筑物及其附属设施的维修资金")
    RAISE_FUND = strawberry.enum_value("RAISE_FUND", description="Item 6, special. 筹集建筑物及其附属设施的维修资金")
    REBUILD = strawberry.enum_value("REBUILD", description="Item 7, special. 改建、重建建筑物及其附属设施")
    CHANGE_COMMON_PARTS = strawberry.enum_value(
        "CHANGE_COMMON_PARTS", description="Item 8, special. 改变共有部分的用途或者利用共有部分从事经营活动"
    )
    OTHER = strawberry.enum_value("OTHER", description="Item 9. 有关共有和共同管理权利的其他重大事项")


@strawberry.enum(description="Where a vote stands. 表决状态")
class VoteStatus(Enum):
    """By name."""

    ANNOUNCED = strawberry.enum_value("ANNOUNCED", description="Its notice is out. 已公告")
    OPEN = strawberry.enum_value("OPEN", description="Ballots are taken. 表决中")
    CLOSED = strawberry.enum_value("CLOSED", description="Counted, and counted again with the same result. 已结束")
    DISPUTED = strawberry.enum_value("DISPUTED", description="The recount found otherwise: no result. 计票存疑")


@strawberry.enum(description="What is said to a matter. 表决意见")
class BallotChoice(Enum):
    """As `domain.ballots.Choice`, by name."""

    YES = strawberry.enum_value("YES", description="For it. 同意")
    NO = strawberry.enum_value("NO", description="Against it. 反对")
    ABSTAIN = strawberry.enum_value("ABSTAIN", description="Takes part without agreeing. 弃权")


@strawberry.enum(description="How a ballot was given. 表决方式")
class BallotChannel(Enum):
    """By name."""

    ONLINE = strawberry.enum_value("ONLINE", description="By the owner's own account. 线上")
    PAPER = strawberry.enum_value("PAPER", description="On paper. 书面")
    ON_SITE = strawberry.enum_value("ON_SITE", description="At the meeting. 现场")


@strawberry.enum(description="What a receipt stands for. 回执核验")
class ReceiptStanding(Enum):
    """By name."""

    KEPT = strawberry.enum_value("KEPT", description="The ballot is there, and counts unless a later one comes. 已收")
    COUNTED = strawberry.enum_value("COUNTED", description="The ballot was counted. 已计票")
    UNKNOWN = strawberry.enum_value(
        "UNKNOWN", description="No ballot, or one that a later one cancelled. 无效或已被替代"
    )
