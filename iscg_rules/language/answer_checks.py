"""Answers checked, every problem at once; none of them repeats what was given."""

import math
import re
from collections.abc import Callable, Mapping

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.language.vocabulary import Attribute, Vocabulary, variable_of
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.suggestions import closest, did_you_mean, explained, says_unknown

__all__ = ["COMMUNE", "MOST_PROBLEMS", "check_answers", "make_situation"]

# Département (01-95, 2A, 2B, 97, 98) then three digits, as INSEE writes the codes of communes.
# `[0-9]`: Python takes the digits of every script for digits.
COMMUNE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}")
MOST_PROBLEMS = 20
_WORDS = ("yes", "no")


def make_situation(vocabulary: Vocabulary, answers: object) -> Situation:
    """Check answers given as a mapping of attribute to answer.

    Args:
        vocabulary: what may be said.
        answers: `one_of`: the value's id; `yes_no`: `"yes"`, `"no"`, true or false; `number`: a
            number in the attribute's unit; `commune`: an INSEE code of five characters; `many_of`:
            a list, which is complete, or `{"yes": [...], "no": [...]}`, which leaves the rest
            unknown. None is the same as no answer.

    Raises:
        IscgError: A001 to A008, all problems at once, never with an answer in it.
    """
    if isinstance(answers, Situation):
        _check_situation(vocabulary, answers)
        return answers
    values, problems = check_answers(vocabulary, answers)
    if problems:
        raise IscgError(problem for _, problem in problems)
    return Situation(values)


def _check_situation(vocabulary: Vocabulary, situation: Situation) -> None:
    """Check what somebody else put into a situation; what `closing` made holds nothing wrong."""
    problems: list[Problem] = []
    for variable, answer in situation.given.items():
        attribute = vocabulary.attributes.get(vocabulary.attribute_of.get(variable, ""))
        if attribute is None:
            problem: Problem | None = _refuse(vocabulary, None, variable, len(problems))
        elif attribute.type == "many_of":
            is_word = answer.__class__ is str and answer in {"yes", "no"}
            problem = None if is_word else _not_allowed("A002", attribute)
        else:
            problem = _check_kept(attribute, answer)
        if problem is not None:
            problems.append(problem)
    if problems:
        told, more = problems[:MOST_PROBLEMS], len(problems) - MOST_PROBLEMS
        raise IscgError([*told, _rest(more)] if more > 0 else told)


def _check_kept(attribute: Attribute, answer: object) -> Problem | None:
    """Check an answer as a situation holds it: `True` is written `"yes"` there."""
    kept: dict[str, AnswerValue] = {}
    problem = _CHECKS[attribute.type](attribute, answer, kept)
    if problem is None and (answer.__class__ is bool or kept[attribute.id] != answer):
        return _not_allowed("A003", attribute)
    return problem


def check_answers(
    vocabulary: Vocabulary, answers: object
) -> tuple[dict[str, AnswerValue], list[tuple[object, Problem]]]:
    """Return the checked values and, with the key that each is about, the problems."""
    values: dict[str, AnswerValue] = {}
    problems: list[tuple[object, Problem]] = []
    if not isinstance(answers, Mapping):
        aid = "écrivez une réponse par attribut, comme `immediate_danger: yes`"
        return values, [
            (None, Problem("A007", "la situation n'est pas une liste de réponses", help=aid))
        ]
    attributes, more = vocabulary.attributes, 0
    for key, answer in answers.items():
        attribute = attributes.get(key) if isinstance(key, str) else None
        if attribute is not None and answer is None:
            continue
        if attribute is not None and attribute.derived is None:
            problem = _CHECKS[attribute.type](attribute, answer, values)
        else:
            # What is only counted needs no suggestion, which takes longer than all else.
            word = key if len(problems) < MOST_PROBLEMS else None
            problem = _refuse(vocabulary, attribute, word, len(problems))
        if problem is None:
            continue
        if len(problems) < MOST_PROBLEMS:
            problems.append((key, problem))
        else:
            more += 1
    if more:
        problems.append((None, _rest(more)))
    return values, problems


def _rest(more: int) -> Problem:
    text = f"plus de {MOST_PROBLEMS} problèmes dans la situation, non montrés\u00a0: {more}"
    return Problem("A008", text, params={"more": more})


def _refuse(
    vocabulary: Vocabulary, attribute: Attribute | None, key: object, count: int
) -> Problem:
    if attribute is not None:
        text = f"`{attribute.id}` est calculé d'après le moment, il ne se donne pas"
        instead = "donnez le moment de l'entretien à la place"
        return Problem("A004", text, help=instead, attribute=attribute.id)
    # Privacy: an unknown key may be anything, a name included; only known words are repeated.
    aid = did_you_mean(key, vocabulary.attributes) if isinstance(key, str) else None
    close = aid if aid and aid.startswith("vouliez") else None
    return Problem(
        "A001",
        f"attribut inconnu (problème n° {count + 1} de la situation)",
        help=close or "`iscg-rules show attribute` donne la liste des attributs",
        params={"number": count + 1},
    )


_Check = Callable[[Attribute, object, dict[str, AnswerValue]], Problem | None]


def _check_one_of(
    attribute: Attribute, answer: object, values: dict[str, AnswerValue]
) -> Problem | None:
    if answer.__class__ is str and answer in attribute.choices:
        values[attribute.id] = answer
        return None
    code = "A002" if isinstance(answer, str) else "A003"
    return _not_allowed(code, attribute, answer)


def _check_yes_no(
    attribute: Attribute, answer: object, values: dict[str, AnswerValue]
) -> Problem | None:
    if answer is True or answer == "yes":
        values[attribute.id] = "yes"
    elif answer is False or answer == "no":
        values[attribute.id] = "no"
    else:
        return _not_allowed("A002" if isinstance(answer, str) else "A003", attribute, answer)
    return None


def _check_number(
    attribute: Attribute, answer: object, values: dict[str, AnswerValue]
) -> Problem | None:
    if isinstance(answer, str) and NUMBER.fullmatch(answer):
        answer = float(answer)
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        text, aid = f"`{attribute.id}` attend un nombre", "des chiffres seuls, comme 3 ou 2.5"
        return Problem("A003", text, help=aid, attribute=attribute.id)
    low = -math.inf if attribute.min is None else attribute.min
    high = math.inf if attribute.max is None else attribute.max
    # A NaN fails both comparisons, which is what is wanted.
    if not (low <= answer <= high) or answer in (math.inf, -math.inf):
        text = f"`{attribute.id}` attend un nombre entre {low:g} et {high:g}"
        bounds = {"min": low, "max": high}
        limits = {name: bound for name, bound in bounds.items() if math.isfinite(bound)}
        return Problem("A002", text, attribute=attribute.id, params=limits)
    values[attribute.id] = float(answer)
    return None


def _check_commune(
    attribute: Attribute, answer: object, values: dict[str, AnswerValue]
) -> Problem | None:
    if not isinstance(answer, str) or not COMMUNE.fullmatch(answer):
        text = f"`{attribute.id}` attend un code INSEE de cinq caractères, entre guillemets"
        aid = "le code INSEE n'est pas le code postal"
        return Problem("A006", text, help=aid, attribute=attribute.id)
    values[attribute.id] = answer
    return None


def _check_many_of(
    attribute: Attribute, answer: object, values: dict[str, AnswerValue]
) -> Problem | None:
    partial = isinstance(answer, Mapping)
    if isinstance(answer, Mapping):
        if not answer.keys() <= {*_WORDS}:
            return _not_a_list(attribute)
        held, not_held = (() if (group := answer.get(word)) is None else group for word in _WORDS)
    else:
        held, not_held = answer, ()
    given: dict[str, AnswerValue] = {}
    for word, group in zip(_WORDS, (held, not_held), strict=True):
        if not isinstance(group, list | tuple | set | frozenset):
            return _not_a_list(attribute)
        for value in group:
            if not isinstance(value, str) or value not in attribute.choices:
                return _not_allowed("A002", attribute, value)
            variable = variable_of(attribute.id, value)
            if given.setdefault(variable, word) != word:
                text = f"`{attribute.id}` dit oui et non de la même valeur"
                return Problem("A002", text, attribute=attribute.id, allowed=(*attribute.choices,))
    if not partial:
        given = {variable: given.get(variable, "no") for variable in attribute.variables}
    values.update(given)
    return None


def _not_a_list(attribute: Attribute) -> Problem:
    aid = (
        "entre crochets, et complète : `[...]` ; `{yes: [...], no: [...]}` laisse le reste inconnu"
    )
    text = f"`{attribute.id}` attend une liste de valeurs"
    choices = (*attribute.choices,)
    return Problem("A003", text, help=aid, attribute=attribute.id, allowed=choices)


def _not_allowed(code: str, attribute: Attribute, answer: object = None) -> Problem:
    # Privacy: what was typed is not repeated; what is suggested is a word of the vocabulary.
    allowed = ", ".join(explained(attribute.choices, attribute.choices))
    text, aid = f"réponse non permise pour `{attribute.id}`", f"possible : {allowed}"
    if isinstance(answer, str) and says_unknown(answer):
        aid = "sans réponse, une question est inconnue ; effacez-la"
    close = closest(answer, attribute.choices) if isinstance(answer, str) else None
    if close:
        aid = f"vouliez-vous dire `{close}` ? {aid}"
    choices = (*attribute.choices,)
    return Problem(code, text, help=aid, attribute=attribute.id, allowed=choices)


_CHECKS: Mapping[str, _Check] = {
    "one_of": _check_one_of,
    "yes_no": _check_yes_no,
    "number": _check_number,
    "commune": _check_commune,
    "many_of": _check_many_of,
}
