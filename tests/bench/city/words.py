"""What the city's tickets say: some words in every tenth, some in a few hundred of all, one in a single one."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from services.tickets.domain.wording import vector

TEXTS = 40_000
_PLACES = (
    "小区门口", "地下车库", "楼道里", "单元门前", "南门", "北门", "中心花园", "儿童乐园", "配电房旁", "菜市场边",
    "幼儿园门前", "围墙外", "河边步道", "健身广场", "公交站旁", "快递柜旁", "物业办公室", "楼顶平台",
    "人行天桥", "文化活动室",
)  # fmt: skip
_THINGS = (
    "充电桩", "路灯", "电梯", "垃圾桶", "停车位", "下水道", "井盖", "电动车", "消防通道", "监控探头",
    "单元门", "自来水管", "燃气管道", "绿化带", "健身器材", "广告牌", "晾衣架", "护栏", "雨棚", "信报箱",
    "空调外机", "油烟管道", "化粪池", "门禁系统", "减速带", "遮阳伞", "宠物粪便", "流浪猫狗", "无障碍坡道", "旧家具",
)  # fmt: skip
_FAULTS = (
    "损坏", "不亮", "堵塞", "被占用", "漏水", "太少", "需要维修", "有异响", "脱落", "生锈",
    "积水", "倾斜", "无人清理", "被挪用", "松动", "发臭", "停用", "破损严重", "存在隐患", "失灵",
)  # fmt: skip
_CHARACTERS = (
    "鑫源福顺达康宁和泰裕丰盛华兴隆瑞祥安吉庆荣昌茂恒信诚义仁德明光辉耀星辰海川山林松柏梅兰竹菊云雨雪霜春夏秋冬"
)
RARE = "独角兽雕像"
"""What one ticket alone speaks of."""
COMMON, FAIRLY_COMMON, TOGETHER = "充电桩", "无障碍坡道", "门口路灯"
"""What one in four speak of, what one in a hundred do, and two words of which each alone is frequent."""
NEVER = "桩电梯"
"""Whose pairs of characters are frequent, and which nobody says."""


class Text(NamedTuple):
    """What a ticket says, and how it is indexed."""

    title: str
    description: str
    words: str


def texts() -> list[Text]:
    """Return the texts that the tickets have, a few hundred tickets each when there are millions."""
    return [Text(*said, vector(*said)) for said in _said()]


def _said() -> Iterator[tuple[str, str]]:
    random = Random("words of the city")  # noqa: S311 (a made-up city)
    for number in range(TEXTS):
        place, thing, fault = (
            random.choices(words, [1 / (rank + 1) for rank in range(len(words))])[0]
            for words in (_PLACES, _THINGS, _FAULTS)
        )
        shop = random.choice(_CHARACTERS) + random.choice(_CHARACTERS) if number % 8 == 0 else ""
        where = f"{shop}超市对面" if shop else f"{number % 97 + 1}号楼"
        yield f"{place}{thing}{fault}", f"在{where}，请尽快处理"


def rare_text() -> Text:
    """Return the text of one ticket alone."""
    title, description = f"{_PLACES[0]}{RARE}{_FAULTS[0]}", "请尽快处理"
    return Text(title, description, vector(title, description))


SHOP = next(_said())[1][1:5]
"""What a few hundred of a million tickets name."""
