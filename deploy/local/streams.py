"""NATS as Linli declares it: accounts and keys, the stream of all events, and each district's consumer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nats.aio.client import Client

from chassis.events import provision
from deploy.local.nats import NatsServer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deploy.local.processes import Child


class DeclaredNats:
    """A server with a user per service and an account per district; `districts` are region codes."""

    def __init__(
        self, folder: Path, port: int, *, services: Sequence[str], districts: Sequence[str], log: Path
    ) -> None:
        self._districts = districts
        self._folder = folder
        self._written = provision.write_local(folder, port=port, services=services, districts=districts)
        self._server = NatsServer(self._written.config_path, port, log=log)

    @property
    def url(self) -> str:
        """The nats:// URL."""
        return self._server.url

    @property
    def child(self) -> Child | None:
        """The running server process."""
        return self._server.child

    @property
    def service_seeds(self) -> dict[str, Path]:
        """The seed file of each service's user."""
        return self._written.service_seeds

    @property
    def district_seeds(self) -> dict[str, Path]:
        """The seed file of each district's user, by region code."""
        return self._written.district_seeds

    @property
    def admin_seed(self) -> Path:
        """The seed file of the user who makes streams and consumers."""
        return self._written.admin_seed

    async def start(self) -> None:
        """Start the server and bring stream and consumers in line. Raises LocalError when it does not come up."""
        await self._server.start()
        await self.provision()

    async def provision(self) -> None:
        """Make the stream and the consumers as far as they are missing."""
        admin = Client()
        await admin.connect(self.url, nkeys_seed=str(self.admin_seed), allow_reconnect=False)
        try:
            await provision.apply(admin, self._districts)
        finally:
            await admin.close()

    async def stop(self) -> None:
        """Stop the server; what the streams hold is kept."""
        await self._server.stop()

    def kill(self) -> None:
        """End the server as a crash would."""
        self._server.kill()

    async def restart(self) -> None:
        """Stop the server and start it again on the same port, with what it holds."""
        await self.stop()
        await self.start()

    async def wipe(self) -> None:
        """Lose everything that the streams held, as a broken disk would; the server runs again afterwards."""
        await self.stop()
        shutil.rmtree(self._folder / "jetstream")
        await self.start()
