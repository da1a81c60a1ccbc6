from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from chassis.events.configuration import render
from chassis.events.declaration import Declaration, District, Node, ServiceUser
from chassis.events.keys import accept_keys, accepted_keys, create_keys, new_seed, public_key, public_key_of
from deploy.local.errors import LocalError
from deploy.local.nats import server_program
from deploy.nats import declared
from deploy.nats.files import configurations, write_configurations

EXAMPLE = Path(__file__).parents[2] / "deploy" / "nats" / "example.yaml"


def declaration(services: tuple[str, ...] = ("org",), districts: tuple[str, ...] = ("370321",)) -> Declaration:
    return Declaration(
        nodes=(Node(name="n1", store="/store"),),
        services=tuple(ServiceUser(name=name, public_keys=(f"U{number}S",)) for number, name in enumerate(services)),
        districts=tuple(District(code=code, public_keys=(f"U{number}D",)) for number, code in enumerate(districts)),
        admin_keys=("UADMIN",),
        system_keys=("USYSTEM",),
    )


def written(declaration_: Declaration) -> str:
    return render(declaration_, declaration_.nodes[0])


def example(folder: Path) -> declared.Declared:
    (folder / "nats.yaml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    read = declared.read(folder / "nats.yaml")
    read.make_missing_keys()
    return read


def local(folder: Path, *districts: str) -> declared.Declared:
    return declared.local(folder, port=4222, services=["org"], districts=districts, sync_interval="1s")


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = create_keys(tmp_path / "keys", ["org"])
    keys = {name: public_key(file) for name, file in first.items()}
    again = create_keys(tmp_path / "keys", ["org", "tickets"])
    assert public_key(again["org"]) == keys["org"]
    assert public_key(again["tickets"]) != keys["org"]
    assert [file.stat().st_mode & 0o777 for file in again.values()] == [0o600, 0o600]
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert keys["org"].startswith("U")


def test_a_user_is_known_by_the_listed_keys_or_else_by_its_seed(tmp_path: Path) -> None:
    seed = create_keys(tmp_path, ["org"])["org"]
    assert accepted_keys(tmp_path, "org") == (public_key(seed),)
    other = public_key_of(new_seed())
    accept_keys(tmp_path, "org", [other, public_key(seed)])
    assert accepted_keys(tmp_path, "org") == (other, public_key(seed))
    with pytest.raises(FileNotFoundError):
        accepted_keys(tmp_path, "tickets")


def test_what_is_no_public_key_of_a_user_is_refused(tmp_path: Path) -> None:
    good = public_key_of(new_seed())
    last = "A" if good[-1] != "A" else "B"
    for wrong in (new_seed().decode(), good[:-1], good[:-1] + last, "U", "UADMIN }", good.replace("U", "A", 1)):
        with pytest.raises(ValueError, match="not the public key"):
            accept_keys(tmp_path, "org", [wrong])
    assert list(tmp_path.iterdir()) == []


def test_declaring_again_changes_nothing_and_adds_a_district(tmp_path: Path) -> None:
    first = local(tmp_path, "370321")
    texts = configurations(first)
    assert configurations(local(tmp_path, "370321")) == texts
    more = local(tmp_path, "370303")
    assert [entry.code for entry in more.file.districts] == ["370321", "370303"]
    before, after = texts["linli.conf"].splitlines(), configurations(more)["linli.conf"].splitlines()
    assert [line for line in before if line not in after] == []
    assert public_key(more.seed("district_370303")) in configurations(more)["linli.conf"]


def test_the_same_declaration_gives_the_same_text_wherever_it_is_written(tmp_path: Path) -> None:
    read = example(tmp_path)
    assert configurations(read) == configurations(declared.read(read.path))
    declared.write(read)
    assert configurations(declared.read(read.path)) == configurations(read)


def test_no_seed_is_in_a_configuration_and_files_are_their_owners_only(tmp_path: Path) -> None:
    read = example(tmp_path)
    files = write_configurations(read, tmp_path / "out")
    seeds = [read.seed(user).read_text(encoding="ascii").strip() for user in read.users()]
    texts = [file.read_text(encoding="utf-8") for file in files if file.suffix == ".conf"]
    assert len(texts) == 4
    assert [seed for seed in seeds for text in texts if seed in text] == []
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert [file.name for file in files if file.suffix == ".seed"] == ["leaf_370321.seed"]


def test_nats_server_accepts_what_the_example_declares(tmp_path: Path) -> None:
    for file in write_configurations(example(tmp_path), tmp_path / "out"):
        if file.suffix == ".conf":
            answer = subprocess.run([server_program(), "-t", "-c", file], capture_output=True, text=True, check=False)
            assert answer.returncode == 0, answer.stderr


def test_a_server_listens_on_the_loopback_address_and_has_no_monitoring_unless_told_otherwise() -> None:
    text = written(declaration())
    assert 'listen: "127.0.0.1:4222"' in text
    assert "http" not in text
    assert "cluster" not in text
    assert "leafnodes" not in text
    assert "sync_interval: always" in text


def test_three_nodes_keep_every_message_three_times(tmp_path: Path) -> None:
    assert example(tmp_path).declaration().replicas == 3
    assert declaration().replicas == 1


@pytest.mark.parametrize(
    ("services", "districts"),
    [
        (("org.>",), ()),
        (("*",), ()),
        (("org", "org"), ()),
        ((), ("37032",)),
        ((), ("3703211",)),
        ((), ("370321 }",)),
        ((), ("370321", "370321")),
    ],
)
def test_a_declaration_that_would_let_in_more_is_refused(services: tuple[str, ...], districts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="declared"):
        written(declaration(services, districts))


@pytest.mark.parametrize(
    "text",
    ["nodes: []", "nodes: 1", "{", "nodes: []\nservices: []\ndistricts: []\npassword: x"],
)
def test_a_file_that_is_no_declaration_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "nats.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LocalError, match=r"nats\.yaml"):
        declared.read(tmp_path / "nats.yaml")


def test_a_user_without_a_key_is_told(tmp_path: Path) -> None:
    read = example(tmp_path)
    read.seed("org").unlink()
    with pytest.raises(LocalError, match=r"org\.nk"):
        configurations(read)
