"""Plain text and identifiers, made comparable. Pure functions; nothing here knows any source.

Identifier rules: DOI, the DOI Handbook 2.4 (case-insensitive ASCII, any suffix); PMID and PMCID, NLM; trial numbers,
the primary registries of the WHO ICTRP network.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_QUERY = re.compile(r"\?[\w-]+=.*$")  # what an address had behind the DOI
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*|info:doi/)+", re.IGNORECASE)
_DOI_PATH = re.compile(r"https?://[^/\s]+/(?:[^?#\s]*/)?(10\.\d{4,9}/[^?#\s]+)(?:[?#]\S*)?", re.IGNORECASE)
_OF_A_JOURNAL = re.compile(r"/(?:journal|toc|loi|series)/10\.|\(issn\)", re.IGNORECASE)
_DOI_VIEW = re.compile(r"(?:/(?:full|fulltext|abstract|summary|meta|pdf|epdf|html)|\.pdf|\.html?|/)+$", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")
# Only what is certainly markup: a known inline or block element of HTML, JATS or MathML. Anything else that looks
# like a tag may be "P<0.001 and n>30" and has to stay.
_TAG = re.compile(
    r"</?(?:[a-z][a-z0-9]*:)?(?:a|abbr|alternatives|article-title|b|bold|br|break|center|cite|code|dd|div|dl|dt|em|ext-link|font|h[1-6]|hr|i|img|inf|"
    r"inline-formula|inline-graphic|italic|label|li|list|list-item|math|m(?:i|n|o|row|sub|sup|subsup|text|frac|sqrt|style|mover|munder|mspace|fenced|table|tr|td)|"
    r"monospace|ol|p|pre|q|s|sc|sec|section|small|span|strike|strong|sub|sup|table|tbody|td|tex-math|th|thead|title|tr|tt|u|ul|underline|xref)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:[a-z][a-z0-9]*:)?(?:br|div|h[1-6]|hr|li|p|sec|section|td|title|tr|ul|ol|table|list-item)\b[^<>]*>",
    re.IGNORECASE,
)

# Registry number shapes, as the registries print them (WHO ICTRP, "Primary registries", and ClinicalTrials.gov).
_REGISTRATIONS = re.compile(
    r"\b(?:(?:NCT|ISRCTN|DRKS|UMIN|KCT)[\s:#-]{0,2}(?:[0-9]{9}|[0-9]{8}|[0-9]{7})|IRCT\s?[0-9]{8,14}N[0-9]{1,3}|"
    r"ChiCTR[-A-Z]{0,8}[0-9]{8,10}|ITMCTR\s?[0-9]{8,10}|ACTRN\s?[0-9]{14}p?|jRCTs?[0-9]{9,12}|"
    r"JapicCTI-[0-9]{6}|JMA-IIA[0-9]{5}|CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}|TCTR\s?[0-9]{11}|"
    r"RBR-[0-9a-z]{6,8}|PACTR\s?[0-9]{15,16}|SLCTR/[0-9]{4}/[0-9]{3}|NTR\s?[0-9]{3,5}|NL-OMON\s?[0-9]{3,6}|"
    r"LBCTR\s?[0-9]{10}|RPCEC\s?[0-9]{8}|PER-[0-9]{3}-[0-9]{2}|"
    r"(?:EudraCT|EUCTR)(?:\s?(?:number|no\.?|nr\.?))?[\s:-]{0,3}[0-9]{4}-[0-9]{6}-[0-9]{2}|"
    r"(?:EUCT|CTIS)(?:\s?(?:number|no\.?|nr\.?))?[\s:-]{0,3}[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
# Hosts of registries (WHO ICTRP's primary ones and ClinicalTrials.gov) and of ICTRP's own search portal.
_REGISTRY = re.compile(
    r"(?:^|\.)(?:clinicaltrials\.gov|isrctn\.com|trialsearch\.who\.int|drks\.de|anzctr\.org\.au|chictr\.org\.cn|"
    r"clinicaltrialsregister\.eu|irct\.(?:behdasht\.gov\.)?ir|jrct\.(?:niph|mhlw)\.go\.jp)$"
)
# Registries in their own spelling; ICTRP has names of its own for the European ones.
_REGISTRY_CASE = {
    "CHICTR": "ChiCTR",
    "JRCT": "jRCT",
    "JRCTS": "jRCTs",
    "EUDRACT": "EudraCT",
    "EUCTR": "EudraCT",
    "CTIS": "EUCT",
}
_EUROPEAN = re.compile(r"[0-9]{4}-.*")


def clean(text: str) -> str:
    """One line of storable text: NFC, no control or direction marks, no lone surrogates, single spaces."""
    if text.isprintable() and "  " not in text:  # most of it is so already, and there is much of it
        return unicodedata.normalize("NFC", text).strip()
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", text)).split())


def shown(text: str, most: int = 200) -> str:
    """One line of a stranger's words that a message may repeat: nothing invisible, at most so long."""
    return "".join(filter(str.isprintable, clean(text)))[:most]


def from_markup(text: str) -> str:
    """Plain text of a string that may hold HTML or JATS, also escaped once more (``&lt;sup&gt;``).

    Only known elements are removed, so that ``P<0.001`` and ``x<y>z`` survive.
    """
    for _ in range(2):
        text = _TAG.sub("", _BLOCK.sub(" ", text))
        text = html.unescape(text)
    return clean(_TAG.sub("", _BLOCK.sub(" ", text)))


def doi(text: str) -> str:
    """The bare DOI in lower case (``10.1000/xyz``), percent-encoding undone, or the empty string if there is none."""
    plain = clean(text)
    found = _DOI.match(_DOI_PREFIX.sub("", unquote(plain) if "%" in plain else plain))
    return _DOI_QUERY.sub("", found[0]).rstrip(".,;\"'").lower() if found else ""


def doi_at(url: str) -> str:
    """The DOI in the path of a publisher's page, or a copy of it elsewhere; the empty string if there is none.

    Wiley has DOIs of whole journals in addresses, too; they are none of an article.
    """
    found = None if _OF_A_JOURNAL.search(url) else _DOI_PATH.fullmatch(url)
    return doi(_DOI_VIEW.sub("", found[1])) if found else ""


def pmid(text: str) -> str:
    """A PubMed id without leading zeros, or the empty string."""
    digits = clean(text).removeprefix("PMID:").strip()
    return digits.lstrip("0") if _DIGITS.fullmatch(digits) else ""


def pmcid(text: str) -> str:
    """A PubMed Central id as ``PMC123``, or the empty string."""
    digits = clean(text).upper().removeprefix("PMCID:").strip().removeprefix("PMC").partition(".")[0]
    return f"PMC{digits.lstrip('0')}" if _DIGITS.fullmatch(digits) and digits.strip("0") else ""


def registrations(text: str) -> Iterator[str]:
    """Every trial registration number in a text, in its registry's own spelling, in order, once each."""
    return iter(dict.fromkeys(number for number, _ in registrations_as_written(text)))


def registrations_as_written(text: str) -> Iterator[tuple[str, str]]:
    """Every trial registration number in a text, in its registry's own spelling, with the words it was read from."""
    return ((_spelling(found[0]), found[0]) for found in _REGISTRATIONS.finditer(text))


def registration_at(url: str) -> str:
    """The trial registration number in an address, if that is a page of a registry; else the empty string."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return next(registrations(url), "") if _REGISTRY.search(host) else ""


def _spelling(number: str) -> str:
    """Registry prefix in its usual case, nothing between prefix and number where the registry has nothing there."""
    prefix = re.match(r"[A-Za-z]+", number)
    letters = prefix[0].upper() if prefix else ""
    name = _REGISTRY_CASE.get(letters, letters)
    if name in {"EudraCT", "EUCT"}:
        found = _EUROPEAN.search(number)
        return f"{name} {found[0] if found else ''}"
    rest = "".join(number[len(letters) :].split())
    if letters in {"NCT", "ISRCTN", "DRKS", "UMIN", "KCT"}:
        rest = rest.lstrip(":#-")
    if letters == "JAPICCTI":
        return f"JapicCTI{rest}"
    return name + (rest.lower() if letters in {"ACTRN", "RBR"} else rest.upper())


# Latin letters that Unicode does not take apart, as catalogues write them where they have no accents.
_LETTERS = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00e6": "ae", "\u0153": "oe", "\u0131": "i"}
    | {"\u064a": "\u06cc", "\u0643": "\u06a9"}  # yeh and kaf, as Arabic and as Persian keyboards have them
)


class _Marks(dict[int, int | None]):
    """Every character as it is, but for those that go with the one before; learned as they come."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_MARKS = _Marks()


def fold(text: str) -> str:
    """Letters for comparison: compatibility forms, no accents, case folded."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).translate(_MARKS).casefold().translate(_LETTERS)


def title_key(title: str) -> str:
    """A title reduced to its letters and digits, for exact comparison across sources.

    Brackets and the final stop of translated titles (NLM, MEDLINE data element "TI"), case, accents, markup,
    punctuation and spacing go; words stay in order.
    """
    return "".join(char for char in fold(from_markup(title)) if char.isalnum())


def counted(number: int, noun: str) -> str:
    """One record, two records."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
