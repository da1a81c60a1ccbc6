"""Enums of companies' service in the graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="Where the choice of a company stands. 选聘状态")
class SelectionStatus(Enum):
    """By name."""

    PUBLISHED = strawberry.enum_value("PUBLISHED", description="Companies may apply. 已公告")
    SHORTLISTED = strawberry.enum_value("SHORTLISTED", description="Who goes before the owners is settled. 已入围")
    VOTING = strawberry.enum_value("VOTING", description="The owners vote. 表决中")
    CHOSEN = strawberry.enum_value("CHOSEN", description="They chose a company. 已选定")
    FAILED = strawberry.enum_value("FAILED", description="They chose none. 未选定")
    CONTRACTED = strawberry.enum_value("CONTRACTED", description="The contract is signed. 已签约")


@strawberry.enum(description="Where an application stands. 应聘状态")
class ApplicationStatus(Enum):
    """By name."""

    APPLIED = strawberry.enum_value("APPLIED", description="Given. 已应聘")
    SHORTLISTED = strawberry.enum_value("SHORTLISTED", description="Goes before the owners. 入围")
    CHOSEN = strawberry.enum_value("CHOSEN", description="Chosen. 选定")
    NOT_CHOSEN = strawberry.enum_value("NOT_CHOSEN", description="Not chosen. 未选定")


@strawberry.enum(description="Whose choice the company was. 合同类型")
class ServiceContractKind(Enum):
    """As `domain.contracts.ContractKind`, by name."""

    PRELIMINARY = strawberry.enum_value("PRELIMINARY", description="The developer's. 前期物业服务合同")
    SERVICE = strawberry.enum_value("SERVICE", description="The owners'. 物业服务合同")


@strawberry.enum(description="Who ends a contract. 解除方")
class NoticeParty(Enum):
    """As `domain.contracts.NoticeBy`, by name."""

    OWNERS = strawberry.enum_value("OWNERS", description="The owners. 业主")
    COMPANY = strawberry.enum_value("COMPANY", description="The company. 物业服务企业")


@strawberry.enum(description="Where an assessment stands. 考评状态")
class AssessmentStatus(Enum):
    """By name."""

    SCORING = strawberry.enum_value("SCORING", description="It is evaluated. 评分中")
    PUBLICISED = strawberry.enum_value("PUBLICISED", description="Its result is public. 结果公示")
    CONCLUDED = strawberry.enum_value("CONCLUDED", description="What was put right is public too. 整改公示")
