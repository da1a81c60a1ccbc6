"""Batch steps: entity steps that ask the same subgraph at the same point of the plan become one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.planning.plan import RepresentationField, RepresentationSelection
from gateway.planning.steps import Call, Step

if TYPE_CHECKING:
    from gateway.planning.plan import Path
    from gateway.planning.steps import Target


def batch_steps(steps: list[Step]) -> list[Step]:
    """Return the steps, in an order in which each comes after all it waits for, with siblings batched.

    Siblings are entity steps of one subgraph with equally many steps before them in their longest chain. One then
    may wait for what only the other needs, but the longest chain of the plan grows no longer, and each subgraph is
    asked once where it would be asked several times.
    """
    depths: dict[Step, int] = {}
    instead: dict[Step, Step] = {}
    batches: dict[tuple[str, int], Step] = {}
    for step in in_order(steps):
        step.after = {instead.get(before, before) for before in step.after}
        depth = depths[step] = max((depths[before] + 1 for before in step.after), default=0)
        if not step.calls:
            continue
        batch = batches.setdefault((step.subgraph, depth), step)
        if batch is not step:
            instead[step] = batch
            batch.after |= step.after
            for call in step.calls:
                for target in call.targets:
                    add_target(batch, target)
    kept = in_order([step for step in steps if step not in instead])
    for step in kept:
        step.after = direct(step)
    return kept


def in_order(steps: list[Step]) -> list[Step]:
    """Return the steps in an order in which each comes after all it waits for, otherwise as they came."""
    placed: dict[Step, None] = {}

    def place(step: Step) -> None:
        if step not in placed:
            for before in sorted(step.after, key=rank.__getitem__):
                place(before)
            placed[step] = None

    rank = {step: number for number, step in enumerate(steps)}
    for step in steps:
        place(step)
    return list(placed)


def direct(step: Step) -> set[Step]:
    """Return what the step waits for, without what it waits for anyway through the others."""
    indirect: set[Step] = set()
    for before in step.after:
        indirect |= before.ancestors()
    return step.after - indirect


def add_target(step: Step, target: Target) -> None:
    """Let a step complete further objects: in an entity call it has, where that cannot clash, or in another."""
    for call in step.calls:
        if same_place(call.targets[0].path, target.path):
            for present in call.targets:
                if can_join(present, target):
                    present.representation = join_representations(present.representation, target.representation)
                    present.selection.absorb(target.selection)
                    return
            if all(_types(present) != _types(target) for present in call.targets):
                call.targets.append(target)
                return
    step.calls.append(Call([target]))


def can_join(left: Target, right: Target) -> bool:
    """Whether one representation can serve both: the same objects, and void in the same cases."""
    return (
        left.path == right.path
        and _types(left) == _types(right)
        and _required(left.representation) == _required(right.representation)
    )


def _required(recipe: RepresentationSelection) -> set[str]:
    return {one.key for one in recipe.fields if one.required}


def _types(target: Target) -> str | None:
    return target.representation.typename


def same_place(left: Path, right: Path) -> bool:
    """Whether two paths differ in no more than the type of the object they end in."""
    return _stem(left) == _stem(right)


def _stem(path: Path) -> Path:
    end = len(path)
    while end and not isinstance(path[end - 1], str):
        end -= 1
    return path[:end]


def join_representations(left: RepresentationSelection, right: RepresentationSelection) -> RepresentationSelection:
    """Return a recipe that takes what either takes."""
    by_type = dict(left.by_type)
    for name, fields in right.by_type.items():
        by_type[name] = _join_fields(by_type.get(name, ()), fields)
    return RepresentationSelection(_join_fields(left.fields, right.fields), by_type, left.typename, left.own_typename)


def _join_fields(
    left: tuple[RepresentationField, ...], right: tuple[RepresentationField, ...]
) -> tuple[RepresentationField, ...]:
    fields = {one.key: one for one in left}
    for one in right:
        present = fields.get(one.key)
        if present is None:
            fields[one.key] = one
            continue
        below = present.selection
        if below is not None and one.selection is not None:
            below = join_representations(below, one.selection)
        fields[one.key] = RepresentationField(one.name, one.key, present.required and one.required, below)
    return tuple(fields.values())
