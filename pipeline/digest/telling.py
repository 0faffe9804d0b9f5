"""What of a record's words can be told to readers who are no professionals, and what is said where they cannot.

Words are told as they stand, in quotation marks, or not at all: a sentence with a word that promises too much, or with
an abbreviation that nobody explains, is left out, and the reader is told why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.digest import words
from pipeline.digest.card import is_at_odds
from pipeline.digest.edition import PlainEdition
from pipeline.digest.plain import abbreviations, explained, has_any, visible
from pipeline.model import Work

LONGEST = 60
"""Words of the longest sentence that is quoted. A convention of ours: a longer one would fill the issue."""

_LONGEST_LETTERS = 600  # the same for scripts without blanks


@dataclass(frozen=True, slots=True)
class Telling:
    """One work and the edition it is told in.

    ``own`` are abbreviations that the record explains itself, unless the glossary has the same words for them.
    """

    work: Work
    edition: PlainEdition
    own: dict[str, str]

    @classmethod
    def of(cls, work: Work, edition: PlainEdition) -> "Telling":
        """Read what the record explains."""
        found = explained((work.record.title, *(part.text for part in work.record.abstract)))
        own = {
            short: long
            for short, long in found.items()
            if not has_any(edition.never, long)
            and all(inner in edition.glossary for inner in abbreviations(long))
            and not edition.glossary.get(short, "").casefold().startswith(long.casefold())
        }
        return cls(work, edition, own)

    def obstacle(self, said: str) -> str:
        """Why words are not told, as a text of the edition; empty if they are."""
        found = self.edition.found
        if has_any(self.edition.never, said):
            return found.promises
        if any(short not in self.edition.glossary and short not in self.own for short in abbreviations(said)):
            return found.unexplained
        return found.long if len(said.split()) > LONGEST or len(said) > _LONGEST_LETTERS else ""

    def title(self) -> str:
        """The title; one that cannot be told gives way to journal and date."""
        record = self.work.record
        title = words.title(record)
        if visible(title) and not self.obstacle(title):
            return title
        stated = words.published(record)
        date = words.published(replace(record, published_stated="")) if self.obstacle(stated) else stated
        if record.journal and not self.obstacle(record.journal):
            return self.edition.where.article_in.format(journal=record.journal, date=date)
        return self.edition.where.article_of.format(date=date)

    def conclusion(self) -> str:
        """The authors' sentence, or why it is not here; and words of theirs that it leaves out."""
        found, facts = self.edition.found, self.work.facts
        if facts.conclusion is None:
            said = found.not_stated if self.work.record.abstract else found.no_summary
        else:
            sentence = facts.conclusion.value
            said = self.obstacle(sentence) or found.sentence.format(sentence=sentence)
        if facts.direction is None or not is_at_odds(facts):
            return said
        other = facts.direction.evidence
        also = found.also_left_out if self.obstacle(other) else found.also.format(sentence=other)
        return f"{said} {also}"

    def short_forms(self, told: Iterable[str]) -> str:
        """The abbreviations in what is told that only the record explains, in its own words."""
        used = dict.fromkeys(short for text in told for short in abbreviations(text) if short in self.own)
        return "; ".join(f"{short}: “{self.own[short]}”" for short in used)
