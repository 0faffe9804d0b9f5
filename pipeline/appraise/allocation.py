"""Whether a study allocated people at random, from the words with which it says so.

CONSORT asks for "randomised" in the title (1a) and for how participants were allocated in the abstract (Hopewell 2008);
the Cochrane Highly Sensitive Search Strategy takes "randomized", "randomly" and "placebo" as the words of trials.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.appraise.population import ANIMALS
from pipeline.appraise.reading import Sentence
from pipeline.appraise.wording import Place
from pipeline.appraise.words import words

# Randomness of other things than groups: samples, statistics, genetics.
_OTHERWISE = re.compile(
    r"random(?:i[sz]ed|i[sz]ation|ly)?[ -](?:effects?|forests?|fields?|mutagen|walk|sampl|number|digit|dot|intercept|"
    r"regress|selec|chose|draw|moving|errors?|start|access|survey|population|blood|cases|orient|distribut(?!ed (?:in|"
    r"to|among|between))|allele|coefficient|x|plasma|urine|glucose|prime|coil|variation|fluctuat|noise|pattern|events?|"
    r"visits?|obtain|taken|picked|recruit|identified|approached|protocol|data\b)"
)
_DENIED = re.compile(r"(?:\bnon|\bnot|\bquasi|\bpost|\bpre|\bun|pseudo|mendelian|without|lack of)[ -]?$")
# As done: "randomly assigned", "randomised to", "random order"; not "a randomised trial".
_DONE = re.compile(
    r"random(?:ly\b|i[sz]ed\b(?!,? (?:[\w-]+,? ){0,5}?(?:trials?|stud(?:y|ies)|design|comparison|experiment|"
    r"investigation|evaluation|rcts?|controlled|clinical)\b)(?! (?:double|single|placebo|cross)|, |\.)|"
    r"(?:i[sz]ed)? (?:order|allocation|assignment|sequence)|i[sz]ation\b)(?: (?:assigned|allocated|divided|given|to|"
    r"into|between)\b)?"
)
_RANDOM = re.compile(r"random\w*")
_DONE_BEFORE = re.compile(r"(?:(?:were|was) (?:then |all |subsequently |also )?|(?:assigned|allocated|divided) at )$")
# As named: "a randomised, double-blind, crossover trial".
_NAMED = re.compile(
    r"randomi[sz]ed?(?:[,-]? [\w/-]+){0,6}?[,-]? (?:trial|study|design|comparison|crossover|cross-over|experiment|rct|"
    r"investigation|evaluation|manner|fashion|groups?)\b(?: (?:trial|study|design)\b)?(?! (?:protocol|data)\b)|"
    r"randomi[sz]ed[, -]+(?:controlled|double|single|placebo|cross)[\w-]*(?! (?:[\w-]+ ){0,3}?(?:trials|studies|"
    r"data)\b)"
)
# Two or three trials of one article: "Two randomised trials of cupping", "we conducted two randomised trials".
_SEVERAL = re.compile(r"randomi[sz]ed(?:,? [\w/-]+){0,6}? (?:trials|studies)\b")
_SEVERAL_BEFORE = re.compile(r"(?:^|: |\b(?:conducted|performed|did|in) (?:these )?)(?:two|three|2|3) [^.;:]{0,50}$")
# Words before a trial that is not the one told of: wished for, another, or the source of data.
_ANOTHER = re.compile(
    r"\b(?:(?:further|future|larger|previous(?:ly)?|prior|earlier|recent|published|several|few|many|most|numerous|"
    r"other|no|nested|available)\b[^.;]{0,40}|(?:needs?|needed|warrant(?:s|ed)?|required|justif(?:y|ies)|"
    r"planning|plan|recommend|propose|should|would|data (?:from|of)|"
    r"participating in|participants in|recorded in|analysis|work)\b[^.;]{0,70})$"
)
# The same by words behind it: "a randomised trial is warranted", "... has never been done".
_WISHED = re.compile(
    r"[^.;]{0,80}?\b(?:(?:is|are|seems?|appears?|now) (?:\w+ )?(?:warranted|required|needed|justified|recommend\w*|"
    r"necessary|planned|feasible|lacking|called for)|should (?:follow|be)|(?:has|have) (?:never|not) been|would be|"
    r"will be needed)\b"
)
# Blinded against placebo, or crossed over: how randomised trials were named before CONSORT.
_BLINDED = re.compile(
    r"double[- ](?:blind|mask)(?:ed)?\b[^.;]{0,60}\b(?:placebo|cross-?over|sham)|(?:placebo|cross-?over|"
    r"sham)\b[^.;]{0,60}\bdouble[- ](?:blind|mask)(?:ed)?\b"
)
# What else is said of a trial before those words.
_MODIFIERS = re.compile(
    r"(?:(?:in )?(?:this|our) |an? )?(?:(?:pilot|feasibility|exploratory|preliminary|prospective|pragmatic|"
    r"multi-?cent(?:er|re)|single-cent(?:er|re)|(?:two|three|four)-arm|parallel(?:-group)?|cluster|stratified|"
    r"phase [\w/]+|(?:double|single|triple|assessor|observer|patient|evaluator|rater)[- ](?:blind|mask)(?:ed)?|"
    r"open(?:-label)?|placebo-controlled|sham-controlled|controlled|cross-?over|international|large|small|"
    r"clinical)(?:,? and|,)?[ -]){0,8}$"
)
_NEAR = 90  # characters in which words before stand


def allocation(sentences: Iterable[Sentence]) -> Place | None:
    """The sentence, and the place in it, that says that groups of people, or the order of treatments, were random.

    Where no sentence says so, the place that says that a trial was double-blind against placebo or crossed over.
    """
    held = [
        sentence
        for sentence in sentences
        if ("random" in sentence.lower or "double" in sentence.lower) and ANIMALS.isdisjoint(words(sentence.lower))
    ]
    for find in (_random, _BLINDED.search):
        for sentence in held:
            if found := find(sentence.lower):
                return sentence, _whole(sentence.lower, found)
    return None


def _random(lower: str) -> re.Match[str] | None:
    """Where a sentence says that something of its own study was random."""
    for at in _places(lower):
        before = max(0, at - _NEAR)
        if _OTHERWISE.match(lower, at) or _DENIED.search(lower, before, at):
            continue
        done = _DONE.match(lower, at)
        if done or _DONE_BEFORE.search(lower, before, at):
            return done or _RANDOM.match(lower, at)
        named = _NAMED.match(lower, at)
        if named and not _ANOTHER.search(lower, before, at) and not _WISHED.match(lower, named.end()):
            return named
        if (several := _SEVERAL.match(lower, at)) and _SEVERAL_BEFORE.search(lower, before, at):
            return several
    return None


def _places(lower: str) -> Iterator[int]:
    """Where "random" stands."""
    at = lower.find("random")
    while at >= 0:
        yield at
        at = lower.find("random", at + 1)


def _whole(lower: str, found: re.Match[str]) -> slice:
    """The place with the words before it that belong to it: "a pilot, double-blind randomised trial"."""
    before = max(0, found.start() - _NEAR)
    start = _DONE_BEFORE.search(lower, before, found.start()) or _MODIFIERS.search(lower, before, found.start())
    return slice(start.start() if start else found.start(), found.end())
