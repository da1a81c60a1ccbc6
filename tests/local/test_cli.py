from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.identity import TokenVerifier
from deploy.local.issuer import AUDIENCE, ISSUER, Issuer

LINLI = Path(sys.executable).with_name("linli")
COMMANDS = ["up", "token", "tail", "figures", "migrate", "practice list", "practice check", "practice load"]
COMMANDS += ["credit verify", "credit export", "events"]


def linli(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    environment = kept | {"COLUMNS": "120"} | variables
    return subprocess.run([LINLI, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_help_names_every_command() -> None:
    answer = linli("--help")
    assert answer.returncode == 0
    for command in COMMANDS:
        assert f" {command.split()[0]} " in answer.stdout
    assert "LINLI_PORT" in answer.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    answer = linli(*command.split(), "--help")
    assert answer.returncode == 0
    assert "Example:" in answer.stdout


def test_help_of_a_services_events_is_the_services_own() -> None:
    answer = linli("events", "tickets", "--help")
    assert answer.returncode == 0
    assert "dead-letters" in answer.stdout
    assert "release" in answer.stdout


async def test_token_prints_the_token_and_nothing_else(tmp_path: Path) -> None:
    Issuer(tmp_path / "issuer")
    answer = linli("token", "--role", "observer", "--region", "370321", LINLI_DATA=str(tmp_path))
    assert (answer.returncode, answer.stderr) == (0, "")
    (token,) = answer.stdout.splitlines()
    verifier = TokenVerifier(Issuer(tmp_path / "issuer").jwks_url, issuer=ISSUER, audience=AUDIENCE)
    assert (await verifier.caller(f"Bearer {token}")).sees("370321001")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LINLI_PROT", "9000", "LINLI_PROT is not a setting; known are LINLI_CLAMD"),
        ("LINLI_PORT", "http", "LINLI_PORT: "),
        ("LINLI_PRACTICE", "../etc", "LINLI_PRACTICE: "),
    ],
)
def test_a_wrong_variable_gives_one_line(tmp_path: Path, variable: str, value: str, message: str) -> None:
    answer = linli(
        "token", "--role", "observer", "--region", "370321", **{"LINLI_DATA": str(tmp_path), variable: value}
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith(message)
    assert answer.stderr.count("\n") == 1


def test_commands_that_need_a_running_linli_say_how_to_start_it(tmp_path: Path) -> None:
    for command in (["migrate"], ["practice", "load", "huantai"]):
        answer = linli(*command, LINLI_DATA=str(tmp_path))
        assert (answer.returncode, answer.stdout) == (2, "")
        assert "make up" in answer.stderr


def test_practices_are_listed_and_checked() -> None:
    listed = linli("practice", "list")
    assert "huantai" in listed.stdout
    assert "370321" in listed.stdout
    assert linli("practice", "check", "huantai").returncode == 0


def test_a_practice_that_is_wrong_is_told_by_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("practice: wrong\nnonsense: 1\n")
    answer = linli("practice", "check", str(wrong))
    assert answer.returncode == 1
    assert "wrong.yaml" in answer.stdout
