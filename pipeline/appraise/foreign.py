"""The same values in titles in zh, ko, fa, de, fr, es, pt and it (BCP 47 tags): the words as they stand there."""

import re
from collections.abc import Iterator, Mapping

from pipeline.appraise.reading import folded
from pipeline.model import Fact, Record

_ENGLISH = ((), ("eng",), ("en",))

# Patterns for lower case, without the ends of words: endings differ, and some of these languages put no blanks between
# words. They are compiled when first used: most titles are English.
INTERVENTIONS = {
    "auricular": r"耳针|耳針|耳穴|이침|ohrakupunktur|aurikulo|auriculoth|auriculoter|auricoloter",
    "scalp": r"头针|頭針|头皮针|頭皮針|두침|sch\u00e4delakupunktur|craneopuntura|craniopuntura",
    "laser": r"激光针|激光穴位|laserakupunktur|laser[- ]?(?:acupunt|agopunt)",
    "bee_venom": r"蜂毒|蜂针|蜂針|蜂疗|蜂療|봉독|봉침|زهر زنبور|bienengift|bienenstich|venin d.abeille|"
    r"veneno de abe(?:ja|lha)|veleno d.ap|apiterap",
    "acupoint_injection": r"穴位注射|水针|약침",
    "acu_tens": r"经皮穴位电刺激|經皮穴位電刺激",
    "electroacupuncture": r"电针|電針|전침|الکتروآکوپانکچر|elektro-?akupunktur|\u00e9lectro-?acup|"
    r"electro-?acupunt|eletro-?acupunt|elettro-?agop",
    "manual_acupuncture": r"manuelle akupunktur|acupuncture manuelle|acupuntura manual|agopuntura manuale",
    "acupressure": r"指压|指壓|穴位按|지압|طب فشاری|akupressur|acupress(?:ion|\u00e3o|ione)|acupresi\u00f3n|"
    r"digitop(?:untura|ress)",
    "moxibustion": r"艾灸|温针|溫針|뜸|moxibusti(?:\u00f3n|one)|moxabust\u00e3o|moxatherap",
    "dry_needling": r"干针|乾針|건침|سوزن خشک|punci\u00f3n seca|agulhamento (?:a )?seco|ago secco|"
    r"puncture s\u00e8che",
    "cupping": r"拔罐|부항|حجامت|بادکش|schr\u00f6pf|ventouse|ventosa|coppettazione",
    # the words that name acupuncture and moxibustion together stand for the field
    "other": r"针刺|針刺|针灸|針灸|金针|毫针|体针|火针|揿针|皮内针|浮针|埋线|针药|"
    r"체침|침술|침구|침 ?치료|طب سوزنی|akupunktur|acupuntura|agopuntura|acuponcture",
}
OUTCOMES = {
    "spasticity": r"痉挛|痙攣|경직|강직|اسپاس|spastik|spasticit|espasticid",
    "mobility_balance": r"平衡功能|步态|步態|步行|균형|보행|تعادل|راه رفتن|gangst\u00f6rung|gleichgewicht|"
    r"gehf\u00e4hig|\u00e9quilibre|equilibrio|equil\u00edbrio|\bla marche|\bmarcha\b|andatura|deambula",
    "bladder": r"膀胱|排尿|尿失禁|尿潴留|방광|배뇨|요실금|مثانه|ادرار|\bblase|v\u00e9sical|v\u00e9sicau|vejiga|"
    r"vesical|bexiga|vescica|urin\u00e1ri",
    "bowel": r"便秘|肠功能|변비|배변|یبوست|verstopfung|obstipation|estre\u00f1imiento|obstipa\u00e7|stitichezza|"
    r"stipsi",
    "pain": r"疼痛|통증|درد|schmerz|douleur|\bdolor|\bdor(?:es)?\b|dolore",
    "fatigue": r"疲劳|疲勞|피로|خستگی|m\u00fcdigkeit|fatiga|fadiga|affaticamento|\bfatica\b",
    "quality_of_life": r"生活质量|生活質量|生存质量|삶의 질|کیفیت زندگی|lebensqualit|qualit\u00e9 de vie|"
    r"calidad de vida|qualidade de vida|qualit\u00e0 (?:della|di) vita",
    "sleep": r"睡眠|失眠|수면|불면|خواب|\bschlaf|sommeil|insomnio|ins\u00f4nia|insonnia|\bsue\u00f1o|\bsono\b|"
    r"\bsonno\b",
    "mood": r"抑郁|抑鬱|焦虑|焦慮|우울|불안|افسردگی|اضطراب|d\u00e9pression|anxi\u00e9t\u00e9|depresi\u00f3n|"
    r"ansiedad|depress\u00e3o|depressione|\bansia\b",
    "sexual_function": r"性功能|성기능|جنسی|sexuelle? (?:dys)?funktion|fonction sexuelle|funci\u00f3n sexual|"
    r"fun\u00e7\u00e3o sexual|funzione sessuale",
    "cognition": r"认知|認知|인지|شناختی|kognit|cognitif|cognitiv[oa]|m\u00e9moire|ged\u00e4chtnis",
    "sensory": r"麻木|感觉障碍|视力|視力|감각|시력|taubheit|sensibilit\u00e4t|engourdissement|entumecimiento",
    "disability": r"残疾|殘疾|神经功能缺损|ناتوانی|behinderung|\bhandicap|discapacidad|incapacidade|"
    r"disabilit\u00e0",
    "relapse": r"复发率|復發率|재발|عود بیماری|\bschubrate|pouss\u00e9es|recaída|ricadut",
    "immune_markers": r"细胞因子|細胞因子|白细胞介素|白介素|사이토카인|سایتوکاین|اینترلوکین|zytokin|citoquin|"
    r"citocin|cytokin|\bil-\d|\bifn-|\btnf-|\bth17|\bmcp-1",
    "safety": r"安全性|不良反应|不良反應|안전성|부작용|عوارض جانبی|sicherheit|nebenwirkung|s\u00e9curit\u00e9|"
    r"seguridad|seguran\u00e7a|sicurezza",
}


def foreign(record: Record, words: Mapping[str, str]) -> Iterator[Fact[str]]:
    """What a title names that is not English, and what the original title does."""
    titles = [("vernacular_title", record.vernacular_title)]
    if record.languages not in _ENGLISH or not record.title.isascii():
        titles.append(("title", record.title))
    for field, title in titles:
        if title:
            lower = folded(title)
            for value, pattern in words.items():
                if found := re.search(rf"(?:{pattern})[a-z\u00df-\u00ff]*", lower):
                    yield Fact(value, title[found.start() : found.end()], field, record.key)
