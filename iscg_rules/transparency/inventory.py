"""The sheet of the treatment, from the files: what the State's guide for inventories asks for.

Source, read 2026-11: Etalab, « l’inventaire des principaux traitements algorithmiques »
(guides.etalab.gouv.fr/algorithmes/inventaire, 11/02/2021).
"""

from datetime import date
from typing import Literal

from iscg_rules.engine import Engine
from iscg_rules.language.vocabulary import STATION, Attribute
from iscg_rules.reading.territories import Transparency
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.transparency.notice import make_notice
from iscg_rules.transparency.results import Inventory, TreatedAnswer

__all__ = ["make_inventory"]

_CONTEXT = (
    "Un intervenant social en commissariat ou en gendarmerie reçoit une personne en difficulté ou "
    "en danger, l’écoute, évalue, et l’oriente vers des services. Il n’assure pas de suivi."
)
_WHEN = (
    "Pendant ou après l’entretien, quand l’intervenant le choisit. L’outil s’arrête à une liste "
    "d’aides : contacter un service, transmettre, écrire restent des actes de l’intervenant."
)
_EFFECTS = (
    "Une aide proposée, ou non, peut compter beaucoup pour la personne. L’outil n’accorde ni ne "
    "refuse aucun droit."
)
_PEOPLE = (
    "les personnes reçues : victimes, personnes mises en cause, témoins, proches, mineurs seuls",
    "les personnes dont elles parlent : auteur, enfants, proches, qui ne sont pas là",
)
_OPERATIONS = (
    "vérifier les réponses, et en déduire celles qui suivent d’une impossibilité déclarée",
    "tirer le moment (jour, heure, jour férié) de l’heure de l’entretien",
    "évaluer chaque règle : vraie, fausse, ou inconnue tant qu’une réponse manque",
    (
        "garder les aides des règles vraies, ôter celles qu’une règle exclut, nommer celles qui "
        "restent "
        "possibles et la question qui les déciderait"
    ),
    (
        "les ordonner par urgence, puis par force, puis par l’ordre du vocabulaire ; sans note "
        "ni poids"
    ),
    (
        "choisir qui appeler : qui accepte, qui répond à temps, qui est le plus près, vérifié "
        "depuis peu"
    ),
    (
        "écrire les raisons, les réponses sur lesquelles elles reposent, les sources, et le "
        "fondement du "
        "partage"
    ),
)
_RECIPIENTS = (
    "Aucun envoi. Une fiche de liaison ne porte que ce que l’intervenant y écrit, et reste "
    "vide sans "
    "l’accord de la personne, sauf un fondement légal nommé."
)
_RETENTION = (
    "Aucune : l’outil ne garde, ne journalise et ne répète aucune réponse. L’application qui "
    "l’appelle, un fichier de situations ou un rapport demandé par le service ont leur "
    "propre fiche."
)
_TO_COMPLETE = (
    "si les orientations sont des décisions administratives individuelles (avis d’un juriste)",
    "le nombre de personnes reçues par an",
    "les droits des personnes et qui y répond",
    "l’application qui appelle l’outil : ce qu’elle garde, où, combien de temps, qui y accède",
)


def make_inventory(engine: Engine, told: Transparency, *, day: date) -> Inventory:
    """Return the sheet of what an engine does, on the day when it was looked at."""
    rule_set, directory = engine.rule_set, engine.directory
    words = rule_set.vocabulary
    return Inventory(
        VERSION,
        engine.identity,
        updated=day,
        notice=make_notice(engine.identity, told),
        name="iscg-rules, règles d’orientation",
        context=_CONTEXT,
        when=_WHEN,
        automation="decision_aid",
        algorithm="rules_written_by_persons",
        people=_PEOPLE,
        effects=_EFFECTS,
        data=tuple(_treated(attribute) for attribute in words.attributes.values()),
        operations=_OPERATIONS,
        recipients=_RECIPIENTS,
        retention=_RETENTION,
        rules=len(rule_set.rules),
        partners=len(directory.partners),
        sources=len(words.sources),
        to_complete=_TO_COMPLETE,
    )


def _treated(attribute: Attribute) -> TreatedAnswer:
    origin: Literal["interview", "moment", "territory"] = "interview"
    if attribute.derived is not None:
        origin = "moment"
    elif attribute.id == STATION:
        origin = "territory"
    return TreatedAnswer(
        attribute.id,
        attribute.label.fr,
        attribute.ask.fr if attribute.ask else None,
        attribute.type,
        origin,
        attribute.sensitive,
    )
