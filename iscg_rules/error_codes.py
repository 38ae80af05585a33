"""What each code of a problem means, in French; those of answers and options in English too."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CODES", "ENGLISH"]

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
        "Y014": "des guillemets de typographe entourent un texte",
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
        "P003": "fermeture qui finit avant de commencer",
        "P004": "adresse écrite alors qu'elle doit rester tue",
        "P005": "contact confié à une personne et non à un rôle",
        "P010": "numéro qui ne peut pas être composé",
        "P011": "adresse électronique mal formée",
        # I is importing partners
        "I001": "fichier d'un autre format",
        "I002": "fichier coupé ou abîmé",
        # G is guarantees and C is cases
        "G001": "garantie mal formée",
        "G002": "garantie rompue",
        "G003": "garantie qui ne parle d'aucune situation",
        "C001": "le cas n'obtient pas ce qu'il attend",
        # H is what could go wrong, and what stands against it
        "H001": "danger que rien ne tient",
        "H002": "contrôle qui n'existe pas",
        "H003": "danger grave sans garantie",
        "H004": "contrôle qui ne tient pas",
        # K is a booklet that practitioners rate
        "K001": "clé d'un livret qui ne convient pas",
        "K002": "feuille d'un livret illisible",
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
        # U is somebody to call, proven over every situation, place and hour
        "U001": "personne à joindre pour ce qui presse",
        "U002": "personne dont on sache s'il répond à ce qui presse",
        "U003": "manque accepté alors que quelqu'un répond",
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
        "W006": "constat accepté qui n'est plus là",
        "W007": "fichier qui n'est pas lu",
        "W008": "règle qui ne vaut plus",
        "W009": "page lue dans l'avenir",
        "W010": "poste dont on ne sait pas qui il sert",
        "W011": "commune écrite dans deux territoires",
    }
)
