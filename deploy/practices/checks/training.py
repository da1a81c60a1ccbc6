"""Checks duty guides, and the demonstration's training, talent pool and qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = ("demonstration", "careers")


def check_training(practice: Practice, sizes: Mapping[str, int], faults: Faults) -> None:
    """Check that what they name is known here, and that there are communities enough; `sizes` are by level."""
    _check_guides(practice, faults)
    held = {duty.title for duty in practice.demonstration.duties}
    in_communities = {title.code for title in practice.duty_titles if title.level == "COMMUNITY"} & held
    wanted = practice.demonstration.careers
    for index, programme in enumerate(wanted.training):
        path = (*_AT, "training", index)
        for title in programme.titles:
            faults.unless(title in held, f"nobody is given the duty `{title}`", *path, "titles")
        faults.unless(programme.begins < programme.ends, "it ends before it begins", *path, "ends")
    stages = {kind.code for kind in practice.kinds.talent}
    for index, one in enumerate(wanted.talents):
        path = (*_AT, "talents", index)
        faults.unless(one.stage in stages, f"`{one.stage}` is not a kind of talent here", *path, "stage")
        for name in ("title", "mentor"):
            title = getattr(one, name)
            fits = title is None or title in in_communities
            faults.unless(fits, f"`{title}` is held in no community", *path, name)
        places = sizes["COMMUNITY"]
        faults.unless(one.count <= places, f"there are only {places} communities", *path, "count")
    for index, able in enumerate(wanted.qualified):
        path = (*_AT, "qualified", index)
        faults.unless(able.title in in_communities, f"`{able.title}` is held in no community", *path, "title")
        faults.unless(bool(practice.kinds.window), "there are no kinds of window", *path)


def _check_guides(practice: Practice, faults: Faults) -> None:
    titles = {title.code for title in practice.duty_titles}
    teams = {kind.code for kind in practice.kinds.team}
    seen: set[tuple[str | None, str | None, int]] = set()
    for index, guide in enumerate(practice.careers.guides):
        path = ("careers", "guides", index)
        one_of_both = (guide.title is None) != (guide.team is None)
        faults.unless(one_of_both, "a guide is of a `title` or of a `team`", *path)
        known = guide.title is None or guide.title in titles
        faults.unless(known, f"`{guide.title}` is not a duty title here", *path, "title")
        known = guide.team is None or guide.team in teams
        faults.unless(known, f"`{guide.team}` is not a kind of team here", *path, "team")
        key = (guide.title, guide.team, guide.version)
        faults.unless(key not in seen, "this version is here already", *path)
        seen.add(key)
