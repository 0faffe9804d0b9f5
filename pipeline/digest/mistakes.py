"""What we said of a study and say no longer, though its records are the same: our mistake, in words for readers."""

from collections.abc import Iterator

from pipeline.digest import words
from pipeline.model import Facts, Tier, Verdict


def mistake(was: tuple[Verdict, Facts], now: tuple[Verdict, Facts]) -> str:
    """What was wrong and what is right, each as ``name: was → is``; empty if nothing that readers were told was wrong.

    That a value is stated after all is more than was said before, and no mistake.
    """
    return "; ".join(_changed(*was, *now))


def together(first: str, then: str) -> str:
    """Two mistakes of one study as one, without what the second takes back, as when an operator slips and undoes it."""
    parts = first.split("; ")
    for part in then.split("; "):
        if _reversed(part) in parts:
            parts.remove(_reversed(part))
        else:
            parts.append(part)
    return "; ".join(parts)


def _reversed(words: str) -> str:
    name, _, change = words.partition(": ")
    was, _, now = change.partition(" → ")
    return f"{name}: {now} → {was}"


def _changed(old_verdict: Verdict, old: Facts, new_verdict: Verdict, new: Facts) -> Iterator[str]:
    told, tells = old_verdict.tier is not Tier.OUT, new_verdict.tier is not Tier.OUT
    if not told and not tells:
        return
    if told != tells:
        yield f"about the subject: {'yes → no' if told else 'no → yes'}"
    if old.design and (new.design is None or new.design.value is not old.design.value):
        shown = words.design(new.design.value) if new.design else words.NOT_STATED
        yield f"kind of study: {words.design(old.design.value)} → {shown}"
    if old.population and (new.population is None or new.population.value != old.population.value):
        shown = words.term(new.population.value) if new.population else words.NOT_STATED
        yield f"studied: {words.term(old.population.value)} → {shown}"
    if old.participants and (new.participants is None or new.participants.value != old.participants.value):
        shown = f"{new.participants.value:,}" if new.participants else words.NOT_STATED
        yield f"number of people: {old.participants.value:,} → {shown}"
