"""A territory that loads and answers as it is: the files of a folder, to be filled line by line."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping

from iscg_rules.engine import Engine
from iscg_rules.language.vocabulary import WITHOUT_PARTNER, Vocabulary
from iscg_rules.places.communes import Commune, CommuneTable
from iscg_rules.plain_letters import slug_of

__all__ = ["territory_sketch"]

_WIDE = 94
_PRESSING = ("now", "today")
# "CA du Pays de Saint Malo Agglomération": what it is called, without what it is.
_GROUP = re.compile(r"(?:CC|CA|CU)\s+(?:de la |du |des |de l'|de |d')?", re.IGNORECASE)

_TERRITORY = """\
# {label} : les communes et leurs codes viennent de la liste officielle,
# {source}.
label: {{fr: "{label}"}}
{extends}# Ce que le poste sert : `check` ne cherche les manques que là.
home: [{home}]
# La commune du poste : police, parquet, hôpital et lit pour ce soir se cherchent là.
station: "{station}"
# Ce que l’on dit aux personnes de cet outil (`iscg-rules notice`, et la page) : un rôle, jamais
# quelqu’un. Tant qu’il manque une ligne, la notice porte « À COMPLÉTER ».
#transparency:
#  administration: "…"   # le département, l’association… qui répond de l’outil
#  contact: "…"          # à qui demander les règles
#  rules: "https://…"    # la page où elles sont publiées
#  officer: "…"          # le délégué à la protection des données
#  basis: "…"            # ce qui permet de traiter les réponses (RGPD, art. 6, 9 et 10)

areas:
{areas}"""
_SOURCES = """\
# D’où vient chaque fait : une page lue, le jour où elle a été lue, la confiance qu’elle mérite
# (A officielle, B professionnelle, C presse ou blog). Pas de source, pas de contact. Un exemple :
#  - {id: guide-social, title: "Guide social de la ville", date: 2026-03, trust: A, checked: 2026}

sources: []
"""
_PARTNERS = """\
# Qui répond ici. Les lignes nationales (17, 15, 114, 115, 119, 3114, 3919…) sont déjà là.
# L’adresse d’un hébergement ne s’écrit jamais. Un exemple, à recopier sous `partners:` :
#  - id: ccas-{area}
#    name: "CCAS de {label}"
#    offers: [municipal_social_services]
#    area: [{area}]
#    hours: "Mo-Fr 09:00-12:00; PH off"
#    contact: {{phone: "01 23 45 67 89"}}
#    source: [guide-social]
#
# À trouver d’abord, ce que les règles proposent tout de suite ou le jour même et que personne
# n’offre encore à {label} (le plus souvent proposé en premier) :
{wanted}

partners: []
"""


def territory_sketch(
    engine: Engine, commune: Commune, table: CommuneTable, *, extends: str | None = None
) -> dict[str, str]:
    """Return the files of a new territory: name → text.

    Args:
        engine: of the territory that it extends, or of none.
        commune: where the post is; its EPCI is what it serves.
        table: of all communes.
        extends: the name of a territory whose areas are already there.
    """
    areas = _Areas(engine.rule_set.vocabulary)
    members = table.members(commune)
    names = [areas.add(one.name, f'communes: ["{one.code}"]', one.code) for one in members]
    here = names[members.index(commune)]
    home = here
    if len(names) > 1:
        home = areas.add(_GROUP.sub("", commune.epci), f"includes: [{', '.join(names)}]")
    departement = table.departements[commune.departement]
    areas.add(departement, f'departements: ["{commune.departement}"]')
    label = commune.name.replace("'", "’")
    territory = _TERRITORY.format(
        label=label,
        source=table.source,
        extends=f"extends: {extends}\n" if extends else "",
        home=home,
        station=commune.code,
        areas="".join(areas.lines),
    )
    wanted = "\n".join(_wanted(engine, commune.code)) or "# rien"
    partners = _PARTNERS.format(area=here, label=label, wanted=wanted)
    return {"territory.yaml": territory, "partners.yaml": partners, "sources.yaml": _SOURCES}


class _Areas:
    """Areas with names of their own; those that are already there are named and not written."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known: Mapping[object, str] = {
            (area.communes, area.departements): area.id for area in vocabulary.areas.values()
        }
        self._taken = set(vocabulary.areas)
        self.lines: list[str] = []

    def add(self, name: str, holds: str, code: str = "") -> str:
        """Write an area and return its name, or the name of one that holds just this."""
        codes = frozenset(re.findall(r'"(\w+)"', holds))
        nothing: frozenset[str] = frozenset()
        held = (codes, nothing) if holds.startswith("communes") else (nothing, codes)
        if codes and held in self._known:
            return self._known[held]
        plain = slug_of(name)
        choices = (plain, f"{plain}-{code or 'ensemble'}")
        chosen = next(one for one in choices if one not in self._taken)
        self._taken.add(chosen)
        head, line = f"{{id: {chosen}, label: {{fr: {_label(name)}}},", f"{holds}}}"
        if len(head) + len(line) > _WIDE:
            # Two hundred communes do not fit on a line; a text stays on one.
            line = textwrap.fill(
                line,
                _WIDE,
                initial_indent="     ",
                subsequent_indent="     ",
                break_on_hyphens=False,
            )
            self.lines.append(f"  - {head}\n{line}\n")
        else:
            self.lines.append(f"  - {head} {line}\n")
        return chosen


def _label(name: str) -> str:
    """Write a name as a French text in YAML: `L'Haÿ-les-Roses` → `"L’Haÿ-les-Roses"`."""
    quoted = re.sub(r'"([^"]*)"', "«\u00a0\\1\u00a0»", " ".join(name.split()).replace("'", "’"))
    return f'"{quoted[:1].upper()}{quoted[1:]}"'


def _wanted(engine: Engine, code: str) -> Iterator[str]:
    """Name what rules offer at once and nobody does in a commune, the most offered first."""
    kinds, directory = engine.rule_set.vocabulary.kinds, engine.directory
    offered = Counter(
        orient.to
        for rule in engine.rule_set.rules.values()
        for orient in rule.orient
        if orient.urgency in _PRESSING and kinds[orient.to].nature not in WITHOUT_PARTNER
    )
    for kind, _ in offered.most_common():
        partners = directory.by_kind.get(kind, ())
        served = any(area.covers(code) for one in partners for area in directory.places[one.id])
        if not served:
            yield f"#   {kind} : {kinds[kind].label.fr}"
