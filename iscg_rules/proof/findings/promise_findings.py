"""Guarantees that a situation breaks, and those that are about no situation."""

from collections.abc import Iterator

from iscg_rules.authoring.sketches import case_sketch, drawn_answers, example_day, find_moment
from iscg_rules.errors import Place, Problem
from iscg_rules.language.conditions import Values
from iscg_rules.language.written_answers import answers_of, givable
from iscg_rules.model.guarantees import Guarantee, GuaranteeSet
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.breaches import Breach, binding, breaches
from iscg_rules.proof.findings.broken_promise import name_breakers
from iscg_rules.proof.findings.finding import NBSP, Finding
from iscg_rules.proof.kept_promises import broken_promises

__all__ = ["find_broken"]

_PROMISES = {
    "first": "ce qui doit venir en premier ne vient pas en premier",
    "within": "ce qui doit être parmi les premiers n'y est pas",
    "includes_any": "rien de ce qui doit venir ne vient",
    "never": "ce qui ne doit jamais venir vient",
    "urgency_at_most": "une aide vient trop tard, ou ne vient pas",
    "never_later": "une aide vient plus tard",
    "never_lost": "une aide est perdue",
    "nothing_but": "autre chose change",
}


def find_broken(asker: Asker, promises: GuaranteeSet) -> Iterator[Finding]:
    """Yield G002 and G003, in the order of the files."""
    for guarantee in promises.guarantees:
        place = promises.places.get(guarantee.id)
        partial = asker.world.partial
        told: set[str] = set()
        for breach in breaches(asker.world, partial, asker.period, guarantee):
            if partial.circuit.is_possible(breach.goal):
                finding = _broken(asker, guarantee, breach, place)
                # What does not come at all is not late either: one fault, told once.
                if str(finding.problem) not in told:
                    yield finding
                told.add(str(finding.problem))
        if guarantee.raising is None and guarantee.changing is None:
            bound = binding(asker.world, asker.world.complete, asker.period, guarantee)
            if not asker.world.complete.circuit.is_possible(bound):
                text = f"la garantie `{guarantee.id}` ne parle d'aucune situation"
                yield Finding(Problem("G003", text, place, "corriger son `when`, ou la retirer"))


def _aid(asker: Asker, guarantee: Guarantee, breach: Breach) -> str:
    if breach.pair is not None:
        variable, before, after = breach.pair
        wording = asker.rule_set.wording()
        steps = f"« {wording.answer(variable, before)} » à « {wording.answer(variable, after)} »"
        return f"quand « {wording.attribute(variable)} » passe de {steps}"
    complete = asker.world.complete
    ways = breaches(asker.world, complete, asker.period, guarantee)
    same = (way for way in ways if way.promise == breach.promise)
    if any(complete.circuit.is_possible(way.goal) for way in same):
        return guarantee.because.fr if guarantee.because else "corriger les règles, ou la garantie"
    return "seulement tant que tout n'est pas répondu : une réponse inconnue retient l'aide"


def _broken(asker: Asker, guarantee: Guarantee, breach: Breach, place: Place | None) -> Finding:
    world, day = asker.world, asker.period.day

    def is_so(values: Values) -> bool:
        broken = broken_promises(world.space, world.directory, guarantee, values, day)
        return breach.promise in broken

    goal = _goal(asker, breach)
    values, example = asker.example_in(world.partial, "G002", goal, is_so)
    about = (guarantee, breach.promise)
    broken = name_breakers(asker.rule_set, about, values, breach.pair, day)
    happens = broken.text or _PROMISES[breach.promise]
    text = f"la garantie `{guarantee.id}` est rompue{NBSP}: {happens}"
    places = asker.rule_set.places
    return Finding(
        Problem("G002", text, place, _aid(asker, guarantee, breach)),
        example,
        # What a case expects is about one situation, and a change is about two.
        None if breach.pair else _sketch(asker, guarantee, values),
        broken,
        tuple((rule, places[rule]) for rule in broken.rules if rule in places),
    )


def _sketch(asker: Asker, guarantee: Guarantee, values: Values) -> str:
    vocabulary = asker.rule_set.vocabulary
    derived = drawn_answers(vocabulary, values)
    at = find_moment(vocabulary, derived, example_day(asker.rule_set, asker.period.day))
    title = "Une phrase qui dit qui est reçu, et ce qui se passe"
    answers = answers_of(vocabulary, givable(vocabulary, values))
    return case_sketch(f"garantie-{guarantee.id}", title, answers, at, _expect(guarantee))


def _goal(asker: Asker, breach: Breach) -> list[int]:
    goal = [*breach.goal, asker.partial.possible]
    plainer = [*goal, breach.settled]
    return plainer if asker.world.partial.circuit.is_possible(plainer) else goal


def _expect(guarantee: Guarantee) -> Iterator[str]:
    """Yield what the author's case may expect: what the promise itself says."""
    then = guarantee.then
    if len(then.first) == 1:
        yield f"first: {then.first[0]}"
    wanted = [*then.includes_any[:1], *(then.within.any_of[:1] if then.within else ())]
    wanted += [kind for kind in then.urgency_at_most if kind not in wanted]
    if wanted:
        yield f"includes: [{', '.join(wanted)}]"
    if then.never:
        yield f"excludes: [{', '.join(then.never)}]"
    if then.urgency_at_most:
        latest = ", ".join(f"{kind}: {urgency}" for kind, urgency in then.urgency_at_most.items())
        yield f"urgency: {{{latest}}}"
