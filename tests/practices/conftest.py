"""The practice of Huantai and its generated city, made once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from deploy.practices.catalogue import FOLDER, read_practice
from deploy.practices.check import check
from deploy.practices.demonstration import City, build_city, tickets_of
from deploy.practices.generate.tickets import Made
from deploy.practices.located import Fault
from deploy.practices.model import Practice

TODAY = date(2026, 11, 23)
"""The day on which the tests' demonstration is loaded: the Monday after its date."""


@pytest.fixture(scope="session")
def practice() -> Practice:
    return read_practice("huantai")


@pytest.fixture(scope="session")
def city(practice: Practice) -> City:
    return build_city(practice)


@pytest.fixture(scope="session")
def made_tickets(city: City) -> list[Made]:
    """The tickets of five sheets, the process of which the practice has most."""
    return [made for made in tickets_of(city, TODAY) if made.ticket.process == "five_sheets"]


@dataclass
class Copy:
    """A copy of Huantai's files, to be spoilt."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "huantai.yaml"

    def change(self, name: str, before: str, after: str) -> int:
        """Replace the first `before` in a file; return the line on which it stood."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert before in text, f"{before!r} is not in {name}"
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        return text[: text.index(before)].count("\n") + 1

    def faults(self) -> list[Fault]:
        return check(self.file)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    shutil.copytree(FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Copy(tmp_path / "copy")
