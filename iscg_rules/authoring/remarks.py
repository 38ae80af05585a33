"""What an author should look at in a sound rule set: gaps, unused words, stale sources.

Nothing here is proven over every situation: it reads the rules, the directory and the cases.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from iscg_rules.authoring.case_verdicts import Verdict
from iscg_rules.engine import Engine
from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Condition, FactIs, leaves
from iscg_rules.language.vocabulary import CONSENT, WITHOUT_PARTNER
from iscg_rules.reading.binding import is_fresh

__all__ = ["find"]

_FEW = 3
# What an author has marked is known: it counts as accepted.
_MARKED = {"marked": "recheck"}


def find(engine: Engine, verdicts: Sequence[Verdict], *, day: date) -> tuple[Problem, ...]:
    """Return what an author should look at, in a stable order.

    Args:
        verdicts: of all cases; without any, nothing is said about rules without a case.
        day: the day from which the age of a source is counted.

    Returns:
        W001 to W005 and W008 to W011, by code and then by id; none of them stops a load.
    """
    return (
        *_unserved(engine),
        *_untried(engine, verdicts),
        *_unused(engine),
        *_stale(engine, day),
        *_unreached(engine),
        *_ended(engine),
        *_read_later(engine, day),
        *_serving_nobody(engine),
        *_doubled_communes(engine),
    )


def _oriented(engine: Engine) -> set[str]:
    return {orient.to for rule in engine.rule_set.rules.values() for orient in rule.orient}


def _unserved(engine: Engine) -> Iterator[Problem]:
    vocabulary, directory = engine.rule_set.vocabulary, engine.directory
    for kind in sorted(_oriented(engine)):
        if vocabulary.kinds[kind].nature in WITHOUT_PARTNER:
            continue
        names = vocabulary.home_names
        if (here := vocabulary.where(kind, {})[0]) is not None:
            names = {here: vocabulary.commune_names.get(here, here)}
        areas = [area for p in directory.by_kind.get(kind, ()) for area in directory.places[p.id]]
        alone = [
            name for code, name in names.items() if not any(area.covers(code) for area in areas)
        ]
        served = [name for name in names.values() if name not in alone]
        if len(alone) == len(names):
            text = f"personne ne propose `{kind}`"
        elif len(alone) > _FEW >= len(served):
            # The shorter list, so that nothing of it is left out.
            text = f"personne ne propose `{kind}`, sauf à {', '.join(served)}"
        elif alone:
            more = f" et {len(alone) - _FEW} autres communes" if len(alone) > _FEW else ""
            text = f"personne ne propose `{kind}` à {', '.join(alone[:_FEW])}{more}"
        else:
            continue
        aid = "ajoutez un partenaire avec sa source, ou laissez ce manque visible"
        aid = f"ailleurs, il en manque encore : {aid}" if "sauf à" in text else aid
        yield Problem("W001", text, help=aid)


def _untried(engine: Engine, verdicts: Sequence[Verdict]) -> Iterator[Problem]:
    tried = {rule for verdict in verdicts for rule in verdict.fired}
    for rule in engine.rule_set.rules if verdicts else ():
        if rule not in tried:
            text = f"aucun cas ne montre la règle `{rule}`"
            place = engine.rule_set.places.get(rule)
            yield Problem("W002", text, place, f"écrivez un cas : `iscg-rules new case {rule}`")


def _unused(engine: Engine) -> Iterator[Problem]:
    used = set(_named_attributes(engine)) | {CONSENT}
    for attribute in engine.rule_set.vocabulary.attributes.values():
        # The area of every partner is read from the commune.
        if attribute.id not in used and attribute.type != "commune":
            text = f"aucune règle ni aucun partenaire n'emploie `{attribute.id}`"
            yield Problem("W003", text, help="une question inutile coûte du temps à la personne")


def _named_attributes(engine: Engine) -> Iterator[str]:
    rule_set = engine.rule_set
    conditions: list[Condition] = [rule.condition for rule in rule_set.rules.values()]
    conditions += [fact.condition for fact in rule_set.facts.values()]
    conditions += [entry.condition for entry in rule_set.impossible]
    accepts = [partner.condition for partner in engine.directory.partners.values()]
    conditions += [condition for condition in accepts if condition is not None]
    for condition in conditions:
        yield from (leaf.attribute for leaf in leaves(condition) if not isinstance(leaf, FactIs))


def _stale(engine: Engine, day: date) -> Iterator[Problem]:
    aid = "relisez la source, puis mettez `checked` à jour"
    for rule in engine.rule_set.rules.values():
        stale = [source for source in rule.source if source.is_stale(day)]
        if stale:
            place = engine.rule_set.places.get(rule.id)
            text = f"une source de la règle `{rule.id}` est à revoir"
            known = _MARKED if all(source.recheck for source in stale) else {}
            yield Problem("W004", text, place, aid, params=known)
    for partner in engine.directory.partners.values():
        if not partner.is_stale(day):
            continue
        text, known = f"`{partner.id}` n'a pas été vérifié depuis plus d'un an", {}
        if is_fresh(partner.checked, day):
            text, known = f"une source de `{partner.id}` est à revoir", _MARKED
        yield Problem("W004", text, engine.directory.entries.get(partner.id), aid, params=known)


def _unreached(engine: Engine) -> Iterator[Problem]:
    reached = _oriented(engine) | _excluded(engine)
    for kind in engine.rule_set.vocabulary.kinds:
        if kind not in reached:
            yield Problem("W005", f"aucune règle n'oriente vers `{kind}`")


def _excluded(engine: Engine) -> set[str]:
    return {exclude.to for rule in engine.rule_set.rules.values() for exclude in rule.exclude}


def _doubled_communes(engine: Engine) -> Iterator[Problem]:
    words = engine.rule_set.vocabulary
    areas: dict[str, list[str]] = {}
    for area in words.areas.values():
        for code in area.listed:
            areas.setdefault(code, []).append(area.id)
    for code, names in sorted(areas.items()):
        if len(names) > 1:
            name = words.commune_names.get(code)
            commune = f"{name} ({code})" if name else code
            text = f"la commune {commune} est écrite dans `{'`, `'.join(names)}`"
            aid = "une faute de copie ? sinon nommez-la une fois, et écrivez `includes` ailleurs"
            yield Problem("W011", text, help=aid)


def _ended(engine: Engine) -> Iterator[Problem]:
    """Yield rules that ended before anybody read their source; older ones are kept on purpose."""
    for rule in engine.rule_set.rules.values():
        until, read = rule.valid.until, [one.checked for one in rule.source if one.checked]
        if until is not None and read and all(_iso(until, one) < one for one in read):
            text = f"la règle `{rule.id}` ne vaut plus depuis le {until:%d/%m/%Y}"
            aid = "sa source a été lue après : corrigez l'année de `until`, ou retirez la règle"
            yield Problem("W008", text, engine.rule_set.places.get(rule.id), aid)


def _read_later(engine: Engine, day: date) -> Iterator[Problem]:
    aid = "`checked` est le jour où la page a été lue : corrigez-le"
    places = {**engine.rule_set.places, **engine.directory.entries}
    entries = [(rule.id, rule.source) for rule in engine.rule_set.rules.values()]
    entries += [(partner.id, partner.source) for partner in engine.directory.partners.values()]
    for name, sources in entries:
        dates = [one.checked for one in sources if one.checked is not None]
        later = [written for written in dates if written > _iso(day, written)]
        if later:
            text = f"une source de `{name}` aurait été lue plus tard : {later[0]}"
            yield Problem("W009", text, places.get(name), aid)


def _iso(day: date, like: str) -> str:
    """Return a day as far as another date goes: a year, a month or a day."""
    return day.isoformat()[: len(like)]


def _serving_nobody(engine: Engine) -> Iterator[Problem]:
    words = engine.rule_set.vocabulary
    if words.station is not None and not words.home:
        text = "`territory.yaml` dit où est le poste, et pas qui il sert"
        aid = "écrivez `home` : sans lui, rien n'est dit de ce qui manque aux communes d'ici"
        yield Problem("W010", text, help=aid)
