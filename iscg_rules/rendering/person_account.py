"""How an answer was made, as text to be read with the person."""

from collections.abc import Iterator
from types import MappingProxyType

from iscg_rules.explain.results import AppliedRule, PersonAccount, UsedAnswer
from iscg_rules.rendering.paragraphs import Paragraphs
from iscg_rules.rendering.words import sources

__all__ = ["render_person_account"]

_WORDS = MappingProxyType(
    {
        "fr": {
            "title": "Comment cette réponse a été faite",
            "contribution": "LA PART DE L’OUTIL",
            "answers": "CE QUI A ÉTÉ DIT, ET D’OÙ CELA VIENT",
            "rules": "LES RÈGLES QUI VALENT ICI",
            "operations": "CE QUE L’OUTIL A FAIT",
            "said": "dit pendant l’entretien",
            "concluded": "déduit de ce qui a été dit",
            "moment": "l’heure de l’entretien",
            "territory": "le lieu du poste",
            "unused": "n’a compté dans aucune règle",
            "colon": "\u00a0: ",
            "then": "\u00a0; ",
            "rests": "d’après",
            "every": "vaut pour tous",
            "nothing": "aucune réponse",
            "no_rule": "aucune règle ne vaut encore",
            "more": "Pour demander les règles\u00a0: iscg-rules notice.",
            "which": "Les règles de ce jour\u00a0: iscg-rules {}, empreinte {}.",
        },
        "en": {
            "title": "How this answer was made",
            "contribution": "THE PART OF THE TOOL",
            "answers": "WHAT WAS SAID, AND WHERE IT COMES FROM",
            "rules": "THE RULES THAT HOLD HERE",
            "operations": "WHAT THE TOOL DID",
            "said": "said in the interview",
            "concluded": "follows from what was said",
            "moment": "the hour of the interview",
            "territory": "where the post is",
            "unused": "counted in no rule",
            "colon": ": ",
            "then": "; ",
            "rests": "from",
            "every": "holds for everybody",
            "nothing": "no answer",
            "no_rule": "no rule holds yet",
            "more": "To ask for the rules: iscg-rules notice.",
            "which": "The rules of this day: iscg-rules {}, digest {}.",
        },
    }
)


def render_person_account(told: PersonAccount) -> str:
    """Return the explanation in lines of 80 columns."""
    words = _WORDS[told.language]
    paragraphs = Paragraphs(is_coloured=False)
    lines = [words["title"]]
    lines += paragraphs.listed(words["contribution"], told.contribution)
    answers = [_answer(one, words) for one in told.answers] or [words["nothing"]]
    lines += paragraphs.listed(words["answers"], answers)
    lines += paragraphs.heading(words["rules"])
    for rule in told.rules:
        lines += _rule(rule, told, paragraphs)
    if not told.rules:
        lines += paragraphs.bullets([words["no_rule"]])
    lines += ["", *paragraphs.wrap(told.weighting, "")]
    lines += paragraphs.listed(words["operations"], told.operations)
    which = words["which"].format(told.identity.library, (told.identity.digest or "–")[:12])
    return "\n".join([*lines, "", words["more"], which]) + "\n"


def _answer(one: UsedAnswer, words: dict[str, str]) -> str:
    unused = "" if one.rules else f"{words['then']}{words['unused']}"
    return f"{one.label}{words['colon']}{one.answer} ({words[one.origin]}{unused})"


def _rule(rule: AppliedRule, told: PersonAccount, paragraphs: Paragraphs) -> Iterator[str]:
    words = _WORDS[told.language]
    yield from paragraphs.bullets([rule.because])
    for effect in rule.effects:
        yield from paragraphs.wrap(f"- {effect}", "    ")
    rests = words["then"].join(f"{a.label}{words['colon']}{a.answer}" for a in rule.answers)
    yield from paragraphs.wrap(f"{words['rests']} {rests or words['every']}", "    ")
    yield from paragraphs.wrap(", ".join(sources(rule.sources, None, told.language)), "    ")
