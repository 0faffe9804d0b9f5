"""A list with one identifier a line."""

import io
import re
from collections.abc import Iterator

from pipeline import text
from pipeline.exchange.identifiers import identifiers
from pipeline.wanted.entry import Wanted

_COMMENT = re.compile(r"(?:^|\s)#.*")  # a "#" within an identifier stands close to it


def read_lines(content: str) -> Iterator[Wanted]:
    """One publication a line: a DOI, PMID, PMCID, preprint id or trial number. Blank lines and comments are skipped."""
    for number, line in enumerate(io.StringIO(content, newline=None), 1):
        if stated := text.clean(_COMMENT.sub("", line)):
            yield Wanted(number, stated, **identifiers(stated))
