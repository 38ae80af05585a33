"""Questions that may be without an object: `only_if` and `otherwise` as an `impossible` entry.

No violence, no forms of violence: `only_if: {not: {violence_context: none}}, otherwise: []` says
that, where the condition does not hold, any other answer is impossible.
"""

from collections.abc import Iterator

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Condition, Not, Test, all_of, any_of
from iscg_rules.language.vocabulary import Attribute
from iscg_rules.model.rules import Impossible
from iscg_rules.reading.binding import LocalText
from iscg_rules.reading.documents import child, place_of
from iscg_rules.reading.yaml_nodes import Node
from iscg_rules.suggestions import did_you_mean

__all__ = ["check_object", "entry_without_object"]

_TYPES = ("one_of", "many_of", "yes_no")


def check_object(attribute: Attribute, node: Node, problems: list[Problem]) -> bool:
    """Tell whether `only_if` and `otherwise` go together; what does not is noted."""
    noted = list(_contradictions(attribute, node))
    problems += [Problem("V010", message, place_of(node, key), aid) for message, key, aid in noted]
    return not noted


def _contradictions(attribute: Attribute, node: Node) -> Iterator[tuple[str, str, str | None]]:
    answer, has_condition = attribute.otherwise, child(node, "only_if") is not None
    if attribute.type not in _TYPES:
        yield "`only_if` ne va qu'avec des choix", "only_if", "one_of, many_of ou yes_no"
    elif answer is None:
        example = "[]" if attribute.type == "many_of" else "une de ses valeurs, comme none ou no"
        yield "`only_if` demande `otherwise`", "only_if", f"ajoutez `otherwise:` {example}"
    elif not has_condition:
        yield "`otherwise` demande `only_if`", "otherwise", "dites quand la question se pose"
    elif attribute.type == "many_of" and answer != ():
        yield "`otherwise` d'une question à plusieurs réponses est `[]`", "otherwise", None
    elif attribute.type != "many_of" and answer not in attribute.choices:
        closest = did_you_mean(str(answer or ""), attribute.choices)
        yield "`otherwise` n'est pas une réponse de la question", "otherwise", closest


def entry_without_object(attribute: Attribute, only_if: Condition) -> Impossible:
    """Return the entry that refuses any other answer where the question has no object."""
    if attribute.type == "many_of":
        tests = [Test(attribute.id, name, frozenset({"yes"})) for name in attribute.variables]
    else:
        others = frozenset(attribute.choices) - {str(attribute.otherwise)}
        tests = [Test(attribute.id, attribute.id, others)]
    label = attribute.label
    french = f"la question « {label.fr} » est alors sans objet."
    return Impossible(
        id=f"{attribute.id}-without-object",
        when=all_of((Not(only_if), any_of(tuple(tests)))),
        because=LocalText(fr=french, en=f"“{label.in_('en')}” does not arise then."),
    )
