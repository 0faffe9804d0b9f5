"""English for what the model says in codes: numbers, dates, designs. No locale, no clock."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.model import Design, PartialDate, Record

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DESIGNS = {
    Design.GUIDELINE: ("guideline", "guidelines"),
    Design.SYSTEMATIC_REVIEW: ("systematic review", "systematic reviews"),
    Design.RCT: ("randomised controlled trial", "randomised controlled trials"),
    Design.NONRANDOMIZED_TRIAL: ("non-randomised study of a treatment", "non-randomised studies of a treatment"),
    Design.OBSERVATIONAL: ("observational study", "observational studies"),
    Design.SURVEY: ("survey", "surveys"),
    Design.CASE_REPORT: ("case report", "case reports"),
    Design.NARRATIVE_REVIEW: ("review", "other reviews"),  # whoever calls it a review rarely says how it was made
    Design.PROTOCOL: ("study protocol", "study protocols"),
    Design.REGISTRATION: ("trial registration", "trial registrations"),
    Design.ANIMAL: ("animal study", "animal studies"),
    Design.IN_VITRO: ("laboratory study", "laboratory studies"),
    Design.EDITORIAL: ("editorial or letter", "editorials and letters"),
    Design.RETRACTION_NOTICE: ("retraction notice", "retraction notices"),
    Design.ERRATUM: ("erratum", "errata"),
    Design.OTHER: ("other publication", "other publications"),
    None: ("design not stated", "design not stated"),
}
NOT_STATED = "not stated"
_TERMS = {
    "mobility_balance": "mobility and balance",
    "acu_tens": "acu-TENS",
    "auricular": "auricular acupuncture or acupressure",
    "scalp": "scalp acupuncture",
    "laser": "laser acupuncture",
    "in_vitro": "laboratory",
}
LONGEST_TITLE = 300  # characters
# ISO 639-2/B and 639-1, as bibliographic sources code languages: the BCP 47 tag and the name.
_LANGUAGES = {
    **dict.fromkeys(("chi", "zho", "zh"), ("zh", "Chinese")),
    **dict.fromkeys(("dut", "nld", "nl"), ("nl", "Dutch")),
    **dict.fromkeys(("eng", "en"), ("en", "English")),
    **dict.fromkeys(("fre", "fra", "fr"), ("fr", "French")),
    **dict.fromkeys(("ger", "deu", "de"), ("de", "German")),
    **dict.fromkeys(("ita", "it"), ("it", "Italian")),
    **dict.fromkeys(("jpn", "ja"), ("ja", "Japanese")),
    **dict.fromkeys(("kor", "ko"), ("ko", "Korean")),
    **dict.fromkeys(("per", "fas", "fa"), ("fa", "Persian")),
    **dict.fromkeys(("pol", "pl"), ("pl", "Polish")),
    **dict.fromkeys(("por", "pt"), ("pt", "Portuguese")),
    **dict.fromkeys(("rus", "ru"), ("ru", "Russian")),
    **dict.fromkeys(("spa", "es"), ("es", "Spanish")),
    **dict.fromkeys(("tur", "tr"), ("tr", "Turkish")),
}


def count(number: int, one: str, many: str = "") -> str:
    """``1 study``, ``3 studies``; the plural is the singular with an s unless given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def design(value: Design | None, many: bool = False) -> str:
    """A design in words."""
    return _DESIGNS[value][many]


def design_rank(value: Design | None) -> int:
    """The order in which designs are shown; what is not stated comes last."""
    return tuple(Design).index(value) if value else len(Design)


def term(value: str) -> str:
    """A value of our vocabularies in words: ``manual_acupuncture`` becomes ``manual acupuncture``."""
    return _TERMS.get(value, value.replace("_", " "))


def field(name: str) -> str:
    """A field of a record, as a reader would call it."""
    return "the MeSH headings" if name == "mesh" else f"the {term(name)}"


def title(record: Record) -> str:
    """The title without the full stop that PubMed sets after every one, cut if it is beyond measure."""
    return shortened(record.title.removesuffix("."))


def shortened(words: str, longest: int = LONGEST_TITLE) -> str:
    """No more than so many characters, cut between words where there is a blank in the latter half."""
    if len(words) <= longest:
        return words
    end = words.rfind(" ", longest // 2, longest)
    return f"{words[: end if end > 0 else longest]}…"


def language(codes: Sequence[str]) -> tuple[str, str]:
    """BCP 47 tag and name of a publication's language; empty strings where it is not one that we can name."""
    return _LANGUAGES.get(codes[0].casefold(), ("", "")) if len(codes) == 1 else ("", "")


def day(moment: datetime, timezone: str) -> str:
    """``22 Nov 2026``, as the calendar stands in a time zone."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def minute(moment: datetime, timezone: str) -> str:
    """``22 Nov 2026, 07:00``, as calendar and clock stand in a time zone."""
    return f"{day(moment, timezone)}, {moment.astimezone(ZoneInfo(timezone)):%H:%M}"


def published(record: Record) -> str:
    """The publication date, as precise as it is known."""
    return record.published_stated or (partial(record.published) if record.published else "date not stated")


def partial(value: PartialDate) -> str:
    """``22 Nov 2026``, ``Nov 2026`` or ``2026``."""
    parts = (value.day, value.month and _MONTHS[value.month - 1], value.year)
    return " ".join(str(part) for part in parts if part)


def authors(record: Record) -> str:
    """Up to three authors as bibliographies print them, or the first and how many more; empty if none is stated."""
    names = [str(author) for author in record.authors]
    if len(names) > 3:
        names = [names[0], count(len(names) - 1, "other")]
    return listed(names)
