"""Lines that journals print below an abstract: registration, funding, interests, supplements, keywords, copyright.

CONSORT and PRISMA ask for registration and funding at an abstract's end; journals add the rest. Where their headings
are lost, they look like more sentences of the abstract.
"""

import re
from collections.abc import Sequence

from pipeline.appraise.reading import Part, Sentence
from pipeline.appraise.words import any_in

_WORK = r"(?:study|studies|trials?|work|research|project|review|protocol|meta-analysis|article|authors?)"
# How such lines open, by what they are.
_OPENING = re.compile(
    r"[\W_]{0,3}(?:"
    # registration, as the data set of the WHO's ICTRP names it
    r"(?:(?:clinical|systematic review|study|trial|protocol|review|prospectively|retrospectively|also|isrctn) ){0,3}"
    r"(?:trials? )?(?:regist(?:ration|ry|ered|er)\b|reg\b|identifier|identification|number\b)|"
    r"date of registration|date assigned|unique identifier|"
    r"(?:the )?clinical ?trials? ?(?:\.gov|numbers?|identifiers?)|"
    # registration and funding in a sentence
    rf"(?:(?:this|the|our|present|current) ){{1,2}}(?:clinical |randomi[sz]ed |controlled ){{0,3}}{_WORK} "
    r"(?:(?:was|were|is|has been|protocol) ){0,2}(?:\w+ly )?"
    r"(?:regist|funded|supported (?:in part )?by|sponsored|financed|"
    r"received (?:no |any )?(?:financial|funding|grant|support))|"
    # funding alone
    r"(?:(?:primary|external|financial|study|source of) )?"
    r"(?:fund(?:ing|ed|ers?)|sponsor(?:ed|s|ship)?|grants?|support|supported by|financed by)\b"
    r"(?=\W{0,2}(?:$|by|was|for|from|source|support|provided|none|no\b|[:.]))|"
    # interests, as the ICMJE's form names them
    r"(?:the |all |none of the |no |potential |declarations? of )?(?:authors? )?"
    r"(?:(?:have|has|declared?|declares|report(?:ed)?|disclosed?|state|that|they|there|are|is|no|other|potential|"
    r"financial|relevant) ){0,6}"
    r"(?:(?:conflicts?|declarations?) of interest|competing (?:financial )?interest|disclosures?\b|disclose\b)|"
    r"acknowledge?ments?\b|"
    # supplements, grades of evidence, rights, catalogues
    r"(?:electronic |online )?supplementa(?:ry|l) (?:material|information|data)|the online version of th|"
    r"additional files?\b|(?:level|classification|quality|strength) of (?:clinical )?evidence\W{0,3}"
    r"(?:$|level|class|[iv1-5]{1,3}\b|grade|this)|(?:evidence )?(?:level|class)\W{0,2}[iv1-5]{1,3}[ab]?\b|"
    r"copyright|\(c\)|\xa9|all rights reserved|published by|this is an open access|please cite|"
    r"\(?psyc\w+ database|doi\b|pmid\b|key ?words?\b|archived (?:by|at)\b|ethics approval|"
    r"(?:not applicable|none|n/a|results|(?:post|pre)-results)\W{0,2}$)"
)
# Registry numbers, by the prefixes of ClinicalTrials.gov and the ICTRP's primary registries; addresses; rights.
_REFERENCE = re.compile(
    r"(?:nct|isrctn|actrn|anzctr|chictr|ctri|drks|euctr|eudract|irct|jrct|kct|ntr|pactr|rbr|slctr|tctr|umin|crd|"
    r"prospero)(?:[\W_]{0,3}|[\w -]{0,16})\d{3}|trial registration|clinical ?trials?\.? ?gov|isrctn|"
    r"https?://|www\.|doi: ?10\.|10\.\d{4}|pm(?:c ?)?id ?:|\xa9 ?(?:[0-9]{4}|the )"
)
_GOES_ON = re.compile(
    r"[^()\[\]]{0,200}[)\]],? [a-z]"
)  # behind a reference in brackets: "in this trial (...), it fell"
_NUMBER = re.compile("[0-9][0-9]{2}")  # begins with a set, which is searched for fastest
_SIGNS = ("://", "www.", "isrctn", ".gov", "trial registration", "id :", "\xa9")  # of references without a number
_LONG = 16  # words; what is longer is no line of names alone
_FEW = 5  # words; what is shorter is no conclusion before a reference


def without_back_matter(abstract: Sequence[Sentence]) -> Sequence[Sentence]:
    """An abstract without such lines at its end, and what belongs to one: "Registered in May. It began in June."."""
    end = len(abstract)
    while end and (is_back_matter(abstract[end - 1]) or (end > 1 and _is_opened(abstract[end - 2]))):
        end -= 1
    return abstract[:end]


def is_back_matter(sentence: Sentence) -> bool:
    """Whether a sentence is such a line."""
    if _is_opened(sentence):
        return True
    words = said(sentence)
    return not words or (words.count(" ") < _LONG and _is_name(words))


def said(sentence: Sentence) -> str:
    """A sentence without the reference that follows in it: a heading that is lost had parted them."""
    lower = sentence.lower
    if not (_NUMBER.search(lower) or any_in(_SIGNS, lower)):
        return sentence.text
    reference = _REFERENCE.search(lower)
    if not reference or (_GOES_ON.match(sentence.text, reference.start()) and not _is_name(sentence.text)):
        return sentence.text
    before = sentence.text[: reference.start()].rstrip(" ([;:,")
    return before if before.count(" ") >= _FEW else ""


def _is_opened(sentence: Sentence) -> bool:
    """Whether a line says in its first words what it is."""
    return sentence.part is Part.NOTES or _OPENING.match(sentence.lower) is not None


def _is_name(text: str) -> bool:
    """Whether a line holds names and dates only, as a funder's does: names are capitalised, statements not."""
    words = text.split()
    return 2 * sum(word[0].isupper() or word[0].isdigit() for word in words) > len(words)
