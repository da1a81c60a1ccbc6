"""The file of matters beside a practice: what the demonstration's tickets are about."""

from __future__ import annotations

from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Entry, Positive, Text


class Case(Entry, frozen=True):
    """One request from sheet to sheet: what the resident writes, what is deliberated, decided and done.

    Texts may use `{place}`, `{spot}`, `{days}` and `{number}`. `grounds` is the code of the item of entry control by
    which it is refused; where cases have any, these are what is refused.
    """

    title: Text
    content: Text
    opinion: Text
    decision: Text
    result: Text
    grounds: Code | None = None


class Matter(Entry, frozen=True):
    """A category of requests, and how often it comes up beside the others."""

    category: Code
    cases: Annotated[list[Case], msgspec.Meta(min_length=1)]
    weight: Positive = 1


class Reasons(Entry, frozen=True, rename={"return_": "return"}):
    """Why something is sent back, refused, withdrawn or reopened."""

    return_: Annotated[list[str], msgspec.Meta(min_length=1)]
    refuse: Annotated[list[str], msgspec.Meta(min_length=1)]
    withdraw: Annotated[list[str], msgspec.Meta(min_length=1)]
    reopen: Annotated[list[str], msgspec.Meta(min_length=1)]


class Matters(Entry, frozen=True):
    """The file of matters: kinds of requests and the words that they share."""

    spots: Annotated[list[Text], msgspec.Meta(min_length=1)]
    acceptances: Annotated[list[str], msgspec.Meta(min_length=1)]
    praises: Annotated[list[str], msgspec.Meta(min_length=1)]
    criticisms: Annotated[list[str], msgspec.Meta(min_length=1)]
    publications: Annotated[list[str], msgspec.Meta(min_length=1)]
    reasons: Reasons
    matters: Annotated[list[Matter], msgspec.Meta(min_length=1)]
