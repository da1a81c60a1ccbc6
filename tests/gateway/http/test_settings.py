"""The gateway's settings and what it says when it cannot start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chassis.settings import SettingsError
from gateway.settings import PREFIX, GatewaySettings


def test_subgraphs_are_named_with_their_urls() -> None:
    settings = GatewaySettings.load(PREFIX, {f"{PREFIX}SUBGRAPHS": "org=http://a/graphql, tickets=http://b/graphql"})
    assert settings.subgraph_urls == {"org": "http://a/graphql", "tickets": "http://b/graphql"}


@pytest.mark.parametrize("subgraphs", ["", "org", "org=ftp://a", "=http://a"])
def test_an_address_book_that_says_nothing_is_refused(subgraphs: str) -> None:
    with pytest.raises(SettingsError):
        GatewaySettings.load(PREFIX, {f"{PREFIX}SUBGRAPHS": subgraphs})


def test_a_subgraph_that_never_answers_ends_the_program_with_one_line() -> None:
    environment = {f"{PREFIX}SUBGRAPHS": "org=http://127.0.0.1:1/graphql", f"{PREFIX}START_SECONDS": "0.2"}
    command = [sys.executable, "-m", "gateway.main"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("subgraph org at http://127.0.0.1:1/graphql does not tell its SDL")
    assert len(ended.stderr.splitlines()) == 1
