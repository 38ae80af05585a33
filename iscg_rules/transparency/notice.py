"""The mention that CRPA R311-3-1-1 asks for, filled from `territory.yaml`, never invented.

Sources, read 2026-11: CRPA art. R311-3-1-1 and R311-3-1-2 (décret 2017-330); the model of a mention
by Etalab (guides.etalab.gouv.fr/algorithmes/mention), for the month and the two months.
"""

from iscg_rules.model.identity import Identity
from iscg_rules.reading.territories import Transparency
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.transparency.results import PublicNotice

__all__ = ["KEYS", "make_notice"]

# What a territory may say, and how what lacks is shown.
KEYS = {
    "administration": "le service qui répond de l’outil",
    "contact": "à qui écrire",
    "rules": "la page où les règles sont publiées",
    "officer": "le délégué à la protection des données",
    "basis": "ce qui permet au service de traiter les réponses (RGPD, art. 6, 9 et 10)",
}
_PURPOSE = (
    "Pour ne rien oublier d’important : à partir de réponses données pendant l’entretien, l’outil "
    "propose des aides, dans un ordre, avec les raisons et les sources de chacune."
)
_DECIDES = (
    "L’outil ne décide rien. Un intervenant social lit ces propositions, les garde ou les "
    "écarte, et "
    "décide avec vous. L’outil ne donne pas de note et ne prédit rien."
)
_DATA = (
    "L’outil ne demande ni nom ni adresse. Il n’enregistre pas les réponses. Aucune question n’est "
    "obligatoire."
)
_RIGHT = (
    "Vous pouvez demander les règles de cet outil et comment elles ont été appliquées à votre "
    "situation (code des relations entre le public et l’administration, articles R311-3-1-1 et "
    "R311-3-1-2)."
)
_APPEAL = (
    "Sans réponse après un mois, vous avez deux mois pour saisir la Commission d’accès aux "
    "documents "
    "administratifs : www.cada.fr."
)


def make_notice(identity: Identity, told: Transparency) -> PublicNotice:
    """Return the notice of a territory, with the names of what it does not say yet."""
    return PublicNotice(
        VERSION,
        identity,
        administration=told.administration,
        purpose=_PURPOSE,
        decides=_DECIDES,
        data=_DATA,
        right=_RIGHT,
        contact=told.contact,
        rules=told.rules,
        officer=told.officer,
        basis=told.basis,
        appeal=_APPEAL,
        missing=tuple(key for key in KEYS if getattr(told, key) is None),
    )
