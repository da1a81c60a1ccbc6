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
