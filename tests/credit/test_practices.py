"""The practices' catalogues and demonstrations load as they are, and answer what is published of credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chassis.database import EVERYWHERE
from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import build_city, credit_records, json_lines
from services.credit.commands.import_credit import import_credit
from services.credit.main import SERVICE
from services.credit.storage import tables as t
from tests.kit import Started

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit import Plant

FIGURES = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditCatalogue { rewardCount(theme: "five_small") honours { code } } creditStats { chosen selections } } } }"""


@pytest.mark.parametrize(("name", "small", "chosen", "selections"), [("tongguan", 5, 21, 9), ("daye", 0, 126, 84)])
async def test_models_are_selected_and_counted(
    plant: Plant, tmp_path: Path, name: str, small: int, chosen: int, selections: int
) -> None:
    made = build_city(read_practice(name))
    (district,) = made.tree.at("DISTRICT")
    credit = Started.on(plant, SERVICE, await plant.database(SERVICE), tmp_path)
    async with credit.runtime.database.write(EVERYWHERE) as session:
        rows = [{"id": one.id, "code": one.code, "name": one.name} for one in made.tree.records()]
        await session.execute(t.region.insert(), rows)
    file = tmp_path / "credit.jsonl"
    file.write_bytes(json_lines(credit_records(made)))
    await import_credit(credit.runtime, file)
    token = credit.issuer.mint("observer", region=district.code)
    (found,) = (await credit.data(FIGURES, token, id=str(district.id)))["_entities"]
    assert found["creditCatalogue"]["rewardCount"] == small
    assert found["creditStats"] == {"chosen": chosen, "selections": selections}
    await credit.close()
