"""The Node gateways: installed once by npm into a cache folder of the user."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parent / "peers"
INSTALL_SECONDS = 600


class NoPeersError(Exception):
    """The Node gateways cannot be run here; the text says why."""


def cache_folder() -> Path:
    """Return the folder for this set of versions, `LINLI_BENCH_CACHE` or the user's cache."""
    root = os.environ.get("LINLI_BENCH_CACHE") or Path.home() / ".cache" / "linli" / "bench"
    versions = hashlib.sha256((SOURCE / "package.json").read_bytes()).hexdigest()[:12]
    return Path(root) / f"peers-{versions}"


def installed(seconds: float = INSTALL_SECONDS) -> Path:
    """Return the folder with the gateways installed, installing them in at most so many seconds.

    Raises NoPeersError with the reason when they cannot be.
    """
    if shutil.which("node") is None:
        raise NoPeersError("node is not installed")
    folder = cache_folder()
    if not (folder / ".complete").exists():
        _install(folder, seconds)
    for script in SOURCE.glob("*.mjs"):
        shutil.copy(script, folder / script.name)
    return folder


def _install(folder: Path, seconds: float) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoPeersError("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "package.json", folder / "package.json")
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise NoPeersError(f"npm install took more than {seconds:.0f} seconds") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise NoPeersError(f"npm install failed: {lines[0]}")
    (folder / ".complete").touch()
