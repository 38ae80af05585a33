"""The skeleton of an impact assessment (AIPD): what the files say, and what a service must say.

Sources, read 2026-11: GDPR art. 35; CNIL, délibération 2018-326 (legifrance.gouv.fr,
JORFTEXT000037559518); the nine criteria of the European board, of which two call for an assessment.
"""

from iscg_rules.rendering.escaping import escape_markdown
from iscg_rules.transparency.notice import KEYS
from iscg_rules.transparency.results import Inventory
from iscg_rules.transparency.text import sensitive_table, to_fill

__all__ = ["impact_markdown"]

# Each criterion, and what the files can say of it.
_CRITERIA = (
    ("données sensibles ou très personnelles", "oui : voir la liste"),
    ("personnes vulnérables", "oui : victimes, enfants, adultes fragiles"),
    ("évaluation ou notation", "pas de note ; un ordre d’aides, d’après ce qui est dit"),
    ("décision automatisée à effet juridique", "non : l’intervenant décide"),
    ("surveillance systématique", "non"),
    ("croisement de données", "non : aucune autre source"),
    (
        "exclusion d’un droit, d’un service",
        "non ; une aide peut ne pas être proposée, avec sa raison",
    ),
    ("grande échelle", "à dire par le service"),
    ("usage innovant", "à dire par le service"),
)
# What is feared, where it may come from, what the files show, and the hazard that tells more.
_FEARED = (
    (
        "quelqu’un accède aux réponses",
        "l’application qui appelle l’outil, un fichier de situations, une fiche trouvée",
        "l’outil ne garde rien, ne répète rien ; la fiche est discrète",
        "answers-leak, sheet-found-by-the-aggressor, report-identifies",
    ),
    (
        "une réponse est changée, ou mal comprise",
        "une saisie hâtive, une liste vide, une question mal dite",
        "sans réponse n’est pas non ; toute réponse peut être reprise",
        "form-empty-list, unknown-taken-for-no, questions-not-understood",
    ),
    (
        "une aide manque ou vient trop tard",
        "une règle fausse, une règle changée, un numéro mort",
        "garanties prouvées, cas rejoués, sources datées",
        "rules-changed-unseen, line-that-no-longer-exists, question-never-asked",
    ),
    (
        "on transmet sans droit",
        "un fondement lu trop large",
        "chaque orientation nomme son fondement ; sans accord, rien ne part",
        "shared-without-a-ground, shelter-address-revealed",
    ),
)
_UNDONE = (
    "pourquoi ce traitement, et pas une liste sur papier",
    "l’information donnée (`iscg-rules notice`), et quand, à une personne en danger",
    "comment une personne accède, rectifie, s’oppose, quand rien n’est gardé sous son nom",
    "les personnes qui ne sont pas là : l’auteur, les enfants",
    "les mesures de l’application, du poste et du réseau",
    "vraisemblance et gravité de chaque risque, et ce qui est accepté, par qui",
    "l’avis du délégué à la protection des données, et celui de personnes concernées",
    "s’il faut consulter la CNIL (art. 36)",
)


def impact_markdown(inventory: Inventory) -> str:
    """Write the skeleton, with what lacks shown where it lacks."""
    sensitive = [one for one in inventory.data if one.sensitive]
    lines = [
        "# Analyse d’impact : canevas",
        "",
        (
            "Fait des fichiers de l’outil. Ce n’est pas une analyse d’impact : le service "
            "qui emploie "
            "l’outil la fait, avec son délégué à la protection des données et un juriste."
        ),
        "",
        "## 1. Le traitement",
        "",
        escape_markdown(inventory.context),
        "",
        escape_markdown(f"{inventory.notice.purpose} {inventory.notice.decides}"),
        "",
        "La fiche entière : `iscg-rules inventory`.",
        "",
        "## 2. Faut-il une analyse d’impact ?",
        "",
        "Deux critères sur neuf y mènent en principe. Ici, deux au moins sont remplis : oui.",
        "",
        "| critère | ce que disent les fichiers |",
        "|---|---|",
        *(f"| {name} | {said} |" for name, said in _CRITERIA),
        "",
        "## 3. Les données à part",
        "",
        (
            f"{len(sensitive)} questions sur {len(inventory.data)} peuvent dire de quelqu’un ce "
            "que les articles 9 ou 10 du RGPD gardent à part. Le marquage est large : un "
            "juriste le resserre."
        ),
        "",
        *sensitive_table(sensitive),
        "",
        "## 4. Nécessité et proportion",
        "",
        (
            "- Minimisation : ni nom, ni adresse, ni récit ; aucune question n’est "
            "obligatoire ; une "
            "question sans effet sur une aide est signalée (F010, W003)."
        ),
        f"- Conservation : {escape_markdown(inventory.retention)}",
        f"- Destinataires : {escape_markdown(inventory.recipients)}",
        (
            "- La base légale (art. 6), la condition de l’art. 9, ce qui autorise le service "
            f"pour l’art. 10 : {escape_markdown(inventory.notice.basis or to_fill(KEYS['basis']))}"
        ),
        "",
        "## 5. Les risques",
        "",
        (
            "| ce que l’on craint | d’où | ce que disent les fichiers | dangers du dossier de "
            "sécurité |"
        ),
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in _FEARED),
        "",
        "## 6. Ce que le service doit dire",
        "",
        *(f"- {to_fill(one)}" for one in _UNDONE),
    ]
    return "\n".join(lines) + "\n"
