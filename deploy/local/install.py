"""Make the virtual environment and install exactly what a lock file names; run by `make` with any Python >= 3.11.

Usage: python deploy/local/install.py LOCK_FILE STAMP. Uses the standard library only: nothing is installed yet.
The stamp is written last, so an interrupted installation is taken up again by the next run.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import venv
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = _ROOT / ".venv"
_PYTHON = _ENVIRONMENT / "bin" / "python"
_PLAIN_STEP = 20
_PACKAGE = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")


def main(lock: Path, stamp: Path) -> int:
    """Install what `lock` names and this project; return the exit code."""
    began = time.monotonic()
    if not _works():
        _say(f"Making {_ENVIRONMENT.name} with Python {sys.version.split()[0]}")
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(_ENVIRONMENT)
    total = sum("==" in line for line in lock.read_text().splitlines())
    _say(f"Installing {total} packages from {lock} (a minute or two the first time)")
    code = _pip(total, "--require-hashes", "--requirement", str(lock))
    if code == 0:
        # The project itself: in place, with the build tool that is already there.
        code = _pip(1, "--no-deps", "--no-build-isolation", "--editable", str(_ROOT))
    if code == 0:
        stamp.touch()
        _say(f"Installed in {time.monotonic() - began:.0f} s")
    return code


def _works() -> bool:
    """Tell whether the environment is there and its Python starts: it does not after its folder was moved."""
    probe = "import pip, sys; raise SystemExit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([_PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _pip(total: int, *arguments: str) -> int:
    """Run pip install, showing how far it is; its whole output only when it fails."""
    command = [str(_PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *arguments]
    lines: list[str] = []
    seen: set[str] = set()
    with subprocess.Popen(  # noqa: S603 (our own pip)
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=_ROOT
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            package = _PACKAGE.match(line)
            if package and package[1] not in seen:
                seen.add(package[1])
                _progress(len(seen), total, package[1])
            elif line.startswith("Installing collected packages"):
                _progress(total, total, "unpacking")
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
    if process.returncode != 0:
        sys.stderr.write("".join(lines[-40:]))
    return process.returncode


def _progress(done: int, total: int, what: str) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K  {done}/{total} {what}")
        sys.stdout.flush()
    elif total > 1 and (done % _PLAIN_STEP == 0 or what == "unpacking"):
        _say(f"  {done}/{total} {what}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
