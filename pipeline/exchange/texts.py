"""Text in pieces of whole lines, and the sentence for a file that cannot be read."""

import io
from collections.abc import Iterable, Iterator

from pipeline.errors import ConfigError

_BOM = b"\xef\xbb\xbf"


class Unreadable(ConfigError):
    """A file cannot be read at all: its name, the line where that shows, and what is wrong."""

    def __init__(self, name: str, what: str, line: int | None = None) -> None:
        super().__init__([f"{name}: {what}" if line is None else f"{name}, line {line}: {what}"])


def blocks(name: str, chunks: Iterable[bytes]) -> Iterator[str]:
    """The text of a file that comes in chunks, cut behind line ends. Unreadable if it is not UTF-8, or holds a NUL."""
    line = 1
    for block in _whole_lines(chunks):
        try:
            decoded = block.decode("utf-8")
        except UnicodeDecodeError as error:
            at = line + block.count(b"\n", 0, error.start)
            raise Unreadable(name, "not UTF-8; save the list as UTF-8 text", at) from error
        if "\0" in decoded:
            at = line + decoded.count("\n", 0, decoded.index("\0"))
            raise Unreadable(name, "a NUL byte; this is not a text file", at)
        yield decoded
        line += block.count(b"\n")


def lines(text: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Each line of a text in blocks with its number, without its end, whatever ends it."""
    each = (line for block in text for line in io.StringIO(block, newline=None))
    return ((number, line.rstrip("\n")) for number, line in enumerate(each, 1))


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Chunks cut anew behind their last line end, without the mark that some programs set before UTF-8."""
    held: list[bytes] = []
    first = True
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            block = b"".join((*held, chunk[:end]))
            yield block.removeprefix(_BOM) if first else block
            held, first = [], False
        if rest := chunk[end:]:
            held.append(rest)
    if held:
        yield b"".join(held).removeprefix(_BOM) if first else b"".join(held)
