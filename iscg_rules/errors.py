"""Problems with a place, a stable code and a suggestion; one exception that carries them all.

Every message is one French sentence without capital or full stop, because rule authors read it;
the code before it is the same for ever and has its part in ``docs/errors.md``.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

__all__ = [
    "CODES",
    "ENGLISH",
    "IscgError",
    "MissingPackageError",
    "Noted",
    "Place",
    "Problem",
    "collect",
    "did_you_mean",
]

_FEW = 12
# A file of a million mistakes has no reader: so many are told, and so many kept to choose from.
_MOST_TOLD, _MOST_KEPT = 100, 1_000


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file: line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, said so that the reader can repair it.

    Attributes:
        message, help: in French; `in_("en")` says what is wrong with answers and options.
        attribute, allowed: which one it is about, and the answers that it takes, if a list.
        params: what else the message names: numbers, and words of the vocabulary.
    """

    code: str
    message: str
    place: Place | None = None
    help: str | None = None
    attribute: str | None = None
    allowed: tuple[str, ...] = ()
    params: Mapping[str, str | float] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        assert self.code in CODES, f"unlisted code {self.code}"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        aid = f"\n  aide : {self.help}" if self.help else ""
        return f"{where}{self.code} {self.message}{aid}"

    def in_(self, language: str) -> str:
        """Return the message in a language; what is wrong with a file is told in French only."""
        english = ENGLISH.get(self.code) if language == "en" else None
        if english is None:
            return self.message
        return english.format_map({"attribute": self.attribute or "?", **self.params})

    def as_dict(self, language: str = "fr") -> dict[str, Any]:
        """Give the problem as JSON-ready values; absent parts are null."""
        return {
            "code": self.code,
            "message": self.in_(language),
            "attribute": self.attribute,
            "allowed": list(self.allowed),
            "params": dict(self.params),
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "help": self.help,
        }


def _sort_key(problem: Problem) -> tuple[bool, Place, str, str]:
    place = problem.place or Place("", 0, 0)
    return (problem.place is None, place, problem.code, problem.message)


class Noted(list[Problem]):
    """Problems as they are met; the first are kept, and `more` counts the rest."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        super().__init__()
        self.more = 0
        self.extend(problems)

    def append(self, problem: Problem) -> None:
        """Keep a problem, or count it."""
        if self.is_full:
            self.more += 1
        else:
            super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep problems, or count them; those that another list counted too."""
        for problem in problems:
            self.append(problem)
        self.more += getattr(problems, "more", 0)

    def __iadd__(self, problems: Iterable[Problem]) -> Self:  # type: ignore[override,misc] # a list takes more
        self.extend(problems)
        return self

    @property
    def is_full(self) -> bool:
        """Whether what is wrong is only counted from here on."""
        return len(self) >= _MOST_KEPT


class IscgError(Exception):
    """Everything that is wrong, in one go, ordered by file, line and column.

    `count` is how many problems there are; past a hundred, the last one told counts the rest.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        more = getattr(problems, "more", 0)
        told = sorted(set(problems), key=_sort_key)
        self.count = len(told) + more
        rest = self.count - _MOST_TOLD
        if rest > 0:
            text = (
                f"{rest} autre{'s' if rest > 1 else ''} problème{'s' if rest > 1 else ''} en plus"
            )
            told = [*told[:_MOST_TOLD], Problem("A008", text, help="réparez d'abord ceux d'avant")]
        self.problems: tuple[Problem, ...] = tuple(told)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class MissingPackageError(IscgError, ImportError):
    """A012: what was asked for needs a package of one of the extras."""

    def __init__(self, message: str, aid: str) -> None:
        super().__init__([Problem("A012", message, help=aid)])


def collect(*checks: Callable[[], object]) -> None:
    """Make every check and raise what all of them find, in one go."""
    problems: list[Problem] = []
    for check in checks:
        try:
            check()
        except IscgError as error:
            problems += error.problems
    if problems:
        raise IscgError(problems)


def did_you_mean(word: str, choices: Iterable[str], problems: Iterable[Problem] = ()) -> str | None:
    """Suggest the closest choice, or list the choices when they are few.

    Args:
        word: what was written.
        choices: what could be.
        problems: where the suggestion goes; once it only counts, none is looked for, since that
            takes longer than all else.

    Returns:
        A French sentence, or None when there is nothing useful to say.
    """
    if isinstance(problems, Noted) and problems.is_full:
        return None
    ordered = list(choices)
    close = difflib.get_close_matches(word[:80], ordered, n=1, cutoff=0.6)
    if close:
        return f"vouliez-vous dire `{close[0]}` ?"
    if 0 < len(ordered) <= _FEW:
        return "possible : " + ", ".join(f"`{choice}`" for choice in ordered)
    return None


# What an application may have done wrong, with the names of `Problem` and its `params`.
ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "A001": "unknown attribute (problem no. {number} of the situation)",
        "A002": "answer not allowed for `{attribute}`",
        "A003": "wrong type of answer for `{attribute}`",
        "A004": "`{attribute}` is worked out from the moment and cannot be given",
        "A005": "impossible situation (entry `{entry}`)",
        "A006": "`{attribute}` takes an INSEE code of five characters",
        "A007": "the situation is not a mapping of answers",
        "A008": "too many problems to show them all",
        "A009": "unreadable moment",
        "A010": "what was tried before is not told as kind: contacted or declined",
        "A011": "unknown option, or out of bounds",
        "A012": "an optional package is missing",
        "V004": "unknown kind of help",
    }
)

CODES: Mapping[str, str] = MappingProxyType(
    {
        # Y is the file as text
        "Y001": "le fichier ne peut pas être lu",
        "Y002": "un dossier est à la place d'un fichier",
        "Y003": "le fichier est trop gros",
        "Y004": "le fichier n'est pas en UTF-8",
        "Y005": "une tabulation sert de retrait",
        "Y006": "la ponctuation YAML est fausse",
        "Y007": "le fichier est vide",
        "Y008": "les niveaux sont trop nombreux",
        "Y009": "une ancre ou un renvoi YAML est employé",
        "Y010": "une étiquette de type YAML est employée",
        "Y011": "la même clé est écrite deux fois",
        "Y012": "le fichier contient plusieurs documents",
        "Y013": "un texte tient sur plus d'une ligne, ou cache un caractère",
        # S is the shape of what is written
        "S001": "clé inconnue",
        "S002": "champ obligatoire manquant",
        "S003": "mauvais type de valeur",
        "S004": "valeur hors de la liste permise",
        "S005": "liste vide",
        "S006": "identifiant mal formé",
        "S007": "date mal écrite",
        "S008": "adresse qui n'est pas celle d'une page",
        # V is about words that the vocabulary does not know, or knows twice
        "V001": "identifiant déjà pris",
        "V002": "attribut ou fait inconnu",
        "V003": "valeur inconnue de cet attribut",
        "V004": "type d'aide inconnu",
        "V005": "territoire inconnu",
        "V006": "partenaire ou règle inconnus",
        "V007": "faits qui se définissent en rond",
        "V008": "territoires qui se contiennent en rond",
        "V009": "code de commune mal formé",
        "V010": "définition d'attribut incomplète ou contradictoire",
        "V011": "source inconnue",
        "V012": "territoire prolongé inconnu",
        "V013": "fondement du partage inconnu",
        # R is what a rule says
        "R001": "condition vide",
        "R002": "règle sans effet",
        "R003": "exclusion d'un secours",
        "R004": "seuil impossible à atteindre ou toujours atteint",
        "R005": "fondement légal manquant",
        "R006": "dates dans le mauvais ordre",
        "R007": "même type d'aide orienté et exclu par la même règle",
        "R008": "fondement réservé aux soignants",
        "R009": "fondement qui ne vaut pas pour ce type d'aide",
        "R010": "impossibilité trop large",
        # P is partners
        "P001": "horaires illisibles",
        "P002": "type d'aide qui n'a pas de partenaire propre",
        # G is guarantees and C is cases
        "G001": "garantie mal formée",
        "G002": "garantie rompue",
        "G003": "garantie qui ne parle d'aucune situation",
        "C001": "le cas n'obtient pas ce qu'il attend",
        # A is answers of a situation; the answer itself is never shown
        "A001": "attribut inconnu dans la situation",
        "A002": "réponse non permise",
        "A003": "réponse du mauvais type",
        "A004": "réponse donnée à un attribut calculé",
        "A005": "situation impossible",
        "A006": "code de commune mal formé dans la situation",
        "A007": "la situation n'est pas une liste de réponses",
        "A008": "trop de problèmes pour les montrer tous",
        "A009": "moment illisible",
        "A010": "démarche déjà faite mal indiquée",
        "A011": "option inconnue ou hors limites",
        "A012": "paquet facultatif absent",
        # F is what is proven over every situation
        "F001": "situations sans orientation",
        "F002": "règle qui ne peut jamais valoir",
        "F003": "règle que d'autres couvrent",
        "F004": "condition sans effet dans une règle",
        "F005": "orientation toujours exclue",
        "F006": "exclusion sans effet",
        "F007": "règles qui se contredisent",
        "F008": "fait toujours vrai ou toujours faux",
        "F009": "réponses que rien ne distingue",
        "F010": "question qui ne change rien",
        "F011": "aide que personne ne propose à certaines personnes",
        "F012": "partenaire auquel aucune situation ne mène",
        "F013": "situation impossible mal dite",
        "F014": "seuls des services généralistes",
        "F015": "règle qui s'appuie sur un fondement sans en avoir les mots",
        # B is many situations in columns
        "B001": "colonne inconnue",
        "B002": "colonne du mauvais type",
        "B003": "colonne donnée deux fois",
        # the same, in files
        "B010": "format de fichier inconnu",
        "B011": "fichier Parquet tronqué ou abîmé",
        "B012": "la sortie ne peut pas être écrite",
        "B013": "la sortie existe déjà",
        "B014": "l'entrée et la sortie sont le même fichier",
        "B015": "ligne sans fin",
        "B016": "un autre traitement vers la même sortie",
        "B017": "le traitement interrompu ne peut pas continuer",
        "B018": "ce qui est à la place de la sortie n'est pas de nous",
        # the same, about one row
        "B021": "la ligne n'a pas le bon nombre de cellules",
        "B022": "guillemet mal placé dans la ligne",
        "B023": "la ligne n'est pas en UTF-8",
        "B024": "la ligne n'est pas un objet JSON",
        # the same, counted
        "B030": "trop peu de situations pour un rapport",
        # D is comparing two versions of the rules
        "D001": "dossier ou révision introuvable",
        "D002": "git absent, ou dossier hors d'un dépôt",
        "D003": "rien à comparer à cet endroit",
        # W is findings of `check` that do not stop a load
        "W001": "type d'aide que personne ne sert dans un territoire",
        "W002": "règle qu'aucun cas ne déclenche",
        "W003": "attribut qu'aucune règle n'emploie",
        "W004": "source à revérifier",
        "W005": "type d'aide vers lequel aucune règle n'oriente",
    }
)
