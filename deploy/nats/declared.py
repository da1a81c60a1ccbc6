"""The declaration as a file (YAML) beside a folder of keys, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chassis.events.declaration import Declaration, District, Limits, Node, ServiceUser
from chassis.events.keys import accepted_keys, create_keys
from chassis.private_file import write_private
from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ADMIN = "admin"
SYSTEM = "system"
_HEAD = "# What NATS is made of: `linli nats config` writes the servers' files from this. See docs/nats.md.\n"
_LOCAL_STORE = "jetstream"


class LeafPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a district's leaf node runs: what it listens on for the district's programs, and its folder."""

    host: str = "127.0.0.1"
    port: int = 4222
    store: str


class DistrictEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A district that has a feed, by its code of 6 digits, or a city by 4; with a leaf node of its own, or without."""

    code: str
    leaf: LeafPlace | None = None


class DeclarationFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is written in the file. Fields that are left out are as in `chassis.events.declaration.Declaration`."""

    nodes: tuple[Node, ...]
    services: tuple[str, ...]
    districts: tuple[DistrictEntry, ...]
    keys: str = "keys"
    """The folder of keys, beside the file: `<user>.pub` (public keys, one a line) or `<user>.nk` (a seed)."""
    name: str = "linli"
    sync_interval: str = "always"
    storage_bytes: int | None = None
    service_limits: Limits | None = None
    district_limits: Limits | None = None


class Declared(NamedTuple):
    """A declaration file that was read, and where it is."""

    path: Path
    file: DeclarationFile

    @property
    def keys(self) -> Path:
        """The folder of keys."""
        return self.path.parent / self.file.keys

    @property
    def leaves(self) -> list[str]:
        """The districts that have a leaf node."""
        return [district.code for district in self.file.districts if district.leaf]

    def seed(self, user: str) -> Path:
        """Return where the seed of a user is, if it is kept here."""
        return self.keys / f"{user}.nk"

    def users(self) -> Iterator[str]:
        """Yield the names of all users."""
        yield from (ADMIN, SYSTEM, *self.file.services)
        for district in self.file.districts:
            yield f"district_{district.code}"
            if district.leaf:
                yield f"leaf_{district.code}"

    def make_missing_keys(self) -> None:
        """Make a seed for each user who has no key yet."""
        create_keys(self.keys, [user for user in self.users() if not (self.keys / f"{user}.pub").exists()])

    def declaration(self) -> Declaration:
        """Return what follows for the servers. Raises LocalError when a key is missing or the declaration is wrong."""
        try:
            made = self._declaration()
            made.check()
        except FileNotFoundError as error:
            raise LocalError(f"A key is missing: {error.filename}; 'linli nats config' makes it.") from error
        except ValueError as error:
            raise LocalError(f"{self.path}: {error}") from error
        return made

    def _declaration(self) -> Declaration:
        file = self.file
        optional = {
            name: value
            for name in ("storage_bytes", "service_limits", "district_limits")
            if (value := getattr(file, name)) is not None
        }
        return Declaration(
            nodes=file.nodes,
            services=tuple(ServiceUser(name=name, public_keys=self._known(name)) for name in file.services),
            districts=tuple(self._district(entry) for entry in file.districts),
            admin_keys=self._known(ADMIN),
            system_keys=self._known(SYSTEM),
            name=file.name,
            sync_interval=file.sync_interval,
            **optional,
        )

    def _district(self, entry: DistrictEntry) -> District:
        leaf_keys = self._known(f"leaf_{entry.code}") if entry.leaf else ()
        return District(code=entry.code, public_keys=self._known(f"district_{entry.code}"), leaf_keys=leaf_keys)

    def _known(self, user: str) -> tuple[str, ...]:
        return accepted_keys(self.keys, user)


def read(path: Path) -> Declared:
    """Read a declaration file. Raises LocalError when it is not there or not one."""
    try:
        return Declared(path, msgspec.yaml.decode(path.read_bytes(), type=DeclarationFile))
    except OSError as error:
        raise LocalError(f"There is no declaration {path}: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise LocalError(f"{path} is not a declaration: {error}") from error


def write(declared: Declared) -> None:
    """Write a declaration file, whole or not at all; comments that were in it are not kept."""
    write_private(declared.path, _HEAD.encode() + msgspec.yaml.encode(declared.file))


def local(
    folder: Path, *, port: int, services: Sequence[str], districts: Sequence[str], sync_interval: str
) -> Declared:
    """Declare one server for development in `folder`, with what was added to its declaration since; keys are kept."""
    path = folder / "declaration.yaml"
    before = read(path).file if path.exists() else None
    kept = before.districts if before else ()
    known = {entry.code for entry in kept}
    entries = (*kept, *(DistrictEntry(code=code) for code in districts if code not in known))
    node = Node(name="linli", port=port, store=str((folder / _LOCAL_STORE).absolute()))
    file = DeclarationFile(nodes=(node,), services=tuple(services), districts=entries, sync_interval=sync_interval)
    declared = Declared(path, file)
    write(declared)
    declared.make_missing_keys()
    return declared
