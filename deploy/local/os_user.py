"""PostgreSQL refuses to run as root: find it another user, and a place for its files which that user can reach.

The folders above a checkout (such as /root) are often closed to other users. Opening them would change what others may
read on this machine, so files that cannot be reached are kept under /var/lib instead.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.errors import LocalError
from deploy.local.processes import OsUser

if TYPE_CHECKING:
    from collections.abc import Sequence

USER_NAME = "linli-postgres"
_REACHABLE_BASE = Path("/var/lib/linli-local")
_LOOKED_AT = 50
_TRIES = 25
_PAUSE_SECONDS = 0.2


def server_user(owned: Path) -> OsUser | None:
    """Return the user to run a server as, or None for the present one.

    An ordinary user runs it as themselves. Root runs it as the owner of `owned` if that exists, else as a system user
    made for it, else (where users cannot be made) as `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if owned.exists() and owned.stat().st_uid != 0:
        status = owned.stat()
        return OsUser(str(status.st_uid), status.st_uid, status.st_gid)
    entry = _find(USER_NAME) or _make(USER_NAME) or _find("nobody")
    if entry is None:
        raise LocalError("PostgreSQL cannot run as root and no other user could be made: run this as an ordinary user.")
    return entry


def _find(name: str) -> OsUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return OsUser(name, entry.pw_uid, entry.pw_gid)


def _make(name: str) -> OsUser | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", name]
    for _ in range(_TRIES):
        made = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (a fixed command)
        found = _find(name)
        if found is not None:
            return found
        if b"lock" not in made.stderr:
            return None
        # Another run is making a user at this moment.
        time.sleep(_PAUSE_SECONDS)
    return None


def can_reach(path: Path, user: OsUser) -> bool:
    """Tell whether `user` may pass through every folder above `path` (permission bits only)."""
    return all(_may_pass(parent.stat(), user) for parent in path.absolute().parents)


def _may_pass(status: os.stat_result, user: OsUser) -> bool:
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def reachable_folder(path: Path, user: OsUser | None) -> Path:
    """Return where to keep the files of `path`: there, or, when `user` cannot get there, a folder under /var/lib.

    In the second case `path` becomes a symbolic link to it. A folder whose link is gone belonged to data that was
    deleted, and is emptied.
    """
    if user is None or (not path.is_symlink() and can_reach(path, user)):
        return path
    digest = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
    elsewhere = _REACHABLE_BASE / digest
    if path.is_symlink() and path.readlink() == elsewhere and elsewhere.exists():
        return elsewhere
    _open_base()
    shutil.rmtree(elsewhere, ignore_errors=True)
    elsewhere.mkdir(mode=0o700)
    path.unlink(missing_ok=True)
    path.symlink_to(elsewhere)
    return elsewhere


def reachable_copy(sources: Sequence[Path], name: str, user: OsUser | None) -> Path:
    """Return the folder that `sources` lie in, or, when `user` cannot read them, a copy under /var/lib called `name`.

    `sources` are folders side by side; the copy is made once. Raises LocalError when it cannot be written.
    """
    if user is None or all(can_reach(source, user) and _readable(source, user) for source in sources):
        return sources[0].parent
    copy = _REACHABLE_BASE / name
    if copy.exists():
        return copy
    _open_base()
    unfinished = Path(tempfile.mkdtemp(dir=_REACHABLE_BASE, prefix=f".{name}-"))
    for source in sources:
        shutil.copytree(source, unfinished / source.name, symlinks=True)
    for item in [unfinished, *unfinished.rglob("*")]:
        if not item.is_symlink():
            item.chmod(item.stat().st_mode | (0o555 if item.is_dir() or item.parent.name == "bin" else 0o444))
    try:
        unfinished.rename(copy)
    except OSError:
        # Another run finished its copy first.
        shutil.rmtree(unfinished)
    return copy


def _open_base() -> None:
    try:
        _REACHABLE_BASE.mkdir(mode=0o755, parents=True, exist_ok=True)
        _REACHABLE_BASE.chmod(0o755)
    except OSError as error:
        raise LocalError(
            f"PostgreSQL's own user cannot reach this folder, and {_REACHABLE_BASE} cannot be made ({error.strerror}): "
            "set LINLI_DATA to a folder that every user may pass through, or run this as an ordinary user."
        ) from error


def _readable(folder: Path, user: OsUser) -> bool:
    """Tell whether `user` may read a folder and some of its files: installers give all of a wheel the same rights."""
    items = [folder, *itertools.islice(folder.rglob("*"), _LOOKED_AT)]
    return all(_may_read(item.stat(), user) for item in items)


def _may_read(status: os.stat_result, user: OsUser) -> bool:
    needed = stat.S_IROTH | stat.S_IXOTH if stat.S_ISDIR(status.st_mode) else stat.S_IROTH
    return status.st_uid == user.uid or status.st_mode & needed == needed
