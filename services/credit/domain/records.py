"""The records that credit imports, one a line of JSON (README.md)."""

from __future__ import annotations

from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from services.credit.domain.catalogue import Catalogue  # noqa: TC001


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="record"):
    """Base of the records."""


class CatalogueRecord(_Record, frozen=True, kw_only=True, tag="catalogue"):
    """A version of the catalogue of a district; opens the district's book."""

    region_id: UUID
    region_code: str
    definition: Catalogue


Record = CatalogueRecord
