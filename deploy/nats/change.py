"""Changes while everything runs: a district more, a key for another; written, then taken up by the servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from chassis.events import provision
from chassis.events.declaration import FEED_INFO
from chassis.events.keys import accept_keys, accepted_keys, create_keys, new_seed, public_key_of
from chassis.private_file import write_private
from deploy.local.errors import LocalError
from deploy.nats.declared import ADMIN, DistrictEntry, write
from deploy.nats.files import write_configurations
from deploy.nats.reload import reload
from deploy.nats.session import addresses, connected

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.nats.declared import Declared, LeafPlace

_ANSWER_SECONDS = 5.0


async def apply(declared: Declared, folder: Path) -> None:
    """Write the configuration into `folder`, have the nodes read it, and make what is missing on them.

    Raises LocalError when a node does not take it.
    """
    write_configurations(declared, folder)
    await reload(declared)
    await provide(declared)


async def provide(declared: Declared) -> None:
    """Make the stream and the consumers on the servers as declared. Raises LocalError."""
    codes = [entry.code for entry in declared.file.districts]
    async with connected(addresses(declared), declared.seed(ADMIN)) as admin:
        try:
            await provision.apply(admin, codes, leaves=declared.leaves, replicas=declared.declaration().replicas)
        except (JetStreamError, NatsError, TimeoutError) as error:
            raise LocalError(f"The stream or a consumer could not be made: {error or type(error).__name__}") from error


async def add_district(
    declared: Declared, folder: Path, code: str, *, key: str | None = None, leaf: LeafPlace | None = None
) -> Declared:
    """Add a district, with a key made here or the public `key` that it made for itself; return what is declared now.

    What the others have, and who is connected, is not touched. Raises LocalError.
    """
    user = f"district_{code}"
    if any(entry.code == code for entry in declared.file.districts):
        raise LocalError(f"{code} has a feed already; 'linli nats rotate {user}' gives it another key.")
    entries = (*declared.file.districts, DistrictEntry(code=code, leaf=leaf))
    more = declared._replace(file=msgspec.structs.replace(declared.file, districts=entries))
    if key is not None:
        _accept(more, user, [key])
    else:
        create_keys(more.keys, [user])
    more.make_missing_keys()
    more.declaration()
    write(more)
    await apply(more, folder)
    if key is None:
        await _answers(more, code)
    return more


async def rotate(declared: Declared, folder: Path, user: str, *, key: str | None = None) -> str:
    """Give a user a new key beside the one it has, and return the new public key; `retire` ends the old one.

    Without `key`, the user's own new public key, a seed is made here and replaces the one in the folder of keys: a
    service reads it when it connects next. Raises LocalError.
    """
    old = _keys_of(declared, user)
    if len(old) > 1:
        raise LocalError(f"{user} has two keys already: 'linli nats rotate {user} --finish' ends the older one.")
    seed = None if key else new_seed()
    new = key or public_key_of(seed or b"")
    _accept(declared, user, [new, *old])
    await apply(declared, folder)
    if seed is not None:
        write_private(declared.seed(user), seed + b"\n")
    return new


async def retire(declared: Declared, folder: Path, user: str) -> list[str]:
    """End all keys of a user but the newest: who is connected by one is cut off; return them. Raises LocalError."""
    newest, *old = _keys_of(declared, user)
    if not old:
        raise LocalError(f"{user} has one key: there is none to end.")
    _accept(declared, user, [newest])
    await apply(declared, folder)
    return old


async def _answers(declared: Declared, code: str) -> None:
    """Look at the new district's feed on every node by its own key. Raises LocalError when one has none."""
    for address in addresses(declared):
        async with connected([address], declared.seed(f"district_{code}")) as client:
            try:
                await client.request(FEED_INFO, b"", timeout=_ANSWER_SECONDS)
            except (NatsError, TimeoutError) as error:
                raise LocalError(f"{address} has no feed of {code}: {error or type(error).__name__}") from error


def _keys_of(declared: Declared, user: str) -> tuple[str, ...]:
    if user not in set(declared.users()):
        raise LocalError(f"There is no user {user}; there are: {', '.join(declared.users())}.")
    return accepted_keys(declared.keys, user)


def _accept(declared: Declared, user: str, keys: list[str]) -> None:
    try:
        accept_keys(declared.keys, user, keys)
    except ValueError as error:
        raise LocalError(str(error)) from error
