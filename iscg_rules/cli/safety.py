"""`iscg-rules safety`: what could go wrong, and whether what stands against it exists and holds."""

import argparse
import sys
from pathlib import Path

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.printing import print_json
from iscg_rules.cli.written_files import load_sound
from iscg_rules.errors import IscgError, Noted
from iscg_rules.model.files import default_hazards
from iscg_rules.model.hazards import read_hazards
from iscg_rules.safety.controls import gather, hold
from iscg_rules.safety.named_tests import load_test_names
from iscg_rules.safety.text import render_markdown, render_text

__all__ = ["add_arguments", "safety"]

_SHOW = {"text": render_text, "markdown": render_markdown}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what `safety` takes."""
    command.set_defaults(run=safety)
    text = "fichier des dangers (livré sinon)"
    command.add_argument("--hazards", metavar="FICHIER", help=text)
    command.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    command.add_argument("--quiet", action="store_true", help="ne montre que ce qui ne tient pas")
    text = "ne prouve pas les garanties, et le dit"
    command.add_argument("--without-proof", action="store_true", help=text)
    command.add_argument("--at", metavar="JOUR", help="premier jour examiné (aujourd'hui sinon)")
    add_files(command)


def safety(chosen: argparse.Namespace) -> bool:
    """Print the safety case, and tell whether a control is missing or does not hold.

    Raises:
        IscgError: every problem of the rules, then every one of the hazards; A012 without the
            package that proves.
    """
    files = load_sound(chosen)
    path = Path(chosen.hazards) if chosen.hazards else default_hazards(chosen.rules)
    problems = Noted()
    log = read_hazards(path, files.rule_set.vocabulary.sources, problems)
    engine = files.engine()
    root = path.resolve().parent.parent
    has_tests = (root / "tests").is_dir()
    tests = load_test_names(root, log.named("tests")) if has_tests else None
    day = None if chosen.without_proof else chosen_day(chosen)
    evidence = gather(engine, files.guarantees, files.cases, log, tests, day=day)
    case, failing = hold(log, evidence, engine)
    problems += failing
    if problems:
        sys.stdout.write(f"{IscgError(problems)}\n")
        return True
    if chosen.format == "json":
        print_json(case.as_dict())
    elif not chosen.quiet:
        sys.stdout.write(_SHOW[chosen.format](case))
    return False
