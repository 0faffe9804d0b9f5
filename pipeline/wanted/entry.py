"""One publication of a list."""

from dataclasses import dataclass

from pipeline.match import kinds

# Shorter titles ("Editorial") say too little on their own to tell one publication from another.
_TELLING_TITLE = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A publication as its list names it, on that line and in those words; identifiers are normalised.

    ``first_author`` is as the list spells it. Empty means that the list does not say, or not in a form that is known.
    """

    line: int
    words: str
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    preprint_id: str = ""
    registrations: tuple[str, ...] = ()
    title: str = ""
    first_author: str = ""
    year: int | None = None

    @property
    def has_identifier(self) -> bool:
        """Whether it names the publication itself, and not just a trial that several may report."""
        return bool(self.pmid or self.doi or self.pmcid or self.preprint_id)

    @property
    def has_telling_title(self) -> bool:
        """Whether its title can be looked up: a short one only together with who wrote it and when."""
        letters = len(kinds.title_key(self.title))
        return letters >= _TELLING_TITLE or bool(letters and self.first_author and self.year)

    @property
    def can_be_looked_up(self) -> bool:
        """Whether it says enough to tell if the store holds it."""
        return self.has_identifier or bool(self.registrations) or self.has_telling_title
