"""Problems: the documented reasons for which a mutation is refused.

A service lists its own in `domain/problems.py` as an Enum of `ProblemText`; the member's name is the code that
clients see. Domain code raises `Refused`; the mutation then rolls back whole and reports the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A problem's message in both languages; `{names}` are filled in from the refusal."""

    en: str
    zh: str


class ProblemCatalogue(Enum):
    """Base of the catalogues; every member's value is a ProblemText."""

    @property
    def code(self) -> str:
        """The stable code that clients see."""
        return self.name

    def text(self, language: str, **values: object) -> str:
        """Return the message in `language` (`zh-CN` or `en`)."""
        message: ProblemText = self.value
        return (message.zh if language == "zh-CN" else message.en).format(**values)


class CommonProblem(ProblemCatalogue):
    """Problems that any service may report."""

    STALE_VERSION = ProblemText(
        en="It has changed since you read it: it is at version {current}, you expected {expected}. Read it again.",
        zh="内容已被更新：当前版本为 {current}，您提交的版本为 {expected}。请重新读取。",
    )
    IDEMPOTENCY_CONFLICT = ProblemText(
        en="This idempotency key was already used for something else.",
        zh="该幂等键已用于其他请求。",
    )
    TOO_LONG = ProblemText(
        en="{field} may be at most {limit} characters long.",
        zh="{field} 最长 {limit} 个字符。",
    )
    REQUIRED = ProblemText(en="{field} must not be empty.", zh="{field} 不能为空。")
    INVALID_TEXT = ProblemText(
        en="{field} contains characters that cannot be shown.", zh="{field} 含有无法显示的字符。"
    )
    INVALID_REGION_CODE = ProblemText(
        en="{code} is not a region code: digits only, 4, 6, 9, 12, 15, 18 or 20 of them.",
        zh="{code} 不是有效的区划代码：应为 4、6、9、12、15、18 或 20 位数字。",
    )
    UNKNOWN_REGION = ProblemText(
        en="There is no region {code} in force.",
        zh="不存在有效的区划 {code}。",
    )


class Refused(Exception):
    """The domain refuses: carries the problem, the input path it is about and the values of its message."""

    def __init__(self, problem: ProblemCatalogue, *path: str, **values: object) -> None:
        self.problem = problem
        self.path = path
        self.values = values
        super().__init__(f"{problem.code}: {problem.text('en', **values)}")
