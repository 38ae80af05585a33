"""Answers that nothing tells apart, and questions that change nothing anywhere."""

from collections.abc import Iterator, Sequence

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import CONSENT, Attribute
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.kept_promises import shown_of
from iscg_rules.proof.solver.outcome_differences import differences

__all__ = ["find_about_answers"]


def find_about_answers(asker: Asker) -> Iterator[Finding]:
    """Yield F009 and F010, in the vocabulary's order.

    Two answers are alike when no possible situation, unknown answers included, shows anything else
    with one than with the other; reasons may differ.
    """
    sorter = _Sorter(asker)
    for attribute in asker.rule_set.vocabulary.attributes.values():
        # Whether somebody agrees decides what may be transmitted, whatever the rules say.
        if attribute.derived or attribute.id == CONSENT:
            continue
        if attribute.type == "many_of":
            yield from _idle_values(sorter, attribute)
        elif attribute.type in ("one_of", "yes_no"):
            groups = sorter.alike(attribute.id, tuple(attribute.choices))
            if len(groups) == 1 and len(attribute.choices) > 1:
                yield _finding("F010", f"aucune réponse à `{attribute.id}` ne change rien")
                continue
            for group in groups:
                if len(group) > 1:
                    listed = ", ".join(f"`{answer}`" for answer in group)
                    text = f"rien ne distingue ces réponses à `{attribute.id}` : {listed}"
                    yield _finding("F009", text)


def _idle_values(sorter: "_Sorter", attribute: Attribute) -> Iterator[Finding]:
    for value, variable in zip(attribute.choices, attribute.variables, strict=True):
        if len(sorter.alike(variable, ("no", "yes"))) == 1:
            yield _finding("F010", f"cocher `{value}` dans `{attribute.id}` ne change rien")


def _finding(code: str, text: str) -> Finding:
    aid = {
        "F009": "une seule réponse suffirait, si personne d'autre n'en a besoin",
        "F010": "une question inutile coûte du temps à la personne",
    }
    return Finding(Problem(code, text, help=aid[code]))


class _Sorter:
    """Sorts answers into groups; situations seen before tell most of them apart."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def alike(self, variable: str, answers: Sequence[AnswerValue]) -> list[tuple[AnswerValue, ...]]:
        """Return the groups of answers, in each of which any two are alike, in the order given."""
        groups: list[list[AnswerValue]] = []
        for part in self._told_apart(variable, answers):
            kept: list[list[AnswerValue]] = []
            for answer in part:
                fitting = (g for g in kept if all(self._same(variable, a, answer) for a in g))
                group = next(fitting, None)
                if group is None:
                    kept.append([answer])
                else:
                    group.append(answer)
            groups += kept
        return [tuple(group) for group in sorted(groups, key=lambda group: answers.index(group[0]))]

    def _same(self, variable: str, one: AnswerValue, other: AnswerValue) -> bool:
        named = (self._named(variable, answer) for answer in (one, other))
        return len(set(named)) == 1 or not self._differ(variable, one, other)

    def _named(self, variable: str, answer: AnswerValue) -> tuple[bool, ...]:
        """Return what each test of the variable says of an answer: the same, and they are alike."""
        return tuple(answer in allowed for allowed in self._asker.world.tests(variable))

    def _told_apart(self, variable: str, answers: Sequence[AnswerValue]) -> list[list[AnswerValue]]:
        """Split answers by what they change in situations in which a rule about them holds."""
        marks: dict[AnswerValue, tuple[object, ...]] = dict.fromkeys(answers, ())
        for rule in self._asker.world.touched(variable).rules:
            if len(set(marks.values())) == len(answers):
                break
            seen = self._marks(rule, variable, answers)
            if seen:
                marks = {a: (*marks[a], mark) for a, mark in zip(answers, seen, strict=True)}
        by_mark: dict[tuple[object, ...], list[AnswerValue]] = {}
        for answer, mark in marks.items():
            by_mark.setdefault(mark, []).append(answer)
        return list(by_mark.values())

    def _marks(
        self, rule: str, variable: str, answers: Sequence[AnswerValue]
    ) -> list[object] | None:
        """Return what is shown with each answer where a rule holds by its own answers alone.

        None where an answer can't be given there: that says nothing about the others.
        """
        witnesses = self._asker.witnesses
        own = witnesses.of(rule) if rule in self._asker.period.rules else None
        if own is None:
            return None
        rest = witnesses.completion(own)
        if any(self._is_refused({**rest, variable: answer}) for answer in answers):
            return None
        rule_set = self._asker.rule_set
        seen: dict[tuple[bool, ...], object] = {}
        for answer in answers:
            named = self._named(variable, answer)
            if named not in seen:
                evaluation = witnesses.evaluate({**own, variable: answer})
                seen[named] = shown_of(rule_set, evaluation)
        return [seen[self._named(variable, answer)] for answer in answers]

    def _differ(self, variable: str, one: AnswerValue, other: AnswerValue) -> bool:
        world = self._asker.world
        class_of = world.space.domains[variable].class_of
        first, second = (
            world.outcome(world.partial, self._asker.period, {variable: class_of(answer)})
            for answer in (one, other)
        )
        touched = world.touched(variable)
        ways = list(differences(first, second, ("reasons",), touched=touched))
        circuit = world.partial.circuit
        return circuit.is_possible([first.possible, second.possible, circuit.any_of(ways)])

    def _is_refused(self, values: Values) -> bool:
        rule_set = self._asker.rule_set
        facts = rule_set.truths(values)
        return any(entry.condition.truth(values, facts) for entry in rule_set.impossible)
