"""What people write: limits, masking, and the check of a credit code."""

from __future__ import annotations

import re

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded
from services.credit.domain.problems import CreditProblem

LONGEST_NAME = 100
LONGEST_WORD = 1000
_STARS = ("*", "＊", "•", "●")
# GB 32100-2015: the register's authority may be a letter too, which the library refuses, so only its check is used.
_CREDIT_CODE = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)


def checked_name(name: str) -> str:
    """Return a subject's name. Raises Refused when it is missing, too long or masked (masking is one-way)."""
    found = demanded(name, "name", LONGEST_NAME)
    if any(star in found for star in _STARS):
        raise Refused(CommonProblem.INVALID_TEXT, "name", field="name")
    return found


def checked_credit_code(code: str) -> str:
    """Return a 统一社会信用代码 (GB 32100-2015) in capitals. Raises Refused when it is not one."""
    code = code.strip().upper()
    try:
        if _CREDIT_CODE.fullmatch(code) and uscc.calc_check_digit(code[:-1]) == code[-1]:
            return code
    except ValidationError:
        pass
    raise Refused(CreditProblem.INVALID_CREDIT_CODE, "creditCode")


def mask_name(name: str) -> str:
    """Return the first character and a star: 张* for 张小明 (个人信息保护法 articles 6 and 51)."""
    return f"{name[:1]}*"
