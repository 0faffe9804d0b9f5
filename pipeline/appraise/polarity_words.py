"""What words say of an effect, in the English of abstracts."""

from collections.abc import Iterator
from enum import IntEnum, auto


class Sign(IntEnum):
    """What a word says of an effect."""

    GAIN = auto()  # improved, effective, superior
    LOSS = auto()  # worse, inferior, detrimental
    RISE = auto()  # increased, higher: a gain or a loss, by what there is more of
    FALL = auto()  # reduced: likewise, and a gain where that is not known, as what is treated is unwanted
    FEWER = auto()  # lower, less: likewise, and nothing where that is not known
    HOPE = auto()  # option, promising, supports: a gain where nothing else is said
    CONTRAST = auto()  # difference, effect: says something when denied
    LINK = auto()  # likewise; and what goes with a risk does not cause it
    SIGNIFICANT = auto()  # likewise, also of what stands before it: "the gain was not significant"
    SAME = auto()  # similar, comparable, ineffective
    DOUBT = auto()  # insufficient, inconclusive
    NOT = auto()
    BE = auto()  # was, did: before a denial of what stands before
    NEITHER = auto()  # denies what is farther away, too
    HEDGE = auto()  # may, could: makes a claim a hope
    TO = auto()  # to, for: likewise, as an aim
    ASKED = auto()  # whether, further: what follows is not known
    AS = auto()  # "as effective as"
    TURN = auto()  # but, however
    WANTED = auto()  # survival, function: more of it is better
    UNWANTED = auto()  # pain, mortality: less of it is better
    SAFETY = auto()  # toxicity, tolerated
    PLACE = auto()  # lower limbs are not less
    BASELINE = auto()  # what groups are like before treatment


# Verbs in their base form, and all other words as they stand: stems would take inhibitors for what inhibits, those whom
# a study identifies for the identical, and cognitive decline for a fall; "in favour of" and "slow" are no verbs.
_VERBS = {
    Sign.GAIN: (
        "improve alleviate relieve ameliorate mitigate attenuate prevent restore benefit outperform inhibit suppress "
        "promote protect"
    ),
    Sign.LOSS: "worsen deteriorate aggravate exacerbate",
    Sign.RISE: "increase enhance prolong elevate raise",
    Sign.FALL: "reduce decrease lessen minimize minimise",
    Sign.CONTRAST: "differ affect influence change alter impact",
    Sign.HOPE: "support recommend help",
    Sign.NOT: "fail lack",
}
_WORDS = {
    Sign.GAIN: (
        "improvement improvements improving effective effectively efficacious superior superiority better benefits "
        "beneficial advantage advantages advantageous relief alleviation amelioration prolongation successful "
        "successfully noninferior non-inferior noninferiority non-inferiority enhancement eases eased slows slowed "
        "delays delayed reverses reversed rescues rescued favors favored favours favoured"
    ),
    Sign.LOSS: "worse worsening harmed inferior harmful detrimental deleterious poorer deterioration",
    Sign.RISE: "higher greater longer larger increases increasing rose risen prolonging",
    Sign.FALL: "reduction reductions reducing decreases decreasing fell fallen dropped declined lowers lowered",
    Sign.FEWER: "lower fewer less shorter lesser slower smaller",
    Sign.HOPE: (
        "efficacy effectiveness option options promising promise helpful useful valuable feasible alternative viable "
        "suitable adjunct justified recommended preferable worthwhile"
    ),
    Sign.CONTRAST: ("difference differences different effect effects changes impact"),
    Sign.LINK: "associated association associations related linked factor factors",
    Sign.SIGNIFICANT: "significant significantly significance",
    Sign.SAME: (
        "similar similarly comparable comparably equivalent equivalence equal equally identical ineffective "
        "nonsignificant non-significant futility unaffected unchanged"
    ),
    Sign.DOUBT: "insufficient inconclusive unclear uncertain unproven equivocal",
    Sign.NOT: (
        "not no never without failing lacking cannot unable unlikely didn't doesn't don't couldn't wasn't weren't "
        "little hardly"
    ),
    Sign.BE: "was were is are has have did does could",
    Sign.NEITHER: "neither nor none",
    Sign.HEDGE: "may might could would potential potentially possible possibly seems appears trend trends tendency",
    Sign.TO: "to for",
    Sign.ASKED: "whether further future if",
    Sign.AS: "as",
    Sign.TURN: "but however although though whereas while despite yet except nevertheless ;",
    Sign.WANTED: (
        "survival quality function functioning functional strength mobility remission ability "
        "adherence recovery performance balance gait memory sleep freedom healing mood "
        "pfs os dfs efs orr"
    ),
    Sign.UNWANTED: (
        "risk risks mortality death deaths pain recurrence recurrences relapse relapses incidence events event symptom "
        "symptoms fatigue spasticity severity progression bleeding infection infections depression depressive "
        "anxiety lesion lesions hazard disability inflammation discomfort nausea vomiting hospitalization "
        "hospitalizations hospitalisation hospitalisations morbidity"
    ),
    Sign.PLACE: "extremity extremities limb limbs urinary back leg legs",
    Sign.BASELINE: "baseline",
    Sign.SAFETY: (
        "adverse toxicity toxicities toxic safety tolerability tolerated tolerable side-effects complication "
        "complications safe aes unwanted"
    ),
}


def _signs() -> Iterator[tuple[str, Sign]]:
    """Every word with its sign, nouns above verbs: the change, and to change."""
    for sign, verbs in _VERBS.items():
        for verb in verbs.split():
            yield from ((form, sign) for form in (verb, f"{verb}s", f"{verb.removesuffix('e')}ed"))
    for sign, words in _WORDS.items():
        yield from ((word, sign) for word in words.split())


# Also with what may stand behind a word: they are looked up as blanks part them, which is fastest.
SIGNS = {word + behind: sign for word, sign in _signs() for behind in ("", ",", ".", ")")}
"""Words in lower case, and what they say of an effect."""
