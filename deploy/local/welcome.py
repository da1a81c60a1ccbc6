"""What is printed when everything runs: addresses, how to get a token, and a query that works as pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.local.settings import LocalSettings


def welcome(settings: LocalSettings, district: str) -> str:
    """Return the lines; `district` is the region code of the loaded practice's county or district."""
    return f"""
Linli is ready

  GraphQL   {settings.gateway_url}
  GraphiQL  {settings.gateway_url} (in a browser)
  NATS      nats://127.0.0.1:{settings.nats_port} (linli tail --region {district} shows the district's feed)
  Data      {settings.data.absolute()} (logs in logs/)

A token for the whole district:

  .venv/bin/linli token --role observer --region {district}

A query to try:

  curl -s {settings.gateway_url} -H 'Content-Type: application/json' \\
    -H "Authorization: Bearer $(.venv/bin/linli token --role observer --region {district})" \\
    -d '{{"query": "{{ district(code: \\"{district}\\") {{ name ticketStats {{ total }} }} }}"}}'

Ctrl-C stops everything; the data stays."""
