"""A case as an author would write it, from an example: the words to say are left to the author."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from iscg_rules.authoring.sketches import first_moment, written_commune
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import Answer
from iscg_rules.language.vocabulary import Attribute
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
    """Give a moment from a day on at which all that is drawn from the moment is as in an example.

    Returns:
        None when the example speaks of no moment and no day matters, or when no hour of the
        following week will do.
    """
    wanted = {
        attribute.id: values[attribute.id]
        for attribute in rule_set.vocabulary.attributes.values()
        if attribute.derived and attribute.id in values
    }
    if not wanted and day is None:
        return None
    return first_moment(rule_set.vocabulary, wanted, day)


def draft(
    rule_set: RuleSet, name: str, values: Values, at: datetime | None, expected: Expected
) -> str:
    """Give the lines of one case, ready to paste under `cases:`."""
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
            inner = ", ".join(f"{kind}: {one}" for kind, one in value.items())
            lines.append(f"      {key}: {{{inner}}}")
        else:
            lines.append(f"      {key}: [{', '.join(list(value)[:_FEW])}]")
    return "\n".join(lines) + "\n"


def _answers(rule_set: RuleSet, values: Values) -> Iterator[tuple[str, str]]:
    for attribute in rule_set.vocabulary.attributes.values():
        if attribute.derived:
            continue
        if attribute.type == "many_of":
            known = {name: values[name] for name in attribute.variables if name in values}
            if known:
                yield attribute.id, _many(attribute, known)
        elif attribute.id in values:
            yield attribute.id, _one(attribute, values[attribute.id])


def _one(attribute: Attribute, answer: Answer) -> str:
    if attribute.type == "number":
        return f"{answer:g}"
    # A code such as 01000 would be read as text anyway; authors are used to the quotes.
    return f'"{written_commune(answer)}"' if attribute.type == "commune" else str(answer)


def _many(attribute: Attribute, known: Values) -> str:
    words = {
        word: [name.partition("=")[2] for name, answer in known.items() if answer == word]
        for word in ("yes", "no")
    }
    # A list is complete: exactly these.
    if len(known) == len(attribute.variables):
        return f"[{', '.join(words['yes'])}]"
    parts = (f"{word}: [{', '.join(some)}]" for word, some in words.items() if some)
    return f"{{{', '.join(parts)}}}"


def case_id(*parts: str) -> str:
    """Give an id from ids and numbers, short enough, the last part kept whole."""
    *first, last = (part.replace("_", "-") for part in parts)
    return f"{'-'.join(first)[: _LONGEST_ID - len(last) - 1].rstrip('-')}-{last}"
