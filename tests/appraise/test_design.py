"""Design: types first, then words that leave no doubt, then a method that is plain."""

from typing import Any

import pytest

from pipeline.appraise import appraise
from pipeline.model import Design, Fact, Record, Section
from tests.appraise.records import facts


@pytest.mark.parametrize(
    ("types", "design"),
    [
        (("Journal Article", "Randomized Controlled Trial"), Design.RCT),
        (("Systematic Review",), Design.SYSTEMATIC_REVIEW),
        (("Meta-Analysis", "Review"), Design.SYSTEMATIC_REVIEW),
        (("Practice Guideline",), Design.GUIDELINE),
        (("Clinical Trial Protocol", "Randomized Controlled Trial"), Design.PROTOCOL),
        (("Case Reports", "Review"), Design.CASE_REPORT),
        (("Observational Study",), Design.OBSERVATIONAL),
        (("Review",), Design.NARRATIVE_REVIEW),
        (("research-article", "review-article"), Design.NARRATIVE_REVIEW),
        (("Editorial",), Design.EDITORIAL),
        (("Comment", "Letter"), Design.EDITORIAL),
        (("Retraction of Publication",), Design.RETRACTION_NOTICE),
        (("Published Erratum",), Design.ERRATUM),
        (("Clinical Trial Registration",), Design.REGISTRATION),
    ],
    ids=str,
)
def test_type(types: tuple[str, ...], design: Design) -> None:
    """A publication type names the design, and is the evidence, word for word."""
    found = facts(publication_types=types).design
    assert found is not None
    assert (found.value, found.field, found.record) == (design, "publication_types", "pubmed:1")
    assert found.evidence in types


@pytest.mark.parametrize(
    ("title", "design", "words"),
    [
        (
            "Acupuncture in MS: a randomised, sham-controlled, pilot trial",
            Design.RCT,
            "a randomised, sham-controlled, pilot trial",
        ),
        ("A randomized controlled trial of acupressure", Design.RCT, "A randomized controlled trial"),
        ("Acupuncture for MS: a systematic review", Design.SYSTEMATIC_REVIEW, "systematic review"),
        ("Dry needling: meta-analysis of randomized controlled trials", Design.SYSTEMATIC_REVIEW, "meta-analysis"),
        ("Moxibustion in MS: study protocol for a randomized trial", Design.PROTOCOL, "study protocol"),
        ("Acupuncture: a protocol for a systematic review", Design.PROTOCOL, "a protocol for a systematic review"),
        ("Dry needling in MS: a case report", Design.CASE_REPORT, "a case report"),
        (
            "Acupuncture: a non-randomised controlled trial",
            Design.NONRANDOMIZED_TRIAL,
            "a non-randomised controlled trial",
        ),
        ("Use of acupuncture in MS: an online survey", Design.SURVEY, "an online survey"),
        ("Acupuncture in MS: a questionnaire-based study", Design.SURVEY, "questionnaire-based study"),
        ("Acupuncture and relapse: a cohort study", Design.OBSERVATIONAL, "cohort study"),
        ("Scalp acupuncture in MS: a case series", Design.OBSERVATIONAL, "case series"),
        ("Acupuncture in MS: a retrospective chart review", Design.OBSERVATIONAL, "retrospective chart review"),
        ("Acupuncture for MS: a narrative review", Design.NARRATIVE_REVIEW, "a narrative review"),
        ("Acupuncture and MS: a review of the evidence", Design.NARRATIVE_REVIEW, "a review"),
        ("A review of acupuncture in MS", Design.NARRATIVE_REVIEW, "A review of"),
        ("A randomized crossover study of bee stings", Design.RCT, "A randomized crossover study"),
        ("A case of MS treated with acupuncture", Design.CASE_REPORT, "A case of"),
        ("Summary of evidence-based guideline: acupuncture in MS", Design.GUIDELINE, "evidence-based guideline:"),
        ("Corrigendum to: A randomized trial of acupuncture", Design.ERRATUM, "Corrigendum to:"),
        ("Retraction: Acupuncture for MS", Design.RETRACTION_NOTICE, "Retraction:"),
    ],
)
def test_title(title: str, design: Design, words: str) -> None:
    """Without a type, the words of the title name it, and are the evidence."""
    found = facts(title).design
    assert found is not None
    assert (found.value, found.field) == (design, "title")
    assert found.evidence.startswith(words)
    assert found.evidence in title


@pytest.mark.parametrize(
    "title",
    [
        "Acupuncture for fatigue",
        "Secondary analysis of a randomised controlled trial of acupuncture",
        "Lessons from randomised controlled trials of acupuncture",
        "Acupuncture: a quasi-randomized trial",
        "A trial protocolled by nobody",
        "The treatment protocol of one clinic",
        "A case report form for acupuncture",
        "A survey of guidelines on MS, reviewed",
        "Acupuncture: a systemic review of the literature",
    ],
)
def test_doubt(title: str) -> None:
    """A title that leaves a doubt names no design."""
    assert facts(title).design is None


@pytest.mark.parametrize(
    ("title", "kind", "design"),
    [
        ("Acupuncture: study protocol for a trial", "Randomized Controlled Trial", Design.PROTOCOL),
        ("Protocol for a systematic review of acupuncture", "Systematic Review", Design.PROTOCOL),
        ("Acupuncture: a systematic review of trials", "Review", Design.SYSTEMATIC_REVIEW),
        ("Acupuncture: a meta-analysis of trials", "Randomized Controlled Trial", Design.SYSTEMATIC_REVIEW),
        ("On a randomised controlled trial of acupuncture", "Editorial", Design.EDITORIAL),
        ("Acupuncture: a randomised controlled trial", "Observational Study", Design.OBSERVATIONAL),
        ("Acupuncture: a systematic review", "Case Reports", Design.CASE_REPORT),
        ("Acupuncture: a review", "Comment", Design.EDITORIAL),
    ],
)
def test_type_and_title(title: str, kind: str, design: Design) -> None:
    """The type decides, but a title may name a protocol or a systematic review where the type is less exact."""
    found = facts(title, publication_types=(kind,)).design
    assert found is not None
    assert found.value is design


@pytest.mark.parametrize("kind", ["Letter", "News"])
def test_talk(kind: str) -> None:
    """A letter about a trial is not the trial, whether title or abstract name it."""
    words = "Sixty people were randomly assigned to acupuncture or sham."
    assert facts("Acupuncture: a randomised controlled trial", words, publication_types=(kind,)).design is None


@pytest.mark.parametrize(
    ("abstract", "design", "words"),
    [
        ("People with MS were randomly assigned to two groups.", Design.RCT, "were randomly assigned"),
        (
            "In this single-blind randomised trial 60 women took part.",
            Design.RCT,
            "In this single-blind randomised trial",
        ),
        (
            "It was a single-arm pilot trial, and we conducted a single-arm trial.",
            Design.NONRANDOMIZED_TRIAL,
            "It was a",
        ),
        ("In this online survey 98 people took part.", Design.SURVEY, "In this online survey"),
        ("An online survey was sent to members.", Design.SURVEY, "online survey was"),
        ("This retrospective cohort study looked at charts.", Design.OBSERVATIONAL, "This retrospective cohort study"),
        ("This retrospective case series looks back.", Design.OBSERVATIONAL, "This retrospective case series"),
        ("We report the case of a woman with MS.", Design.CASE_REPORT, "We report the case of"),
        ("We performed a systematic review of trials.", Design.SYSTEMATIC_REVIEW, "We performed a systematic review"),
        ("This review is about acupuncture.", Design.NARRATIVE_REVIEW, "This review"),
        ("Participants with MS will be randomly assigned.", Design.PROTOCOL, "Participants with MS will be randomly"),
        ("Rats with EAE were needled.", Design.ANIMAL, "Rats"),
    ],
)
def test_abstract(abstract: str, design: Design, words: str) -> None:
    """Without a type and a telling title, the words with which an abstract names its own method."""
    found = facts("Acupuncture in MS", abstract).design
    assert found is not None
    assert (found.value, found.field) == (design, "abstract")
    assert found.evidence.startswith(words)
    assert found.evidence in abstract


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Acupuncture in MS", "Earlier work is a randomised trial of 40 people."),
        ("Acupuncture in MS", "This randomised trial protocol was amended."),
        ("Acupuncture in MS", "Mice were randomly assigned; so were patients."),
        ("Acupuncture in MS", "This review searched databases."),
        ("Secondary analysis of acupuncture in MS", "People were randomly assigned to two groups."),
    ],
)
def test_doubt_in_abstract(title: str, abstract: str) -> None:
    """Other people's trials, animals beside people, reviews that may be systematic: no design."""
    assert facts(title, abstract).design is None


def test_background() -> None:
    """What the background tells of another trial does not name the design; the method's own heading does."""
    told = (Section("Sixty people were randomly assigned.", "BACKGROUND"), Section("We did as they did.", "METHODS"))
    assert facts(abstract=told).design is None
    found = facts(abstract=(Section("Single-blind randomised controlled trial.", "Design"),)).design
    assert found is not None
    assert found.value is Design.RCT


def test_abstract_over_title() -> None:
    """A trial whose participants will be randomised is a plan, and a review that was systematic is called so."""
    plan = facts("Acupuncture: a randomised trial", "Participants will be randomised to two groups.").design
    review = facts("Acupuncture: a review", "We conducted a systematic review.", publication_types=("Review",)).design
    assert plan is not None
    assert review is not None
    assert (plan.value, review.value) == (Design.PROTOCOL, Design.SYSTEMATIC_REVIEW)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://clinicaltrials.gov/study/NCT99900001", "NCT99900001"),
        ("https://trialsearch.who.int/Trial2.aspx?TrialID=IRCT20990101999999N1", "IRCT20990101999999N1"),
        ("https://example.org/study/NCT99900001", ""),
        ("https://clinicaltrials.gov/about", ""),
        ("https://[broken/NCT99900001", ""),
    ],
)
def test_registry_page(url: str, number: str) -> None:
    """A record that is a registry's page of one trial is a registration, and states its number."""
    found = facts("Acupuncture in MS", url=url)
    assert (found.design == Fact(Design.REGISTRATION, url, "url", "pubmed:1")) is bool(number)
    assert [fact.value for fact in found.registrations] == ([number] if number else [])


def test_animal_trial() -> None:
    """A randomised trial on rats is an animal study; a review of animal studies stays a review."""
    trial = facts("A randomised controlled trial of electroacupuncture in rats")
    assert trial.design == Fact(Design.ANIMAL, "rats", "title", "pubmed:1")
    review = facts("Acupuncture", mesh=("Animals",), publication_types=("Review",)).design
    assert review is not None
    assert review.value is Design.NARRATIVE_REVIEW
    assert facts("Bee venom and myelin in vitro").design == Fact(Design.IN_VITRO, "in vitro", "title", "pubmed:1")


def test_best_record() -> None:
    """The evidence is from the best record that states it, whatever the order."""
    feed = Record("feed", "x", "Acupuncture: a randomised controlled trial")
    pubmed = Record("pubmed", "1", "Acupuncture", publication_types=("Randomized Controlled Trial",))
    europepmc = Record("europepmc", "1", "Acupuncture", publication_types=("Randomized Controlled Trial",))
    assert appraise([feed, europepmc, pubmed]) == appraise([pubmed, feed, europepmc])
    found = appraise([feed, europepmc, pubmed]).design
    assert found is not None
    assert found.record == "pubmed:1"


@pytest.mark.parametrize(
    ("title", "design", "words"),
    [
        ("A pilot randomised crossover trial of cupping", Design.RCT, "A pilot randomised crossover trial"),
        ("Cupping: a double-blind, randomized trial", Design.RCT, "a double-blind, randomized trial"),
        ("Cupping: a randomised trial and qualitative evaluation", Design.RCT, "a randomised trial"),
        ("Two randomised phase 3 trials of cupping", Design.RCT, "randomised phase 3 trials"),
        ("Cupping and falls: a case-control study", Design.OBSERVATIONAL, "case-control study"),
        ("Moxibustion in MS: a scoping review", Design.SYSTEMATIC_REVIEW, "scoping review"),
        ("Rationale and design of a trial of cupping", Design.PROTOCOL, "Rationale and design"),
        ("Cupping in MS: a before-after study", Design.NONRANDOMIZED_TRIAL, "a before-after study"),
        ("Optic neuritis in a young woman after cupping", Design.CASE_REPORT, "in a young woman"),
        ("Akupunktur bei MS: eine randomisierte Studie", Design.RCT, "randomisierte"),
        ("Akupunktur bei MS: eine nicht randomisierte Studie", Design.NONRANDOMIZED_TRIAL, "nicht randomisiert"),
        ("Acupuncture et SEP : essai randomisé", Design.RCT, "essai randomisé"),
        ("Acupuntura en EM: ensayo aleatorizado", Design.RCT, "ensayo aleatorizado"),
        ("Acupuntura en EM: revisión sistemática", Design.SYSTEMATIC_REVIEW, "revisión sistemática"),
        ("Acupuntura na EM: relato de caso", Design.CASE_REPORT, "relato de caso"),
        ("Agopuntura nella SM: caso clinico", Design.CASE_REPORT, "caso clinico"),
        ("针刺治疗多发性硬化的随机对照试验", Design.RCT, "随机对照"),
        ("针刺治疗多发性硬化的Meta分析", Design.SYSTEMATIC_REVIEW, "Meta分析"),
        ("针刺治疗多发性硬化的系统评价", Design.SYSTEMATIC_REVIEW, "系统评价"),
        ("针刺治疗多发性硬化病例报告", Design.CASE_REPORT, "病例报告"),
    ],
)
def test_title_with_all_it_says(title: str, design: Design, words: str) -> None:
    """The evidence holds what else is said of the design; titles in other languages name it, too."""
    assert facts(title).design == Fact(design, words, "title", "pubmed:1")


def test_vernacular_title() -> None:
    """The title in the language of the article names the design where the English one does not."""
    found = facts("Acupuncture in MS", vernacular_title="Akupunktur bei MS: Fallbericht").design
    assert found == Fact(Design.CASE_REPORT, "Fallbericht", "vernacular_title", "pubmed:1")


@pytest.mark.parametrize(
    ("abstract", "words"),
    [
        ("We included 40 women. They were then randomized to cupping or sham.", "were then randomized to"),
        ("Forty women received cupping and sham in random order.", "random order"),
        ("Sixty men were assigned at random to three groups.", "assigned at random"),
        ("Sixty women were randomly distributed into two groups.", "were randomly"),
        ("Sixty women participated in a randomised trial of cupping.", "a randomised trial"),
        ("We did a multicentre, assessor-blinded randomised study in 40 men.", "a multicentre, assessor-blinded"),
        ("Ten men took part in a double-blind, placebo-controlled crossover.", "a double-blind, placebo"),
    ],
)
def test_allocation(abstract: str, words: str) -> None:
    """Groups, or the order of treatments, at random make a randomised trial, however it is said."""
    found = facts("Cupping in MS", abstract).design
    assert found is not None
    assert (found.value, found.field) == (Design.RCT, "abstract")
    assert found.evidence.startswith(words)


@pytest.mark.parametrize(
    "abstract",
    [
        "We sent letters to a random sample of 400 households.",
        "Forty women were randomly selected from a register of births.",
        "A random-effects model was used to compare the towns.",
        "Our results must be confirmed in a larger randomised controlled trial.",
        "Previous randomised trials were small.",
        "The towns were not randomised.",
    ],
)
def test_no_allocation(abstract: str) -> None:
    """Other things are random, too, and other people's trials are not this one."""
    found = facts("Weather and MS", abstract).design
    assert found is None or found.value is not Design.RCT


def test_part_of_a_trial() -> None:
    """A second look at a trial, and trials that are pooled, are neither the trial nor one without randomisation."""
    told = "Sixty people were randomly assigned to treatment with cupping or to placebo; treatment lasted ten weeks."
    assert facts("Post hoc analysis of cupping in MS", told).design is None
    assert facts("Cupping for treatment of fatigue", f"Data of two trials were pooled. {told}").design is None


def test_costs_of_a_trial() -> None:
    """A trial that counts costs is a trial."""
    found = facts("Costs of cupping in MS", "Sixty people were randomly assigned to cupping or to usual care.").design
    assert found == Fact(Design.RCT, "were randomly assigned", "abstract", "pubmed:1")


def test_case_of_an_animal() -> None:
    """What is told of one animal is an animal study."""
    found = facts("Needling in dogs: a case report", "A dog was lame. It was needled and walked again.").design
    assert found == Fact(Design.ANIMAL, "dogs", "title", "pubmed:1")


@pytest.mark.parametrize(
    "told",
    [
        "It is felt by 80% of those who have MS.",
        "It is rare (n = 3).",
        "Its implications are discussed. Significantly fewer fell. The authors drew a sample.",
    ],
)
def test_results_of_its_own(told: str) -> None:
    """Figures, samples and what the results imply are no review's, though sentences in the present surround them."""
    general = "Fatigue is common. It may be treated. It was mild. It had no cause."
    review = facts("Fatigue in MS", f"{general} The literature is rich.").design
    assert review is not None
    assert review.value is Design.NARRATIVE_REVIEW
    assert facts("Fatigue in MS", f"{general} {told}").design is None


@pytest.mark.parametrize(
    ("title", "types", "design"),
    [
        ("Effect of cupping on fatigue: a retrospective cohort study", (), Design.NONRANDOMIZED_TRIAL),
        ("Effect of cupping on fatigue: a cohort study", ("Observational Study",), Design.OBSERVATIONAL),
        ("Fatigue and sleep: a retrospective cohort study", (), Design.OBSERVATIONAL),
    ],
)
def test_observed_treatment(title: str, types: tuple[str, ...], design: Design) -> None:
    """Authors who watch what a treatment does study it without randomisation, in their own words; a type stands."""
    found = facts(title, "Twenty patients received cupping weekly. They slept.", publication_types=types).design
    assert found is not None
    assert found.value is design
    assert found.evidence in (types or title)


FEW_DEEDS = "Fatigue is common. It may be treated. It was mild."


@pytest.mark.parametrize(
    ("title", "told", "reviews"),
    [
        ("Fatigue in MS: epidemiology", "Fatigue is a burden of MS.", True),
        ("Fatigue in MS: an essay", "Fatigue is a burden of MS.", True),
        ("Fatigue in MS", "Fatigue is a burden of MS.", False),
        ("Fatigue in MS", FEW_DEEDS, True),
        ("Fatigue in participants with MS", FEW_DEEDS, False),
        ("Fatigue in MS: the experience of a clinic", FEW_DEEDS, False),
        ("Fatigue in MS", f"{FEW_DEEDS} It was studied. It was short.", False),
        ("Fatigue in MS", f"{FEW_DEEDS} It was studied. It was short, as recently found.", True),
    ],
)
def test_review_or_study(title: str, told: str, *, reviews: bool) -> None:
    """A title names the field of a review, or the people of a study; reviews speak of the literature and of late."""
    found = facts(title, told).design
    assert (found.value if found else None) == (Design.NARRATIVE_REVIEW if reviews else None)


@pytest.mark.parametrize(
    ("also", "treatment"),
    [
        ("They slept well.", True),
        ("Fatigue was associated with age.", False),
        ("They were compared with healthy people.", False),
        ("Imaging was done.", False),
        ("The mechanism was studied.", False),
        ("The mechanism of the effect of treatment was studied.", True),
    ],
)
def test_what_is_studied(also: str, *, treatment: bool) -> None:
    """People are treated in many studies: of associations, of causes, of those who are healthy, too."""
    told = "Twenty patients received treatment weekly. The treatment was new."
    found = facts("Sleep in MS", f"{told} {also}").design
    assert (found.value if found else None) == (Design.NONRANDOMIZED_TRIAL if treatment else None)


PLANS = "People with MS will be recruited, and outcomes will be assessed after ten weeks."


@pytest.mark.parametrize(
    ("abstract", "words"),
    [
        ((Section("Two groups are compared.", "Methods/Design"),), "Methods/Design"),
        ((Section("Consent was given.", "ETHICS AND DISSEMINATION"),), "ETHICS AND DISSEMINATION"),
        ((Section(f"Fatigue is common. {PLANS}"),), "People with MS will be recruited"),
    ],
)
def test_plan(abstract: tuple[Section, ...], words: str) -> None:
    """Journals give protocols headings of their own, and protocols speak in the future."""
    assert facts("Cupping in MS", abstract).design == Fact(Design.PROTOCOL, words, "abstract", "pubmed:1")


def test_report_with_an_outlook() -> None:
    """A study that was done and goes on is no plan."""
    told = f"Forty women were asked. Most of them were tired. They were not treated. {PLANS}"
    found = facts("Fatigue in MS", told).design
    assert found is None or found.value is not Design.PROTOCOL


@pytest.mark.parametrize(
    ("abstract", "words"),
    [
        ("A 45-year-old woman with MS had vertigo after cupping.", "A 45-year-old"),
        ("A man with MS is described who fell after cupping.", "A man with"),
        ("Cupping is safe. We report a rare case of burns.", "We report a rare case of"),
    ],
)
def test_one_person(abstract: str, words: str) -> None:
    """The story of one person is a case report."""
    assert facts("Burns after cupping", abstract).design == Fact(Design.CASE_REPORT, words, "abstract", "pubmed:1")


def test_several_people() -> None:
    """Several people are no case; those whom others reported are not counted."""
    told = "A 45-year-old woman had burns after cupping."
    several = facts("Burns after cupping", f"{told} Twelve other patients were seen.").design
    assert several is None or several.value is not Design.CASE_REPORT
    reported = facts("Burns after cupping", f"{told} There are 12 previously reported cases.").design
    assert reported is not None
    assert reported.value is Design.CASE_REPORT


def test_searched() -> None:
    """A review that searched several sources did so systematically, also if it does not say the word."""
    found = facts("Cupping in MS", "We searched MEDLINE and Embase for trials. Nine were found.").design
    assert found == Fact(Design.SYSTEMATIC_REVIEW, "searched MEDLINE and Embase", "abstract", "pubmed:1")


@pytest.mark.parametrize(
    ("title", "abstract", "design", "words"),
    [
        (
            "Management of fatigue in MS",
            "Fatigue is the most common symptom. It can be treated by drugs. Exercise may help.",
            Design.NARRATIVE_REVIEW,
            "is the most common symptom",
        ),
        (
            "Fatigue in MS",
            "Causes and treatment of fatigue are discussed.",
            Design.NARRATIVE_REVIEW,
            "are discussed",
        ),
        (
            "Effect of cupping on fatigue in MS",
            "Twenty patients received cupping weekly for ten weeks. Fatigue improved after treatment.",
            Design.NONRANDOMIZED_TRIAL,
            "received cupping weekly for ten",
        ),
        (
            "Views of neurologists on cupping",
            "We interviewed neurologists. Thirty neurologists completed a questionnaire.",
            Design.SURVEY,
            "completed a questionnaire",
        ),
    ],
)
def test_plain_method(title: str, abstract: str, design: Design, words: str) -> None:
    """Where no word names the design, a method that is plain tells it, and is quoted."""
    found = facts(title, abstract).design
    assert found is not None
    assert (found.value, found.field) == (design, "abstract")
    assert found.evidence.startswith(words)


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Fatigue and vitamin D in MS", "Vitamin D was measured in 60 patients. It was low in 20 patients."),
        ("Treatment of fatigue in MS", ""),
        ("Falls in MS", "We looked at 60 patients. Twelve patients had treatment for pain. Falls were common."),
        ("Sleep in MS", "Fatigue is common. Sleep was poor in 20 patients of 60 patients. Poor sleep may be a cause."),
        ("A new chair", "A chair was built. It was heavy."),
    ],
)
def test_not_plain(title: str, abstract: str) -> None:
    """A method that is not plain, or that is not told, is no design."""
    assert facts(title, abstract).design is None


@pytest.mark.parametrize(
    ("title", "kinds", "design"),
    [
        ("Cupping: a randomised controlled trial", ("Observational Study",), Design.RCT),
        ("Cupping: a systematic review", ("Case Reports",), Design.SYSTEMATIC_REVIEW),
        ("Cupping: a cohort study", ("Randomized Controlled Trial",), Design.OBSERVATIONAL),
        ("Cupping: an online survey", ("Observational Study",), None),  # finer
        ("Cupping: a systematic review", ("Review",), None),  # the design itself is the finer word
        ("Cupping: study protocol for a trial", ("Randomized Controlled Trial",), None),
        ("Cupping: a case report", ("Systematic Review", "Case Reports"), None),  # another type says it
        ("Correction to: Cupping: a randomised trial", ("Published Erratum",), None),
        ("On a randomised trial of cupping", ("Letter", "Comment"), None),
        ("Cupping: a randomised trial", (), None),
    ],
)
def test_disputed(title: str, kinds: tuple[str, ...], design: Design | None) -> None:
    """Where the type names one design and the words another that it cannot be, the words are shown with theirs."""
    found = facts(title, publication_types=kinds).disputed
    assert (found.value if found else None) == design
    assert found is None or (found.field == "title" and found.evidence in title)


def test_disputed_by_abstract() -> None:
    """So do the words of an abstract, but not those with which a review tells of the studies in it."""
    told = "Women were randomised to cupping or rest."
    trial = facts("Cupping", told, publication_types=("Observational Study",)).disputed
    assert trial == Fact(Design.RCT, "were randomised to", "abstract", "pubmed:1")
    assert facts("Cupping", told, publication_types=("Systematic Review",)).disputed is None
    assert facts("Cupping", told, publication_types=("Randomized Controlled Trial",)).disputed is None


HOSTILE = (
    "a a a a a a a a a a a a " * 2000,
    "randomised randomised, randomly " * 2000,
    "a-b" * 20000,
    "random" * 10000,
    "will be will be " * 3000,
    "the case of a case is a case was " * 1500,
    "searched medline pubmed embase " * 1500,
    "\u0130\u0130\u00df " * 3000,
    "12 12 12 patients n = 1 p < " * 2000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_text(text: str) -> None:
    """No text makes it raise, and what it gives stands in the text."""
    for title, abstract in ((text, ""), ("Cupping", text), (text, text)):
        found = facts(title, abstract)
        told: tuple[Fact[Any] | None, ...] = (found.design, found.population)
        for fact in filter(None, told):
            assert fact.evidence in {"title": title, "abstract": abstract}[fact.field]


def test_quoted_treatment() -> None:
    """What shows that a treatment was studied is quoted: how people got it, else the effect that is studied."""
    title = "Effect of an exercise program on gait in patients: a pilot study"
    told = "Program design matters. Thirty patients received weekly training. Gait improved after treatment."
    found = facts(title, told).design
    assert found is not None
    assert (found.value, found.evidence) == (Design.NONRANDOMIZED_TRIAL, "received weekly training")
    found = facts(title, "Thirty patients trained weekly in a program. Gait improved after treatment.").design
    assert found is not None
    assert found.evidence == "Effect of an exercise program on"


@pytest.mark.parametrize(
    "sentence",
    [
        "A randomised controlled trial is warranted.",
        "A randomised controlled trial should follow.",
        "We are now planning a randomised trial.",
        "This justifies a full-scale randomised trial.",
        "A randomised controlled trial has never been done in this population.",
    ],
)
def test_wished_for(sentence: str) -> None:
    """A trial that is wished for is not the one told of."""
    found = facts(
        "Needling", f"Twenty patients with MS received acupuncture for six weeks. Scores fell. {sentence}"
    ).design
    assert found is None or found.value is not Design.RCT


@pytest.mark.parametrize(
    "title",
    [
        "Comment on 'Needling: a randomised controlled trial'",
        "Re: Needling, a randomised trial",
        "Authors' reply",
        "Letter to the Editor",
        "Expression of concern: Needling, a randomised trial",
    ],
)
def test_talk_by_title(title: str) -> None:
    """Letters and comments have the words of the study that they are about."""
    found = facts(title, "In their trial 66 patients were randomised.")
    assert found.design is not None
    assert (found.design.value, found.participants) == (Design.EDITORIAL, None)


def test_protocol_of_a_review() -> None:
    """Cochrane's protocols say so in brackets."""
    found = facts("Acupuncture for multiple sclerosis (Protocol)").design
    assert found is not None
    assert (found.value, found.evidence) == (Design.PROTOCOL, "(Protocol)")


@pytest.mark.parametrize(
    "sentence", ["A systematic review by Lee found a benefit.", "A systematic search was not done."]
)
def test_reviews_of_others(sentence: str) -> None:
    """Somebody else's systematic review, or one that was not made, is not the one told of."""
    found = facts("Needling in MS", f"{sentence} We treated 12 patients with acupuncture. Fatigue fell.").design
    assert found is None or found.value is not Design.SYSTEMATIC_REVIEW
