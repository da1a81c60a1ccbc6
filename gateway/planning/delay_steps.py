"""Delay steps: a request that nothing waits for joins a later one to the same subgraph for the same objects.

Some fields of an entity may need only its key and others more (`@requires`). Asked at once they take two requests
to one subgraph; asked when everything is there, one, and the answer as a whole is complete no later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.planning.batch_steps import add_target, can_join, in_order

if TYPE_CHECKING:
    from gateway.planning.steps import Step


def delay_steps(steps: list[Step]) -> list[Step]:
    """Return the steps without those whose entity calls could join a later step."""
    kept = in_order(steps)
    for step in list(kept):
        if not step.calls or any(step in other.after for other in kept):
            continue
        later = next((other for other in kept if other is not step and _can_join(step, other)), None)
        if later is not None:
            kept.remove(step)
            for call in step.calls:
                for target in call.targets:
                    add_target(later, target)
    return kept


def _can_join(step: Step, later: Step) -> bool:
    if later.subgraph != step.subgraph or not later.calls:
        return False
    if not step.after <= later.ancestors():
        return False
    there = [target for call in later.calls for target in call.targets]
    return all(any(can_join(target, other) for other in there) for call in step.calls for target in call.targets)
