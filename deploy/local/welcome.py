"""What is printed when everything runs: addresses, how to get a token, and a query that works as pasted."""

from __future__ import annotations

import shlex
import textwrap
from typing import TYPE_CHECKING

import msgspec

from deploy.local.settings import LocalSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def example_query(district: str) -> str:
    """Return a query to start with; `district` is the region code of the practice's county or district."""
    return textwrap.dedent(f"""\
        {{
          district(code: "{district}") {{
            name
            ticketStats {{ raised done open overdue }}
          }}
        }}""")


def welcome(settings: LocalSettings, district: str) -> str:
    """Return the lines; `district` is the region code of the loaded practice's county or district."""
    linli = " ".join([*_variables(settings), ".venv/bin/linli"])
    token = f"{linli} token --role observer --region {district}"
    query = " ".join(example_query(district).split())
    body = msgspec.json.encode({"query": query}).decode()
    return f"""
Linli is ready

  GraphQL   {settings.gateway_url}
  GraphiQL  {settings.gateway_url} (in a browser)
  NATS      nats://127.0.0.1:{settings.nats_port} (the feed of {district}, live: {linli} tail --region {district})
  Data      {settings.data.absolute()} (logs in logs/)

A token that sees the whole district:

  {token}

A query to try:

  curl -s {settings.gateway_url} -H 'Content-Type: application/json' \\
    -H "Authorization: Bearer $({token})" \\
    -d '{body}'

Ctrl-C stops everything; the data stays."""


def _variables(settings: LocalSettings) -> list[str]:
    """Return the variables that another terminal needs to find this Linli: those that are not as usual."""
    chosen: Mapping[str, object] = settings.model_dump()
    usual = {name: field.default for name, field in LocalSettings.model_fields.items()}
    needed = [name for name in ("port", "nats_port", "postgres_port", "data") if chosen[name] != usual[name]]
    return [f"LINLI_{name.upper()}={shlex.quote(str(chosen[name]))}" for name in needed]
