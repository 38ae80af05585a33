"""The whole rule set as a book for social workers: by theme, then by help and by partner."""

from collections.abc import Iterable, Iterator, Sequence

from iscg_rules.engine import Engine
from iscg_rules.language.conditions import Condition, Threshold
from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.rendering.escaping import escape_markdown
from iscg_rules.rendering.words import orient_terms, sources

__all__ = ["render_condition", "render_rule", "render_rulebook"]

_NBSP = "\u00a0"


def render_rulebook(engine: Engine) -> str:
    """Say every fact and rule in French, as Markdown, with tables of contents."""
    return "\n".join(_Book(engine).lines()) + "\n"


def render_rule(rule_set: RuleSet, rule: Rule) -> str:
    """Say one rule in French, as Markdown, without its name."""
    return "\n".join(_Sentences(rule_set).rule(rule))


def render_condition(rule_set: RuleSet, condition: Condition, lead: str) -> str:
    """Say a condition in French, as Markdown, with a line for each thing that must be true."""
    return "\n".join(_Sentences(rule_set).condition(condition, lead))


class _Book:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rule_set = engine.rule_set
        self._say = _Sentences(engine.rule_set)
        self._chapters = self._group()

    def lines(self) -> Iterator[str]:
        rules, facts = len(self._rule_set.rules), len(self._rule_set.facts)
        yield "# Le livre des règles"
        yield ""
        yield (
            f"{rules} règles et {facts} mots définis, tels que l’outil les applique. "
            "Cette page est écrite par `make rulebook`\u00a0: on change les règles, pas la page."
        )
        yield ""
        yield "Une exclusion l’emporte toujours. Une réponse inconnue n’est ni oui ni non."
        yield from self._contents()
        yield from self._definitions()
        for number, (theme, chapter) in enumerate(self._chapters.items(), 1):
            yield from ("", f'<a id="theme-{number}"></a>', "", f"## {escape_markdown(theme)}")
            for rule in chapter:
                yield from ("", f"### {rule.id}", "")
                yield from self._say.rule(rule)
        yield from self._by_kind()
        yield from self._by_partner()

    def _group(self) -> dict[str, list[Rule]]:
        """Put the rules under the theme of their file, the most urgent themes first."""
        chapters: dict[str, list[Rule]] = {}
        places, themes = self._rule_set.places, self._rule_set.themes
        for name, place in sorted(places.items(), key=lambda rule: (rule[1].file, rule[1].line)):
            theme = themes[place.file].fr if place.file in themes else place.file
            chapters.setdefault(theme, []).append(self._rule_set.rules[name])
        return dict(sorted(chapters.items(), key=lambda chapter: -_share_of_urgent(chapter[1])))

    def _contents(self) -> Iterator[str]:
        yield from ("", "## Par thème", "")
        for number, (theme, rules) in enumerate(self._chapters.items(), 1):
            yield f"- [{escape_markdown(theme)}](#theme-{number}) ({len(rules)})"
        yield from ("", "Plus bas\u00a0: [par aide](#par-aide), [par partenaire](#par-partenaire).")

    def _definitions(self) -> Iterator[str]:
        yield from ("", "## Mots définis", "")
        for fact in self._rule_set.facts.values():
            yield from self._say.condition(
                fact.condition, f"**{escape_markdown(fact.label.fr)}**{_NBSP}:"
            )
            yield ""

    def _by_kind(self) -> Iterator[str]:
        yield from ("", "## Par aide", "")
        leading = self._leading()
        for kind in self._rule_set.vocabulary.kinds.values():
            rules = leading.get(kind.id)
            if rules:
                yield f"- **{escape_markdown(kind.label.fr)}**{_NBSP}: {_links(rules)}"

    def _by_partner(self) -> Iterator[str]:
        yield from ("", "## Par partenaire", "")
        leading = self._leading()
        for partner in self._engine.directory.partners.values():
            rules = [rule for kind in partner.offers for rule in leading.get(kind, ())]
            if rules:
                yield f"- **{escape_markdown(partner.name)}**{_NBSP}: {_links(sorted(set(rules)))}"

    def _leading(self) -> dict[str, list[str]]:
        """Return the rules that lead to each kind of help."""
        orienting = self._rule_set.orienting.items()
        return {kind: [*dict.fromkeys(rule.id for rule, _ in found)] for kind, found in orienting}


class _Sentences:
    """Says rules and conditions of one rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._rule_set = rule_set
        self._wording = rule_set.wording()

    def rule(self, rule: Rule) -> Iterator[str]:
        yield from self.condition(rule.condition, f"**Quand**{_NBSP}:")
        yield from ("", f"**Alors**{_NBSP}:", "")
        yield from (f"- {self._orient(orient)}" for orient in rule.orient)
        kinds = self._rule_set.vocabulary.kinds
        yield from (
            f"- **Ne pas proposer** {escape_markdown(kinds[e.to].label.fr)}." for e in rule.exclude
        )
        yield from (f"- **Conseil**{_NBSP}: {escape_markdown(advice.fr)}" for advice in rule.advise)
        yield from ("", f"**Parce que**{_NBSP}: {escape_markdown(rule.because.fr)}", "")
        named = "\u202f; ".join(sources(rule.source, None, "fr", linked=True))
        yield f"Sources{_NBSP}: {named}."

    def condition(self, condition: Condition, lead: str) -> Iterator[str]:
        """Say a condition with one line for each thing that must be true."""
        match condition:
            case Threshold(_, parts, "all"):
                joint = " tout ceci"
            case Threshold(_, parts, "any") if len(parts) > 1:
                joint = " l’une au moins de ces choses"
            case _:
                yield f"{lead} {escape_markdown(self._wording.condition(condition))}."
                return
        yield f"{lead}{joint}"
        yield ""
        for part in parts:
            yield from self._part(part)

    def _part(self, part: Condition) -> Iterator[str]:
        match part:
            case Threshold(_, of, "any") if len({type(part) for part in of}) > 1:
                yield "- l’une au moins de ces choses"
                yield from (f"  - {escape_markdown(self._wording.condition(part))}" for part in of)
            case _:
                yield f"- {escape_markdown(self._wording.condition(part))}"

    def _orient(self, orient: Orient) -> str:
        label = escape_markdown(self._rule_set.vocabulary.kinds[orient.to].label.fr)
        return f"**Orienter vers** {label}{orient_terms(orient, escape_markdown)}."


def _share_of_urgent(rules: Sequence[Rule]) -> float:
    return sum(any(o.urgency == "now" for o in rule.orient) for rule in rules) / len(rules)


def _links(rules: Iterable[str]) -> str:
    return ", ".join(f"[{rule}](#{rule})" for rule in rules)
