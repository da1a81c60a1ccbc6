"""The command linli: run everything here, get a token, load a practice, compare its figures, watch a feed.

Commands import what they need when they run, so that help and tokens come at once.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from cyclopts import App, Parameter

from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from deploy.local.settings import LocalSettings

T = TypeVar("T")

_HELP = """Linli (邻里) on this machine.

Variables: LINLI_PORT (gateway, 8000; the services use the next ports), LINLI_NATS_PORT (4222),
LINLI_POSTGRES_PORT (5433), LINLI_DATA (folder of data, .linli), LINLI_PRACTICE (huantai).
"""

app = App(name="linli", help=_HELP, help_format="plaintext", version_flags=[])
practice = App(name="practice", help="A city's way of governing, as data: list, check and load practices.")
app.command(practice)
app.command(
    "deploy.schema.cli:app", name="schema", help="The graph that clients see: compose it, check a change, compare two."
)
app.command(
    "deploy.schema.cli:plan",
    name="plan",
    help="Print how the gateway answers a query: whom it asks what, and when.",
)
app.command(
    "deploy.nats.cli:app", name="nats", help="NATS: configuration, districts, keys, an audit of who can do what."
)
app.command("deploy.local.credit:app", name="credit", help="Credit's books: verify them, export one for an auditor.")


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    import structlog

    # What the libraries note goes beside the output, and only when it matters.
    warnings = structlog.make_filtering_bound_logger("warning")
    structlog.configure(wrapper_class=warnings, logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    return asyncio.run(work)


def _settings() -> LocalSettings:
    from deploy.local.settings import read_settings

    return read_settings()


@app.command
def up(*, with_parent: Annotated[bool, Parameter(show=False)] = False) -> None:
    """Run PostgreSQL, NATS, the services and the gateway, with a practice's data, until Ctrl-C.

    The first run makes the databases and loads the practice; the next ones keep the data and are ready in seconds.

    Example: LINLI_PORT=9000 LINLI_DATA=/srv/linli linli up

    Parameters
    ----------
    with_parent
        Stop also when the process that started this one ends, however it ends; for make.
    """
    from deploy.local.progress import Report
    from deploy.local.up import up as run

    _run(run(_settings(), Report(), with_parent=with_parent))


@app.command
def token(*, role: str, region: str, subject: str | None = None) -> None:
    """Print a token for a role in a region and everything below it; nothing else goes to standard output.

    Roles are admin, auditor, observer, resident, or a duty title of the practice, such as grid_worker.
    For a duty title the running gateway is asked who holds that duty there, unless a subject is given.

    Example: curl -H "Authorization: Bearer $(linli token --role observer --region 370321)" ...

    Parameters
    ----------
    role
        A system role or a duty title code.
    region
        A region code: 4 digits for a city, 6 district, 9 subdistrict, 12 community, 15 grid.
    subject
        The person's id. Without it: who holds the duty there, or a made-up person, the same each time.
    """
    from deploy.local.tokens import make_token

    print(_run(make_token(_settings(), role, region, subject)))


@app.command
def tail(*, region: str, json: bool = False) -> None:
    """Show what a district's own system receives, live, with exactly its credentials, until Ctrl-C.

    The feed is the durable consumer district_<code>: what is shown here is taken from it, and the next run goes on
    where this one stopped.

    Example: linli tail --region 370321 --json | jq .type

    Parameters
    ----------
    region
        The code of a district, 6 digits.
    json
        Print each event as it is on the wire, one a line, instead of a summary.
    """
    from deploy.local.feed import follow

    _run(follow(_settings(), region, as_json=json))


@app.command
def figures(name: str, /) -> None:
    """Ask the running gateway for a practice's published figures and print expected beside answered.

    The exit code is 1 when any differs.

    Example: linli figures huantai

    Parameters
    ----------
    name
        A practice, as linli practice list names it.
    """
    from deploy.local.practice import show_figures

    sys.exit(0 if _run(show_figures(_settings(), name)) else 1)


@app.command(help_flags=[])
def events(
    service: Annotated[str, Parameter(allow_leading_hyphen=True)] = "--help",
    /,
    *command: Annotated[str, Parameter(allow_leading_hyphen=True)],
) -> None:
    """Look after a service's events: parked, release, dead-letters, show, replay, audit.

    The same as python -m services.<service>.main events ... with the settings of the running Linli.

    Example: linli events tickets dead-letters; linli events tickets --help tells of all commands.

    Parameters
    ----------
    service
        org, tickets, ...
    command
        What to do, with its own options.
    """
    if service in app.help_flags:
        app.help_print(["events"])
        return
    from deploy.local.events import forward

    sys.exit(forward(_settings(), service, command))


@app.command
def migrate() -> None:
    """Bring the databases of the running Linli to the newest migration; linli up does so by itself.

    Example: linli migrate
    """
    from deploy.local.migrations import migrate as run
    from deploy.local.progress import Report

    _run(run(_settings(), Report()))


@practice.command(name="list")
def list_() -> None:
    """List the practices that there are.

    Example: linli practice list
    """
    from deploy.local.practice import show_practices

    show_practices()


@practice.command
def check(name: str, /) -> None:
    """Check a practice: every problem and warning on a line of its own, exit code 1 when there is any problem.

    Example: linli practice check deploy/practices/huantai.yaml

    Parameters
    ----------
    name
        A practice by name, or the path of a file.
    """
    from deploy.local.practice import check_practice

    sys.exit(0 if check_practice(name) else 1)


@practice.command
def load(name: str, /) -> None:
    """Load a practice's organisation and its generated demonstration year into the running Linli.

    Example: linli practice load huantai

    Parameters
    ----------
    name
        A practice, as linli practice list names it.
    """
    from deploy.local.practice import load_practice
    from deploy.local.progress import Report

    _run(load_practice(_settings(), name, Report()))


def main() -> None:
    """Run the command line; what the person can mend is told in a line or two, with exit code 2."""
    try:
        app()
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough (| head).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
