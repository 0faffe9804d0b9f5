"""Authors in one text or one by one, as programs write them; single names are read by :mod:`pipeline.names`.

What a bibliographic file means is narrower than what a web page means: ``Family, Given`` is one name. A comma behind a
name says that it is a group's (EndNote, "Author and Editor Names").
"""

import re
from functools import lru_cache

from pipeline import names, text
from pipeline.model import Author

_AND = re.compile(r"\s+and\s+")
# An initial with its stop, and at once the next family name: a table lost what stood between its authors.
_LOST = re.compile(r"(?<=[^\W\d_a-z]\.)(?=[^\W\d_][^\W\d_'\u2019.])")
# What most names look like, read at once: "van der Muster, E. A." or "Muster E.A.".
_PLAIN = re.compile(
    r"(?P<family>[^\W\d_][\w'\u2019-]+(?: [^\W\d_][\w'\u2019-]+)*),? "
    r"(?P<given>(?:[^\W\d_a-z]\.[ -]?)+(?<![ -])|[^\W\d_a-z](?: [^\W\d_a-z])*)"
)
_OTHERS = re.compile(r"(?:et\.? al\b|and others|others$|\u2026|\.\.\.).*", re.IGNORECASE)
_GROUP = re.compile(
    r"the\s|.*\b(?:academy|agency|alliance|cent(?:er|re)|coalition|college|council|department|federation|forum|"
    r"foundation|hospital|institut\w*|ministry|organi[sz]ation|program(?:me)?|registry|trialists|universit\w+)\b",
    re.IGNORECASE,
)


def split(stated: str) -> list[str]:
    """The names in one text: between semicolons, ``and``, or full stops that lost what came after them."""
    if ";" in stated:
        return stated.split(";")
    stated = " ".join(stated.split())  # over a long run of blanks the expressions take quadratic time
    if len(apart := _AND.split(stated)) > 1:
        return [stated] if len(apart) == 2 and apart[0].count(",") > 1 else apart
    return [stated] if "," in stated else _LOST.split(stated)


def authors(stated: str) -> tuple[Author, ...]:
    """The authors in one text."""
    return tuple(author for name in split(stated) for author in named(name))


@lru_cache(maxsize=20_000)
def named(stated: str) -> tuple[Author, ...]:
    """Who a name names: mostly one author; nobody, if it only says that there were others."""
    name = text.clean(stated)
    if plain := _PLAIN.fullmatch(name):
        return (Author(plain["family"], plain["given"]),)
    bare = name.strip(" ,;:")
    if not bare or _OTHERS.fullmatch(bare):
        return ()
    commas = bare.count(",")
    if not commas and (name.endswith(",") or " and " in bare or names.is_group(bare) or _GROUP.match(bare)):
        return (Author(collective=bare),)
    if commas == 1 or (commas == 2 and " and " not in bare):
        return _inverted(bare)
    return names.people((bare,))


def _inverted(name: str) -> tuple[Author, ...]:
    """``Family, Given`` or ``Family, Given, Jr.``; two or three people, if that is ``Muster EA, Probe K``."""
    cited = names.people((name,))
    if len(cited) > 1 and all(re.fullmatch(r"[^\W\d_](?: [^\W\d_])*", one.given) for one in cited):
        return cited
    return (names.person(name),)
