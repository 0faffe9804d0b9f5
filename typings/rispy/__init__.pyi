# What litwatch uses of rispy, which has no types of its own. Tags that may come several times are lists, others text.

from collections.abc import Mapping, Sequence

def loads(
    text: str,
    *,
    list_tags: Sequence[str] = ...,
    delimiter_tags_mapping: Mapping[str, str] = ...,
    skip_unknown_tags: bool = ...,
) -> list[dict[str, str | list[str]]]: ...

class RisWriter:
    def set_header(self, count: int) -> str: ...

def dumps(
    references: Sequence[Mapping[str, str | list[str]]],
    *,
    implementation: type[RisWriter] = ...,
    list_tags: Sequence[str] = ...,
) -> str: ...
