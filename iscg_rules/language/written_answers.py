"""Known variables as the answers that an author or an application writes."""

from collections.abc import Mapping

from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["answers_of", "givable", "written_commune", "yaml_of"]

# Any commune that no area names, for the class of all of them.
_ELSEWHERE = "75056"


def written_commune(answer: AnswerValue) -> AnswerValue:
    """Return a commune that may be written, also where one stands for all that no area names."""
    return _ELSEWHERE if answer == "00000" else answer


def givable(vocabulary: Vocabulary, values: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    """Return what can be answered of an example: what is drawn from the moment stays out."""
    attributes, owner = vocabulary.attributes, vocabulary.attribute_of
    asked = {name: attributes[owner[name]] for name in values}
    return {
        name: written_commune(values[name]) if attribute.type == "commune" else values[name]
        for name, attribute in asked.items()
        if attribute.is_asked
    }


def answers_of(vocabulary: Vocabulary, values: Mapping[str, AnswerValue]) -> dict[str, object]:
    """Return the answer of each attribute, in the order in which its variables come.

    Those of a `many_of` attribute are one answer: `forms=a: yes, forms=b: no, age: 30` →
    `forms: {yes: [a], no: [b]}, age: 30`.
    """
    answers: dict[str, object] = {}
    several: dict[str, dict[str, list[str]]] = {}
    for variable, answer in values.items():
        attribute, is_many, value = variable.partition("=")
        if is_many:
            answers[attribute] = several.setdefault(attribute, {})
            several[attribute].setdefault(str(answer), []).append(value)
        else:
            answers[vocabulary.attribute_of[variable]] = answer
    return answers


def yaml_of(answer: object) -> str:
    """Return one answer as YAML on one line."""
    if isinstance(answer, Mapping):
        parts = (f"{word}: {yaml_of(some)}" for word, some in answer.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(answer, list):
        return f"[{', '.join(answer)}]"
    if isinstance(answer, float):
        return f"{answer:g}"
    text = str(answer)
    return f'"{text}"' if text[:1].isdigit() else text
