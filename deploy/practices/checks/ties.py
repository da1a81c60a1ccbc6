"""Checks who looks after the demonstration's buildings, and whom its branches recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.levels import Level
from services.tickets.domain.process_words import MEMBER

if TYPE_CHECKING:
    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = "demonstration"


def check_ties(practice: Practice, faults: Faults) -> None:
    """Check that kinds are known, that somebody checked in below the community, and that visits are in order."""
    _check_recommendations(practice, faults)
    _check_filings(practice, faults)
    _check_partners(practice, faults)
    _check_check_ins(practice, faults)
    wanted = practice.demonstration
    kinds = {kind.code for kind in practice.kinds.contact}
    paired = {one.kind for one in wanted.pairings}
    below = all(one.level in {"GRID", "BUILDING", "UNIT"} for one in wanted.check_ins if one.group is None)
    for index, contacts in enumerate(wanted.contacts):
        path = (_AT, "contacts", index)
        faults.unless(contacts.kind in kinds, f"`{contacts.kind}` is not a kind of contact here", *path, "kind")
        known = contacts.pairings in paired | {None}
        faults.unless(known, f"nobody is paired as `{contacts.pairings}`", *path, "pairings")
        low = {"GRID", "BUILDING", "UNIT"}
        titles = {title.code for title in practice.duty_titles if title.level in low} | {None}
        message = f"`{contacts.title}` is not a title of grids, buildings or units here"
        faults.unless(contacts.title in titles, message, *path, "title")
        there = below or contacts.title is not None
        faults.unless(there, "members must have checked in at grids, buildings or units", *path)
        raised = {one.process for one in wanted.tickets} | {None}
        known = contacts.handled_by in raised
        faults.unless(known, f"the demonstration has no tickets of `{contacts.handled_by}`", *path, "handled_by")
        in_order = contacts.visited_from <= contacts.visited_to <= wanted.date
        faults.unless(in_order, "visits are made from a day to a later one, before the date", *path, "visited_from")


def _check_check_ins(practice: Practice, faults: Faults) -> None:
    """Check that branches are Party organisations founded where members check in or above, and posts are known."""
    for index, kind in enumerate(practice.kinds.check_in):
        is_free = kind.code != MEMBER
        faults.unless(is_free, f"`{MEMBER}` are in-service party members", "kinds", "check_in", index, "code")
    party = {kind.code for kind in practice.kinds.organisation if kind.party}
    posts = {kind.code for kind in practice.kinds.service_post}
    for index, one in enumerate(practice.demonstration.check_ins):
        path = (_AT, "check_ins", index)
        known = one.group is None or one.group in {kind.code for kind in practice.kinds.check_in}
        faults.unless(known, f"`{one.group}` is not a kind of check-in here", *path, "group")
        faults.unless(one.group is None or one.branch is None, "only members belong to a branch", *path, "branch")
        if one.branch is not None:
            message = f"`{one.branch}` is not a kind of Party organisation here"
            faults.unless(one.branch in party, message, *path, "branch")
            levels = [org.level for org in practice.demonstration.organisations if org.kind == one.branch]
            reached = any(Level[level].value <= Level[one.level].value for level in levels)
            faults.unless(reached, f"no {one.branch} is founded there or above", *path, "branch")
        for post in one.posts:
            faults.unless(post in posts, f"`{post}` is not a kind of service post here", *path, "posts")


def _check_recommendations(practice: Practice, faults: Faults) -> None:
    rules, titles = practice.recommendation_rules, {title.code: title for title in practice.duty_titles}
    faults.repeated([one.title for one in rules], "recommendation rule", "recommendation_rules", key="title")
    for index, rule in enumerate(rules):
        known = rule.title in titles and titles[rule.title].level is not None
        faults.unless(
            known, f"`{rule.title}` is not a duty title with a level here", "recommendation_rules", index, "title"
        )
    ruled = {rule.title for rule in rules}
    founded = {one.kind for one in practice.demonstration.organisations}
    for index, wanted in enumerate(practice.demonstration.recommendations):
        path = (_AT, "recommendations", index)
        faults.unless(wanted.title in ruled, f"no rule says how `{wanted.title}` is recommended", *path, "title")
        faults.unless(wanted.branches in founded, f"no {wanted.branches} is founded", *path, "branches")


def _check_filings(practice: Practice, faults: Faults) -> None:
    rules, titles = practice.filing_rules, {title.code: title for title in practice.duty_titles}
    faults.repeated([one.title for one in rules], "filing rule", "filing_rules", key="title")
    for index, rule in enumerate(rules):
        title = titles.get(rule.title)
        low = title is not None and title.level in {"COMMUNITY", "GRID", "BUILDING", "UNIT"}
        known = title is not None and low and title.organisation_kind is not None
        message = f"`{rule.title}` is not a duty title in organisations of communities or below here"
        faults.unless(known, message, "filing_rules", index, "title")
    ruled = {rule.title for rule in rules}
    for index, wanted in enumerate(practice.demonstration.filings):
        path = (_AT, "filings", index)
        faults.unless(wanted.title in ruled, f"`{wanted.title}` is given without a filing", *path, "title")
        appointed = {one.title for one in practice.demonstration.duties}
        faults.unless(wanted.candidates in appointed, f"nobody holds `{wanted.candidates}`", *path, "candidates")
        said = bool(wanted.reasons) or not wanted.returned
        faults.unless(said, "whoever returns a nomination says why", *path, "reasons")
        faults.unless(wanted.latest < practice.demonstration.date, "it lies before the date", *path, "latest")


def _check_partners(practice: Practice, faults: Faults) -> None:
    kinds = {kind.code for kind in practice.kinds.contribution}
    pairings = {kind.code for kind in practice.kinds.pairing}
    faults.repeated([one.kind for one in practice.contribution_rules], "rule", "contribution_rules", key="kind")
    faults.repeated([one.kind for one in practice.pairing_rules], "rule", "pairing_rules", key="kind")
    for index, rule in enumerate(practice.contribution_rules):
        message = f"`{rule.kind}` is not a kind of contribution here"
        faults.unless(rule.kind in kinds, message, "contribution_rules", index, "kind")
    for index, asked in enumerate(practice.pairing_rules):
        path, (fewest, most) = ("pairing_rules", index), asked.problems
        faults.unless(asked.kind in pairings, f"`{asked.kind}` is not a kind of pairing here", *path, "kind")
        faults.unless(0 < fewest <= most, "a range above zero is needed, the lower end first", *path, "problems")
    paired = {one.kind for one in practice.demonstration.pairings}
    for index, work in enumerate(practice.demonstration.partner_work):
        at = (_AT, "partner_work", index)
        faults.unless(work.pairings in paired, f"nobody is paired as `{work.pairings}`", *at, "pairings")
        in_order = work.done_from <= work.done_to <= practice.demonstration.date
        faults.unless(in_order, "it is done from a day to a later one, before the date", *at, "done_from")
        for number, one in enumerate(work.contributions):
            message = f"`{one.kind}` is not a kind of contribution here"
            faults.unless(one.kind in kinds, message, *at, "contributions", number, "kind")
