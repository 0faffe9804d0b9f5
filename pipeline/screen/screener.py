"""Screening: is a record about the subject, beside it, or about something else, and why.

The weights are a convention. A concept scores 3 when the title names it, 2 when the keywords or MeSH headings do (3 in
a registration, where they are the conditions and interventions), and 1 for each mention in the abstract. It is what
the record is about from 3 up; from 5 up when the title names something else in its place (a related or broader term, a
neighbour).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pipeline.model import Reason, Record, Tier, Verdict
from pipeline.screen.page import HEADLINE, INDEX, TITLES, Mention, Page
from pipeline.screen.subject import Ambiguous, Concept, Lookalike, Subject
from pipeline.screen.terms import Heads, TermSet, Text, spelled_out

_SUBJECT_SCORE = 3
_SUBJECT_SCORE_AGAINST_TITLE = 5


class Presence(IntEnum):
    """How far a record speaks of a concept."""

    ABSENT = 0
    WIDER = 1
    MENTIONED = 2
    SUBJECT = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What one concept's rules say of one record.

    ``named`` says that terms of its own are among the mentions. ``instead`` names what was found in its place.
    """

    concept: str
    presence: Presence
    mentions: tuple[Mention, ...] = ()
    named: bool = False
    instead: str = ""

    @property
    def passing(self) -> bool:
        """Mentioned once in the abstract and nowhere else."""
        return self.presence == Presence.MENTIONED and len(self.mentions) == 1 and self.mentions[0].field == "abstract"

    @property
    def headline(self) -> bool:
        """Whether title, keywords or MeSH headings name it."""
        return any(mention.field in HEADLINE for mention in self.mentions)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """One mention for each field."""
        first = {mention.field: mention for mention in reversed(self.mentions)}
        return tuple(
            Reason(self.concept, first[field].term, field) for field in dict.fromkeys(m.field for m in self.mentions)
        )


class _Lookalikes:
    """Things that could be taken for a concept, ready to be looked for."""

    def __init__(self, lookalikes: Iterable[Lookalike]) -> None:
        self._terms = tuple((each.name, TermSet(each.terms)) for each in lookalikes)
        self.heads = frozenset[str]().union(*(terms.heads for _, terms in self._terms))

    def named(self, page: Page) -> list[str]:
        """The names of those that the page holds."""
        if self.heads.isdisjoint(page.heads):
            return []
        return [name for name, terms in self._terms if page.holds(terms)]


class _Ambiguous:
    """Words that need their surroundings to mean a concept."""

    def __init__(self, rule: Ambiguous, own: TermSet) -> None:
        self._own = own
        self._terms = TermSet(rule.terms)
        self._spelled_out = spelled_out(rule.terms)
        self._context = TermSet(rule.context)
        self._needs_own = not rule.context
        self._homonyms = _Lookalikes(rule.homonyms)
        self.heads = self._terms.heads
        self.context_heads = self._context.heads | self._homonyms.heads

    def read(self, page: Page, *, settled: bool) -> tuple[list[Mention], str]:
        """The mentions that count, and the homonym that stands against them.

        ``settled`` says that the concept is named by its own terms, which is context enough.
        """
        mentions = page.mentions(self._terms)
        if not mentions or (self._needs_own and not settled):
            return [], ""
        if homonyms := self._homonyms.named(page) or self._other_meaning(page):
            return [], homonyms[0]
        return (mentions, "") if settled or page.holds(self._context) else ([], "")

    def _other_meaning(self, page: Page) -> list[str]:
        """The rule's name if the record itself spells the abbreviation out as something else.

        What it spells out is not part of the name: the text is a stranger's, and rules are counted.
        """
        other = any(not self._own.found(Text(phrase)) for phrase in page.phrases(self._spelled_out))
        return ["abbreviation of something else"] if other else []


class _ConceptRules:
    """One concept's rules, compiled."""

    def __init__(self, concept: Concept) -> None:
        self._name = concept.name
        self._own = TermSet(concept.terms)
        self._related = TermSet(concept.related)
        self._broader = TermSet(concept.broader)
        self._broader_or_overview = TermSet(concept.broader + concept.overviews)
        self._neighbours = _Lookalikes(concept.neighbours)
        self._ambiguous = tuple(_Ambiguous(rule, self._own) for rule in concept.ambiguous)
        self._anywhere = self._own.heads.union(self._related.heads, *(rule.heads for rule in self._ambiguous))
        self._in_titles = self._broader_or_overview.heads | self._neighbours.heads
        self.heads = self._anywhere.union(self._in_titles, *(rule.context_heads for rule in self._ambiguous))

    def find(self, page: Page, titles: Page) -> Finding:
        """Look for the concept: by its own terms, by what is beside it, by what is above it."""
        if self._anywhere.isdisjoint(page.heads) and self._in_titles.isdisjoint(titles.heads):
            return Finding(self._name, Presence.ABSENT)
        own, homonym = self._own_mentions(page)
        related = tuple(page.mentions(self._related))
        broader = tuple(titles.mentions(self._broader if page.has_abstract else self._broader_or_overview))
        titled = _count(own, TITLES) > 0
        neighbour = "" if titled else self._neighbour(titles, wide=bool(broader))
        against = not titled and bool(neighbour or broader or _count(related, TITLES))
        indexed = (3 if page.is_registration else 2) * (_count(own, INDEX) > 0)
        score = 3 * titled + indexed + len(own) - _count(own, HEADLINE)
        if score >= (_SUBJECT_SCORE_AGAINST_TITLE if against else _SUBJECT_SCORE):
            return Finding(self._name, Presence.SUBJECT, own, named=True)
        if score >= (2 if neighbour else 1) or _carries(related, against_neighbour=bool(neighbour)):
            mentions = own + related + (() if neighbour else broader)
            return Finding(self._name, Presence.MENTIONED, mentions, named=bool(own))
        if broader and not neighbour:
            return Finding(self._name, Presence.WIDER, broader)
        rule = f"homonym: {homonym}" if homonym else f"neighbour: {neighbour}" if neighbour else ""
        return Finding(self._name, Presence.ABSENT, own + related, instead=rule)

    def _neighbour(self, titles: Page, *, wide: bool) -> str:
        """What the title names instead. Several of them beside a wider term are a list of what the field holds."""
        named = self._neighbours.named(titles)
        return "" if wide and len(named) > 1 else next(iter(named), "")

    def _own_mentions(self, page: Page) -> tuple[tuple[Mention, ...], str]:
        """Mentions by terms that leave no doubt or that the record clears up; and the homonym found, if any."""
        own = page.mentions(self._own)
        settled = bool(own)
        homonyms = []
        for rule in self._ambiguous:
            mentions, homonym = rule.read(page, settled=settled)
            own += mentions
            homonyms.append(homonym)
        return tuple(own), next(filter(None, homonyms), "")


def _count(mentions: Sequence[Mention], fields: frozenset[str]) -> int:
    """How many of the mentions stand in these fields."""
    return sum(mention.field in fields for mention in mentions)


def _carries(related: Sequence[Mention], *, against_neighbour: bool) -> bool:
    """Whether related terms let a record in: in title, keywords or MeSH, or twice; beside a neighbour, in the title."""
    if against_neighbour:
        return _count(related, TITLES) > 0
    return _count(related, HEADLINE) > 0 or len(related) > 1


class Screener:
    """The rules of one subject, compiled once and used for any number of records."""

    def __init__(self, subject: Subject) -> None:
        self._concepts = tuple(_ConceptRules(concept) for concept in subject.concepts)
        self._heads = Heads(head for rules in self._concepts for head in rules.heads)

    def screen(self, record: Record) -> Verdict:
        """Give a record its tier, with the reasons, or with the rule that keeps it out."""
        page = Page.of(record, self._heads)
        titles = page.within(TITLES)
        findings = [rules.find(page, titles) for rules in self._concepts]
        rule = _rule_against(findings)
        return Verdict(_tier(findings, rule), tuple(reason for finding in findings for reason in finding.reasons), rule)


def _tier(findings: Sequence[Finding], rule: str) -> Tier:
    """Core when every concept is the subject; out when a rule stands against it."""
    if rule:
        return Tier.OUT
    return Tier.CORE if all(finding.presence == Presence.SUBJECT for finding in findings) else Tier.RELATED


def _rule_against(findings: Sequence[Finding]) -> str:
    """The rule that puts a record out, in words for readers, or the empty string.

    Terms beside a concept need another concept that is named itself ("optic neuritis after a bee sting" has none); a
    wider term needs every other concept to be what the record is about. When neither title, keywords nor MeSH headings
    name any concept, one mention in the abstract is not enough, unless one sentence names them all.
    """
    absent = [finding for finding in findings if finding.presence == Presence.ABSENT]
    if len(absent) == 1 and absent[0].instead:
        return absent[0].instead
    if absent:
        return "concept missing: " + ", ".join(finding.concept for finding in absent)
    wider = [finding for finding in findings if finding.presence == Presence.WIDER]
    subjects = sum(finding.presence == Presence.SUBJECT for finding in findings)
    if wider and subjects < max(1, len(findings) - 1):
        return f"too wide: {wider[0].concept}"
    if len(findings) > 1 and not any(finding.named for finding in findings):
        return "beside the subject: " + ", ".join(finding.concept for finding in findings)
    passing = [finding for finding in findings if finding.passing]
    if passing and not any(finding.headline for finding in findings) and not _together(findings):
        return f"passing mention: {passing[0].concept}"
    return ""


def _together(findings: Iterable[Finding]) -> bool:
    """Whether one sentence names every concept; asked only of concepts that stand in the abstract alone."""
    return bool(set.intersection(*({mention.sentence for mention in finding.mentions} for finding in findings)))


@lru_cache(maxsize=8)
def _screener(subject: Subject) -> Screener:
    """The compiled rules of a subject, kept for the next record."""
    return Screener(subject)


def screen(record: Record, subject: Subject) -> Verdict:
    """Screen one record. Pure: the same record and profile give the same verdict."""
    return _screener(subject).screen(record)
