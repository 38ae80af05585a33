"""What a code lens answers, in French: the cases of a rule, an example of it, what is proven."""

from iscg_rules.authoring.first_case import first_case
from iscg_rules.engine import Engine
from iscg_rules.language.written_answers import yaml_of
from iscg_rules.model.written_project import WrittenProject
from iscg_rules.rendering.text import render_text
from iscg_rules.workshop.session import Proven

__all__ = ["tell_cases", "tell_proven", "tell_tried"]

_NBSP = "\u00a0"


def tell_cases(rule: str, proven: Proven) -> str:
    """Name the cases that show a rule."""
    cases = proven.shown.get(rule)
    if cases is None:
        return "Les cas ne sont pas encore rejoués."
    if not cases:
        return f"Aucun cas ne montre `{rule}`{_NBSP}: iscg-rules new case {rule}"
    return f"{len(cases)} cas montrent `{rule}`{_NBSP}: {', '.join(sorted(cases))}"


def tell_tried(rule: str, project: WrittenProject | None) -> str:
    """Say what somebody gets for whom a rule holds, with few answers."""
    if project is None or rule not in project.rule_set.rules:
        return f"`{rule}` ne peut pas être lue{_NBSP}: réparez d’abord ce qui est souligné."
    engine = Engine(project.rule_set, project.directory)
    case = first_case(engine, project.rule_set.rules[rule])
    answers = ", ".join(f"{name}: {yaml_of(answer)}" for name, answer in case.answers.items())
    result = engine.recommend(case.answers, at=case.at)
    return f"{{{answers}}}, le {case.at:%Y-%m-%dT%H:%M}\n\n{render_text(result)}"


def tell_proven(rule: str, proven: Proven) -> str:
    """Say what is proven of a rule, and what no case would notice of it."""
    if proven.problem is not None:
        return str(proven.problem)
    about = [f for f in proven.findings if f"`{rule}`" in f.problem.message]
    lines = [str(finding) for finding in about]
    lines += [
        f"aucun cas ne verrait{_NBSP}: {change.words}"
        for change in proven.unnoticed
        if change.id == rule
    ]
    if lines:
        return "\n".join(lines)
    return f"Dans toutes les situations examinées, rien n’est à redire de `{rule}`."
