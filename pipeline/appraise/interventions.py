"""Which techniques a study used, of acupuncture and what is akin to it. The values are the rows of the evidence map.

A technique counts where title, headings, keywords or the study's own sentences name it: not as a sham, not where it is
denied. Names follow the WHO's standard terminology of acupuncture, STRICTA (2010) and MeSH, which puts shiatsu under
acupressure. Acupuncture of which nothing more is said is ``other``, the row "combined or unspecified": that it was done
by hand is not stated. Beside a kind of acupuncture the bare word is the name of the field, unless both are listed.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.appraise.foreign import INTERVENTIONS as FOREIGN
from pipeline.appraise.foreign import foreign
from pipeline.appraise.reading import Reading, places
from pipeline.appraise.terms import all_words, first_each, headings
from pipeline.appraise.words import any_in, vocabulary
from pipeline.model import Fact

OTHER = "other"
_NEAR = vocabulary(
    "acupuncture electroacupuncture pharmacopuncture pharmacoacupuncture aquapuncture apipuncture craniopuncture "
    "laserpuncture acupoint acupoints acupressure acutens tens needling needled needle needles moxibustion "
    "moxabustion moxa bee bees honeybee apitherapy api cupping auricular auriculotherapy shiatsu catgut hijama "
    "acupotomy"
)
"""Words of which one is there wherever a technique is named."""
_PARTS = (
    *("puncture", "acu", "needl", "mox", "bee", "api", "cupping", "auricul", "ear ", "shiatsu", "catgut", "thread"),
    "hijama",
)
"""Letters of which some stand wherever one is named."""
PLAIN = "plain"

_POINT = r"(?:st|li|sp|gb|bl|ki|lr|lv|ht|pc|te|sj|gv|du|cv|rn|lu|si)-?\d{1,2}\b"  # the WHO's codes
# Where two begin at the same place the earlier is meant; what one has taken ("auricular acupressure") is no other.
_TERMS = {
    "auricular": r"auricul(?:ar|o)[- ]?(?:acupuncture|acupressure|therapy|acupoints?|points?|plaster|seeds?)|"
    r"ear (?:acupuncture|acupressure|acupoints?|seeds?)|auriculotherapy",
    "scalp": r"scalp[- ](?:electro-?)?(?:acupuncture|needl)|cranio-?puncture",
    "laser": r"laser[- ](?:acupuncture|acupoint|needle)|acupuncture laser|laserpuncture",
    "bee_venom": r"(?:honey[- ]?)?bee[- ]?(?:venom|sting)(?: acupuncture)?|apitherapy|apipuncture|api-?acupuncture",
    "acupoint_injection": r"(?:acu)?point[- ]injections?|inject\w{0,3} (?:in|at|"
    r"into) (?:the )?acu(?:puncture )?points?|(?:pharmaco|aqua)-?(?:acu)?punctures?",
    "acu_tens": r"transcutaneous electric(?:al)? (?:nerve )?(?:acupoint stimulation|stimulation (?:at|on|of|"
    r"over) (?:the )?acu)|transcutaneous (?:acupoint electrical|electro-?acupuncture)|acu-?tens\b|"
    r"electrical stimulation (?:of|at|on) (?:the )?acu(?:puncture )?points?",
    "electroacupuncture": r"electr(?:o|ic|ical)[-\s]{0,2}(?:acupuncture|needling)|percutaneous electrical acupoint",
    "manual_acupuncture": r"manual(?:ly)?[- ](?:acupuncture|needling|needle|stimulat\w{1,3} (?:acupuncture )?needles?|"
    r"manipulat\w{1,3} (?:of )?(?:the )?(?:acupuncture )?needles?)",
    "acupressure": r"(?:self-)?acupressure|acupoint (?:massage|pressure|pressing)|shiatsu",
    "moxibustion": r"moxibustion|moxabustion|moxa\b|warm(?:ing)?[- ](?:needl|acupuncture)",
    "dry_needling": r"dry[- ]needling|trigger[- ]point needling|needling of (?:the )?(?:myofascial )?trigger points?",
    "cupping": r"(?:wet|dry)?[- ]?cupping\b|hijama\b",
    OTHER: r"(?:catgut|thread|acupoint) (?:implantation|embedding)|acupoint (?:application|sticking)|(?:fire|press|"
    r"intradermal|floating|subcutaneous|plum-blossom)[- ]needl(?:e|ing)|acupotomy",
    # acupuncture and no more said; needling, where a point is named. Points, needles and people of that name are no
    # treatment, and "acupuncture-like" is something else
    PLAIN: r"acupuncture\b(?![- ](?:points?|needles?|like|na\u00efve|naive|(?:is|was) not)\b)|acupoint stimulation|"
    rf"needl(?:ing|ed) (?:at |of )?(?:the )?(?:acu|{_POINT})|{_POINT} needling",
}
_WORDS = re.compile(rf"\b(?:{'|'.join(f'(?P<{value}>{words})' for value, words in _TERMS.items())})\w*")
_KINDS = frozenset(_TERMS) - {"acupressure", "moxibustion", "cupping", PLAIN}
"""Kinds of acupuncture, of which the bare word speaks where one of them is named."""
_LISTED = re.compile(r"[\s,/+&]{1,2}(?:(?:and|or|plus|with|combined with|versus|vs\.?|compared with|compared to)\s)?")
# What makes it a control (STRICTA 6), or denies it, in the characters before it.
_NOT_GIVEN = re.compile(
    r"\b(?:sham|placebo|simulated|fake|mock|minimal|superficial|non-?penetrating|control|no|not|without|nor|except|"
    r"excluding)[- ](?:(?!controlled)\w{2,12}[- ])?$"
)
_BEFORE = 30
_CONTROL = re.compile(
    r"\bcontrol(?:s| group| arm) (?:\w{2,12} )?(?:received|had|underwent|got|was given|were given)\b[^.;,]{0,80}"
)

_MESH = {
    "acupuncture, ear": "auricular",
    "auriculotherapy": "auricular",
    "bee venoms": "bee_venom",
    "apitherapy": "bee_venom",
    "electroacupuncture": "electroacupuncture",
    "acupressure": "acupressure",
    "moxibustion": "moxibustion",
    "dry needling": "dry_needling",
    "cupping therapy": "cupping",
}
_MESH_PLAIN = dict.fromkeys(("acupuncture", "acupuncture therapy", "acupuncture analgesia"), OTHER)


def interventions(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """The techniques, best record first; acupuncture of no stated kind where no kind is named."""
    kinds: list[Fact[str]] = []
    plain: list[Fact[str]] = []
    for reading in read:
        record = reading.record
        kinds += headings(record, _MESH)
        kinds += (fact for fact in foreign(record, FOREIGN) if fact.value != OTHER)
        if not _NEAR.isdisjoint(all_words(reading)):
            for field, sentence in places(reading):
                for value, found in techniques(_without_controls(sentence.lower)):
                    words = sentence.text[found.start() : found.end()]
                    if value == PLAIN:
                        plain.append(Fact(OTHER, words, field, record.key))
                    else:
                        kinds.append(Fact(value, words, field, record.key))
        plain += headings(record, _MESH_PLAIN)
        plain += (fact for fact in foreign(record, FOREIGN) if fact.value == OTHER)
    named = {fact.value for fact in kinds}
    return first_each(kinds if named & _KINDS else (*kinds, *plain), _TERMS)


def _without_controls(lower: str) -> str:
    """Blanks for what only the control group had."""
    return _CONTROL.sub(lambda found: " " * len(found[0]), lower) if "control" in lower else lower


def may_name_technique(lower: str) -> bool:
    """Whether it is worth to look for techniques in a text in lower case."""
    return any_in(_PARTS, lower)


def techniques(lower: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, re.Match[str]]]:
    """Every technique that a text in lower case names, or a part of it, and does not call a control or deny.

    The bare word beside a kind in a list ("acupuncture and electroacupuncture") is one of what is listed.
    """
    if not may_name_technique(lower):
        return
    named = list(_WORDS.finditer(lower, start, len(lower) if end is None else end))
    for place, found in enumerate(named):
        if not _NOT_GIVEN.search(lower, max(0, found.start() - _BEFORE), found.start()):
            beside = (*named[max(0, place - 1) : place], *named[place + 1 : place + 2])
            listed = found.lastgroup == PLAIN and any(_listed(lower, found, one) for one in beside)
            yield OTHER if listed else str(found.lastgroup), found


def _listed(lower: str, plain: re.Match[str], kind: re.Match[str]) -> bool:
    """Whether the two stand in one list, in any order."""
    first, second = sorted((plain.span(), kind.span()))
    return kind.lastgroup != PLAIN and _LISTED.fullmatch(lower, first[1], second[0]) is not None
