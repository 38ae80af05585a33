"""How often things are met: published figures with their sources, and assumptions, never mixed up.

Sampled situations try out programs and pages. They are nobody's, and they say nothing about what
happens anywhere: only the figures named here were published, for one place and one year each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = [
    "ABOUT_VIOLENCE",
    "COMMON",
    "CORE",
    "CORE_UNKNOWN",
    "FIGURES",
    "HOURS",
    "OTHER_UNKNOWN",
    "SITUATIONS",
    "THEMES",
    "UNUSED",
    "AnswerShares",
    "Figure",
    "Theme",
]

Weights = Mapping[str, int]
_WHOLE = 1_000
_ASSUMED = "sans chiffre publié : supposé"
# Their values are the types of situation, no value in two of them; a vocabulary may lack some.
SITUATIONS = (
    "violence_situation", "child_protection_situation", "youth_situation", "everyday_situation",
    "housing_money_situation", "vulnerable_adult_situation", "rights_situation",
    "justice_situation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """What was published; trust as in `rules/sources.yaml`: A official, B trade press, C press."""

    id: str
    says: str
    year: str
    title: str
    url: str
    date: str
    trust: Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """How often each answer is given, in thousandths.

    Attributes:
        weights: answer → thousandths.
        figures: ids of the figures that it keeps; none when all of it is an assumption.
        assumes: what nobody published, in words.
    """

    weights: Weights
    figures: tuple[str, ...] = ()
    assumes: str = _ASSUMED


@dataclass(frozen=True, slots=True)
class Theme:
    """What brings somebody, said by a type or by answers; `met` are types met besides it."""

    brings: str
    weight: int
    group: Literal["couple_and_family", "minors_and_vulnerable", "rest"]
    answers: Mapping[str, AnswerShares]
    met: Weights = field(default_factory=dict)


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        figure.id: figure
        for figure in (
            Figure(
                "hauts-de-seine-2015",
                "1 949 personnes : conflits de couple et de famille 68 %, mineurs ou personnes "
                "vulnérables 12 %, le reste 20 % ; trois quarts de femmes de plus de 18 ans",
                "2015",
                "Hauts-de-Seine, les travailleurs sociaux en commissariat",
                "http://www.hauts-de-seine.fr/solidarites/prevention-de-la-delinquance-aide-aux-victimes/aide-aux-victimes/les-travailleurs-sociaux-en-commissariat/",
                "2015",
                "A",
            ),
            Figure(
                "question-14074",
                "50 à 80 % de victimes de violences dans le couple parmi les personnes reçues",
                "2023",
                "Assemblée nationale, question écrite 14074, chiffres cités par la députée",
                "https://questions.assemblee-nationale.fr/q16/16-14074QE.htm",
                "2023-12-26",
                "A",
            ),
            Figure(
                "ain-2019",
                "200 victimes, environ 90 % de femmes, 80 % dans le couple",
                "2019",
                "Gendarmerie de l’Ain, entretien avec l’intervenante",
                "https://www.interaction01.info/2021/01/femmes-et-hommes-victimes-de-violences/",
                "2021-01-14",
                "C",
            ),
            Figure(
                "directions-2015",
                "environ 60 % des situations signalées à la police hors procédure pénale",
                "cité en 2015",
                "Directions, un intervenant social au commissariat",
                "https://directions.fr/Fiches-metiers/categorie/2015/5/Un-intervenant-social-au-commissariat-2037486W",
                "2015",
                "B",
            ),
        )
    }
)

# Published too, and not used; the reason is said.
UNUSED: tuple[str, ...] = (
    "Hauts-de-Seine 2015, 43 % hors du champ pénal : aucune question ne le dit.",
    (
        "Dinan 2016 et un commissariat 2022, plus de 60 % inconnus des services sociaux : "
        "aucune question ne le demande."
    ),
    (
        "Essonne 2017, 75 %, Drôme 2014, 58 %, et Paris 18e 2015, 90 % de violences dans le couple "
        "ou la famille : un lieu chacun ; la part retenue est dans l’intervalle national de 2023."
    ),
    "300 à 400 personnes par an et par poste (2023) : le nombre de lignes est un argument.",
)


def _share(
    assumes: str = _ASSUMED, /, figures: tuple[str, ...] = (), **weights: int
) -> AnswerShares:
    assert sum(weights.values()) == _WHOLE, "thousandths of a whole"
    table = MappingProxyType({name.strip("_"): weight for name, weight in weights.items()})
    return AnswerShares(table, figures, assumes)


_COUPLE = {
    "violence_context": _share(intimate_partner=1_000),
    "gender": _share(
        "neuf femmes sur dix parmi les victimes, lu comme la part dans les violences de couple",
        figures=("ain-2019",),
        woman=900, man=98, other=2,
    ),
    "author_relationship": _share(partner=600, ex_partner=400),
    "role": _share(victim=880, alleged_author=50, relative=40, witness=30),
    "age_band": _share(_18_25=150, _26_59=760, _60_plus=90),
    "separation": _share(none=350, planned=200, known_to_author=100, recent=200, older=150),
    "minors_exposure": _share(none=400, witness=450, direct_victim=120, neglect=30),
    "immediate_danger": _share(none=550, suspected=300, yes=150),
}  # fmt: skip
_FAMILY = {
    "violence_context": _share(family=1_000),
    "author_relationship": _share(parent=350, child=300, other_family=350),
    "role": _share(victim=700, parent=150, relative=100, alleged_author=50),
}
_QUIET = {
    "violence_context": _share(none=1_000),
    "immediate_danger": _share(none=960, suspected=30, yes=10),
}
_MINOR = {
    **_QUIET,
    "role": _share(parent=600, relative=150, professional=150, minor_self=100),
    "minors_exposure": _share(none=300, witness=250, direct_victim=250, neglect=200),
}
_VULNERABLE = {
    **_QUIET,
    "role": _share(person_in_need=500, relative=300, caregiver=150, professional=50),
}
_NEED = {**_QUIET, "role": _share(person_in_need=850, relative=100, parent=50)}
_YOUNG = _share(under_15=300, _15_17=400, _18_25=300)

# The groups keep the shares of the Hauts-de-Seine, and violence in the couple lies in the interval
# of 2023. How a group is shared out among its themes is an assumption.
THEMES: tuple[Theme, ...] = (
    Theme("couple_violence", 540, "couple_and_family", _COUPLE,
          {"conflictual_separation": 150, "poverty": 80, "loss_of_housing": 60,
           "child_in_danger": 60}),
    Theme("family_violence", 60, "couple_and_family", _FAMILY, {"child_in_danger": 150}),
    Theme("conflictual_separation", 40, "couple_and_family", _QUIET, {"couple_conflict": 300}),
    Theme("family_dispute", 40, "couple_and_family", _QUIET, {"violent_adolescent": 150}),
    Theme("child_in_danger", 40, "minors_and_vulnerable", _MINOR, {"school_trouble": 150}),
    Theme("missing_minor", 30, "minors_and_vulnerable", {**_MINOR, "age_band": _YOUNG},
          {"adolescent_distress": 400}),
    Theme("elderly_or_disabled_at_risk", 25, "minors_and_vulnerable",
          {**_VULNERABLE, "age_band": _share(_26_59=300, _60_plus=700)},
          {"fraud_on_vulnerable_person": 250, "carer_exhausted": 150}),
    Theme("psychiatric_trouble", 15, "minors_and_vulnerable",
          {**_VULNERABLE, "psychiatric": _share(distress=700, crisis=200, untreated=100)}),
    Theme("addiction", 10, "minors_and_vulnerable",
          {**_VULNERABLE, "addiction": AnswerShares({"self": 1_000})}, {"public_drunkenness": 300}),
    Theme("sexual_violence", 40, "rest",
          {"violence_context": _share(sexual_other=1_000),
           "role": _share(victim=900, relative=100),
           "violence_forms": AnswerShares({
               "sexual": 1_000, "physical": 300, "psychological": 400}),
           "sexual_assault_delay": _share(under_48h=150, _48h_to_5d=100, over_5d=750),
           "author_relationship": _share(acquaintance=500, stranger=500)}),
    Theme("loss_of_housing", 45, "rest", _NEED, {"poverty": 400, "eviction": 200}),
    Theme("neighbour_conflict", 45, "rest", _NEED),
    Theme("poverty", 25, "rest", _NEED),
    Theme("work_harassment", 25, "rest", {**_QUIET, "role": _share(victim=1_000)}),
    Theme("under_investigation", 20, "rest",
          {**_QUIET, "role": _share(alleged_author=700, relative=300)}),
)  # fmt: skip

# For every theme that says nothing else. Questions that stand nowhere here are answered evenly.
COMMON: Mapping[str, AnswerShares] = MappingProxyType(
    {
        "gender": _share(
            "la part de femmes hors du couple est réglée pour que trois personnes sur quatre "
            "soient des femmes majeures",
            figures=("hauts-de-seine-2015",),
            woman=613, man=383, other=4,
        ),
        "age_band": _share(_15_17=20, _18_25=180, _26_59=600, _60_plus=200),
        "complaint": _share(
            "« hors procédure pénale » est lu comme : pas de plainte déposée",
            figures=("directions-2015",),
            filed=400, none=280, wanted=120, hesitant=120, refused_now=60, refused_at_counter=20,
        ),
        "immediate_danger": _share(none=750, suspected=170, yes=80),
        "danger_level": _share(not_assessed=400, low=250, moderate=230, high=120),
        "police_grid_result": _share(not_filled=600, below_threshold=280, characterised_danger=120),
        "violence_forms": AnswerShares({
            "physical": 550, "psychological": 750, "verbal": 700, "sexual": 120, "economic": 200,
            "material": 150, "document_withholding": 60, "digital": 180, "neglect": 50}),
        "minors": AnswerShares({"under_3": 180, "3_12": 380, "13_17": 250}),
        "minors_exposure": _share(none=800, witness=130, direct_victim=40, neglect=30),
        "pregnancy_or_infant": _share(no=850, pregnant=50, child_under_2=100),
        "injuries": _share(none=700, minor=230, needs_care=70),
        "sexual_assault_delay": _share(none=880, under_48h=30, _48h_to_5d=30, over_5d=60),
        "suicide_risk": _share(
            none=880, ideation=78, imminent=10, attempt_now=2, recent_attempt=20, bereaved=10),
        "psychiatric": _share(
            none=650, distress=270, untreated=30, crisis=40, crisis_refusing_care=10),
        "addiction": AnswerShares({"self": 80, "child": 20, "author": 130, "relative": 40}),
        "vulnerability": AnswerShares({
            "elderly": 100, "disability": 80, "deaf_or_no_voice": 10, "illness": 90,
            "cognitive": 30, "protected_adult": 30}),
        "housing": _share(
            secure=670, unsafe_home=130, must_leave_tonight=40, no_housing=40, hosted=100,
            hosted_by_author=20),
        "protection_measure": AnswerShares({
            "requested": 60, "protection_order": 40, "contact_ban": 30, "grave_danger_phone": 10,
            "anti_approach_bracelet": 4, "eviction_of_author": 6}),
        "ban_broken": _share(yes=10, no=990),
        "author_prosecuted": _share(yes=150, no=850),
        "author_programme": _share(none=940, wanted=30, judicial_obligation=30),
        "resources": _share(sufficient=450, insufficient=350, none=100, controlled_by_author=100),
        "household": _share(single_no_children=350, family_with_children=500, couple=150),
        "residence_status": _share(
            french_eu=880, permit=70, permit_via_author=20, undocumented=20, asylum=10),
        "language_need": _share(none=930, interpreter=60, deaf_or_no_voice=10),
        "firearm_access": _share(yes=70, no=930),
        "dangerous_person": _share(yes=120, no=880),
        "death_threats": _share(yes=200, no=800),
        "strangulation": _share(yes=80, no=920),
        "local_shelter_full": _share(yes=250, no=750),
        "author_at_large": _share(yes=100, no=900),
        "author_in_custody": _share(yes=120, no=880),
        "author_convicted": _share(yes=100, no=900),
        "wants_anonymity": _share(yes=80, no=920), "consent_to_share": _share(yes=800, no=200),
        "request": AnswerShares({
            "safety": 350, "listening": 600, "rights_information": 550, "housing": 200, "care": 100,
            "money": 150, "complaint": 250, "for_children": 200, "medical_certificate": 60}),
    }
)  # fmt: skip

# Not asked, so unknown, where there is no violence.
ABOUT_VIOLENCE = frozenset(
    {
        "accepts", "author_at_large", "author_convicted", "author_in_custody", "author_programme",
        "author_prosecuted", "author_relationship", "ban_broken", "belongings_at_home",
        "coercive_control", "cohabits_with_author", "danger_level", "dangerous_person",
        "death_threats", "document_under_12_months", "fear_of_reprisals", "firearm_access",
        "police_grid_result", "protection_measure", "ready_to_leave", "seen_at_hospital",
        "separation", "sexual_assault_delay", "shared_lease", "strangulation",
        "violence_increasing",
    }
)  # fmt: skip
# Assumptions about what is asked: these are unknown in 3 situations out of 100, others in 40.
CORE = frozenset(
    {"role", "gender", "age_band", "violence_context", *SITUATIONS, "commune", "immediate_danger"}
)
CORE_UNKNOWN, OTHER_UNKNOWN = 30, 400
# An assumption too: when people are received, by hour of the day; no hour that the change of clocks
# in spring leaves out.
HOURS: tuple[tuple[int, int], ...] = (
    (0, 5), (7, 15), (8, 60), (9, 130), (10, 140), (11, 120), (12, 40), (13, 50), (14, 120),
    (15, 110), (16, 90), (17, 60), (18, 20), (20, 15), (22, 15), (23, 10),
)  # fmt: skip
