"""`iscg-rules new` and `iscg-rules schema`: what helps an author to write."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.authoring.first_case import first_case
from iscg_rules.authoring.sketches import case_sketch, partner_sketch, rule_sketch
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.new_words import add_words, new_attribute, new_kind
from iscg_rules.cli.output_files import refuse_other, refuse_other_folder, write_text
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.language.vocabulary import WITHOUT_PARTNER, Vocabulary
from iscg_rules.model.files import (
    find_files,
    find_shared_territory,
    known_territories,
    read_files,
)
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.rendering.kind_names import render_kind_names
from iscg_rules.schemas import NAMES, SCHEMAS, schema
from iscg_rules.suggestions import did_you_mean

if TYPE_CHECKING:
    from iscg_rules.places.communes import Commune

__all__ = ["add_arguments", "add_schema", "new", "schemas"]

_RULE_HEAD = """\
# À coller sous `rules:` dans un fichier de rules/, puis à changer ligne par ligne.
# Ensuite : iscg-rules check, et un cas : iscg-rules new case {id}
"""
_CASE_HEAD = """\
# À coller sous `cases:` dans un fichier de rules/cases/, puis : iscg-rules test
"""
_PARTNER_HEAD = """\
# À coller sous `partners:` dans {file}, puis à changer. Pas de page, pas de contact.
"""
_CASE_TITLE = "Une phrase qui dit qui est reçu, et ce qui se passe"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WRITTEN = """\
{folder} : {files}
  poste à {commune} ; {around}
Il répond déjà, avec les lignes nationales. Ensuite :
  iscg-rules check --territory {folder}
  iscg-rules ask --territory {folder}
  docs/territory.md dit comment le remplir
"""
_FEW = 6
_OUR_SCHEMA = f'"$id": "{NAMES}:'.encode()
_WHEN = {"role": "victim", "housing": "must_leave_tonight", "household": "couple"}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what to write."""
    command.set_defaults(run=new)
    skeletons = ("rule", "case", "attribute", "kind", "partner", "territory")
    command.add_argument("what", choices=skeletons, metavar="QUOI", help=", ".join(skeletons))
    text = "son nom ; pour un cas : la règle à montrer ; pour un partenaire : l'aide qu'il propose"
    command.add_argument("id", nargs="?", metavar="ID", help=text)
    text = "pour un territoire : où est le poste (nom, code postal ou code INSEE)"
    command.add_argument("--commune", metavar="COMMUNE", help=text)
    add_words(command)
    add_files(command)


def new(chosen: argparse.Namespace) -> bool:
    """Print a skeleton that loads as it is; write the folder of a territory.

    Raises:
        IscgError: V006, V004 for a rule or a kind that does not exist; what `_free_folder` and
            `_find_commune` refuse.
    """
    if chosen.what == "rule":
        name = chosen.id or "une-regle"
        sys.stdout.write(_RULE_HEAD.format(id=name))
        sys.stdout.write(rule_sketch(name, _WHEN, "emergency_shelter"))
        return False
    if chosen.what == "territory":
        return _new_territory(chosen)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    if chosen.what in ("attribute", "kind"):
        write = new_attribute if chosen.what == "attribute" else new_kind
        sys.stdout.write(write(chosen, engine))
        return False
    if chosen.what == "partner":
        vocabulary = engine.rule_set.vocabulary
        sketch = partner_sketch(vocabulary, _kind(chosen.id, vocabulary))
        layout = find_files(chosen.rules, chosen.partners, chosen.territory, Noted())
        # Who is in one place belongs to it: only there its areas are known.
        local = [each.file("partners.yaml")[1] for each in layout.territories]
        file = local[-1] if local and layout.with_local_partners else "partners.yaml"
        sys.stdout.write(_PARTNER_HEAD.format(file=file) + sketch)
        return False
    rule = _rule(chosen.id, engine.rule_set)
    case = first_case(engine, rule)
    expect = [f"{key}: [{', '.join(names)}]" for key, names in case.expect.items()]
    sketch = case_sketch(f"cas-{rule.id}", _CASE_TITLE, case.answers, case.at, expect)
    sys.stdout.write(_CASE_HEAD + sketch)
    return False


def _new_territory(chosen: argparse.Namespace) -> bool:
    """Write a folder that loads and answers at once; what is there already stays as it is."""
    from iscg_rules.authoring.territory_sketch import territory_sketch  # noqa: PLC0415 # when chosen
    from iscg_rules.places.communes import load_communes  # noqa: PLC0415 # when chosen

    folder = _free_folder(chosen)
    commune = _find_commune(chosen.commune)
    shared = find_shared_territory(chosen.rules, commune.departement)
    problems = Noted()
    layout = find_files(chosen.rules, chosen.partners, shared, problems)
    if shared is None:
        layout = replace(layout, territories=())
    engine = Engine(*read_files(layout, problems))
    if problems:
        raise IscgError(problems)
    files = territory_sketch(engine, commune, load_communes(), extends=shared)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    around = f"prolonge `{shared}`" if shared else "ne prolonge aucun territoire"
    sys.stdout.write(
        _WRITTEN.format(folder=folder, files=", ".join(files), commune=commune, around=around)
    )
    return False


def _free_folder(chosen: argparse.Namespace) -> Path:
    """Return the folder of a new territory.

    Raises:
        IscgError: no name, or one that is taken.
    """
    name = chosen.id or ""
    if not _NAME.fullmatch(name):
        aid = "minuscules, chiffres et tirets : iscg-rules new territory mon-poste --commune Brest"
        raise IscgError([Problem("S006", "un territoire a besoin d'un nom", help=aid)])
    root = Path(chosen.rules).parent if chosen.rules else Path()
    folder = root / "territories" / name
    if folder.exists() or name in known_territories(chosen.rules):
        aid = "rien n'est écrit par-dessus : donnez un autre nom"
        raise IscgError([Problem("V001", f"le territoire `{name}` existe déjà", help=aid)])
    return folder


def _find_commune(words: str | None) -> "Commune":
    """Return the commune of a post.

    Raises:
        IscgError: V009 where there is none, or several.
    """
    from iscg_rules.places.communes import load_communes, say_communes  # noqa: PLC0415 # when chosen

    communes = load_communes()
    found = communes.find(words or "")
    if len(found) == 1:
        return found[0]
    if words is not None and not found:
        raise IscgError([communes.unknown(words)])
    text, aid = "la commune du poste manque", "ajoutez --commune Brest, ou --commune 29019"
    if found:
        # A code is one commune's alone, where it is not also a postal code.
        like = f"{found[0].name} {found[0].departement}"
        text, aid = (
            "plusieurs communes",
            f"précisez, comme --commune '{like}' : {say_communes(found)}",
        )
    raise IscgError([Problem("V009", text, help=aid)])


def _kind(name: str | None, vocabulary: Vocabulary) -> str:
    offered = [kind.id for kind in vocabulary.kinds.values() if kind.nature not in WITHOUT_PARTNER]
    if name is None:
        return offered[0]
    if name not in offered:
        aid = did_you_mean(name, offered) or "`iscg-rules show kind` donne la liste"
        raise IscgError(
            [Problem("V004", "ce type d'aide n'existe pas, ou n'a pas de partenaire", help=aid)]
        )
    return name


def _rule(name: str | None, rule_set: RuleSet) -> Rule:
    if name is None:
        return next(iter(rule_set.rules.values()))
    begun = [rule for rule in rule_set.rules if name and rule.startswith(name)]
    if name not in rule_set.rules and len(begun) == 1:
        return rule_set.rules[begun[0]]
    if name not in rule_set.rules:
        aid = (
            _say_begun(begun)
            or did_you_mean(name, rule_set.rules)
            or "`iscg-rules show rule` donne la liste"
        )
        raise IscgError([Problem("V006", "cette règle n'existe pas", help=aid)])
    return rule_set.rules[name]


def _say_begun(rules: Sequence[str]) -> str:
    if not rules:
        return ""
    listed = ", ".join(f"`{rule}`" for rule in rules[:_FEW])
    return f"plusieurs commencent ainsi : {listed}{'…' if len(rules) > _FEW else ''}"


def add_schema(command: argparse.ArgumentParser) -> None:
    """Add which schema, and where to."""
    command.set_defaults(run=schemas)
    command.add_argument("name", nargs="?", choices=tuple(SCHEMAS), metavar="NOM")
    command.add_argument("--output", metavar="DOSSIER", help="y écrit tous les schémas")
    text = "les types d'aide comme noms, pour un programme en Python"
    command.add_argument("--python", action="store_true", help=text)
    command.epilog = f"NOM : {', '.join(SCHEMAS)}"
    add_files(command)


def schemas(chosen: argparse.Namespace) -> bool:
    """Print one schema, list their names, or write them all into a folder.

    Raises:
        IscgError: B018 where a file of the folder, or a link, is not a schema of ours; then none
            is written.
    """
    if chosen.name is None and chosen.output is None and not chosen.python:
        sys.stdout.write("\n".join(SCHEMAS) + "\n")
        return False
    rule_set = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory).rule_set
    if chosen.python:
        command = "iscg-rules schema --python"
        sys.stdout.write(render_kind_names(rule_set.vocabulary, command))
        return False
    names = [chosen.name] if chosen.name else list(SCHEMAS)
    texts = {
        f"{name}.json": json.dumps(schema(name, rule_set), ensure_ascii=False, indent=1) + "\n"
        for name in names
    }
    if chosen.output is None:
        sys.stdout.write("".join(texts.values()))
        return False
    folder = Path(chosen.output)
    refuse_other_folder(folder)
    for name in texts:
        refuse_other(folder / name, lambda beginning: _OUR_SCHEMA in beginning)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_text(folder / name, text)
    return False
