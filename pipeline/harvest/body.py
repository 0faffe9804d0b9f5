"""Turns what comes over the wire into a body of bounded size."""

import zlib
from collections.abc import Iterable, Iterator, Mapping

from pipeline.errors import SourceFailed, SourceMalformed

_PIECE = 65_536


def decoded(pieces: Iterable[bytes], headers: Mapping[str, str], cap: int) -> bytes:
    """Join and decompress the pieces of a body; never hold more than ``cap`` bytes and one piece.

    Only gzip is undone, as only gzip is asked for. SourceMalformed if the body is cut short, damaged or in another
    encoding; SourceFailed if it is larger than ``cap``.
    """
    announced = headers.get("content-length", "")
    if announced.isdigit() and len(announced) < 20 and int(announced) > cap:
        raise _too_large(cap)
    body = bytearray()
    for piece in _decompressed(pieces, headers.get("content-encoding", "").strip().lower()):
        body += piece
        if len(body) > cap:
            raise _too_large(cap)
    return bytes(body)


def beginning(pieces: Iterable[bytes], headers: Mapping[str, str], length: int) -> bytes:
    """The first bytes of a body, decompressed; what comes after them is not read."""
    body = bytearray()
    for piece in _decompressed(pieces, headers.get("content-encoding", "").strip().lower()):
        body += piece
        if len(body) >= length:
            break
    return bytes(body[:length])


def _decompressed(pieces: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in {"", "identity"}:
        return pieces
    if encoding in {"gzip", "x-gzip"}:
        return _gunzipped(pieces)
    raise SourceMalformed("the body is encoded in a way that was not asked for")


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Inflate by hand: urllib3 reads on for as long as nothing comes out, and takes a cut stream for a whole one."""
    gzip = zlib.decompressobj(wbits=31)
    begun = False
    try:
        for piece in pieces:
            begun, rest = True, piece
            while rest:
                if gzip.eof:  # RFC 1952 section 2.2: members may follow one another
                    gzip = zlib.decompressobj(wbits=31)
                yield gzip.decompress(rest, _PIECE)
                rest = gzip.unconsumed_tail or gzip.unused_data
    except zlib.error as error:
        raise SourceMalformed(f"the compressed body is damaged ({error})") from error
    if begun and not gzip.eof:
        raise SourceMalformed("the compressed body is cut short")


def _too_large(cap: int) -> SourceFailed:
    return SourceFailed(f"the body is larger than {cap} bytes; raise max_bytes if that can be right")
