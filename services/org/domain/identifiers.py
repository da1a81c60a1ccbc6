"""National identifiers: check characters of the credit code and the resident identity number, telephone numbers."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

# GB 32100-2015: the register's authority may be a letter too (A, N, Y), which the library refuses, so only its check
# character is used.
_CREDIT_CODE = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[2-9][0-9]{6,7}", re.ASCII)


def is_credit_code(code: str) -> bool:
    """Tell whether `code` is a 统一社会信用代码 (GB 32100-2015): its form and its check character."""
    if not _CREDIT_CODE.fullmatch(code):
        return False
    try:
        return uscc.calc_check_digit(code[:-1]) == code[-1]
    except ValidationError:
        return False


def is_resident_id(number: str) -> bool:
    """Tell whether `number` is a 居民身份证 number (GB 11643; check character by ISO 7064 MOD 11-2).

    The division part is that of the first registration and may be retired since: it is not checked.
    """
    if not _RESIDENT_ID.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return with_check_character(number[:-1]) == number


def with_check_character(number: str) -> str:
    """Return the first 17 digits of a resident identity number with the check character that follows from them."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True))
    return number + _CHECKS[total % 11]


def check_credit_code(code: str, *path: str) -> str:
    """Return a credit code in capitals. Raises Refused when it is not one."""
    code = code.strip().upper()
    if not is_credit_code(code):
        raise Refused(OrgProblem.INVALID_CREDIT_CODE, *path, code=code[:40])
    return code


def check_resident_id(number: str, *path: str) -> str:
    """Return a resident identity number in capitals. Raises Refused, without repeating it, when it is not one."""
    number = number.strip().upper()
    if not is_resident_id(number):
        raise Refused(OrgProblem.INVALID_RESIDENT_ID, *path)
    return number


def check_phone(number: str, *path: str) -> str:
    """Return a telephone number without spaces. Raises Refused, without repeating it, when it is not one."""
    number = number.replace(" ", "")
    if not (_MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number)):
        raise Refused(OrgProblem.INVALID_PHONE, *path)
    return number
