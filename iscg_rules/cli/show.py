"""`iscg-rules show`: a rule, a partner, a word of the vocabulary, a commune, as people read it."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.model.rules import Orient
from iscg_rules.places.communes import load_communes
from iscg_rules.reading.binding import Source
from iscg_rules.rendering.paragraphs import wrapped
from iscg_rules.rendering.words import SHARING, WORDS
from iscg_rules.suggestions import did_you_mean, labelled
from iscg_rules.transparency.text import SENSITIVE

__all__ = ["VIEWS", "add_arguments", "show"]

_NBSP = "\u00a0"
_WORDS = WORDS["fr"]


@dataclass(frozen=True)
class _View:
    """What can be shown: a title for each id, and the lines of one."""

    titles: Callable[[Engine], Mapping[str, str]]
    lines: Callable[[Engine, str], Iterator[str]]
    code: str


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what to show."""
    command.set_defaults(run=show)
    command.add_argument("what", choices=tuple(VIEWS), metavar="QUOI")
    command.add_argument(
        "id", nargs="?", metavar="ID", help="ou un mot français ; sans ID : la liste"
    )
    command.epilog = f"QUOI : {', '.join(VIEWS)}"
    add_files(command)


def show(chosen: argparse.Namespace) -> bool:
    """Print one thing in full, or the list of all; of a French word, what has it in its label.

    Raises:
        IscgError: nothing has this id, nor this word.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    view = VIEWS[chosen.what]
    titles = view.titles(engine)
    if chosen.id is None:
        _write(f"{name}  {title}" for name, title in titles.items())
        return False
    if chosen.what == "commune":
        # Of all France, not of the territory alone.
        _write(view.lines(engine, chosen.id))
        return False
    names = [chosen.id] if chosen.id in titles else labelled(chosen.id, titles)
    if not names:
        aid = did_you_mean(chosen.id, titles) or f"`iscg-rules show {chosen.what}` donne la liste"
        raise IscgError([Problem(view.code, f"`{chosen.id[:60]}` n'existe pas", help=aid)])
    if len(names) > 1:
        _write(f"{name}  {titles[name]}" for name in names)
        return False
    _write((f"{names[0]} · {titles[names[0]]}", *view.lines(engine, names[0])))
    return False


def _rule_titles(engine: Engine) -> Mapping[str, str]:
    return {rule.id: rule.because.fr for rule in engine.rule_set.rules.values()}


def _rule(engine: Engine, name: str) -> Iterator[str]:
    rule_set = engine.rule_set
    rule, kinds = rule_set.rules[name], rule_set.vocabulary.kinds
    if name in rule_set.places:
        yield f"  Fichier{_NBSP}: {rule_set.places[name]}"
    yield f"  Quand{_NBSP}: {rule_set.wording().condition(rule.condition)}"
    for orient in rule.orient:
        label = kinds[orient.to].label.fr
        yield f"  Orienter vers{_NBSP}: {label} (`{orient.to}`), {_class(orient)}"
        basis = (
            f"{_NBSP}: {orient.legal_basis} (`{orient.ground.id}`)" if orient.legal_basis else ""
        )
        yield f"    partage{_NBSP}: {SHARING[orient.sharing]}{basis}"
    for exclude in rule.exclude:
        yield f"  Ne pas proposer{_NBSP}: {kinds[exclude.to].label.fr} (`{exclude.to}`)"
    for advice in rule.advise:
        yield f"  Conseil{_NBSP}: {advice.fr}"
    if rule.is_dated:
        yield f"  En vigueur{_NBSP}: {rule.valid.from_ or '…'} → {rule.valid.until or '…'}"
    yield from _sources(rule.source)


def _class(orient: Orient) -> str:
    urgency, strength = _WORDS[orient.urgency].lower(), _WORDS[orient.strength]
    return f"{urgency}, {strength}, pour {_WORDS[orient.for_]}"


def _partner_titles(engine: Engine) -> Mapping[str, str]:
    return {partner.id: partner.name for partner in engine.directory.partners.values()}


def _partner(engine: Engine, name: str) -> Iterator[str]:
    partner, vocabulary = engine.directory.partners[name], engine.rule_set.vocabulary
    if name in engine.directory.entries:
        yield f"  Fichier{_NBSP}: {engine.directory.entries[name]}"
    if partner.description:
        yield f"  {partner.description.fr}"
    offers = (f"{vocabulary.kinds[kind].label.fr} (`{kind}`)" for kind in partner.offers)
    yield f"  Propose{_NBSP}: {', '.join(offers)}"
    areas = (vocabulary.areas[area].label.fr for area in partner.area)
    yield f"  Territoire{_NBSP}: {', '.join(areas)}"
    if partner.condition is not None:
        yield f"  Pour{_NBSP}: {engine.rule_set.wording().condition(partner.condition)}"
    yield f"  Horaires{_NBSP}: {partner.hours or _WORDS['unknown_hours']}"
    for closure in partner.closed:
        yield f"  Fermé{_NBSP}: {closure.from_} → {closure.until or '…'}, {closure.because.fr}"
    contact = ", ".join(partner.public_contact.values())
    access = partner.access.fr if partner.access else _WORDS["no_contact"]
    yield f"  Contact{_NBSP}: {contact or access}"
    if partner.withheld:
        yield f"  {_WORDS[partner.withheld].capitalize()}"
    yield f"  Vérifié{_NBSP}: {partner.checked}" + (", à revoir" if partner.needs_recheck else "")
    if partner.contact.owner:
        yield f"  Vérifié par{_NBSP}: {partner.contact.owner}"
    yield from _sources(partner.source)


def _attribute_titles(engine: Engine) -> Mapping[str, str]:
    return {
        attribute.id: attribute.label.fr
        for attribute in engine.rule_set.vocabulary.attributes.values()
    }


def _attribute(engine: Engine, name: str) -> Iterator[str]:
    attribute = engine.rule_set.vocabulary.attributes[name]
    yield f"  Type{_NBSP}: {attribute.type}"
    if attribute.ask:
        yield f"  Question{_NBSP}: {attribute.ask.fr}"
    yield from (f"    {value}{_NBSP}: {label.fr}" for value, label in attribute.choices.items())
    if attribute.sensitive:
        kinds = ", ".join(SENSITIVE[kind] for kind in attribute.sensitive)
        yield f"  À part (RGPD, art. 9 et 10){_NBSP}: {kinds}"
    if attribute.type == "commune":
        yield f'    un code INSEE entre guillemets, comme "35288"{_NBSP}: Saint-Malo'
    yield from _sources(attribute.source)


def _kind_titles(engine: Engine) -> Mapping[str, str]:
    return {kind.id: kind.label.fr for kind in engine.rule_set.vocabulary.kinds.values()}


def _kind(engine: Engine, name: str) -> Iterator[str]:
    kind = engine.rule_set.vocabulary.kinds[name]
    if kind.description:
        yield f"  {kind.description.fr}"
    yield f"  Catégorie{_NBSP}: {kind.category}, nature{_NBSP}: {kind.nature}"
    rules = engine.rule_set.rules.values()
    towards = [rule.id for rule in rules if name in {orient.to for orient in rule.orient}]
    against = [rule.id for rule in rules if name in {exclude.to for exclude in rule.exclude}]
    partners = [partner.id for partner in engine.directory.by_kind.get(name, ())]
    yield f"  Règles qui y mènent{_NBSP}: {', '.join(towards) or 'aucune'}"
    if against:
        yield f"  Règles qui l'excluent{_NBSP}: {', '.join(against)}"
    yield f"  Partenaires{_NBSP}: {', '.join(partners) or 'aucun'}"
    yield from _sources(kind.source)


def _ground_titles(engine: Engine) -> Mapping[str, str]:
    return {ground.id: ground.label.fr for ground in engine.rule_set.grounds.values()}


def _ground(engine: Engine, name: str) -> Iterator[str]:
    rule_set = engine.rule_set
    ground, kinds = rule_set.grounds[name], rule_set.vocabulary.kinds
    yield f"  Partage{_NBSP}: {SHARING[ground.sharing]}{_NBSP}: {ground.legal_basis}"
    if ground.kinds:
        told = ", ".join(f"{kinds[kind].label.fr} (`{kind}`)" for kind in ground.kinds)
    else:
        told = f"toute aide de nature {', '.join(ground.natures)}"
    yield f"  À qui{_NBSP}: {told}"
    if ground.condition is not None:
        yield f"  Le texte demande{_NBSP}: {rule_set.wording().condition(ground.condition)}"
    leaning = [
        rule.id
        for rule in rule_set.rules.values()
        if name in {orient.ground.id for orient in rule.orient}
    ]
    yield f"  Règles qui s'y appuient{_NBSP}: {', '.join(leaning) or 'aucune'}"
    yield from _sources(ground.source)


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        mark = ", à revoir" if source.recheck else ""
        date = source.date or "sans date"
        yield f"  Source{_NBSP}: {source.title} ({date}, confiance {source.trust}{mark})"
        if source.url:
            yield f"    {source.url}"


def _commune_titles(engine: Engine) -> Mapping[str, str]:
    return engine.rule_set.vocabulary.home_names


def _communes(words: str) -> Iterator[str]:
    """Yield every commune that is called so, or has this INSEE or postal code.

    Raises:
        IscgError: V009 where there is none.
    """
    communes = load_communes()
    found = communes.find(words)
    if not found:
        raise IscgError([communes.unknown(words)])
    for commune in found:
        yield f"{commune.code} · {commune.name}"
        yield f"  Codes postaux{_NBSP}: {', '.join(commune.postal_codes) or 'aucun'}"
        yield f"  Intercommunalité{_NBSP}: {commune.epci or 'aucune'}"
        departement = communes.departements[commune.departement]
        yield f"  Département{_NBSP}: {departement} ({commune.departement})"
    yield f"Source{_NBSP}: {communes.source}"


VIEWS: Mapping[str, _View] = MappingProxyType(
    {
        "rule": _View(_rule_titles, _rule, "V006"),
        "partner": _View(_partner_titles, _partner, "V006"),
        "attribute": _View(_attribute_titles, _attribute, "V002"),
        "kind": _View(_kind_titles, _kind, "V004"),
        "ground": _View(_ground_titles, _ground, "V013"),
        "commune": _View(_commune_titles, lambda _, words: _communes(words), "V009"),
    }
)


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())] + "  "
        sys.stdout.write("\n".join(wrapped(line, "", indent)) + "\n")
