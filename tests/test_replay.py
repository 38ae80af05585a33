"""What other rules would have changed: counted as two engines say it, one situation at a time."""

import json
import shutil
from pathlib import Path

import jsonschema
import pyarrow as pa
import pytest

from iscg_rules import Engine
from iscg_rules.batch import recommend_batch
from iscg_rules.batch.files.file_streams import Work
from iscg_rules.cli import main
from iscg_rules.reports.replay import CLASSES, Replayer
from iscg_rules.reports.samples.sampling import sample
from tests.crowd import feed

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy" / "rules"
LINES = 400


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Give shipped rules in which a few orientations are later, gone, new, excluded."""
    folder = tmp_path_factory.mktemp("new")
    for name in ("rules", "territories"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "partners.yaml", folder)
    (folder / "rules" / "zz.yaml").write_text(
        """
rules:
  - id: zz-earlier
    when: {role: victim}
    orient:
      - {to: womens_rights_center, urgency: now, strength: must, sharing: none}
      - {to: town_hall, urgency: week, strength: may, sharing: none}
    because: {fr: Oui.}
    source: [saint-malo-lettre-2017]
  - id: zz-excluded
    when: {violence_context: none}
    exclude: [{to: victim_support_association}]
    because: {fr: Non.}
    source: [saint-malo-lettre-2017]
""",
        "utf-8",
    )
    return folder / "rules"


@pytest.fixture(scope="module")
def engines(rules):
    return Engine.load(), Engine.load(rules)


@pytest.fixture(scope="module")
def table(engines):
    return pa.concat_tables(sample(LINES, seed=21, engine=engines[0]))


@pytest.fixture(scope="module")
def file(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("year") / "year.parquet"
    pa.parquet.write_table(table, path)
    return path


def replayed(engines, *tables, threshold=3):
    replayer = feed(Replayer(Work(engines[0]), Work(engines[1])), *tables)
    return replayer.replay(threshold=threshold, old="a", new="b")


ORDER = ("now", "today", "week", "planned")


def changes(old, new):
    """Say the slow way which classes one situation is in."""
    before, after = (dict(zip(one["kinds"], one["urgency"], strict=True)) for one in (old, new))
    partners = [dict(zip(one["kinds"], one["partner"], strict=True)) for one in (old, new)]
    both = before.keys() & after.keys()
    moves = [ORDER.index(after[kind]) - ORDER.index(before[kind]) for kind in both]
    return {
        "gained": bool(after.keys() - before.keys()),
        "lost": bool(before.keys() - after.keys()),
        "earlier": any(move < 0 for move in moves),
        "later": any(move > 0 for move in moves),
        "partner": any(partners[0][kind] != partners[1][kind] for kind in both),
        "excluded": bool(set(new["excluded"]) - set(old["excluded"])),
        "no_longer_excluded": bool(set(old["excluded"]) - set(new["excluded"])),
    }


def by_hand(engines, table):
    results = [recommend_batch(table, engine=engine).to_pylist() for engine in engines]
    return [changes(old, new) for old, new in zip(*results, strict=True)]


def test_each_class_counts_the_situations_that_two_engines_tell_apart(engines, table):
    found = by_hand(engines, table)
    counts = {name: sum(one[name] for one in found) for name in CLASSES}
    got = {line.id: line.count for line in replayed(engines, table).classes.lines}
    shown = {name: count for name, count in got.items() if count is not None}
    assert shown == {name: counts[name] for name in shown}
    assert {name for name, count in shown.items() if count} >= {"gained", "earlier", "excluded"}


def test_there_and_back_gains_what_was_lost(engines, table):
    there = {line.id: line.count for line in replayed(engines, table).classes.lines}
    back = {line.id: line.count for line in replayed(engines[::-1], table).classes.lines}
    names = {"gained": "lost", "earlier": "later", "excluded": "no_longer_excluded"}
    assert {name: back[other] for name, other in names.items()} == {n: there[n] for n in names}


def test_chunks_change_nothing(engines, table):
    parts = (table.slice(0, 99), table.slice(99))
    assert replayed(engines, *parts) == replayed(engines, table)


def test_the_same_rules_change_nothing(engines, table):
    found = replayed((engines[0], engines[0]), table)
    assert found.unchanged == LINES
    assert [line.count for line in found.classes.lines] == [0] * len(CLASSES)


def test_no_small_count_is_published(engines, table):
    found = replayed(engines, table, threshold=5)
    crosses = [cross for cross in (found.kinds, *found.by) if cross]
    numbers = [count for cross in crosses for line in cross.lines for count in line.counts]
    numbers += [line.count for line in found.classes.lines] + [found.unchanged]
    numbers += [head.count for cross in found.by for head in cross.columns]
    assert None in numbers
    assert [one for one in numbers if one is not None and 0 < one < 5] == []


def test_it_is_counted_by_the_answers_that_the_authors_name(engines, table):
    found = replayed(engines, table)
    assert [cross.id for cross in found.by] == ["classes_by_role", "classes_by_violence_context"]


def test_json_keeps_the_published_schema(file, rules, capsys):
    arguments = ["--old", str(ROOT / "rules"), "--new", str(rules), "--format", "json"]
    assert main(["replay", str(file), *arguments]) == 1
    data = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "schemas" / "replay.json").read_text("utf-8"))
    jsonschema.validate(data, schema)
    assert data["version"] == 1
    assert data["old"] != data["new"]


def test_text_says_what_is_counted_and_exits_with_what_was_found(file, rules, capsys):
    same = str(ROOT / "rules")
    assert main(["replay", str(file), "--old", same, "--new", same]) == 0
    assert f"Sans aucun changement\u00a0: {LINES} (100\u00a0%)" in capsys.readouterr().out
    assert main(["replay", str(file), "--old", same, "--new", str(rules)]) == 1
    shown = capsys.readouterr().out
    assert "pas l’aide reçue" in shown
    assert "LES ORIENTATIONS QUI CHANGENT" in shown


def two_toys(folder):
    """Write the toy rules as old and as new ones; give the words of the new."""
    for name in ("old", "new"):
        shutil.copytree(TOY, folder / name)
    shutil.copy(TOY.parent / "partners.yaml", folder)
    return folder / "new" / "vocabulary.yaml"


def test_an_answer_that_one_vocabulary_lacks_leaves_its_row_out(tmp_path, capsys):
    words = two_toys(tmp_path)
    text = words.read_text("utf-8")
    for known in ("victim", "under_3"):
        more = f"{{id: new_{known}, label: {{fr: neuf}}}}\n      - {{id: {known}"
        text = text.replace(f"{{id: {known}", more, 1)
    words.write_text(text, "utf-8")
    source = tmp_path / "x.csv"
    good = "victim,older\n" * 5
    source.write_text(f"role,minors\n{good}new_victim,\nvictim,new_under_3|older\n", "utf-8")
    arguments = ["--old", str(tmp_path / "old"), "--new", str(tmp_path / "new")]
    code = main(["replay", str(source), *arguments])
    shown = capsys.readouterr()
    assert (code, shown.err) == (1, "")
    assert "2 lignes illisibles, écartées (A002" in shown.out
    assert "· 5 situations" in shown.out


def test_a_question_that_one_vocabulary_lacks_leaves_no_row_out(tmp_path, capsys):
    words = two_toys(tmp_path)
    dog = "values: [{id: dog, label: {fr: x}}]"
    pets = f"{{id: pets, type: many_of, label: {{fr: x}}, ask: {{fr: x}}, {dog}}}"
    text = words.read_text("utf-8").replace("attributes:\n", f"attributes:\n  - {pets}\n", 1)
    words.write_text(text, "utf-8")
    source = tmp_path / "x.csv"
    source.write_text("role,pets=dog\n" + "victim,yes\n" * 5 + "victim,no\n", "utf-8")
    arguments = ["--old", str(tmp_path / "old"), "--new", str(tmp_path / "new")]
    assert main(["replay", str(source), *arguments]) == 0
    shown = capsys.readouterr()
    assert "· 6 situations" in shown.out


def test_an_answer_that_no_vocabulary_knows_is_refused(tmp_path, capsys):
    source = tmp_path / "x.csv"
    source.write_text("role,martin\n" + "victim,yes\n" * 5, "utf-8")
    toy = str(TOY)
    assert main(["replay", str(source), "--old", toy, "--new", toy]) == 2
    assert "B001" in capsys.readouterr().err
