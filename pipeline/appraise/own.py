"""Where a record tells of its own study, and not of what is known or remains to be done."""

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.appraise.sentences import Part, Sentence
from pipeline.appraise.words import vocabulary, words
from pipeline.model import Record

# How authors say what they set out to do (the objective that CONSORT 2a and PRISMA 4 ask for).
_AIMS = vocabulary("we our aim aims aimed objective objectives purpose goal hypothesis hypothesized hypothesised")
_TO = vocabulary(
    "investigate evaluate examine assess determine compare explore test describe summarize summarise identify "
    "establish measure report review observe study analyze analyse"
)
_THIS = vocabulary("this present current here")
_STUDY = vocabulary(
    "study trial review paper article report survey questionnaire interviews analysis protocol work case pilot thesis "
    "registration overview experiment"
)
# How they say what they did, where no heading says that it begins (CONSORT 3 to 13, CARE 5, ARRIVE 5 to 10).
_DONE = vocabulary(
    "randomized randomised randomly recruited enrolled included assigned allocated divided treated measured assessed "
    "evaluated examined searched induced immunized immunised administered given performed conducted needled recorded "
    "studied investigated asked answered"
)
_BEFORE = (Part.BACKGROUND, Part.OBJECTIVE)
_WAS = vocabulary("was were had")
_WHO = vocabulary(
    "patients participants subjects volunteers women men people adults children rats mice animals rabbits studies "
    "trials articles cases"
)
_DID = vocabulary("received underwent completed rose fell differed differ lowered randomized randomised")
_NUMBER = re.compile(
    r"\b(?:\d+(?![\d.]| ?%)|[a-z]{3,5}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|ten|eleven|twelve)\b"
)
_KIND = re.compile(
    r"(?!(?:a |one )?(?:recent|previous|earlier))(?:[\w-]{1,20} ){0,6}(?:study|trial|review|meta-analysis|survey|"
    r"protocol|case|report|registration|questionnaire|interviews|thesis) (?:of|on|with|in|comparing)\b"
)


def _states_aim(said: Collection[str]) -> bool:
    """Whether the words are those of an aim."""
    return not _AIMS.isdisjoint(said) or (
        ("to" in said and not _TO.isdisjoint(said)) or not (_THIS.isdisjoint(said) or _STUDY.isdisjoint(said))
    )


def _states_deed(lower: str, said: Collection[str]) -> bool:
    """Whether a sentence says what was done, to how many, or begins with the kind of study."""
    was, whom = not _WAS.isdisjoint(said), not _WHO.isdisjoint(said)
    return (
        not _DID.isdisjoint(said)
        or (was and (whom or not _DONE.isdisjoint(said)))
        or (whom and _NUMBER.search(lower) is not None)
        or ("year" in said and "old" in said)
        or (not _STUDY.isdisjoint(said) and _KIND.match(lower) is not None)
    )


def is_registration(record: Record) -> bool:
    """Whether the record is a registry's."""
    return any("registration" in kind.casefold() for kind in record.publication_types)


def own(title: Sentence, abstract: Sequence[Sentence], *, all_is_own: bool) -> Iterator[Sentence]:
    """The sentences in which an abstract tells of its own study, not of what is known or to be done.

    Background and objective count where they state the aim; what stands under no heading, from the first sentence that
    states an aim or a deed (abstracts go from what is known to what was done: IMRaD). ``all_is_own`` of a registration,
    and all is of a review whose abstract states neither: it tells what it covers.
    """
    begun = all_is_own
    for sentence in abstract:
        part = sentence.part
        if part is Part.NOTES:
            continue
        if part in _BEFORE or (part is Part.UNSTATED and not begun):
            said = words(sentence.lower)
            if not _states_aim(said) and (part in _BEFORE or not _states_deed(sentence.lower, said)):
                continue
        begun = True
        yield sentence
    if not begun and "review" in title.lower:
        yield from (sentence for sentence in abstract if sentence.part is Part.UNSTATED)
