"""Explanations as plain French or English text, to be read with the person."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from iscg_rules.explanation import (
    Change,
    Comparison,
    Difference,
    NextQuestions,
    RuleGap,
    WhatIf,
    Why,
    WhyNot,
)
from iscg_rules.rendering.words import WORDS, answers, questions

__all__ = [
    "render_comparison",
    "render_questions",
    "render_what_if",
    "render_why",
    "render_why_not",
]

_WORDS = MappingProxyType(
    {
        "fr": {
            "colon": "\u00a0:",
            "enough": "Il suffit de",
            "or": "ou bien de",
            "not_certain": "Ce n’est pas une orientation certaine avec ces réponses.",
            "nothing": "rien\u00a0: cela vaut pour tous",
            "urgency": "Le délai vient de",
            "strength": "La force vient de",
            "by": "Exclu par",
            "missing": "Il manque",
            "rule": "La règle",
            "would_hold": "vaudrait avec",
            "never_holds": "ne peut pas valoir",
            "change": "autre réponse que",
            "give": "une réponse à",
            "refuses": "ne reçoit pas",
            "area": "ne couvre pas",
            "reached": "C’est déjà le cas.",
            "unreachable": "Rien de ce qui peut changer n’y mène.",
            "was": "au lieu de",
            "won": "EN PLUS",
            "lost": "EN MOINS",
            "moved": "CHANGE DE PLACE",
            "same": "Les deux situations mènent aux mêmes orientations, dans le même ordre.",
            "because": "à cause de",
            "place": "place",
            "settled": "Plus aucune réponse ne peut changer la recommandation.",
            "decides": "peut changer\u00a0:",
            "inexact": "(recherche limitée\u00a0: il peut y avoir mieux)",
        },
        "en": {
            "colon": ":",
            "enough": "Enough is",
            "or": "or else",
            "not_certain": "It is not a certain orientation with these answers.",
            "nothing": "nothing: it holds for everyone",
            "urgency": "Its urgency comes from",
            "strength": "Its strength comes from",
            "by": "Excluded by",
            "missing": "Missing",
            "rule": "The rule",
            "would_hold": "would hold with",
            "never_holds": "cannot hold",
            "change": "another answer than",
            "give": "an answer to",
            "refuses": "does not receive",
            "area": "does not cover",
            "reached": "It is so already.",
            "unreachable": "Nothing that can be changed leads there.",
            "was": "instead of",
            "won": "MORE",
            "lost": "LESS",
            "moved": "MOVES",
            "same": "Both situations lead to the same orientations, in the same order.",
            "because": "because of",
            "place": "place",
            "settled": "No answer can change the recommendation any more.",
            "decides": "may change:",
            "inexact": "(limited search: there may be better)",
        },
    }
)


def render_why(why: Why, language: str = "fr") -> str:
    """Say why a kind is certain."""
    return "\n".join(_why(why, language)) + "\n"


def _why(why: Why, language: str) -> Iterator[str]:
    words, colon = _WORDS[language], _WORDS[language]["colon"]
    yield f"{why.label} (`{why.kind}`)"
    if not why.is_certain:
        yield f"  {words['not_certain']}"
        return
    for number, one in enumerate(why.sets):
        lead = words["or"] if number else words["enough"]
        said = answers(one.answers, language) or words["nothing"]
        yield f"  {lead}{colon} {said}"
        for reason in why.reasons:
            if reason.rule in one.rules:
                yield f"    → {reason.because}"
    if not why.exact:
        yield f"  {words['inexact']}"
    urgency = WORDS[language][why.urgency or "planned"].lower()
    strength = WORDS[language][why.strength or "may"]
    yield f"  {words['urgency']}{colon} {', '.join(why.urgency_from)} ({urgency})"
    yield f"  {words['strength']}{colon} {', '.join(why.strength_from)} ({strength})"


def render_why_not(why_not: WhyNot, language: str = "fr") -> str:
    """Say what stands between a kind and the orientations."""
    return "\n".join(_why_not(why_not, language)) + "\n"


def _why_not(got: WhyNot, language: str) -> Iterator[str]:
    words, colon = _WORDS[language], _WORDS[language]["colon"]
    yield f"{got.label} (`{got.kind}`)"
    yield f"  {got.text}"
    for reason in got.exclusions:
        said = answers(reason.answers, language)
        yield f"  {words['by']} {reason.rule}{colon} {reason.because} ({said})"
    if got.missing:
        yield f"  {words['missing']}{colon} {questions(got.missing)}"
    for gap in got.rules:
        yield f"  {words['rule']} {gap.rule}{colon} {gap.because}"
        yield f"    {_would_hold(gap, language)}"
    for partner in got.partners:
        lead = words["refuses"] if partner.lacks == "accepts" else words["area"]
        yield f"  {partner.name} {lead}{colon} {answers(partner.answers, language)}"


def _would_hold(gap: RuleGap, language: str) -> str:
    words = _WORDS[language]
    if not gap.can_hold:
        return words["never_holds"]
    parts = []
    if gap.to_change:
        parts.append(f"{words['change']} {answers(gap.to_change, language)}")
    if gap.to_ask:
        parts.append(f"{words['give']} {questions(gap.to_ask)}")
    return f"{words['would_hold']} " + "\u202f; ".join(parts)


def render_what_if(what_if: WhatIf, language: str = "fr") -> str:
    """Say the fewest answers to change or to give."""
    words = _WORDS[language]
    lines = [f"{what_if.label} (`{what_if.kind}`), {what_if.goal}"]
    if not what_if.alternatives:
        lines.append(f"  {words['unreachable']}")
    lines += [
        f"  • {_changes(one.changes, language)}" if one.changes else f"  {words['reached']}"
        for one in what_if.alternatives
    ]
    if not what_if.exact:
        lines.append(f"  {words['inexact']}")
    return "\n".join(lines) + "\n"


def _changes(changes: Iterable[Change], language: str) -> str:
    words = _WORDS[language]
    return "\u202f; ".join(
        f"{change.label}{words['colon']} {change.after}"
        + (f" ({words['was']} {change.before})" if change.before else "")
        for change in changes
    )


def render_comparison(got: Comparison, language: str = "fr") -> str:
    """Say what the second situation wins, loses and moves."""
    words = _WORDS[language]
    lines: list[str] = []
    for name, differences in (("won", got.won), ("lost", got.lost), ("moved", got.moved)):
        if differences:
            lines += [words[name], *(_difference(one, language) for one in differences), ""]
    return "\n".join(lines[:-1] or [words["same"]]) + "\n"


def _difference(one: Difference, language: str) -> str:
    words = _WORDS[language]
    places = "" if None in (one.before, one.after) else f", {one.before} → {one.after}"
    return f"  • {one.label}{places}, {words['because']} {_changes(one.changes, language)}"


def render_questions(got: NextQuestions, labels: dict[str, str], language: str = "fr") -> str:
    """Say what to ask next, and what each answer decides."""
    words = _WORDS[language]
    if got.settled:
        return words["settled"] + "\n"
    lines = []
    for number, question in enumerate(got.questions, 1):
        lines.append(f"{number}. {question.ask or question.label} (`{question.attribute}`)")
        decided = ", ".join(labels[kind] for kind in question.decides[:4])
        more = "…" if len(question.decides) > 4 else ""  # noqa: PLR2004 # enough for a line
        lines.append(f"   {words['decides']} {decided}{more}")
    return "\n".join(lines) + "\n"
