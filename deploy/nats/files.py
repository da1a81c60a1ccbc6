"""Writing the servers' configuration files from a declaration; files that hold a secret hold nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.events.configuration import render
from chassis.private_file import write_private
from deploy.nats.leaf import render_leaf

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.nats.declared import Declared


def configurations(declared: Declared) -> dict[str, str]:
    """Return each server's configuration by file name: a file for each node and for each district's leaf node.

    Raises LocalError for a declaration that is wrong.
    """
    declaration = declared.declaration()
    made = {f"{node.name}.conf": render(declaration, node) for node in declaration.nodes}
    for entry in declared.file.districts:
        if entry.leaf:
            made[f"leaf_{entry.code}.conf"] = render_leaf(declaration, entry.code, entry.leaf)
    return made


def write_configurations(declared: Declared, folder: Path) -> list[Path]:
    """Write all configuration files into `folder`, each whole or not at all; return them.

    Beside a leaf node's file goes `leaf_<code>.seed` when its seed is kept here: the one secret that it includes.
    """
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in configurations(declared).items():
        write_private(folder / name, text.encode())
        written.append(folder / name)
    for code in declared.leaves:
        seed = declared.seed(f"leaf_{code}")
        if seed.exists():
            file = folder / f"leaf_{code}.seed"
            write_private(file, b"nkey: " + seed.read_bytes().strip() + b"\n")
            written.append(file)
    return written
