"""Event types: a fact of an aggregate, in the past tense, with a versioned payload."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

_ABOUT_THE_TYPE = frozenset({"entity", "fact", "version"})


class _EventMeta(msgspec.StructMeta):
    """Takes the declaration of an event as class keywords, and msgspec's own beside them."""

    entity: str
    fact: str
    version: int

    def __new__(  # noqa: PYI034 (a metaclass cannot say Self)
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        entity: str = "",
        fact: str = "",
        version: int = 1,
        **options: Any,
    ) -> _EventMeta:
        chosen: dict[str, Any] = {"rename": "camel", "frozen": True, "kw_only": True} | options
        made = super().__new__(mcs, name, bases, namespace, **chosen)
        if taken := _ABOUT_THE_TYPE.intersection(made.__struct_fields__):
            raise TypeError(f"{name}: {', '.join(sorted(taken))} say what the event is, no field may be called so")
        made.entity, made.fact, made.version = entity, fact, version
        return made


class Event(msgspec.Struct, metaclass=_EventMeta):
    """Base of the event payloads; the class docstring describes the event to people.

    Declare one as `class TicketRaised(Event, entity="ticket", fact="raised", version=1)`. Its fields are the payload:
    camelCase on the wire, additive only within a version, and without personal data.
    """

    entity: ClassVar[str]
    """The kind of aggregate, e.g. `ticket`."""
    fact: ClassVar[str]
    """What happened to it, e.g. `raised`."""
    version: ClassVar[int]

    @classmethod
    def type_in(cls, service: str) -> str:
        """Return the CloudEvents type of this event as published by `service`."""
        return f"linli.{service}.{cls.entity}.{cls.fact}.v{cls.version}"
