"""Numbers that identify people and bodies, and how they are shown: check characters and masks."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

# GB 32100-2015: the register's authority may be a letter too, which the library refuses: only its check is used.
_CREDIT_CODE = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[2-9][0-9]{6,7}", re.ASCII)
_STARS = ("*", "＊", "•", "●")


def is_credit_code(code: str) -> bool:
    """Tell whether `code` is a 统一社会信用代码 (GB 32100-2015): its form and its check character."""
    if not _CREDIT_CODE.fullmatch(code):
        return False
    try:
        return uscc.calc_check_digit(code[:-1]) == code[-1]
    except ValidationError:
        return False


def is_resident_id(number: str) -> bool:
    """Tell whether `number` is a 居民身份证 number (GB 11643; check character by ISO 7064 MOD 11-2)."""
    if not _RESIDENT_ID.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[-1]


def check_credit_code(code: str, *path: str) -> str:
    """Return a credit code in capitals. Raises Refused when it is not one."""
    code = code.strip().upper()
    if not is_credit_code(code):
        raise Refused(PropertyProblem.INVALID_CREDIT_CODE, *path, code=code[:40])
    return code


def check_resident_id(number: str, *path: str) -> str:
    """Return a resident identity number in capitals. Raises Refused, without repeating it, when it is not one."""
    number = number.strip().upper()
    check_whole(number, *path)
    if not is_resident_id(number):
        raise Refused(PropertyProblem.INVALID_RESIDENT_ID, *path)
    return number


def check_phone(number: str, *path: str) -> str:
    """Return a telephone number without spaces. Raises Refused, without repeating it, when it is not one."""
    number = number.replace(" ", "")
    check_whole(number, *path)
    if not _PHONE.fullmatch(number):
        raise Refused(PropertyProblem.INVALID_PHONE, *path)
    return number


def check_whole(value: str, *path: str) -> None:
    """Refuse a value that was masked for showing. Raises Refused."""
    if any(star in value for star in _STARS):
        raise Refused(PropertyProblem.MASKED_VALUE, *path, field=path[-1])


def mask_name(name: str) -> str:
    """Return the first character and a star: 张* for 张小明 (个人信息保护法 articles 6 and 51)."""
    return f"{name[:1]}*"


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle hidden: 138****0000."""
    head, tail = phone[:3], phone[-4:]
    return head + "*" * max(len(phone) - len(head) - len(tail), 0) + tail


def mask_number(number: str) -> str:
    """Return an identity number of which only the first and the last character are seen."""
    return number[:1] + "*" * (len(number) - 2) + number[-1:]
