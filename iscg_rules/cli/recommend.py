"""`iscg-rules recommend`: a situation from a file or a pipe, orientations on standard output."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.engine import Engine
from iscg_rules.language.moments import PARIS
from iscg_rules.model.closed_words import EVALUATORS, LANGUAGES
from iscg_rules.model.situation_files import (
    MAX_BYTES,
    SituationFile,
    load_situation,
    parse_situation,
)
from iscg_rules.recommend.results import Recommendation
from iscg_rules.rendering.text import render_text

__all__ = ["FORMATS", "add_arguments", "read_situation", "recommend"]

FORMATS = ("text", "json", "markdown")


def _said(recommendation: Recommendation, chosen: argparse.Namespace) -> str:
    # The longer ones are imported when they are wanted.
    if chosen.format == "json" and chosen.detail == "short":
        from iscg_rules.recommend.short_answer import shorten  # noqa: PLC0415 # when chosen

        return shorten(recommendation).to_json(indent=2) + "\n"
    if chosen.format == "json":
        return recommendation.to_json(indent=2) + "\n"
    if chosen.format == "markdown":
        from iscg_rules.rendering.markdown import render_markdown  # noqa: PLC0415 # when chosen

        return render_markdown(recommendation)
    if chosen.full:
        from iscg_rules.rendering.full_text import render_full_text  # noqa: PLC0415 # when chosen

        return render_full_text(recommendation, is_coloured=is_coloured())
    return render_text(recommendation, is_coloured=is_coloured(), is_all=chosen.all)


def is_coloured() -> bool:
    """Tell whether colours are wanted: on a terminal, and nobody said no."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout.isatty()


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the situation, and how much to say of it."""
    command.set_defaults(run=recommend)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")
    command.add_argument("--format", choices=FORMATS, default="text")
    command.add_argument(
        "--at", metavar="MOMENT", help="comme 2026-11-27T22:30 (celui du fichier, ou maintenant)"
    )
    command.add_argument("--all", action="store_true", help="nomme aussi ce qui est possible")
    command.add_argument(
        "--detail", choices=("full", "short"), default="full", help="pour --format json"
    )
    command.add_argument("--full", action="store_true", help="le pourquoi, les sources, le partage")
    command.add_argument("--limit", type=int, metavar="N", help="au plus N orientations")
    command.add_argument("--evaluator", choices=EVALUATORS, default="bitset")
    command.add_argument(
        "--cross-check", action="store_true", help="évalue deux fois, et s'arrête à une différence"
    )
    command.add_argument(
        "--compare", metavar="AUTRE", help="dit ce que cette autre situation change"
    )
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    add_files(command)


def recommend(chosen: argparse.Namespace) -> bool:
    """Print the orientations of one situation; finds nothing, so the exit code is 0."""
    engine = Engine.load(
        chosen.rules,
        chosen.partners,
        territory=chosen.territory,
        evaluator=chosen.evaluator,
        cross_check=chosen.cross_check,
    )
    given = read_situation(chosen.file, engine)
    at = chosen.at or given.at or datetime.now(PARIS)
    if chosen.compare:
        from iscg_rules.rendering.explanations import render_comparison  # noqa: PLC0415 # when chosen

        other = read_situation(chosen.compare, engine).situation
        got = engine.compare(given.situation, other, at=at, language=chosen.language)
        sys.stdout.write(render_comparison(got, chosen.language))
        return False
    recommendation = engine.recommend(
        given.situation,
        at=at,
        already=given.already,
        limit=chosen.limit,
        language=chosen.language,
    )
    sys.stdout.write(_said(recommendation, chosen))
    return False


def read_situation(name: str, engine: Engine) -> SituationFile:
    """Read a situation from a file, or from standard input for `-`."""
    vocabulary = engine.rule_set.vocabulary
    if name != "-":
        return load_situation(Path(name), vocabulary)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return parse_situation(data, "entrée", vocabulary)
