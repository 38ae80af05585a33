"""`iscg-rules sources`: where every fact comes from, and what must be read again."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from iscg_rules.authoring.contact_checks import stale_contacts
from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.engine import Engine
from iscg_rules.reading.binding import Source

__all__ = ["add_arguments", "sources"]

_NBSP = "\u00a0"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add which sources, and on which day."""
    command.set_defaults(run=sources)
    command.add_argument("--stale", action="store_true", help="seulement celles qui sont à relire")
    command.add_argument("--at", metavar="JOUR", help="jour où l'on compte leur âge")
    add_files(command)


def sources(chosen: argparse.Namespace) -> bool:
    """Print each source with those who lean on it, the oldest reading first."""
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    day = chosen_day(chosen)
    named = engine.rule_set.vocabulary.sources
    stale = {name: source for name, source in named.items() if source.is_stale(day)}
    shown = stale if chosen.stale else named
    leaning = _leaning(engine)
    for name, source in sorted(shown.items(), key=lambda one: (one[1].checked or "", one[0])):
        mark = ", à relire" if name in stale else ""
        sys.stdout.write(
            f"{name}  {source.title} ({source.date or 'sans date'}, {source.trust}{mark})\n"
            f"  lue en {source.checked}{_NBSP}: {', '.join(leaning[_key(source)]) or 'personne'}\n"
        )
        if source.url:
            sys.stdout.write(f"  {source.url}\n")
    sys.stdout.write(f"{len(named)} sources, {len(stale)} à relire\n")
    if chosen.stale:
        _write_contacts(engine, day)
    return False


def _write_contacts(engine: Engine, day: date) -> None:
    """Print the contacts to check again, those that come out most often first."""
    found = stale_contacts(engine.directory, day, _uses(engine))
    for partner, uses in found:
        owner = partner.contact.owner or "à désigner"
        sys.stdout.write(
            f"{partner.id}  {partner.name}\n"
            f"  vérifié en {partner.checked}, par{_NBSP}: {owner}, proposé {uses} fois\n"
        )
    with_contact = sum(bool(one.public_contact) for one in engine.directory.partners.values())
    sys.stdout.write(f"{with_contact} contacts, {len(found)} à vérifier\n")


def _uses(engine: Engine) -> Mapping[str, int]:
    """Count uses in made-up situations; nothing without the packages that draw them."""
    try:
        # Optional, and slow to import.
        from iscg_rules.reports.partner_uses import partner_uses  # noqa: PLC0415
    except ImportError:
        return {}
    return partner_uses(engine)


def _leaning(engine: Engine) -> Mapping[tuple[str, str | None], list[str]]:
    """Return those who lean on each source, by its title and address."""
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for name, given in _all(engine):
        for source in given:
            found[_key(source)].append(name)
    return found


def _all(engine: Engine) -> Iterator[tuple[str, tuple[Source, ...]]]:
    rule_set = engine.rule_set
    yield from ((rule.id, rule.source) for rule in rule_set.rules.values())
    yield from ((fact.id, fact.source) for fact in rule_set.facts.values())
    yield from ((ground.id, ground.source) for ground in rule_set.grounds.values())
    yield from ((partner.id, partner.source) for partner in engine.directory.partners.values())
    yield from ((one.id, one.source) for one in rule_set.vocabulary.attributes.values())
    yield from ((kind.id, kind.source) for kind in rule_set.vocabulary.kinds.values())


def _key(source: Source) -> tuple[str, str | None]:
    return source.title, source.url
