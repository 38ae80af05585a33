"""What a form needs to put every question: the vocabulary in one language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import AttributeType
from iscg_rules.recommend.lexicon import Lexicon
from iscg_rules.recommend.questions import AnswerChoice, Discreet
from iscg_rules.recommend.signed_results import Result

__all__ = ["Form", "FormField", "make_form"]


@dataclass(frozen=True, slots=True, repr=False)
class FormField(Discreet):
    """One question of a form; what is left empty is not given to the engine: it is unknown.

    Attributes:
        ask: the question; null where `label` alone is said.
        choices: what may be answered; empty for numbers and communes.
        min, max, unit: of a number.
        screening: a question of safety, asked first of everybody.
        grid: those of one grid are ticked together.
        fixed: nobody can change it.
    """

    attribute: str
    type: AttributeType
    label: str
    ask: str | None
    choices: tuple[AnswerChoice, ...]
    min: float | None
    max: float | None
    unit: str | None
    screening: bool
    grid: str | None
    fixed: bool


@dataclass(frozen=True, slots=True, repr=False)
class Form(Result):
    """Every question that may be asked, in the vocabulary's order."""

    fields: tuple[FormField, ...]

    def answers(
        self, sent: Mapping[str, object], *, nothing_else: Collection[str] = ()
    ) -> dict[str, object]:
        """Return what a form sent as answers: what was left empty is unknown, never no.

        Ticks are yes and leave the rest unknown. Names that no question has are handed on, for the
        engine to refuse.

        Args:
            sent: attribute → what was chosen: a text, or a list of what was ticked.
            nothing_else: the attributes of which somebody said that nothing else is true.

        >>> form = engine.form()
        >>> form.answers({"role": "victim", "gender": "", "minors": [], "request": ["care"]})
        {'role': 'victim', 'request': {'yes': ['care']}}
        >>> form.answers({"role": ["victim"], "gender": [""]})
        {'role': 'victim'}
        >>> form.answers({"minors": []}, nothing_else=["minors"])
        {'minors': []}
        """
        is_list = isinstance(nothing_else, list | tuple | set | frozenset)
        if not (
            isinstance(sent, Mapping) and is_list and all(type(n) is str for n in nothing_else)
        ):
            aid = "un formulaire envoie un nom et ce qui est choisi ; `nothing_else` est une liste"
            raise IscgError([Problem("A007", "ce n'est pas ce qu'un formulaire envoie", help=aid)])
        single = {field.attribute for field in self.fields if field.type != "many_of"}
        ticked = {field.attribute for field in self.fields if field.type == "many_of"}
        answers: dict[str, object] = {name: [] for name in nothing_else}
        for name, given in sent.items():
            chosen = _chosen(given, is_single=name in single)
            if chosen is None or chosen in ("", []):
                continue
            if name not in ticked or isinstance(chosen, Mapping):
                answers[name] = chosen
                continue
            # One tick alone comes as a text.
            ticks = [chosen] if isinstance(chosen, str) else chosen
            answers[name] = ticks if name in answers else {"yes": ticks}
        return answers


def _chosen(given: object, *, is_single: bool) -> object:
    """Return what was chosen: browsers send a list a field, of one text where one can be chosen."""
    if not isinstance(given, list | tuple):
        return given
    ticks = [one for one in given if one not in ("", None)]
    return ticks[0] if is_single and len(ticks) == 1 else ticks


def make_form(lexicon: Lexicon) -> Form:
    """Return what a form needs, in the words of a lexicon."""
    fields = (
        FormField(
            attribute=attribute.id,
            type=attribute.type,
            label=lexicon.questions[attribute.id].label,
            ask=lexicon.questions[attribute.id].ask,
            choices=lexicon.choices[attribute.id],
            min=attribute.min,
            max=attribute.max,
            unit=attribute.unit.in_(lexicon.language) if attribute.unit else None,
            screening=attribute.screening,
            grid=attribute.grid,
            fixed=attribute.fixed,
        )
        for attribute in lexicon.rule_set.vocabulary.attributes.values()
        if attribute.derived is None
    )
    return Form(*lexicon.signature, tuple(fields))
