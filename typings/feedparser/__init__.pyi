# What litwatch uses of feedparser, which has no types of its own. It takes bytes only: of a string, feedparser would
# open the file or address that the string names.

from collections.abc import Mapping
from typing import Any, BinaryIO

class FeedParserDict(dict[str, Any]):
    entries: list[FeedParserDict]
    feed: FeedParserDict
    version: str
    bozo: bool

def parse(
    source: BinaryIO,
    *,
    response_headers: Mapping[str, str] = ...,
    sanitize_html: bool = ...,
    resolve_relative_uris: bool = ...,
) -> FeedParserDict: ...
