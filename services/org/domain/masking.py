"""What of a person is shown by default, and how a masked value is known when it comes back.

Masking is one-way (个人信息保护法 articles 6 and 51): a masked value is never stored.
"""

from __future__ import annotations

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

_STARS = ("*", "＊", "•", "●")
_PHONE_HEAD, _PHONE_TAIL = 3, 4
_ID_HEAD, _ID_TAIL = 1, 1
_COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 轩辕 端木 百里 南宫 独孤".split()  # noqa: SIM905
)


def mask_name(name: str) -> str:
    """Return the surname and one star: 张* for 张小明, 欧阳* for 欧阳明."""
    if not name:
        return ""
    surname = name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > len(name[:2]) else name[:1]
    return f"{surname}*"


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle hidden: 138****0000."""
    hidden = max(len(phone) - _PHONE_HEAD - _PHONE_TAIL, 0)
    return phone[:_PHONE_HEAD] + "*" * hidden + phone[-_PHONE_TAIL:]


def mask_resident_id(number: str) -> str:
    """Return an identity number of which only the first and the last character are seen."""
    return number[:_ID_HEAD] + "*" * (len(number) - _ID_HEAD - _ID_TAIL) + number[-_ID_TAIL:]


def check_not_masked(value: str, *path: str) -> None:
    """Refuse a value that was masked for showing. Raises Refused."""
    if any(star in value for star in _STARS):
        raise Refused(OrgProblem.MASKED_VALUE, *path, field=path[-1])
