"""A case as an author would write it, from an example: the words to say are left to the author."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from iscg_rules.authoring.sketches import drawn_answers, example_day, first_moment
from iscg_rules.language.conditions import Values
from iscg_rules.language.written_answers import answers_of, givable, yaml_of
from iscg_rules.model.rules import RuleSet

__all__ = ["Expected", "case_id", "draft", "moment_of"]

# What `expect` says, key by key: a list of kinds or rules, or a kind with its urgency.
Expected = Mapping[str, Iterable[str] | Mapping[str, str]]

_TITLE = "À écrire : qui est reçu, et ce qui se passe"
_WIDTH = 100
_LONGEST_ID = 80
# A draft is to be read: one thing that differs is enough, and not all of them are named.
_FEW = 3


def moment_of(rule_set: RuleSet, values: Values, day: date | None) -> datetime | None:
    """Return a moment from a day on at which all that is drawn from the moment is as in an example.

    Returns:
        None when the example speaks of no moment and no day matters, or when no hour of the
        following week will do.
    """
    wanted = drawn_answers(rule_set.vocabulary, values)
    if not wanted and (day is None or not rule_set.is_dated):
        return None
    return first_moment(rule_set.vocabulary, wanted, example_day(rule_set, day))


def draft(
    rule_set: RuleSet, name: str, values: Values, at: datetime | None, expected: Expected
) -> str:
    """Return the lines of one case, ready to paste under `cases:`."""
    answers = dict(_answers(rule_set, values))
    lines = [f"  - id: {name}", f"    title: {{fr: {json.dumps(_TITLE, ensure_ascii=False)}}}"]
    flow = ", ".join(f"{key}: {value}" for key, value in answers.items())
    if len(flow) <= _WIDTH:
        lines.append(f"    situation: {{{flow}}}")
    else:
        lines.append("    situation:")
        lines += [f"      {key}: {value}" for key, value in answers.items()]
    if at is not None:
        lines.append(f"    at: {at:%Y-%m-%dT%H:%M}")
    said = {key: value for key, value in expected.items() if value}
    lines.append("    expect:" if said else "    expect: {}")
    for key, value in said.items():
        if isinstance(value, Mapping):
            inner = ", ".join(f"{kind}: {word}" for kind, word in value.items())
            lines.append(f"      {key}: {{{inner}}}")
        else:
            lines.append(f"      {key}: [{', '.join(list(value)[:_FEW])}]")
    return "\n".join(lines) + "\n"


def _answers(rule_set: RuleSet, values: Values) -> Iterator[tuple[str, str]]:
    vocabulary = rule_set.vocabulary
    ordered = {name: values[name] for name in vocabulary.attribute_of if name in values}
    for name, answer in answers_of(vocabulary, givable(vocabulary, ordered)).items():
        variables = vocabulary.attributes[name].variables
        if isinstance(answer, dict) and all(each in values for each in variables):
            # A list is complete: exactly these.
            yield name, yaml_of(answer.get("yes", []))
        else:
            yield name, yaml_of(answer)


def case_id(*parts: str) -> str:
    """Return an id from ids and numbers, short enough, the last part kept whole."""
    *first, last = (part.replace("_", "-") for part in parts)
    return f"{'-'.join(first)[: _LONGEST_ID - len(last) - 1].rstrip('-')}-{last}"
