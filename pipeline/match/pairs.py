"""Two records: the same publication, perhaps the same, or not; always with the reason."""

from dataclasses import dataclass
from enum import IntEnum

from pipeline.match import titles
from pipeline.match.evidence import (
    SAME,
    UNCERTAIN,
    Evidence,
    common_authors,
    is_title_only,
    other_place,
    same_page,
    same_place,
    suffices,
    total,
    weigh,
)
from pipeline.match.keys import identifiers
from pipeline.match.kinds import Kind
from pipeline.match.places import common_page
from pipeline.match.relations import is_edition, pointers
from pipeline.match.signature import Signature


class Strength(IntEnum):
    """How much a shared feature proves; lower is stronger. 0 is the operator's word."""

    PMID = 1
    DOI = 2
    PMCID = 3
    PPR = 4
    REGISTRATION = 5
    DESCRIPTION = 100  # less one for each point of evidence


_STRENGTH = {"pmid": Strength.PMID, "doi": Strength.DOI, "pmcid": Strength.PMCID, "ppr": Strength.PPR}
_NAMES = {"pmid": "PMID", "doi": "DOI", "pmcid": "PMCID", "ppr": "Europe PMC preprint id"}


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two records (their keys, ``a`` before ``b``) that look like one publication, and why.

    The lower the ``strength``, the stronger; 0 is the operator's word. An uncertain pair joins nothing.
    """

    strength: int
    a: str
    b: str
    reason: str
    certain: bool = True


def alike(a: Signature, b: Signature) -> Pair | None:
    """The two as a pair, if they look like one publication and nothing forbids it."""
    if veto(a, b):
        return None
    first, second = sorted((a.key, b.key))
    if found := _identified(a, b):
        return Pair(found[0], first, second, found[1])
    evidence = weigh(a, b)
    points = total(evidence)
    if points < UNCERTAIN:
        return None
    if is_title_only(a, b):
        return Pair(Strength.DESCRIPTION - points, first, second, "same long title, and one says nothing else")
    certain = (
        suffices(evidence, same_place=same_place(a, b))
        and (titles.same_words(a.title, b.title) or same_page(a, b))
        and not (_may_be_talk_of(a, b) or _may_be_talk_of(b, a))
    )
    return Pair(Strength.DESCRIPTION - points, first, second, _words(evidence, certain=certain), certain)


def _identified(a: Signature, b: Signature) -> tuple[Strength, str] | None:
    """The strongest identifier that both have."""
    others = set(identifiers(b))
    for key in identifiers(a):
        if key in others:
            prefix, value = key.split(":", 1)
            return _STRENGTH[prefix], f"same {_NAMES[prefix]} {value}"
    one, other = a.trials, b.trials
    if a.kind is b.kind is Kind.REGISTRATION and one[0] == other[0]:
        return Strength.REGISTRATION, f"same trial number {one[0]}"
    return None


def _words(evidence: tuple[Evidence, ...], *, certain: bool) -> str:
    """What speaks for it, and what against it, for people."""
    agree = [one.field for one in evidence if one.points > 0]
    differ = [one.field for one in evidence if one.points < 0]
    against = f", not {_listed(differ)}" if differ else "" if certain else " and nothing else"
    return f"same {_listed(agree)}{against} ({total(evidence)} points of {SAME})"


def _listed(fields: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(fields[:-1]), *fields[-1:])))


def veto(a: Signature, b: Signature) -> str:
    """Why the two must not be merged, whatever else they have in common; empty if nothing forbids it.

    A common PMID settles everything: NLM gives it to one publication, and Europe PMC copies it.
    """
    if a.record.pmid and a.record.pmid == b.record.pmid:
        return ""
    for name, one, other in (("PMID", a.record.pmid, b.record.pmid), ("PMCID", a.record.pmcid, b.record.pmcid)):
        if one and other and one != other:
            return f"different {name}"
    return _different_kinds(a, b) or _different_dois(a, b) or _different_descriptions(a, b) or _pointing(a, b)


def clash(a: Signature, b: Signature) -> bool:
    """Whether the two may not become one through a third: nothing joins them, and something speaks against it."""
    if veto(a, b):
        return True
    evidence = weigh(a, b)
    against = any(one.points < 0 for one in evidence)
    return against and total(evidence) < UNCERTAIN and not _identified(a, b)


def _different_kinds(a: Signature, b: Signature) -> str:
    """Kinds do not mix, except that a DOI names one version: a record that shares a preprint's DOI is that preprint."""
    one, other = sorted((a.kind, b.kind))
    if one is other or (a.doi and a.doi == b.doi and {one, other} == {Kind.ARTICLE, Kind.PREPRINT}):
        return ""
    return f"one is a {one}, one a {other}"


def _different_dois(a: Signature, b: Signature) -> str:
    """Two DOIs are two publications, and one DOI is one, with exceptions.

    A publisher that takes over a journal may register its articles anew: the same title on the very same pages is one
    article. One DOI may have been given to a whole congress, or to another article by mistake.
    """
    if not a.doi or not b.doi:
        return ""
    if a.doi == b.doi:
        return "" if _agree(a, b) else "different publications under one DOI"
    same = same_place(a, b) and titles.same_words(a.title, b.title) and not is_edition(a, b)
    return "" if same else "different DOI"


def _agree(a: Signature, b: Signature) -> bool:
    """Whether what one DOI describes twice can be one thing."""
    if other_place(a, b) and a.pages.first and b.pages.first and a.pages.first != b.pages.first:
        return False
    apart = a.authors and b.authors and not common_authors(a, b)
    if titles.likeness(a.title, b.title) >= 0.75 or titles.contained(a.title, b.title, letters=10):
        return not (apart and a.pages.first and b.pages.first and a.pages.first != b.pages.first)
    if min(len(a.title.words), len(b.title.words)) < 3 or titles.is_latin(a.title) is not titles.is_latin(b.title):
        return True
    if a.pages.first and b.pages.first:
        return same_place(a, b) and bool(a.authors and b.authors) and common_authors(a, b) >= 0.6
    return a.authors[:1] == b.authors[:1]


def _different_descriptions(a: Signature, b: Signature) -> str:
    """They stand in different places, or a word or number of the title tells them apart."""
    if a.doi and a.doi == b.doi:
        return ""
    if other_place(a, b):
        return "another journal and volume"
    if is_edition(a, b):
        return "another edition"
    if _is_talk_of(a, b) or _is_talk_of(b, a):
        return "one is a congress abstract"
    return "" if same_place(a, b) else _different_titles(a, b)


_LETTERS = frozenset({"letter", "reply", "response", "comment", "commentary", "re"})


def _different_titles(a: Signature, b: Signature) -> str:
    """Parts and phases, replies and protocols, sexes and species."""
    one, other = a.title.numbers, b.title.numbers
    if not (one <= other or other <= one):
        return f"numbers in the title: {', '.join(sorted(one - other))}, not {', '.join(sorted(other - one))}"
    if a.title.telling & b.title.telling & _LETTERS and a.authors and b.authors and not common_authors(a, b):
        return "letters by different people"
    words = a.title.telling ^ b.title.telling
    if words and titles.likeness(a.title, b.title) >= 0.7 and not titles.contained(a.title, b.title):
        return f"only one title says {' and '.join(sorted(words))}"
    return ""


def _is_talk_of(talk: Signature, paper: Signature) -> bool:
    """Whether one is a congress abstract, and the other gives no sign of being the same one."""
    shown = talk.is_talk or (talk.is_abstract and paper.pages.is_whole and bool(talk.pages.first))
    return shown and not paper.is_abstract and not same_page(talk, paper) and not common_page(talk.pages, paper.pages)


def _may_be_talk_of(talk: Signature, paper: Signature) -> bool:
    """Whether one stands in a supplement, and the other, which does not, says nothing of a page."""
    return talk.is_abstract and not paper.is_abstract and bool(talk.pages.first) and not paper.pages.first


def _pointing(a: Signature, b: Signature) -> str:
    """Nothing is its own preprint, notice, update or comment."""
    for source, target in ((a, b), (b, a)):
        for relation in pointers(source.record, target.record):
            return f"{source.key} points at {target.key}: {relation.stated}"
    return ""
