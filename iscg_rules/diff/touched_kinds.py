"""Where two rule sets can differ at all, read from what is written: the rest is never proven."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from iscg_rules.diff.treatment_changes import Advised
from iscg_rules.diff.united_rules import Side, Union
from iscg_rules.language.conditions import Condition, facts_in
from iscg_rules.model.answer_space import places_of
from iscg_rules.model.rules import Rule

__all__ = ["TouchedParts", "texts_of"]


class TouchedParts:
    """What to look at: kinds, sentences of advice, partners, the order of kinds."""

    def __init__(self, union: Union) -> None:
        self._old, self._new = union.old, union.new
        self._ranks = tuple(side.rule_set.vocabulary.kind_rank for side in (union.old, union.new))
        self._kinds = tuple(union.vocabulary.kinds)

    @cached_property
    def facts(self) -> frozenset[str]:
        """Return the facts that are not the same on both sides, or lean on such a fact."""
        old, new = (side.rule_set.facts for side in (self._old, self._new))
        touched = {name for name in {*old, *new} if name not in old or name not in new}
        # Each fact comes after those that it needs.
        for name, fact in new.items():
            if name not in touched and not self._is_same(
                old[name].condition, fact.condition, touched
            ):
                touched.add(name)
        return frozenset(touched)

    def _is_same(self, one: Condition, other: Condition, facts: AbstractSet[str]) -> bool:
        return one == other and facts.isdisjoint(facts_in(other))

    @cached_property
    def rules(self) -> tuple[tuple[Rule | None, Rule | None], ...]:
        """Return each rule that does not do the same on both sides, by id; a renamed one is two."""
        old, new = (side.rule_set.rules for side in (self._old, self._new))
        pairs = ((old.get(name), new.get(name)) for name in sorted({*old, *new}))
        return tuple(pair for pair in pairs if not self._does_same(*pair))

    def _does_same(self, one: Rule | None, other: Rule | None) -> bool:
        if one is None or other is None:
            return False
        effects = [(r.orient, r.exclude, texts_of(r), r.valid) for r in (one, other)]
        is_same = self._is_same(one.condition, other.condition, self.facts)
        return is_same and effects[0] == effects[1]

    @cached_property
    def _changed(self) -> tuple[Rule, ...]:
        return tuple(rule for pair in self.rules for rule in pair if rule is not None)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds that a changed rule is about, in the order of both vocabularies."""
        touched = {kind for rule in self._changed for kind in rule.kinds}
        return tuple(kind for kind in self._kinds if kind in touched)

    @cached_property
    def ahead(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for each kind, those that the older words put before it, the newer after."""
        old, new = self._ranks
        both = [kind for kind in self._kinds if kind in old and kind in new]
        passed = {
            kind: tuple(o for o in both if old[o] < old[kind] and new[kind] < new[o])
            for kind in both
        }
        return {kind: others for kind, others in passed.items() if others}

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Return the kinds that not the same partners serve, or not in the same places."""
        sides = [{k: _servers(side, k) for k in self._kinds} for side in (self._old, self._new)]
        return tuple(
            kind
            for kind in self._kinds
            if sides[0][kind] != sides[1][kind]
            or any(c and not self.facts.isdisjoint(facts_in(c)) for _, c, _ in sides[1][kind])
        )

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """Return the sentences, under their shared names, that a changed rule says."""
        names = [rule.id for rule in self._changed]
        return tuple(
            sorted({t for advised in self.advised for n in names for t in advised.get(n, ())})
        )

    @cached_property
    def advised(self) -> tuple[Advised, Advised]:
        """Return the sentences of each rule on both sides; one put in other words is the same."""
        old, new = (side.rule_set.rules for side in (self._old, self._new))
        names = self.reworded
        first = {n: tuple(names.get(t, t) for t in texts_of(r)) for n, r in old.items()}
        return first, {name: texts_of(rule) for name, rule in new.items()}

    @cached_property
    def reworded(self) -> Mapping[str, str]:
        """Return each older sentence that the same rules now put in other words."""
        old, new = (
            {name: texts_of(rule) for name, rule in side.rule_set.rules.items()}
            for side in (self._old, self._new)
        )
        said = [{t for texts in advised.values() for t in texts} for advised in (old, new)]
        renamed: dict[str, str] = {}
        kept = (name for name in sorted(old) if len(old[name]) == len(new.get(name, ())))
        for name in kept:
            for before, after in zip(old[name], new.get(name, ()), strict=True):
                is_free = before not in said[1] and after not in said[0]
                if is_free and before not in renamed and after not in renamed.values():
                    renamed[before] = after
        return renamed

    @property
    def is_refusing(self) -> bool:
        """Tell whether what cannot be is not written the same on both sides."""
        old, new = (
            [e.condition for e in side.rule_set.impossible] for side in (self._old, self._new)
        )
        return old != new or any(
            not self.facts.isdisjoint(facts_in(condition)) for condition in new
        )

    def changed_about(self, subject: str) -> Iterator[Rule]:
        """Yield the changed rules about a kind or a sentence: the newer where there is one."""
        for pair in self.rules:
            rules = [rule for rule in pair if rule is not None]
            kinds = {kind for rule in rules for kind in rule.kinds}
            texts = {
                t for rule in rules for advised in self.advised for t in advised.get(rule.id, ())
            }
            if subject in kinds | texts:
                yield rules[-1]


def texts_of(rule: Rule) -> tuple[str, ...]:
    """Return the sentences of a rule; a sentence is known by its French."""
    return tuple(text.fr for text in rule.advise)


def _servers(side: Side, kind: str) -> tuple[tuple[str, Condition | None, object], ...]:
    """Return all that decides who serves a kind, hours left aside."""
    rule_set, directory = side.rule_set, side.directory
    return tuple(
        (partner.id, partner.condition, tuple(places_of(rule_set, directory, partner, kind)))
        for partner in directory.by_kind.get(kind, ())
    )
