"""Checks of systems of property help, by property's own rules, and of who is under them in the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.checks.faults import template_faults
from services.property.domain.service_system import faults_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import Practice
    from deploy.practices.model_property import DemonstrationPost, DemonstrationServiceSystem
    from services.property.domain.service_system import ServiceSystem, SystemBody, SystemLevel

_PLACEHOLDERS = {"compound", "community"}


def check_service_systems(practice: Practice, faults: Faults) -> None:
    """Check every system, and that the demonstration can put compounds under those that are there."""
    titles = {title.code for title in practice.duty_titles}
    faults.repeated((one.code for one in practice.service_systems), "system", "service_systems", key="code")
    for index, system in enumerate(practice.service_systems):
        for reason in faults_of(system):
            faults.add(f"this is not so: {reason}", "service_systems", index)
        path: tuple[Key, ...] = ("service_systems", index)
        _check_titles(system.levels, titles, faults, (*path, "levels"))
        _check_titles(system.bodies, titles, faults, (*path, "bodies"))
    systems = {one.code: one for one in practice.service_systems}
    for index, wanted in enumerate(practice.demonstration.service_systems):
        path = ("demonstration", "service_systems", index)
        if wanted.system in systems:
            _check_wanted(practice, wanted, systems[wanted.system], faults, path)
        else:
            faults.add(f"there is no system `{wanted.system}`", *path, "system")


def _check_titles(
    posts: Sequence[SystemLevel | SystemBody], titles: set[str], faults: Faults, path: tuple[Key, ...]
) -> None:
    for at, post in enumerate(posts):
        for title in sorted(set(post.titles) - titles):
            faults.add(f"`{title}` is not a duty title here", *path, at, "titles")


def _check_wanted(
    practice: Practice, wanted: DemonstrationServiceSystem, system: ServiceSystem, faults: Faults, path: tuple[Key, ...]
) -> None:
    of_kind = [one for one in practice.demonstration.compounds if one.kind == wanted.kind and one.care in system.care]
    there = sum(one.count for one in of_kind)
    faults.unless(wanted.count <= there, f"only {there} such compounds are cared for as it is for", *path, "count")
    ends = wanted.since_from <= wanted.since_to <= practice.demonstration.date
    faults.unless(ends, "it begins after it ends", *path, "since_to")
    earliest = max((one.registered_to for one in of_kind), default=wanted.since_from)
    faults.unless(earliest <= wanted.since_from, "some compounds are registered later", *path, "since_from")
    codes = {post.code for post in system.posts}
    for at, post in enumerate(wanted.posts):
        _check_post(practice, post, codes, faults, (*path, "posts", at))


def _check_post(
    practice: Practice, post: DemonstrationPost, codes: set[str], faults: Faults, path: tuple[Key, ...]
) -> None:
    faults.unless(post.post in codes, f"`{post.post}` is no level or body of it", *path, "post")
    given = [one for one in (post.organisation, post.title, post.name) if one is not None]
    faults.unless(len(given) == 1, "it is filled by one of organisation, title and name", *path)
    for message in template_faults(post.name or "", _PLACEHOLDERS):
        faults.add(message, *path, "name")
    founded = {one.kind for one in practice.demonstration.organisations}
    held = {one.title for one in practice.demonstration.duties}
    faults.unless(post.organisation in {None, *founded}, f"there is no `{post.organisation}`", *path, "organisation")
    faults.unless(post.title in {None, *held}, f"nobody holds `{post.title}`", *path, "title")
