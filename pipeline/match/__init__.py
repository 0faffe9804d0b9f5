"""Match: which records are one publication, which belong together, and how a work is seen as a whole.

Records find candidates through :func:`keys`; :func:`compare` decides them two by two; :func:`gather` makes works of
what was found; :func:`assign` keeps the ids of works; :func:`merge` makes the view readers see. :func:`group` does the
first three for records that are all at hand. The rules in words: ``docs/matching.md``.
"""

from pipeline.match.grouping import CROWD, Found, Grouping, compare, gather, group
from pipeline.match.identity import assign
from pipeline.match.keys import keys
from pipeline.match.merge import merge
from pipeline.match.notices import Notice
from pipeline.match.pairs import Pair
from pipeline.match.relations import Link

__all__ = [
    "CROWD",
    "VERSION",
    "Found",
    "Grouping",
    "Link",
    "Notice",
    "Pair",
    "assign",
    "compare",
    "gather",
    "group",
    "keys",
    "merge",
]

VERSION = 1
"""Of the keys and rules. With a new one every record is keyed and compared again by the next run."""
