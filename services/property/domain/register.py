"""The register of owners: exclusive parts (专有部分) with their areas, who owns them, and who counts as one owner.

Civil Code (民法典) articles 271, 278, 297-308; Supreme People's Court interpretation on condominium ownership, 2020
revision, articles 2, 8 and 9. Areas are integers of 0.01 m²: nothing is ever rounded.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.problems import Refused
from chassis.texts import demanded
from services.property.domain.content import LONGEST_NAME
from services.property.domain.identifiers import check_credit_code, check_phone, check_resident_id, check_whole
from services.property.domain.problems import PropertyProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

LARGEST_AREA, MOST_OWNERS = 100_000_000, 100
"""Of one exclusive part, in 0.01 m²: a million square metres."""
_AREA = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2})0*)?", re.ASCII)
_SHARE = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})", re.ASCII)


class Basis(StrEnum):
    """What an area is taken from (article 8 of the interpretation); the first that there is counts."""

    LAND_REGISTER = "land_register"
    SURVEYED = "surveyed"
    CONTRACT = "contract"


class Status(StrEnum):
    """Whether an exclusive part has an owner who counts for himself (article 9 of the interpretation)."""

    OWNED = "owned"
    SOLD_UNDELIVERED = "sold_undelivered"
    DEVELOPER_UNSOLD = "developer_unsold"


class Use(StrEnum):
    """What an exclusive part is for."""

    HOME = "home"
    SHOP = "shop"
    PARKING = "parking"
    OTHER = "other"


class OwnerKind(StrEnum):
    """Who owns."""

    NATURAL = "natural"
    LEGAL = "legal"


class OwnerData(msgspec.Struct, frozen=True, kw_only=True):
    """An owner as given: identifying data, and the token subject by which they vote online."""

    name: str
    kind: OwnerKind = OwnerKind.NATURAL
    number: str | None = None
    """居民身份证 number, or 统一社会信用代码 of a body."""
    phone: str | None = None
    subject: str | None = None
    share: str = "1/1"
    is_agent: bool = False
    """Whether the co-owners agreed that this one votes for all (article 301)."""

    def checked(self, *path: str) -> OwnerData:
        """Return it in the form that is stored. Raises Refused."""
        name = demanded(self.name, "name", LONGEST_NAME)
        check_whole(name, *path, "name")
        number = self.number.strip() if self.number else None
        if number:
            check = check_resident_id if self.kind is OwnerKind.NATURAL else check_credit_code
            number = check(number, *path, "number")
        return msgspec.structs.replace(
            self,
            name=name,
            number=number or None,
            phone=check_phone(self.phone, *path, "phone") if self.phone and self.phone.strip() else None,
            subject=(self.subject or "").strip()[:200] or None,
        )

    @property
    def identity(self) -> str:
        """By what the same owner is known again in one compound: the number, else name and telephone."""
        return f"number {self.number}" if self.number else f"name {self.name} {self.phone or ''}"


class Part(msgspec.Struct, frozen=True):
    """An exclusive part for counting: its area, whether it counts for its owners, and who they are."""

    id: UUID
    area: int
    status: Status
    owners: frozenset[UUID] = frozenset()


class Elector(msgspec.Struct, frozen=True):
    """One owner for the purposes of a vote: the parts that they own, alone or always with the same others."""

    parts: tuple[UUID, ...]
    area: int
    owners: frozenset[UUID]
    """Empty for the developer's head, and for parts whose owner is not known."""


def area_of(text: str, *path: str) -> int:
    """Return an area such as `89.50` (m²) in 0.01 m². Raises Refused; never rounds."""
    match = _AREA.fullmatch(text.strip())
    area = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0") or 0) if match else 0
    if not 0 < area <= LARGEST_AREA:
        raise Refused(PropertyProblem.INVALID_AREA, *path, most=LARGEST_AREA // 100)
    return area


_WHOLE = Fraction(1)


def share_of(text: str, *path: str) -> Fraction:
    """Return a share such as `1/2`. Raises Refused."""
    if text == "1/1":
        return _WHOLE
    match = _SHARE.fullmatch(text.strip())
    share = Fraction(int(match[1]), int(match[2])) if match else Fraction(0)
    if not 0 < share <= 1:
        raise Refused(PropertyProblem.INVALID_SHARE, *path, total=text[:20])
    return share


def check_owners(status: Status, owners: Sequence[OwnerData]) -> list[OwnerData]:
    """Return the owners of one exclusive part in the form that is stored. Raises Refused."""
    if bool(owners) != (status is Status.OWNED):
        raise Refused(PropertyProblem.NO_OWNERS, "owners")
    if len(owners) > MOST_OWNERS:
        raise Refused(PropertyProblem.TOO_MANY_OWNERS, "owners", most=MOST_OWNERS)
    checked = [owner.checked("owners", str(number)) for number, owner in enumerate(owners)]
    if not checked:
        return []
    if len({owner.identity for owner in checked}) < len(checked):
        raise Refused(PropertyProblem.OWNER_TWICE, "owners")
    if sum(owner.is_agent for owner in checked) > 1:
        raise Refused(PropertyProblem.TWO_AGENTS, "owners")
    shares = [share_of(owner.share, "owners", str(at), "share") for at, owner in enumerate(checked)]
    total = sum(shares[1:], shares[0])
    if total != 1:
        raise Refused(PropertyProblem.INVALID_SHARE, "owners", total=str(total))
    return checked


def check_transfer_day(day: date, since: date | None) -> None:
    """Refuse a transfer on or before the day on which the present owners came in. Raises Refused."""
    if since is not None and day <= since:
        raise Refused(PropertyProblem.INVALID_DATE, "on", field="on", earliest=since)


def electors_of(parts: Iterable[Part]) -> list[Elector]:
    """Return who counts as one owner each, with the area that they stand for; in order of their first part's id.

    Article 9 of the interpretation: an exclusive part counts as one owner; several parts of the same buyer count as
    one; all parts that the developer has not sold, or sold and not handed over, count as one together. Co-owners of a
    part are one owner together, and a different one from each of them alone. A part whose owner is not known counts
    for itself.
    """
    developer = object()
    groups: dict[object, list[Part]] = {}
    for part in sorted(parts, key=lambda one: one.id):
        key: object = developer if part.status is not Status.OWNED else part.owners or part.id
        groups.setdefault(key, []).append(part)
    return [
        Elector(
            tuple(part.id for part in group),
            sum(part.area for part in group),
            group[0].owners if key is not developer else frozenset(),
        )
        for key, group in groups.items()
    ]
