"""A released contract may get members that can be absent, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from deploy.checks.compatibility import differences

Schema = dict[str, Any]
RELEASED: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "mode": {"enum": ["A", "B"]},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "first": {"$ref": "#/$defs/Part"},
    },
    "required": ["id", "count", "mode", "parts", "first"],
    "$defs": {
        "Part": {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 20}, "next": {"$ref": "#/$defs/Part"}},
            "required": ["name"],
        }
    },
}


class Draft:
    """A copy to change: the whole, its members, and the part's members."""

    def __init__(self) -> None:
        self.s = copy.deepcopy(RELEASED)
        self.m: Schema = self.s["properties"]
        self.p: Schema = self.s["$defs"]["Part"]["properties"]


def changed(change: Callable[[Draft], object]) -> list[str]:
    draft = Draft()
    change(draft)
    return differences(RELEASED, draft.s)


def test_what_did_not_change_is_compatible() -> None:
    assert differences(RELEASED, copy.deepcopy(RELEASED)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.m.update(more={"type": "string"}),
        lambda d: d.p.update(more={"type": "integer", "default": 0}),
        lambda d: d.m["id"].update(description="in other words", examples=["x"]),
        lambda d: d.s.update(title="another", description="words"),
        lambda d: d.s["$defs"].update(Unused={"type": "string"}),
    ],
)
def test_a_new_member_that_may_be_absent_and_other_words_pass(change: Any) -> None:
    assert changed(change) == []


def test_a_struct_of_another_name_and_the_same_members_passes() -> None:
    schema = copy.deepcopy(RELEASED)
    schema["$defs"]["Piece"] = schema["$defs"].pop("Part")
    for place in (schema["properties"]["parts"]["items"], schema["properties"]["first"]):
        place["$ref"] = "#/$defs/Piece"
    schema["$defs"]["Piece"]["properties"]["next"]["$ref"] = "#/$defs/Piece"
    assert differences(RELEASED, schema) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.m.pop("count"), "count: was removed"),
        (lambda d: d.m["count"].update(type="string"), "count: its type was integer and is string"),
        (lambda d: d.m["id"].pop("format"), "id: its format was 'uuid' and is None"),
        (lambda d: d.s["required"].append("note"), "note: was optional and is now required"),
        (lambda d: d.s["required"].remove("id"), "id: was always there and may now be absent"),
        (lambda d: (d.m.update(more={}), d.s["required"].append("more")), "more: is new and required"),
        (lambda d: d.m["mode"]["enum"].remove("B"), "mode: may no longer be 'B'"),
        (lambda d: d.m["mode"]["enum"].append("C"), "mode: may now be 'C'"),
        (lambda d: d.m["mode"].pop("enum"), "mode: its type was enum and is any"),
        (lambda d: d.m["id"].update(enum=["x"]), "id: had any value and may now only be 'x'"),
        (lambda d: d.m["count"].update(minimum=2), "count: its minimum was 1 and is 2, which is narrower"),
        (lambda d: d.m["count"].update(maximum=10), "count: its maximum was 9 and is 10, which is wider"),
        (lambda d: d.m["count"].pop("minimum"), "count: its minimum was 1 and is None, which is wider"),
        (lambda d: d.m["id"].update(maxLength=5), "id: its maxLength was None and is 5, which is narrower"),
        (lambda d: d.m["id"].update(pattern="^x"), "id: its pattern was None and is '^x'"),
        (lambda d: d.m["note"].update(default=""), "note: its default was None and is ''"),
        (lambda d: d.m["note"]["anyOf"].pop(), "note: its type was string or null and is string"),
        (lambda d: d.p["name"].update(maxLength=5), "name: its maxLength was 20 and is 5"),
        (lambda d: d.p.pop("name"), "parts[].name: was removed"),
        (lambda d: d.m["parts"].update(items={"type": "string"}), "parts[]: its type was object and is string"),
        (lambda d: d.m["parts"].pop("items"), "parts: what it lists was"),
    ],
)
def test_a_change_that_breaks_a_reader_is_told_with_its_place(change: Any, told: str) -> None:
    assert told in "\n".join(changed(change))
