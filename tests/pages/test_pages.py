"""The pages that are made from the code are as the code would make them now."""

from __future__ import annotations

import pytest

from deploy.pages.__main__ import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run 'make docs'"
