"""What every mutation that ends something takes."""

from __future__ import annotations

from datetime import date

import strawberry

from services.org.commands.organisations import EndThing
from services.org.graphql.links import uuid_of


@strawberry.input(description="What ends, and when. 终止")
class EndInput:
    """Input of the mutations that end something."""

    id: strawberry.ID = strawberry.field(description="What ends. 标识")
    expected_version: int = strawberry.field(description="The version you read; refused when it is another now. 版本")
    on: date = strawberry.field(description="First day without it. 终止日期")

    def asked(self) -> EndThing:
        """Return it as the commands take it. Raises BadRequest."""
        return EndThing(uuid_of(self.id), self.expected_version, self.on)
