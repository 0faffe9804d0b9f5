"""Names of people and groups, taken apart into family and given name.

Sources write names in several ways and seldom say in which. What is read here:

- ``Erika van der Muster``: the last word is the family's, with what stands before it in small letters. Particles with a
  capital are not told from middle names, and stay with the given one.
- ``Muster, Erika``.
- ``MUSTER Erika``: capitals tell where the family stands. A word of up to three capitals may be initials.
- ``Muster E.``, ``Muster J A``: nobody's family is an initial (but Weinan E's, which is misread).
- Written in Chinese characters, kana or hangul, the family comes first; without a blank a name is left whole.
- A name of one word is the family's.
- ``Jr.``, ``III`` and the like stay with the family, wherever they stand: ``Muster, Erika, Jr.`` is ``Muster Jr.``.
- What calls itself a group, by one of a few words, is one.

Given names and initials stay as they are spelled, but for ``Muster EA``, whose initials are set apart (``E A``).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from pipeline import text
from pipeline.model import Author

_GROUP = re.compile(
    r"\b(?:association|collaborat\w+|committee|consortium|editors?|group|investigators|network|office|society|team)\b",
    re.IGNORECASE,
)
_GENERATION = re.compile(r",?\s+((?:[JjSs][Rr]|II|III|IV|2nd|3rd|4th)\b\.?)(?=,|$)")
_EAST_ASIAN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+")
_CAPITAL = r"[^\W\d_a-z]"
_INITIALS = re.compile(rf"(?:{_CAPITAL}\.?[ -]?){{1,6}}")
_SPELLED_INITIALS = re.compile(rf"{_CAPITAL}|(?:{_CAPITAL}\.-?){{1,6}}{_CAPITAL}?")  # "E", "E.", "A.-R.", "P.S"
_CITED = re.compile(rf"([^,]+) ((?:{_CAPITAL}\.?-?){{1,6}})(?: ((?:Jr|Sr|2nd|3rd|4th)\.?))?")
_SHORT = 3  # letters up to which a word in capitals is rather initials ("EA") than a name ("WANG")

_ET_AL = re.compile(r",?\s*\bet al\.?\s*$")
_LISTED = re.compile(r"[\n;\uff1b\u3001\uff0c]")
_BETWEEN_NAMES = re.compile(r",\s*(?:and\s|&)?\s*|\s+and\s+|\s+&\s+")


def is_group(name: str) -> bool:
    """Whether a name calls itself a group's."""
    return _GROUP.search(name) is not None


def person(name: str) -> Author:
    """Read one name, of a person or a group, in any of the ways above."""
    name = " ".join(name.split())
    if is_group(name):
        return Author(collective=name)
    before, generation, after = _by_generation(name)
    bare = before + after
    family, given = _by_comma(bare) if "," in bare else _by_place(bare.split())
    return Author(f"{family} {generation}".strip(), given)


def each(names: Iterable[str]) -> Iterator[Author]:
    """Names that are one person or group each; those that hold nothing are left out."""
    return (person(name) for name in map(_trimmed, names) if name)


def inverted(names: Iterable[str]) -> Iterator[Author]:
    """Names that are all written ``Family, Given``: several words without a comma are a group, whatever they say."""
    for name in filter(None, map(_trimmed, names)):
        yield person(name) if "," in name or " " not in name else Author(collective=name)


def cited(name: str) -> Author:
    """Read ``Muster EA`` or ``Muster EA 3rd``, as NLM cites people; what does not end in initials is a group."""
    return _cited(name) or Author(collective=name)


def people(names: Sequence[str]) -> tuple[Author, ...]:
    """Read names that are one each, or all in one text: ``A. Muster, K. Probe and L. Wang``, ``Muster EA, Probe K``."""
    if len(names) != 1:
        return tuple(each(names))
    stated = _single_blanks(names[0])
    apart = [name for name in map(_trimmed, _apart(_ET_AL.sub("", stated))) if name]
    telling = [name for name in apart if " " in name and not _GROUP.search(name)]
    if _LISTED.search(stated) or not all(map(_is_cited, telling)):
        return tuple(map(person, apart))
    return tuple(_cited(name) or person(name) for name in apart)


def _single_blanks(names: str) -> str:
    """The lines of a text, with single blanks: expressions take quadratic time over long runs of them."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in names.split("\n"))))


def _trimmed(name: str) -> str:
    return text.from_markup(name).strip(" ,;:")


def _by_generation(name: str) -> tuple[str, str, str]:
    """What stands before a generation, that, and what stands behind it; no generation is empty."""
    found = _GENERATION.search(name)
    return (name[: found.start()], found[1], name[found.end() :]) if found else (name, "", "")


def _by_comma(name: str) -> tuple[str, str]:
    family, _, given = name.partition(",")
    return family.strip(), given.strip(" ,")


def _by_place(words: Sequence[str]) -> tuple[str, str]:
    """The words that are the family's, and the others."""
    if first := _family_first(words):
        return " ".join(words[:first]), " ".join(words[first:])
    start = len(words) - 1
    while start > 1 and words[start - 1].islower() and not words[-1].islower():
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def _family_first(words: Sequence[str]) -> int:
    """How many words the family has at the beginning; 0 if nothing tells that it stands there."""
    if _EAST_ASIAN.fullmatch("".join(words)):
        return 1
    capitals = len(list(takewhile(_is_capital, words)))
    behind = words[capitals:]
    if behind and any(len(word) > _SHORT for word in words[:capitals]) and not any(map(_is_capital, behind)):
        return capitals
    initials = len(list(takewhile(_is_initial, reversed(words))))
    names = words[: len(words) - initials]
    return len(names) if initials and not any(map(_is_initial, names)) else 0


def _is_initial(word: str) -> bool:
    """Whether it is one letter, or letters with stops between them."""
    return word.isupper() and bool(_SPELLED_INITIALS.fullmatch(word))


def _is_capital(word: str) -> bool:
    """Whether it is a word in capitals."""
    return word.isupper() and not _is_initial(word)


def _is_cited(name: str) -> bool:
    """Whether a name ends in initials, without being one whose family is in capitals (``Li WANG``)."""
    found = _CITED.fullmatch(name)
    return found is not None and found[2].isupper() and (len(found[2]) <= _SHORT or "." in found[2])


def _cited(name: str) -> Author | None:
    """A name that ends in initials; None if it does not, or is a group."""
    found = _CITED.fullmatch(name)
    if found is None or not found[2].isupper() or _GROUP.search(name):
        return None
    family = " ".join(filter(None, (found[1], found[3])))
    return Author(family, " ".join(filter(str.isalpha, found[2])))


def _apart(names: str) -> list[str]:
    """Split a text that holds several names. "Family, Given" and "Family, A. B." are one name each."""
    if _LISTED.search(names):
        return _LISTED.split(names)
    parts = _BETWEEN_NAMES.split(names)
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 == 0 and all(given.isupper() and _INITIALS.fullmatch(given) for _, given in pairs):
        return [f"{family}, {given}" for family, given in pairs]
    if len(parts) == 2 and "," in names and not all(" " in part for part in parts):
        return parts if all(map(_EAST_ASIAN.fullmatch, parts)) else [names]
    return parts
