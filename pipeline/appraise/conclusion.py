"""The authors' conclusion: one sentence, in their own words."""

import re
from collections.abc import Iterator, Sequence

from pipeline.appraise.reading import Reading
from pipeline.appraise.sentences import sentences
from pipeline.model import Fact, Section

# Headings of structured abstracts that announce what the authors conclude (NLM groups them as CONCLUSIONS).
_HEADING = re.compile(
    r"(?:(?:authors?'?|reviewers?'?|main|overall|summary and|discussion and|discussion/|results and)\s*)?"
    r"(?:conclusions?|interpretation)\b",
    re.IGNORECASE,
)
# The same headings inside a paragraph, as feeds and some publishers print them.
_INLINE = re.compile(
    r"(?:^|(?<=[.!?;)]\s))(?:CONCLUSIONS?|Conclusions?|INTERPRETATION)(?:\s*/\s*\w+|\sand \w+)?\s?[:.\u2014]\s*(?=\S)"
)
# How authors open a concluding sentence where no heading does. "The results showed" opens results just as well.
_MARKER = re.compile(
    r"in (?:conclusion|summary)\b|(?:we|the authors?) conclude\b|it (?:is|was|can be|may be) concluded\b|"
    r"(?:taken )?together, (?:these|our)\b|overall, (?:these|our)\b|"
    r"(?:these|our) (?:preliminary )?(?:results?|findings?|data) (?:suggest|indicate|show|demonstrate|support)\b|"
    r"the (?:results?|findings?|data)(?: of th(?:is|e present) (?:study|trial|review))? (?:suggest|support)\b|"
    r"(?:this|the present) (?:study|trial|review|meta-analysis) (?:suggests|indicates|shows|demonstrates|supports)\b",
    re.IGNORECASE,
)
# What only a concluding sentence says when it is the last one: an inference, a judgement with its hedge. A call for
# more research concludes nothing.
_CLOSING = re.compile(
    r"(?!(?:further|more|future|larger|additional)\b)(?:(?:thus|therefore|hence|accordingly)\b|"
    r"(?:this|the present|the current|our) (?:\w+ ){0,2}(?:study|trial|review|analysis) "
    r"(?:provides|confirms|offers|adds)\b|"
    r".*\b(?:may|might|could|appears? to|seems? to|should) "
    r"(?:be|have|provide|offer|represent|improve|reduce|help|ease|relieve)\b)",
    re.IGNORECASE,
)
_STATISTIC = re.compile(r"\bp\s?[=<>\u2264]", re.IGNORECASE)
# Lines that publishers append to an abstract.
_ADMINISTRATIVE = re.compile(
    r"(?:clinical )?trials? regist|registration\b|registered\b|clinicaltrials|fund(?:ing|ed)\b|"
    r"(?:this (?:study|trial|work|research) (?:was|is|has been) )?(?:prospectively |retrospectively )?"
    r"(?:registered|funded|supported)|"
    r"(?:NCT|ISRCTN|ChiCTR|PROSPERO|CRD)\W?\d|PROSPERO\b|copyright|\u00a9|https?://|level of evidence|"
    r"classification of evidence|(?:key ?words?|trial)\s*:|unique identifier|current controlled trials|please cite",
    re.IGNORECASE,
)


def conclusion(read: Sequence[Reading]) -> Fact[str] | None:
    """What the authors conclude, from the first record (best first) whose abstract shows where they say it."""
    ranked = [reading.record for reading in read]
    for record in ranked:
        for sentence in _candidates(record.abstract):
            return Fact(sentence, sentence, "abstract", record.key)
    return None


def _candidates(abstract: Sequence[Section]) -> Iterator[str]:
    """Sentences that may be the conclusion, the most certain first."""
    for section in abstract:
        if _HEADING.match(section.label.lstrip("[( ")):
            yield from _findings(section.text)
    for section in abstract:
        if heading := _INLINE.search(section.text):
            yield from _findings(section.text[heading.end() :])
    if len(abstract) == 1:
        ending = [sentence for sentence in list(_findings(abstract[0].text))[-3:] if not _STATISTIC.search(sentence)]
        yield from (sentence for sentence in reversed(ending) if _MARKER.match(sentence))
        yield from (sentence for sentence in ending[-1:] if _CLOSING.match(sentence))


def _findings(text: str) -> Iterator[str]:
    """The sentences of a text that are not about registration, funding or copyright."""
    return (sentence for sentence in sentences(text) if not _ADMINISTRATIVE.match(sentence))
