"""What an author most likely meant by a word that is not known.

A suggestion must never mean the opposite of what was written: `pas couple` is not `couple`.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from iscg_rules.errors import Noted, Problem
from iscg_rules.french_words import FRENCH, SAID, UNKNOWN
from iscg_rules.plain_letters import plain_words, slug_of

__all__ = [
    "closest",
    "did_you_mean",
    "explained",
    "labelled",
    "negated",
    "proposed",
    "says_unknown",
    "several",
]

_FEW = 12
_CLOSE = 0.7
_UNSEEN = frozenset("\u00a0\u202f")
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
    if close and _UNSEEN.intersection(word):
        return "une espace insécable, qui ne se voit pas, est dans ce mot : retapez l'espace"
    if close:
        return f"vouliez-vous dire `{close}` ?"
    # The order of a set is another in each process.
    ordered = sorted(choices) if isinstance(choices, AbstractSet) else list(choices)
    if len(ordered) > _FEW and not _NEGATION.fullmatch(word[:80]):
        ordered = _holding(word[:80], {**dict.fromkeys(ordered, ""), **dict(_labels(choices))})
    if 0 < len(ordered) <= _FEW:
        return "possible : " + ", ".join(explained(ordered, choices))
    return None


def explained(
    words: Iterable[str], choices: Iterable[str] | Mapping[str, object] = ()
) -> list[str]:
    """Quote words, each with what it says in French where that is known.

    Of `now` and `danger` → `now` (tout de suite), `danger` (Danger immédiat).
    """
    labels = dict(_labels(choices))
    said = ((word, labels.get(word) or SAID.get(word)) for word in words)
    return [
        f"`{word}` ({meaning})"
        if meaning and plain_words(meaning) != plain_words(word)
        else f"`{word}`"
        for word, meaning in said
    ]


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
    return _meant(word, names) or _near(word, names, labels, dict(_labels(choices)))


def _meant(word: str, names: Sequence[str]) -> str | None:
    """Return the name that a word is, written another way, or that a French word stands for."""
    slug = slug_of(word, "_")
    by_slug = {slug_of(name, "_"): name for name in names}
    if slug in by_slug:
        return by_slug[slug]
    return next((name for name in FRENCH.get(slug, ()) if name in names), None)


def _near(
    word: str, names: Sequence[str], labels: Mapping[str, str], said: Mapping[str, str]
) -> str | None:
    """Return the name that a word is nearly, or of whose label it is a part."""
    alone = _only_label_with(word, {**dict.fromkeys(names, ""), **said})
    if alone or len(_parts(word)) > 1:
        return alone
    by_slug = {slug_of(name, "_"): name for name in names}
    for near, known in ((slug_of(word, "_"), by_slug), (plain_words(word), labels)):
        close = difflib.get_close_matches(near, known, n=1, cutoff=_CLOSE)
        # A part of a label is not a misspelt label: it was looked at above.
        if close and not set(_bare(word)) < set(_bare(close[0])):
            return known[close[0]]
    return None


# Words that say nothing of their own, and those by which a label says the contrary of the rest.
_SMALL = frozenset(
    plain_words("a au aux d de des du elle en est et il l la le les ou par un une").split()
)
_CONTRARY = frozenset(plain_words("aucun aucune hors jamais ne ni non pas rien sans sauf").split())


def _only_label_with(word: str, labels: Mapping[str, str]) -> str | None:
    """Return the choice whose id or label alone holds every word that was written."""
    said, holding = set(_bare(word)), _holding(word, labels)
    if len(holding) != 1 or said & _CONTRARY:
        return None
    label = labels[holding[0]]
    is_more = _CONTRARY & set(_bare(label)) or _names_more(said, plain_words(label).split())
    return None if is_more else holding[0]


def _holding(word: str, labels: Mapping[str, str]) -> list[str]:
    """Return the choices whose label, or id where there is none, holds every word written."""
    said = set(_bare(word))
    return [name for name, label in labels.items() if said and said <= set(_bare(label or name))]


def labelled(word: str, choices: Mapping[str, str]) -> list[str]:
    """Return the choices that a French word names: the one of that label, else all that hold it.

    Args:
        word: as a person says it, `plainte`.
        choices: each with its French label.
    """
    plain = plain_words(word[:80])
    exact = [name for name, label in choices.items() if plain and plain == plain_words(label)]
    return exact or _holding(word[:80], choices)


def _names_more(said: AbstractSet[str], label: Sequence[str]) -> bool:
    """Tell whether a label begins with the one word that was written, and says which of its sort.

    `association` is not « Association LGBT+ »; `abri` may be « Mise à l’abri ».
    """
    first, after = label[:1], label[1:2]
    return len(said) == 1 and said == set(first) and bool(after) and after[0] not in ("et", "ou")


def _bare(text: str) -> list[str]:
    words = slug_of(text, "_").split("_")
    return [word for word in words if word not in _SMALL and len(word) > 1]


def says_unknown(word: str) -> bool:
    """Tell whether a word stands for an answer that is not known."""
    return slug_of(word[:80], "_") in UNKNOWN


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
    return [part for part in _BETWEEN.split(word[:80].strip(" []()")) if part]


def _labels(choices: Iterable[str] | Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """Yield each choice with its French label, where it has one."""
    if not isinstance(choices, Mapping):
        yield from ((name, SAID[name]) for name in choices if name in SAID)
        return
    for name, thing in choices.items():
        label = getattr(thing, "label", thing)
        text = getattr(label, "fr", None) or getattr(thing, "title", None)
        if isinstance(text, str):
            yield name, text
