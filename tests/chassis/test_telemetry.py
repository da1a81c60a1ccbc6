"""Logs: each line is a JSON object, whoever wrote it and whatever it says."""

from __future__ import annotations

import json
import subprocess
import sys

_PROGRAM = """
import logging, structlog
from chassis.http.telemetry import configure
configure("notes", "INFO")
log = logging.getLogger("library")
log.debug("not told")
log.warning('it said "%s"', "two\\nlines")
try:
    raise ValueError("why")
except ValueError:
    log.exception("failed")
structlog.get_logger().info("楼道", number=1)
"""


def test_lines_of_libraries_are_json_like_our_own() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    said, failed = (json.loads(line) for line in done.stderr.splitlines())
    assert (said["event"], said["level"], said["logger"]) == ('it said "two\nlines"', "warning", "library")
    assert failed["exception"].endswith("ValueError: why")
    assert "stack" not in said
    (own,) = (json.loads(line) for line in done.stdout.splitlines())
    assert (own["event"], own["number"]) == ("楼道", 1)
    assert own.keys() - {"number"} == said.keys() - {"logger"}
