"""How designs stand to each other: which says more than which, what casts a doubt on one, and what is no dispute."""

import re

from pipeline.model import Design

MORE_EXACT_IN_TITLE = {
    Design.PROTOCOL: {Design.RCT, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.OBSERVATIONAL},
    Design.SYSTEMATIC_REVIEW: {Design.RCT, Design.NARRATIVE_REVIEW},
}
"""What a title may say more exactly than the type: NLM types a protocol by what it plans, and many a systematic review
as a review."""

MORE_EXACT_IN_ABSTRACT = {Design.RCT: {Design.PROTOCOL}, Design.NARRATIVE_REVIEW: {Design.SYSTEMATIC_REVIEW}}
"""What an abstract may say more exactly than type and title: a trial whose patients "will be randomised" is a plan."""

TALK = frozenset({"comment", "letter", "news", "editorial"})
"""Types of pieces about a study; they have the study's words in their title."""

TALKS = re.compile(
    r"(?:comments? (?:on|to)\b|commentary\b|re: |reply\b|in reply\b|authors?['\u2019]? (?:reply|response)|"
    r"response to\b|"
    r"letter(?:s)? to the editor|correspondence\b|editorial\b|expression of concern\b)"
)
"""How the titles of such pieces begin."""

DOUBTS = {
    Design.RCT: re.compile(
        r"\bsecondary (?:analysis|outcomes?|data)|\bpost[- ]?hoc\b|\bancillary|rationale|process evaluation|"
        r"qualitative (?:study|research|analysis|interview)|\bnested\b|\blessons\b|\breview\b|"
        r"\b(?:study|trial) protocol|\bfollow-?up (?:of|on) (?:an?|the)\b|\b(?:of|from|in|across|"
        r"on) (?:[\w-]+ ){0,4}?trials\b"
    ),
    Design.SURVEY: re.compile(r"literature|guidelines|evidence|methods|studies"),
    Design.NARRATIVE_REVIEW: re.compile(r"system(?:at)?ic|meta-anal"),
}
"""Words in a title beside which others do not name the design: a part of a trial or a look at many is not the trial, a
survey of the literature asks nobody, and a review of trials may be a systematic one. What a trial costs is told of the
whole trial (CHEERS): NLM types it as one."""

DOUBTS_IN_ABSTRACT = {
    Design.RCT: re.compile(r"\bpooled\b|\bretrospective(?:ly)? analy|\bpost[- ]?hoc analysis of\b"),
    Design.CASE_REPORT: re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|\d\d+) (?:(?!previous|report|"
        r"publish)[\w-]+ ){0,4}?(?:patients|cases|subjects|participants|children|women|men)\b|\bn ?= ?\d"
    ),
    Design.NARRATIVE_REVIEW: re.compile(r"\bdatabases?\b|were searched|prisma|systematic(?:ally)? (?:review|search)"),
}
"""Words of an abstract beside which others do not name the design: trials that are pooled or looked at again are no
trial, several people are no case, and a review that searched databases may be a systematic one."""

NOT_A_DISPUTE = frozenset(
    frozenset(pair)
    for pair in (
        *((design, design) for design in Design),
        (Design.SURVEY, Design.OBSERVATIONAL),
        (Design.CASE_REPORT, Design.OBSERVATIONAL),
        (Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL),
        (Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW),
        (Design.CASE_REPORT, Design.NARRATIVE_REVIEW),
        *((Design.GUIDELINE, basis) for basis in (Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW)),
        *((notice, about) for notice in (Design.ERRATUM, Design.RETRACTION_NOTICE) for about in Design),
        *((plan, planned) for plan in (Design.PROTOCOL, Design.REGISTRATION) for planned in Design),
    )
)
"""Pairs of designs of which one is finer or coarser than the other, or is about the other: a survey is observational, a
notice and a plan have the words of the study."""
