"""A text that cannot be stored is refused by name, in whatever field of whatever mutation it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.org import city
from tests.org.mutations import MUTATIONS, mutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.org.conftest import Org

HIDDEN = "a\x00b"
WORDS = {"name", "reason", "note", "result", "finding", "subject", "situation"}


def with_hidden(given: Any) -> Iterator[tuple[str, Any]]:
    """Inputs in each of which one text, named by its field, holds what cannot be stored."""
    if isinstance(given, dict):
        for name, value in given.items():
            if isinstance(value, str):
                yield name, {**given, name: HIDDEN}
            else:
                for field, changed in with_hidden(value):
                    yield field, {**given, name: changed}
    elif isinstance(given, list):
        for index, value in enumerate(given):
            changes = with_hidden(value) if isinstance(value, dict) else [(str(index), HIDDEN)]
            for field, changed in changes:
                yield field, [*given[:index], changed, *given[index + 1 :]]


async def test_no_mutation_takes_a_text_that_cannot_be_stored(city_org: Org) -> None:
    token = city_org.token("admin", region=city.COUNTY)
    before = await city_org.contents()
    refused: dict[str, set[str]] = {}
    for name, (_, given) in MUTATIONS.items():
        for field, changed in with_hidden(given):
            answer = await city_org.ask(mutation(name), token, input=changed)
            codes = [one["extensions"]["code"] for one in answer.get("errors", [])]
            codes = codes or [one["code"] for one in answer["data"][name]["problems"]]
            assert codes, (name, field)
            assert "INTERNAL" not in " ".join(codes), (name, field, answer)
            refused.setdefault(field, set()).update(codes)
    assert {field: refused[field] for field in WORDS} == {field: {"INVALID_TEXT"} for field in WORDS}
    assert await city_org.contents() == before
