"""What is deployed alone runs with the packages of its own lock file: none that only the tests' environment has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.settings import SERVICES

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import importlib, re, sys
from importlib.metadata import packages_distributions

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

lock, module = sys.argv[1:]
names = re.findall(r"^([A-Za-z0-9._-]+)==", open(lock).read(), re.MULTILINE)
locked = {plain(name) for name in names} | {"linli"}
of = packages_distributions()

class NotLocked:
    def find_spec(self, name, path=None, target=None):
        brought_by = {plain(one) for one in of.get(name.partition(".")[0], ())}
        if brought_by and not brought_by & locked:
            raise ModuleNotFoundError(f"{name} is of {brought_by}, which {lock} has not")

sys.meta_path.insert(0, NotLocked())
importlib.import_module(module)
"""


@pytest.mark.parametrize(
    ("lock", "module"),
    [
        ("gateway", "gateway.main"),
        *(("service", f"services.{name}.main") for name in SERVICES),
        ("service", "services.credit.audit"),
        ("service", "chassis.objects.folder_server"),
        ("service", "chassis.objects.s3"),
        ("local", "deploy.local.up"),
    ],
)
def test_a_deployable_needs_no_package_that_its_lock_file_has_not(lock: str, module: str) -> None:
    command = [sys.executable, "-c", _PROGRAM, str(ROOT / "requirements" / f"{lock}.txt"), module]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.splitlines()[-1]
