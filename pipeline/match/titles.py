"""Titles made comparable: what is the work's own stays, what databases and publishers put around it goes."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline import text

# What publishers set before the title of a retracted or withdrawn article itself.
_MARK = re.compile(r"\A(?:retracted|withdrawn)(?: article| paper| chapter)?\s*:\s*", re.IGNORECASE)
# What is set before a title: the kind of article, or its number in a programme.
_BEFORE = re.compile(
    r"\A(?:(?i:(?:clinical |systematic |literature )?review(?: article)?(?: \d+)?\s*:|"
    r"(?:original|research|short) article\s*[:.])|(?:Review|Original|Research) [Aa]rticle\s+(?=[A-Z])|"
    r"[A-Z]{0,3}-?\d{1,4}\s*[.:)-]\s+|\d{1,3}\s+(?=[A-Z]{4}))\s*"
)
# What databases add at the end: the language or the original of a translation (Embase, CENTRAL, LILACS), what kind of
# article it is ("[Review] [45 refs]", "[abstract]"), and the erratum that concerns it (MEDLINE).
_AFTER = re.compile(
    r"\s*(?:"
    r"[\[(](?:article )?(?:in )?(?:arabic|bulgarian|chinese|croatian|czech|danish|dutch|english|finnish|french|german|"
    r"greek|hebrew|"
    r"hungarian|italian|japanese|korean|norwegian|persian|polish|portuguese|romanian|russian|serbian|slovak|spanish|"
    r"swedish|turkish|ukrainian)[^\])]*[\])]|\(authors? transl\)|\(author's transl\)|"
    r"<original>.*|(?<=\])\s*(?:la|to)\s*:.*|"
    r"[\[(](?:see comments?|comments?|letter|editorial|(?:provisional )?abstract|review|retracted|reprint|"
    r"meta-analysis|abstract no\W.{1,20}|\d+ ref(?:s|erences)?\.?)[\])]|"
    r"\[(?:published )?(?:erratum|errata|correction|corrigendum|comment|retraction|update|republished|summary)"
    r"(?: appears?| for patients)? (?:in|on|of|from)\b.*|"
    r"\b(?:published )?(?:erratum|comment|retraction) (?:appears )?in\b.{0,80}\b(?:18|19|20)\d\d\b.*"
    r")[\s.]*$",
    re.IGNORECASE | re.DOTALL,
)
# Where the language follows a translated title without brackets (EndNote).
_LANGUAGE = re.compile(
    r"[.?]\s(?:Chinese|Danish|Dutch|French|German|Italian|Japanese|Korean|Norwegian|Persian|Polish|Portuguese|Russian|"
    r"Spanish|Swedish|Turkish|Ukrainian)$"
)
_LONG = 40  # letters before it
_BRACKETED = re.compile(r"\[([^\[\]]{12,})\]|;\s*(.{20,})$")
_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu")
_SPELLED_OUT = str.maketrans(
    {chr(0x3B1 + place): f" {name} " for place, name in enumerate(_GREEK)} | {"&": " and ", "'": "", "\u2019": ""}
)
_WORD = re.compile(r"[^\W_]+")
_TELLING = 25  # letters that are hardly the same by chance
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_PART = re.compile(r"\b(?:part|section|chapter|phase|volume|paper|study|report)s? (?=([a-z0-9]{1,5})\b)")
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "i": "1", "v": "5", "x": "10"}
# Words that make another publication of a title when only one of two has them, and their other forms.
_APART = {
    form: word
    for word in (
        "protocol", "rationale", "re", "reply", "response", "comment", "commentary", "letter", "editorial", "author",
        "addendum", "corrigendum", "erratum", "correction", "retraction",
        "woman", "man", "male", "female", "boy", "girl", "child", "pediatric", "adolescent", "adult", "elderly",
        "infant",
        "rat", "mouse", "dog", "cat", "rabbit", "pig", "vivo", "vitro",
    )
    for form in (word, f"{word}s")
} | {
    "women": "woman", "womens": "woman", "men": "man", "mens": "man", "children": "child", "childrens": "child",
    "paediatric": "pediatric", "mice": "mouse", "errata": "erratum",
}  # fmt: skip
_LONGEST = 1000  # letters; hostile titles are longer


@dataclass(frozen=True, slots=True)
class Title:
    """A title ready to be compared.

    ``letters`` is what it comes down to, ``spoken`` its words of meaning in one spelling, run together. ``numbers``
    and ``telling`` words may part two titles that look alike; ``wordings`` are the letters of what stands in it a
    second time, in another language.
    """

    letters: str
    spoken: str
    words: tuple[str, ...]
    numbers: frozenset[str]
    telling: frozenset[str]
    wordings: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How much it says, in letters; an ideograph or a syllable of Hangul says as much as three."""
        if self.letters.isascii():
            return len(self.letters)
        return len(self.letters) + 2 * sum(letter >= _EAST_ASIAN for letter in self.letters)


_EAST_ASIAN = "\u2e80"


def title_of(stated: str, vernacular: str = "") -> Title:
    """A title as its source states it, with the original's where a translation stands first."""
    plain = bare(stated)
    folded = _folded(_signs(plain))
    words = tuple(_WORD.findall(folded))
    others = [vernacular] if vernacular else []
    if "[" in plain or ";" in plain:
        found = next(_BRACKETED.finditer(plain), None)
        others += [found[1] or found[2], plain.replace(found[0], " ")] if found else []
    wordings = ("".join(_WORD.findall(_folded(one))) for one in others)
    return Title(
        "".join(words),
        "".join(spelling(word) for word in words if word not in _EMPTY),
        words,
        _numbers(words, " ".join(words)),
        frozenset(_APART[word] for word in words if word in _APART),
        tuple(one for one in wordings if len(one) >= 20),
    )


def bare(stated: str) -> str:
    """A title without what surrounds it: markup, marks, brackets of a translation, additions at either end."""
    stated = stated[:_LONGEST]
    plain = text.from_markup(stated) if "<" in stated or "&" in stated else stated
    plain = _MARK.sub("", plain.strip().strip('"')).rstrip(" .")
    language = _LANGUAGE.search(plain, _LONG)
    plain = plain[: language.start()] if language else plain
    # Titles that end in a word are most of all, and need not be searched for additions.
    while plain and (plain[-1] in ")]" or plain[-1].isdigit() or "[" in plain or "<" in plain):
        shorter = _AFTER.sub("", plain).rstrip(" .")
        if len(shorter) < _TELLING // 3 or shorter == plain:
            break
        plain = shorter
    if plain.startswith("[") and plain.endswith("]"):
        plain = plain[1:-1]
    shorter = _BEFORE.sub("", plain)
    return shorter if len(shorter) >= _TELLING // 3 else plain


def likeness(a: Title, b: Title) -> float:
    """How alike two titles are, 0 to 1, by their letters; the best of their wordings counts."""
    best = fuzz.ratio(a.letters, b.letters)
    if best < 90 and (a.wordings or b.wordings):
        pairs = ((one, other) for one in (a.letters, *a.wordings) for other in (b.letters, *b.wordings))
        best = max(best, *(fuzz.ratio(one, other) for one, other in pairs))
    return best / 100


# Words that carry no meaning of their own, and two ways to write one.
_EMPTY = frozenset(
    {
        "a", "an", "the", "of", "in", "on", "for", "and", "or", "to", "with", "by", "from", "at", "as", "is", "are",
        "its", "vs", "versus", "de", "la", "le", "les", "der", "die", "das", "und", "et", "el", "los", "y",
    }
)  # fmt: skip
# British -> American
_SPELLINGS = {
    "ae": "e", "oe": "e", "our": "or", "isation": "ization", "ise": "ize", "yse": "yze", "centre": "center",
    "fibre": "fiber", "litre": "liter", "sulph": "sulf", "programme": "program", "judgement": "judgment",
}  # fmt: skip
_TWICE = re.compile(r"([b-df-hj-np-tv-z])\1")


def same_words(a: Title, b: Title) -> bool:
    """Whether the titles say the same word for word and in one order, but for hyphens, plurals and spelling.

    Twin studies of one team differ in a word: fatigue or sleep, ruptured or unruptured, with or without. A slip of the
    pen cannot be told from that.
    """
    wordings = ((one, other) for one in (a.letters, *a.wordings) for other in (b.letters, *b.wordings))
    return any(one == other for one, other in wordings) or a.spoken == b.spoken


@lru_cache(maxsize=65536)
def spelling(word: str) -> str:
    """A word as American English spells it, in the singular, each consonant once."""
    for british, american in _SPELLINGS.items():
        word = word.replace(british, american)
    return _TWICE.sub(r"\1", word.rstrip("s")) if len(word) > 3 else word


def contained(a: Title, b: Title, letters: int = _TELLING) -> bool:
    """Whether one title, of so many letters, is the other's beginning, without its subtitle, or its end."""
    short, long = sorted((a.letters, b.letters), key=len)
    return len(short) >= letters and (long.startswith(short) or long.endswith(short))


def is_latin(title: Title) -> bool:
    """Whether most of the letters are ASCII; titles in different scripts are translations until proven otherwise."""
    return sum(map(str.isascii, title.letters)) * 2 >= len(title.letters)


# Signs that part two titles: HER2+ and HER2-, under and over 75 years; and what stands between thousands.
_SIGNS = (
    (re.compile(r"(?<=[A-Z0-9])\+(?![\w+])"), " positive "),
    (re.compile(r"(?<=[0-9])[-\u2212](?=\s|$)"), " negative "),
    (re.compile("[<\u2264]"), " under "),
    (re.compile("[>\u2265]"), " over "),
    (re.compile(r"(?<=\d),(?=\d{3})"), ""),
)


def _signs(plain: str) -> str:
    """A title with its telling signs in words."""
    for sign, words in _SIGNS if not _PLAIN.fullmatch(plain) else ():
        plain = sign.sub(words, plain)
    return plain


_PLAIN = re.compile(r"[\w\s.:;'\"()\[\]/?]*")


def _folded(plain: str) -> str:
    lowered = plain.casefold().translate(_SPELLED_OUT)
    return lowered if lowered.isascii() else text.fold(lowered)


def _numbers(words: tuple[str, ...], line: str) -> frozenset[str]:
    """The numbers of a title, Roman ones and letters of its parts as well."""
    digits = {word for word in words if word.isdigit()}
    roman = {_ROMAN[word] for word in words if word in _ROMAN}
    parts = {
        _COUNTED.get(found[1], found[1]) for found in _PART.finditer(line) if len(found[1]) < 2 or found[1] in _COUNTED
    }
    return frozenset(digits | roman | parts)
