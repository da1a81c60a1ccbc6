"""`Problem` in the graph: why a mutation was refused, in the caller's language."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, cast

import strawberry

from chassis.problems import CommonProblem, ProblemCatalogue

if TYPE_CHECKING:
    from chassis.problems import Refused


@strawberry.type
class Problem:
    """What a service's own `Problem` type looks like to Python; `problem_type` makes the one in the graph."""

    code: Enum
    message: str
    path: list[str]

    @classmethod
    def of(cls, refused: Refused, language: str) -> Problem:
        """Make the problem that a refusal reports."""
        raise NotImplementedError


def problem_type(*catalogues: type[ProblemCatalogue]) -> type[Problem]:
    """Make a subgraph's `Problem` type, whose `code` enum has the members of all `catalogues` and the common ones."""
    chosen: tuple[type[ProblemCatalogue], ...] = (CommonProblem, *catalogues)
    members = [member for catalogue in chosen for member in catalogue]
    values = {
        member.code: strawberry.enum_value(member.code, description=f"{member.value.en} / {member.value.zh}")
        for member in members
    }
    codes: type[Enum] = strawberry.enum(
        cast("type[Enum]", Enum("ProblemCode", values)),
        name="ProblemCode",
        description="Why a mutation was refused; nothing was changed. 拒绝原因代码",
    )

    def of(cls: type[Problem], refused: Refused, language: str) -> Problem:
        message = refused.problem.text(language, **refused.values)
        return cls(code=codes[refused.problem.code], message=message, path=list(refused.path))

    namespace = {
        "__annotations__": {"code": codes, "message": str, "path": list[str]},
        "code": strawberry.field(description="Stable code of the reason. 原因代码"),
        "message": strawberry.field(description="The reason in the language of Accept-Language (zh-CN, en). 原因说明"),
        "path": strawberry.field(description="The input field it is about, from the outside in. 相关输入字段"),
        "of": classmethod(of),
    }
    made = strawberry.federation.type(
        type("Problem", (), namespace),
        shareable=True,
        description="Why a mutation was refused. 拒绝原因",
    )
    return cast("type[Problem]", made)
