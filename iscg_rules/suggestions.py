"""What an author most likely meant by a word that is not known.

A suggestion must never mean the opposite of what was written: `pas couple` is not `couple`.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from iscg_rules.errors import Noted, Problem
from iscg_rules.plain_letters import plain_words, slug_of

__all__ = ["closest", "did_you_mean", "negated", "proposed", "several"]

_FEW = 12
_CLOSE = 0.7
# What a French author writes → the word of these files; a word of several files may stand for more.
_FRENCH = {
    "actions": "orient",
    "adresse": "address",
    "age": "age",
    "and": "all",
    "attendu": "expect",
    "attribut": "attributes",
    "au_moins": "at_least",
    "aujourd_hui": "today",
    "car": "because",
    "cas": "cases",
    "ce_soir": "today",
    "cette_semaine": "week",
    "confiance": "trust",
    "conseil": "advise",
    "conseille": "advise",
    "conseiller": "advise",
    "contient": "includes",
    "courriel": "email",
    "de": "from",
    "debut": "from",
    "depuis": "from",
    "devrait": "should",
    "doit": "must",
    "du": "from",
    "et": "all",
    "exclure": "exclude",
    "exclut": "exclude",
    "exiger": "must",
    "false": "no",
    "faux": "no",
    "fin": "until",
    "force": "strength",
    "horaires": "hours",
    "immediat": "now",
    "immediatement": "now",
    "jamais": "excludes",
    "jusqu_au": "until",
    "libelle": "label",
    "lien": "url",
    "lieu": "area",
    "lu": "checked",
    "mail": "email",
    "maintenant": "now",
    "motif": "because",
    "non": "not",
    "nom": "name",
    "oriente": "orient",
    "orienter": "orient",
    "or": "any",
    "ou": "any",
    "oui": "yes",
    "page": "url",
    "parce_que": "because",
    "partage": "sharing",
    "partenaires": "partners",
    "peut": "may",
    "plus_tard": "planned",
    "pour": "for",
    "pourquoi": "because",
    "prevu": "planned",
    "propose": "offers",
    "quand": "when",
    "regle": "rules",
    "regles": "rules",
    "sauf": "not",
    "semaine": "week",
    "si": "when",
    "site": "url",
    "situation": "situation",
    "tel": "phone",
    "telephone": "phone",
    "titre": "title",
    "tous": "all",
    "tout": "all",
    "tout_de_suite": "now",
    "true": "yes",
    "un_parmi": "one_of",
    "urgence": "urgency",
    "valable": "valid",
    "valeurs": "values",
    "vers": "to",
    "verifie": "checked",
    "vrai": "yes",
    "zone": "area",
    "0": "no",
    "1": "yes",
}
_NEGATION = re.compile(
    r"""
    (?: (?:pas|sauf|non|not|no|sans|aucune?|hors|ni|jamais|except|without)[ ]+
        (?:de[ ]|d['’]|une?[ ])?
      | [!≠-][ ]? | <> )
    (?P<rest>.+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = re.compile(r"\s*[,;/|+]\s*|\s+(?:ou|et|or|and)\s+|\s+")


def did_you_mean(
    word: str, choices: Iterable[str] | Mapping[str, object], problems: Iterable[Problem] = ()
) -> str | None:
    """Suggest what was meant, or list the choices when they are few.

    Args:
        word: what was written.
        choices: what could be; a mapping may lead to what has a French label.
        problems: where the suggestion goes; once it only counts, none is looked for, since that
            takes longer than all else.

    Returns:
        A French sentence, or None when there is nothing useful to say.
    """
    if isinstance(problems, Noted) and problems.is_full:
        return None
    close = closest(word, choices)
    if close:
        return f"vouliez-vous dire `{close}` ?"
    # The order of a set is another in each process.
    ordered = sorted(choices) if isinstance(choices, AbstractSet) else list(choices)
    if 0 < len(ordered) <= _FEW:
        return "possible : " + ", ".join(f"`{choice}`" for choice in ordered)
    return None


def proposed(aid: str | None) -> tuple[str, ...]:
    """Return the words that an aid proposes to write in place of the wrong one.

    Of "vouliez-vous dire `adil` ?" one, of "possible : `yes`, `no`" two; of other advice none.
    """
    if aid is None or not aid.startswith(("vouliez-vous dire `", "possible :")):
        return ()
    return tuple(re.findall(r"`([^`:]+)`", aid))


def closest(word: str, choices: Iterable[str] | Mapping[str, object]) -> str | None:
    """Return the choice that a word most likely stands for; None for the contrary of one.

    In this order: its French label, a French word of these files, the letters of a choice, those
    of a label.
    """
    word, names = word[:80], sorted(choices)
    labels = {plain_words(label): name for name, label in _labels(choices)}
    plain = plain_words(word)
    # A label may begin with a word of the contrary, `sans logement`, but not with its sign.
    if plain in labels and word[:1].isalnum():
        return labels[plain]
    if _NEGATION.fullmatch(word):
        return None
    slug = slug_of(word, "_")
    by_slug = {slug_of(name, "_"): name for name in names}
    by_slug |= {said: name for said, name in _FRENCH.items() if name in names and said == slug}
    if slug in by_slug or len(_parts(word)) > 1:
        return by_slug.get(slug)
    close = difflib.get_close_matches(slug, by_slug, n=1, cutoff=_CLOSE)
    if close:
        return by_slug[close[0]]
    close = difflib.get_close_matches(plain, labels, n=1, cutoff=_CLOSE)
    return labels[close[0]] if close else None


def negated(word: str, choices: Iterable[str] | Mapping[str, object]) -> str | None:
    """Return the choice of which a word says the contrary: `couple` for `pas couple`."""
    found = _NEGATION.fullmatch(word[:80])
    return closest(found["rest"].strip(), choices) if found else None


def several(word: str, choices: Iterable[str] | Mapping[str, object]) -> list[str]:
    """Return the choices that a word names one after the other: `couple, family`; else nothing."""
    parts = _parts(word)
    names = list(choices)
    return parts if len(parts) > 1 and all(part in names for part in parts) else []


def _parts(word: str) -> list[str]:
    return [part for part in _BETWEEN.split(word[:80].strip(" []")) if part]


def _labels(choices: Iterable[str] | Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Yield each choice with its French label, where it has one."""
    if not isinstance(choices, Mapping):
        return
    for name, thing in choices.items():
        label = getattr(thing, "label", thing)
        text = getattr(label, "fr", None)
        if isinstance(text, str):
            yield name, text
