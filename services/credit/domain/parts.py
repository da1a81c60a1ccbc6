"""What catalogues and scenarios are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Points = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: a part of a catalogue; a field that is not known is an error."""
