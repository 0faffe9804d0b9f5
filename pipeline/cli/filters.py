"""The filters that list, search and export share."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import wraps
from typing import Any

import click

from pipeline.cli.common import day
from pipeline.model import Design, Tier
from pipeline.store.catalogue import STATES, Filter

OUTCOMES = (
    "spasticity", "mobility_balance", "bladder", "bowel", "pain", "fatigue", "quality_of_life", "sleep", "mood",
    "sexual_function", "cognition", "sensory", "disability", "relapse", "immune_markers", "safety", "other",
)  # fmt: skip


def _filter(
    name: str, variable: str, choices: Iterable[str], help_text: str, default: str = ""
) -> Callable[[Any], Any]:
    """A filter that may be given several times."""
    known = [str(choice) for choice in choices]
    help_text = f"{help_text}: {', '.join(known)} (may be repeated{default})."
    choice = click.Choice(known)
    return click.option(name, variable, multiple=True, type=choice, metavar=name[2:].upper(), help=help_text)


_FILTERS = (
    _filter("--tier", "tiers", Tier, "Only this tier", "; without it: core and related"),
    _filter("--design", "designs", Design, "Only this study design"),
    _filter("--outcome", "outcomes", OUTCOMES, "Only works with this outcome"),
    click.option("--since", metavar="DATE", type=day, help="Only works first seen on this day (UTC) or later."),
    click.option(
        "--status",
        "state",
        metavar="STATUS",
        type=click.Choice(STATES),
        help=f"Only works that are this: {', '.join(STATES)}.",
    ),
)


def filtered(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the filters, as one :class:`Filter`."""

    @wraps(command)
    def with_filter(
        *args: Any,
        tiers: Sequence[str],
        designs: Sequence[str],
        outcomes: Sequence[str],
        since: date | None,
        state: str | None,
        **rest: Any,
    ) -> Any:
        wanted = Filter(
            tiers=tuple(map(Tier, tiers)) or Filter().tiers,
            designs=tuple(map(Design, designs)),
            outcomes=tuple(outcomes),
            since=since,
            status=state or "",
        )
        return command(*args, wanted=wanted, **rest)

    decorated: Callable[..., Any] = with_filter
    for option in reversed(_FILTERS):
        decorated = option(decorated)
    return decorated
