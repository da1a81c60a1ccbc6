"""Settings: typed, and refused in one line when unknown, missing or invalid."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from chassis.cipher import DataCipher
from chassis.settings import ServiceSettings, SettingsError, load_or_exit

GOOD = {
    "LINLI_ORG_DATABASE_URL": "postgresql+asyncpg://a@b/c",
    "LINLI_ORG_NATS_URL": "nats://127.0.0.1:4222",
    "LINLI_ORG_JWKS_URL": "file:///jwks.json",
    "LINLI_ORG_ISSUER": "linli-local",
    "LINLI_ORG_DATA_KEY_FILE": "/keys",
    "LINLI_TICKETS_PORT": "not ours to read",
}


def test_settings_are_read_from_variables_of_the_services_prefix_only() -> None:
    settings = ServiceSettings.load("LINLI_ORG_", GOOD | {"LINLI_ORG_PORT": "9001"})
    assert (settings.port, settings.audience) == (9001, "linli")


@pytest.mark.parametrize("rest", ["@db/linli_org", ":secret@db/linli_org", ":p%40ss@/linli_org?host=a:1&host=b:2"])
def test_the_role_that_serves_is_the_one_that_its_url_names(rest: str) -> None:
    settings = ServiceSettings.load("LINLI_ORG_", GOOD | {"LINLI_ORG_DATABASE_URL": f"postgresql+asyncpg://org{rest}"})
    assert settings.serving_role == "org"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"LINLI_ORG_DATABSE_URL": "x"}, "LINLI_ORG_DATABSE_URL is not a setting"),
        ({"LINLI_ORG_PORT": "many"}, "LINLI_ORG_PORT: "),
        ({"LINLI_ORG_LOG_LEVEL": "LOUD"}, "LINLI_ORG_LOG_LEVEL: "),
        ({"LINLI_ORG_DATABASE_URL": "postgres://a@b/c"}, "LINLI_ORG_DATABASE_URL: "),
        ({"LINLI_ORG_DATABASE_URL": "postgresql+asyncpg://b/c"}, "LINLI_ORG_DATABASE_URL: "),
        ({"LINLI_ORG_MIGRATION_DATABASE_URL": "c"}, "LINLI_ORG_MIGRATION_DATABASE_URL: "),
        ({"LINLI_ORG_JWKS_URL": "/jwks.json"}, "LINLI_ORG_JWKS_URL: "),
    ],
)
def test_an_unknown_or_invalid_variable_is_named(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        ServiceSettings.load("LINLI_ORG_", GOOD | change)
    assert "\n" not in str(caught.value)


def test_a_missing_variable_ends_the_program_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("LINLI_ORG_ISSUER")
    with pytest.raises(SystemExit) as ended:
        load_or_exit(ServiceSettings, "LINLI_ORG_")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "LINLI_ORG_ISSUER: field required\n"


def test_personal_data_survives_key_rotation_and_is_found_without_decrypting() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before, after = DataCipher([old]), DataCipher([new, old])
    secret = before.encrypt("13800000000")
    assert b"13800000000" not in secret
    assert after.decrypt(secret) == "13800000000"
    assert after.blind_index("13800000000") == before.blind_index("13800000000")
    assert before.encrypt("13800000000") != secret
