"""The authors' conclusion: one sentence, in their own words.

Where an abstract has headings, it stands under the one for it. Where they are lost, the abstract still has the order
that CONSORT, PRISMA and STROBE give it: conclusions come last, before registration and funding.
"""

import re
from collections.abc import Sequence

from pipeline.appraise.back_matter import is_back_matter, said, without_back_matter
from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.appraise.words import any_in
from pipeline.model import Fact

# How authors say that they conclude. "The results showed" opens results just as well.
_CONCLUDES = re.compile(
    r"(?:in|as a) (?:conclusion|summary)\b|(?:to conclude|conclusions?|taken together|altogether|collectively)\b|"
    r"(?:we|the authors?) (?:therefore |thus )?conclude|it (?:is|was|can be|may be) concluded\b"
)
_INFERS = re.compile(
    r"(?:(?:the|these|this|our|present|current|preliminary|main) ){1,3}"
    r"(?:results?|findings?|data|observations?|evidence|study|trial|review|meta-analysis|analysis|work)"
    r"(?: (?:of|from) (?:this|the present|our) (?:study|trial|review|analysis|meta-analysis))? "
    r"(?:(?:also|further|strongly|clearly|thus|therefore) )?"
    r"(?:suggest|indicate|support|imply|confirm|underline|highlight|provide evidence)"
)
# What concludes less than the judgement before it: a call for more research, the promise of a discussion.
_MORE = ("further ", "future ", "more ", "larger ", "additional ", "longer ", "discuss")
_CALLS = re.compile(
    r"(?:further|future|more|larger|additional|longer) [^.;]{0,60}(?:stud|trial|research|investigat|evaluat|work)|"
    r"we also discuss|(?:implications|limitations|directions) [^.;]{0,200}(?:are|is|were) discussed"
)
_JUDGES = re.compile(
    r"\b(?:thus|therefore|hence|accordingly|consequently|may|might|could|can|appears?|seems?|should|suggest\w*|is|are)\b"
)
_STATISTIC = re.compile(r"\bp\s?[=<>\u2264]|\bci\b|confidence interval|\u00b1|\bn ?= ?\d")
# An indicative abstract (ISO 214) says what the article is about, not what it finds.
_INDICATES = re.compile(
    r"(?:(?:in|this|the|present|here|current|our) ){1,3}(?:\w+ )?"
    r"(?:review|article|paper|chapter|overview|commentary),? (?:(?:we|also|will|briefly|aims|to) ){0,3}"
    r"(?:discuss|describ|summari[sz]|present|provides? an|review|cover|outline|explore|examine|include|focus)|"
    r"(?:here,? )?we (?:(?:also|briefly|have|will|then) ){0,2}(?:discuss|describe|summari[sz]e|review|outline)"
)
_INDICATED = re.compile(r" (?:are|is|will be) (?:(?:also|briefly|then) )?(?:discuss|review|outlin|summari[sz])ed\b")
_CUT_SHORT = ("...", "\u2026")
_ROOM = 5  # sentences: with fewer an abstract may end with results, and only a judgement is taken for a conclusion
_LAST_WORDS = 5  # sentences: what is said to conclude stands among them


def conclusion(read: Sequence[Reading]) -> Fact[str] | None:
    """What the authors conclude, from the first record (best first) whose abstract shows where they say it.

    Of a protocol that is what they say of their plan.
    """
    for reading in read:
        if found := _headed(reading.abstract) or _closing(reading.abstract):
            words = said(found)
            return Fact(words, words, "abstract", reading.record.key)
    return None


def _headed(abstract: Sequence[Sentence]) -> Sentence | None:
    """The first sentence under the authors' own heading for it."""
    headed = [sentence for sentence in abstract if sentence.part is Part.CONCLUSIONS]
    return next((sentence for sentence in headed if not is_back_matter(sentence)), None)


def _closing(abstract: Sequence[Sentence]) -> Sentence | None:
    """Of the last sentences the one that concludes most plainly; nothing from an abstract that breaks off."""
    body = without_back_matter(abstract)
    if len(body) < 2 or body[-1].text.endswith(_CUT_SHORT):
        return None
    *_, before, last = body
    if marked := [sentence for sentence in body[-_LAST_WORDS:] if _CONCLUDES.match(sentence.lower)]:
        return marked[-1]
    if _is_structured(body):
        return None  # and ends under a heading for something else
    inferred = _INFERS.match(before.lower) and not _INFERS.match(last.lower)
    if inferred or (_calls(last.lower) and _JUDGES.search(before.lower)):
        return last if _STATISTIC.search(before.lower) else before
    if len(body) < _ROOM and not _JUDGES.search(last.lower):
        return None
    return None if _INDICATES.match(last.lower) or _INDICATED.search(last.lower) else last


def _calls(lower: str) -> bool:
    """Whether a sentence asks for research or announces a discussion."""
    return any_in(_MORE, lower) and _CALLS.search(lower) is not None


def _is_structured(body: Sequence[Sentence]) -> bool:
    """Whether an abstract has headings: two, as a colon behind a word may look like one."""
    return body[-1].part is not Part.UNSTATED and len({sentence.part for sentence in body} - {Part.UNSTATED}) > 1
