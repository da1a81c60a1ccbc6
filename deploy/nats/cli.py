# ruff: noqa: PLC0415, T201 (a command line: as in deploy/local/cli.py)
"""The commands linli nats: configuration from the declaration, districts and keys while servers run, the audit."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from deploy.nats.declared import Declared, LeafPlace

T = TypeVar("T")
From = Annotated[Path | None, Parameter(name="--declaration")]

app = App(name="nats", help="NATS: its configuration, districts, keys, and an audit of who can do what.")


def _declared(path: Path | None) -> Declared:
    from deploy.local.settings import DataFolder, read_settings
    from deploy.nats.declared import read

    return read(path or DataFolder(read_settings().data.absolute()).nats / "declaration.yaml")


def _folder(declared: Declared, out: Path | None) -> Path:
    return out or declared.path.parent


def _run(work: Coroutine[Any, Any, T]) -> T:
    import structlog

    warnings = structlog.make_filtering_bound_logger("warning")
    structlog.configure(wrapper_class=warnings, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return asyncio.run(work)


@app.command
def config(*, declaration: From = None, out: Path | None = None) -> None:
    """Print the configuration of every server, or write the files; missing keys are made first.

    The same declaration and keys give the same text. No secret is in it; files are readable by their owner only.

    Example: linli nats config --declaration nats.yaml --out /etc/nats

    Parameters
    ----------
    declaration
        The declaration file; without it, that of Linli on this machine.
    out
        The folder to write into; without it the text is printed.
    """
    from deploy.nats.files import configurations, write_configurations

    declared = _declared(declaration)
    declared.make_missing_keys()
    if out is None:
        for name, text in configurations(declared).items():
            print(f"# {name}\n{text}")
        return
    for file in write_configurations(declared, out):
        print(file)


@app.command
def apply(*, declaration: From = None, out: Path | None = None) -> None:
    """Write the files, have the running servers take them up, and make stream and consumers as declared.

    Example: linli nats apply

    Parameters
    ----------
    declaration
        The declaration file; without it, that of Linli on this machine.
    out
        The folder that the servers read their files from; without it, beside the declaration.
    """
    from deploy.nats import change

    declared = _declared(declaration)
    _run(change.apply(declared, _folder(declared, out)))


@app.command
def keep(*, declaration: From = None, every: float = 5.0) -> None:
    """Keep stream and consumers as declared, until Ctrl-C: what is lost on the servers is made anew in seconds.

    Run it as a service of its own beside the servers; linli up does the same by itself. A new stream is filled again by
    the services, from their databases.

    Example: linli nats keep --declaration nats.yaml

    Parameters
    ----------
    declaration
        The declaration file; without it, that of Linli on this machine.
    every
        Seconds between two looks.
    """
    from deploy.nats.keep import keep as run

    _run(run(_declared(declaration).path, every))


@app.command
def add_district(
    code: str,
    /,
    *,
    key: str | None = None,
    leaf_store: str | None = None,
    declaration: From = None,
    out: Path | None = None,
) -> None:
    """Give a district a feed while everything runs; nobody else is disconnected.

    Example: linli nats add-district 370304

    Parameters
    ----------
    code
        The district's code, 6 digits, or a city's, 4.
    key
        The public key that the district made for itself; without it a seed is made in the folder of keys.
    leaf_store
        The folder of the district's leaf node on its own machine, when it is to have one.
    declaration
        The declaration file; without it, that of Linli on this machine.
    out
        The folder that the servers read their files from; without it, beside the declaration.
    """
    from deploy.nats import change

    declared = _declared(declaration)
    added = _run(change.add_district(declared, _folder(declared, out), code, key=key, leaf=_leaf(leaf_store)))
    print(f"{code}: consumer district_{code} on stream LINLI, key {key or added.seed(f'district_{code}')}")


def _leaf(store: str | None) -> LeafPlace | None:
    from deploy.nats.declared import LeafPlace

    return LeafPlace(store=store) if store else None


@app.command
def rotate(
    user: str,
    /,
    *,
    key: str | None = None,
    finish: bool = False,
    grace: int | None = None,
    declaration: From = None,
    out: Path | None = None,
) -> None:
    """Give a user a new key beside the old one; --finish ends the old one and cuts off who still uses it.

    Example: linli nats rotate district_370321 && linli nats rotate district_370321 --finish

    Parameters
    ----------
    user
        A service, district_<code>, leaf_<code>, admin or system.
    key
        The new public key that the user made for itself; without it a seed is made in the folder of keys.
    finish
        End the older key.
    grace
        Wait so many seconds after giving the new key, then end the older one.
    declaration
        The declaration file; without it, that of Linli on this machine.
    out
        The folder that the servers read their files from; without it, beside the declaration.
    """
    from deploy.nats import change

    declared = _declared(declaration)
    folder = _folder(declared, out)

    async def work() -> None:
        if not finish:
            print(f"{user}: {await change.rotate(declared, folder, user, key=key)} is accepted")
        if grace is not None:
            await asyncio.sleep(grace)
        if finish or grace is not None:
            print(f"{user}: {', '.join(await change.retire(declared, folder, user))} is refused")

    _run(work())


@app.command
def leaf_stream(code: str, /, *, url: str, seed: Path, anew: bool = False) -> None:
    """Make the mirror of a district's feed, and the district's consumer, on its running leaf node.

    Example: linli nats leaf-stream 370321 --url nats://127.0.0.1:4222 --seed district_370321.nk

    Parameters
    ----------
    code
        The district's code.
    url
        Where the leaf node listens.
    seed
        The district's seed file.
    anew
        Delete the mirror and the consumer first; needed once the city's stream was made anew.
    """
    from deploy.nats.leaf import provision_leaf
    from deploy.nats.session import connected

    async def work() -> None:
        async with connected([url], seed) as client:
            await provision_leaf(client, code, anew=anew)

    _run(work())


@app.command
def audit(*, declaration: From = None, flood: bool = False) -> None:
    """Try everything that a district or a service must not be able to do, against the running servers.

    Prints a line for each attack; the exit code is 1 when one succeeds or leaves a trace. It takes the seeds in the
    folder of keys and needs those of two districts.

    Example: linli nats audit

    Parameters
    ----------
    declaration
        The declaration file; without it, that of Linli on this machine.
    flood
        Also try to open more connections than an account may have; the district itself gets none meanwhile.
    """
    from deploy.nats.audit import audit as run

    findings = _run(run(_declared(declaration), flood=flood))
    for finding in findings:
        print(finding)
    failed = [finding for finding in findings if not finding.held]
    print(f"{len(findings)} attacks, {len(failed)} succeeded")
    sys.exit(1 if failed else 0)
