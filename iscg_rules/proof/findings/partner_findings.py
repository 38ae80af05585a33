"""Kinds that partners serve for some people only, and partners that no situation reaches."""

from collections.abc import Iterator, Sequence

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.partners import Partner
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.kept_promises import see
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome

__all__ = ["find_about_partners"]


def find_about_partners(asker: Asker) -> Iterator[Finding]:
    """Yield F011 and F012, by code and then by id."""
    yield from _some_only(asker)
    for partner in asker.world.directory.partners.values():
        complete = asker.complete
        if not any(_can_serve(asker, partner, kind) for kind in partner.offers):
            text = f"aucune situation ne mène à `{partner.id}`"
            reached = [kind for kind in partner.offers if kind in complete.orienting]
            aid = "son public ou son territoire contredit les règles"
            if not reached:
                aid = f"aucune règle n'oriente vers {', '.join(f'`{k}`' for k in partner.offers)}"
            place = asker.world.directory.entries.get(partner.id)
            yield Finding(Problem("F012", text, place, aid))


def _can_serve(asker: Asker, partner: Partner, kind: str) -> bool:
    complete, condition = asker.complete, partner.condition
    if asker.rule_set.vocabulary.kinds[kind].place == "station":
        # The post may be anywhere: only for whom it is counts.
        surely = [complete.condition(condition).must] if condition else []
    else:
        surely = [*complete.serving(partner, kind)][1:2]
    return asker.can_be(complete, complete.certain(kind), *surely)


def _some_only(asker: Asker) -> Iterator[Finding]:
    """Yield the kinds that somebody serves in a commune, but not for everybody there."""
    by_kind = asker.world.directory.by_kind
    for kind in asker.complete.orienting:
        partners = by_kind.get(kind, ())
        if all(partner.condition is None for partner in partners):
            continue
        commune, places = _communes(asker, kind)
        for example in places:
            here = [p for p in partners if _covers(asker, p, example)]
            if not here or any(partner.condition is None for partner in here):
                continue
            if asker.can_be(asker.complete, *_unserved(asker, kind, here, commune, example)):
                yield _gap(asker, kind, here, commune, example)
                break


def _communes(asker: Asker, kind: str) -> tuple[str, Sequence[AnswerValue]]:
    """Return the attribute of the person's commune, and a commune of each class at home.

    Where the post is decides, no answer does: the attribute is empty, the commune is the post's.
    """
    vocabulary = asker.rule_set.vocabulary
    name, (here, _) = vocabulary.commune, vocabulary.where(kind, {})
    if here is not None or not name:
        return "", (here or "",)
    examples = asker.world.space.domains[name].examples
    homes = [vocabulary.areas[area] for area in vocabulary.home if area in vocabulary.areas]
    return name, [e for e in examples if not homes or any(h.covers(str(e)) for h in homes)]


def _covers(asker: Asker, partner: Partner, commune: AnswerValue) -> bool:
    areas = asker.world.directory.places[partner.id]
    return not commune or any(area.covers(str(commune)) for area in areas)


def _unserved(
    asker: Asker, kind: str, here: Sequence[Partner], commune: str, example: AnswerValue
) -> list[int]:
    outcome = asker.complete
    refused = [-outcome.condition(p.condition).may for p in here if p.condition is not None]
    lives = [outcome.encoding.is_answer(commune, example)] if commune else []
    return [outcome.certain(kind), *refused, *lives]


def _gap(
    asker: Asker, kind: str, here: Sequence[Partner], commune: str, example: AnswerValue
) -> Finding:
    def goal(partial: ProvenOutcome) -> list[int]:
        refused = [-partial.condition(p.condition).may for p in here if p.condition is not None]
        lives = [partial.encoding.is_answer(commune, example)] if commune else []
        return [partial.certain(kind), *refused, *lives]

    def is_so(values: Values) -> bool:
        seen = see(asker.rule_set, asker.world.directory, values, asker.period.day)
        return (kind, ()) in seen.partners

    named = ", ".join(f"`{partner.id}`" for partner in here)
    text = f"pour certaines personnes, personne ne propose `{kind}`"
    aid = (
        f"{named} ne reçoit pas tout le monde : ajouter un partenaire, ou laisser ce manque visible"
    )
    return asker.finding(("F011", text, None, aid), goal, is_so)
