"""What titles in other languages than English call a study design."""

from pipeline.appraise.reading import folded
from pipeline.appraise.words import words
from pipeline.model import Design, Fact, Record

# In the order in which they decide: German, French, Spanish, Portuguese, Italian, Chinese, Korean, Persian.
_NAMES = (
    (
        Design.PROTOCOL,
        (
            "studienprotokoll",
            "protocole d'",
            "protocolo de",
            "protocollo di studio",
            "研究方案",
            "연구 프로토콜",
            "پروتکل",
        ),
    ),
    (
        Design.SYSTEMATIC_REVIEW,
        (
            *(
                "systematische übersicht",
                "systematisches review",
                "systematischer review",
                "metaanalyse",
                "revue systématique",
            ),
            *(
                "méta-analyse",
                "revisión sistemática",
                "metaanálisis",
                "meta-análisis",
                "revisão sistemática",
                "metanálise",
            ),
            *("meta-análise", "metanalisi", "revisione sistematica", "系统评价", "系统综述", "meta分析", "meta 分析"),
            *("荟萃分析", "체계적 문헌고찰", "메타분석", "مرور سیستماتیک", "مرور نظام", "متاآنالیز", "فراتحلیل"),
        ),
    ),
    (
        Design.CASE_REPORT,
        (
            *(
                "fallbericht",
                "kasuistik",
                "cas clinique",
                "à propos d'un cas",
                "caso clínico",
                "reporte de caso",
                "caso clinico",
            ),
            *(
                "reporte de un caso",
                "informe de un caso",
                "relato de caso",
                "病例报告",
                "个案报道",
                "1例",
                "一例",
                "증례",
            ),
            *("گزارش مورد", "گزارش یک مورد"),
        ),
    ),
    (
        Design.NONRANDOMIZED_TRIAL,
        (
            *("nicht randomisiert", "nicht-randomisiert", "nichtrandomisiert", "non randomisé", "no aleatorizad"),
            *("não randomizad", "non randomizzat", "非随机", "비무작위"),
        ),
    ),
    (
        Design.RCT,
        (
            *(
                "randomisierte",
                "essai randomisé",
                "essai contrôlé randomisé",
                "essai clinique randomisé",
                "ensayo aleatorizado",
            ),
            *(
                "ensayo clínico aleatorizado",
                "controlado aleatorizado",
                "ensaio clínico randomizado",
                "ensaio randomizado",
            ),
            *(
                "studio randomizzato",
                "trial randomizzato",
                "controllato randomizzato",
                "随机对照",
                "随机平行",
                "무작위",
            ),
            *("کارآزمایی بالینی تصادفی", "تصادفی"),
        ),
    ),
    (
        Design.SURVEY,
        ("umfrage", "befragung", "enquête", "encuesta", "inquérito", "indagine", "问卷调查", "설문"),
    ),
    (
        Design.NARRATIVE_REVIEW,
        (
            "übersichtsarbeit",
            "revue de la littérature",
            "revisión de la literatura",
            "综述",
            "研究进展",
            "研究现状",
            "研究概况",
            "مرور",
        ),
    ),
)
# The first words of those names that a title in plain ASCII may hold: most titles are English, and need no search.
_FIRST_WORDS = frozenset(name.split()[0] for _, names in _NAMES for name in names if name.isascii())


def design_elsewhere(record: Record) -> Fact[Design] | None:
    """The design that a title in another language names, or the title in the language of the article."""
    for field, title in (("title", record.title), ("vernacular_title", record.vernacular_title)):
        lower = folded(title)
        if lower.isascii() and _FIRST_WORDS.isdisjoint(words(lower)):
            continue
        for value, names in _NAMES:
            for name in names:
                at = lower.find(name)
                if at >= 0:
                    return Fact(value, title[at : at + len(name)], field, record.key)
    return None
