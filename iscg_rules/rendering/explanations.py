"""Explanations as plain French or English text, to be read with the person."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from iscg_rules.explain.results import (
    Change,
    Comparison,
    Difference,
    NextQuestions,
    RuleGap,
    WhatIf,
    Why,
    WhyNot,
)
from iscg_rules.rendering.words import WORDS, answers, questions, together

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
            "urgency": "Délai",
            "strength": "Force",
            "from": "d’après",
            "missing": "Il manque une réponse à",
            "rule": "La règle",
            "would_hold": "vaudrait, par exemple, avec",
            "never_holds": "ne peut pas valoir, quelles que soient les réponses",
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
            "certain": "pour que ce soit une orientation",
            "first": "pour que ce soit la première orientation",
            "excluded": "pour que ce soit exclu",
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
            "urgency": "Urgency",
            "strength": "Strength",
            "from": "from",
            "missing": "Missing is an answer to",
            "rule": "The rule",
            "would_hold": "would hold, for instance, with",
            "never_holds": "cannot hold, whatever the answers",
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
            "certain": "to make it an orientation",
            "first": "to make it the first orientation",
            "excluded": "to exclude it",
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
    told = {rule for one in why.sets for rule in one.rules}
    for name, said, rules in (
        ("urgency", urgency, why.urgency_from),
        ("strength", strength, why.strength_from),
    ):
        yield f"  {words[name]}{colon} {said}, {words['from']} {', '.join(rules)}"
        for reason in why.reasons:
            if reason.rule in rules and reason.rule not in told:
                told.add(reason.rule)
                yield f"    → {reason.because} ({answers(reason.answers, language)})"


def render_why_not(why_not: WhyNot, language: str = "fr") -> str:
    """Say what stands between a kind and the orientations."""
    return "\n".join(_why_not(why_not, language)) + "\n"


def _why_not(got: WhyNot, language: str) -> Iterator[str]:
    words, colon = _WORDS[language], _WORDS[language]["colon"]
    yield f"{got.label} (`{got.kind}`)"
    yield f"  {got.text}"
    for reason in got.exclusions:
        said = answers(reason.answers, language)
        yield f"  {words['rule']} {reason.rule}{colon} {reason.because} ({said})"
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
    return f"{words['would_hold']}{words['colon']} {_changes(gap.changes, language)}"


def render_what_if(what_if: WhatIf, language: str = "fr") -> str:
    """Say the fewest answers to change or to give."""
    words = _WORDS[language]
    lines = [f"{what_if.label} (`{what_if.kind}`), {words[what_if.goal]}{words['colon']}"]
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
    said: dict[str, list[str]] = {}
    for change in changes:
        before, after = change.before, change.after
        # What is ticked was not ticked before, and the other way round: no need to say it.
        is_turned = before is not None and (before in after or after in before)
        was = f" ({words['was']} {before})" if before and not is_turned else ""
        said.setdefault(change.label, []).append(f"{after}{was}")
    return "\u202f; ".join(
        f"{label}{words['colon']} {together(parts, language)}" for label, parts in said.items()
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
