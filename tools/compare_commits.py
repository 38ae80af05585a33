"""Show that a change of the code changes nothing for a user: before and after, the same bytes.

    python tools/compare_commits.py BEFORE [AFTER] [--quick] [--only SECTION]

BEFORE and AFTER are revisions of git, or folders (`.` is the working tree, and the default AFTER).
Both sides run with the rules, territories and partners of BEFORE, so that only the code differs.
Four sections: `cases` (every case as text, Markdown and JSON, and explanations), `rows` (sampled
situations in columns, every column), `findings` (`check` and the other commands, on the shipped
rules and on drawn rule sets) and `diffs` (`diff` between drawn rule sets, and between the shipped
rules and small changes of them). Exits with 1 when anything differs, and shows the first of it.
"""

import argparse
import contextlib
import difflib
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

SECTIONS = ("cases", "rows", "findings", "diffs")
TERRITORIES = ("pays-de-saint-malo", "rennes")
AT = "2026-11-25"
DATA = ("rules", "territories", "partners.yaml")
ROWS_A_PIECE = 5_000
KINDS = ("rescue", "shelter", "judge", "phone", "plan")
Item = tuple[str, str]


# --- one side: an isolated copy of the code with the pinned rules ---------------------------


def lay_out(revision: str, side: Path, data: Path | None) -> None:
    """Copy the package of a revision, or of a folder, beside the rules of `data` (else its own)."""
    side.mkdir()
    folder = Path(revision)
    if folder.is_dir():
        source = folder.resolve()
    else:
        source = side / "checkout"
        source.mkdir()
        tar = subprocess.run(["git", "archive", revision], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", str(source)], input=tar.stdout, check=True)
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source / "iscg_rules", side / "iscg_rules", ignore=hidden)
    for name in DATA:
        origin = (data or source) / name
        if origin.is_dir():
            shutil.copytree(origin, side / name)
        else:
            shutil.copy(origin, side / name)


def run_side(side: Path, chosen: argparse.Namespace, section: str) -> subprocess.Popen[bytes]:
    """Start one section on one side."""
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", section, str(side)]
    command += [
        "--rows",
        str(chosen.rows),
        "--drawn",
        str(chosen.drawn),
        "--step",
        str(chosen.step),
    ]
    environment = {**os.environ, "PYTHONPATH": str(side), "NO_COLOR": "1", "PYTHONHASHSEED": "0"}
    return subprocess.Popen(command, cwd=side, env=environment)


def command(*arguments: str) -> str:
    """Run the command line in this process: its code and all that it prints."""
    from iscg_rules.cli import main  # noqa: PLC0415 # each side has its own

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = main(list(arguments))
        except SystemExit as error:
            code = error.code
    return f"{code}\n{out.getvalue()}"


def load_each_engine_once() -> None:
    """Keep engines by their arguments: thousands of commands ask for the same two."""
    from iscg_rules import Engine  # noqa: PLC0415 # each side has its own

    known: dict[object, object] = {}
    load = Engine.load

    def load_once(*arguments: object, **options: object) -> object:
        key = (arguments, tuple(sorted(options.items())))
        if key not in known:
            known[key] = load(*arguments, **options)
        return known[key]

    Engine.load = load_once


# --- sections ------------------------------------------------------------------------------


def cases(chosen: argparse.Namespace) -> Iterator[Item]:
    """Recommend and explain every case."""
    import yaml  # noqa: PLC0415 # only the workers need it

    load_each_engine_once()
    files = [Path("rules/cases"), *sorted(Path("territories").glob("*/cases"))]
    known = [
        case
        for folder in files
        for path in sorted(folder.glob("*.yaml"))
        # Every scalar as it is written: `no` stays a word.
        for case in yaml.load(path.read_text(), yaml.BaseLoader)["cases"]  # noqa: S506
    ]
    situation = Path("situation.json")
    for territory in TERRITORIES:
        here = ("--territory", territory)
        for number, case in enumerate(known[:: chosen.step]):
            given = {key: case[key] for key in ("situation", "at", "already") if key in case}
            situation.write_text(json.dumps(given))
            at = () if "at" in given else ("--at", "2026-11-27T22:30")
            ask = (*at, *here, str(situation))
            name = f"{territory} {case['id']}"
            for form in ("text", "markdown", "json"):
                yield f"{name} {form}", command("recommend", "--format", form, *ask)
            yield f"{name} en", command("recommend", "--language", "en", *ask)
            yield f"{name} limit", command("recommend", "--format", "json", "--limit", "3", *ask)
            if number % 4:
                continue
            yield f"{name} questions", command("questions", "--format", "json", *ask)
            # Explanations take the moment from the command only, or from the file.
            for kind in ("emergency_shelter", "family_court_judge", "crip"):
                for what in ("why", "why-not", "what-if"):
                    text = command(what, "--format", "json", *ask, kind)
                    yield f"{name} {what} {kind}", text


def rows(chosen: argparse.Namespace) -> Iterator[Item]:
    """Recommend sampled situations in columns, and tell each column piece by piece."""
    import pyarrow.parquet as pq  # noqa: PLC0415 # only the workers need it

    from iscg_rules import Engine  # noqa: PLC0415 # each side has its own
    from iscg_rules.batch import check_batch, match_batch, recommend_batch  # noqa: PLC0415

    for territory in TERRITORIES:
        name = f"sample-{territory}.parquet"
        command("sample", str(chosen.rows), "--seed", "7", "-o", name, "--territory", territory)
        table = pq.read_table(name)
        yield f"{territory} sample", digest(table.to_pydict())
        engine = Engine.load(territory=territory)
        results = {
            "all": recommend_batch(table, engine=engine, at=AT + "T22:30", on_error="null"),
            "limit": recommend_batch(table, engine=engine, at=AT, on_error="null", limit=3),
            "match": match_batch(table, engine=engine),
        }
        for what, result in results.items():
            for column in result.column_names:
                values = result.column(column)
                for start in range(0, len(values), ROWS_A_PIECE):
                    piece = values.slice(start, ROWS_A_PIECE).to_pylist()
                    yield f"{territory} {what} {column} from row {start}", digest(piece)
        columns = table.to_pydict()
        for place, values in enumerate(columns.values()):
            # Some rows that cannot be read, spread over all the columns.
            values[place :: 97 + place] = ["?"] * len(values[place :: 97 + place])
        spoiled = {
            name: [value if value is None else str(value) for value in values]
            for name, values in columns.items()
            if not any(isinstance(value, list) for value in values)
        }
        checked = check_batch(spoiled, engine=engine)
        yield (
            f"{territory} checked",
            digest([checked.clean.to_pylist(), checked.problems.to_pylist()]),
        )


def digest(value: object) -> str:
    """Tell a value by 64 digits: what differs is looked at by hand."""
    return hashlib.sha256(repr(value).encode()).hexdigest()


def findings(chosen: argparse.Namespace) -> Iterator[Item]:
    """Check the shipped rules, whatever else is said of them, and drawn rule sets."""
    load_each_engine_once()
    for territory in TERRITORIES:
        here = ("--territory", territory)
        for words in (
            ("check", "--at", AT),
            ("check", "--at", AT, "--format", "json"),
            ("test",),
            ("coverage", "--at", AT, "--format", "json"),
            ("rulebook",),
            ("sources",),
            ("show", "rule"),
            ("show", "partner"),
            ("new", "case"),
        ):
            yield f"{territory} {' '.join(words)}", command(*words, *here)
    for folder in drawn(chosen.drawn):
        text = command("check", str(folder / "rules"), str(folder / "partners.yaml"), "--at", AT)
        yield f"{folder} check", text
        options = ("--rules", str(folder / "rules"), "--partners", str(folder / "partners.yaml"))
        yield f"{folder} rulebook", command("rulebook", *options)


def diffs(chosen: argparse.Namespace) -> Iterator[Item]:
    """Compare drawn rule sets two by two, and the shipped rules with small changes of them."""
    folders = drawn(max(2, chosen.drawn // 4))
    for one, other in pairwise(folders):
        yield f"{one} {other}", command("diff", str(one), str(other), "--at", AT)
    shipped = Path("shipped")
    shipped.mkdir()
    for name in DATA:
        origin = Path(name)
        copy = shutil.copytree if origin.is_dir() else shutil.copy
        copy(origin, shipped / name)
    draws = random.Random(5)  # noqa: S311 # no secret
    changes = (("urgency: today", "urgency: week"), ("strength: should", "strength: may"),
               ("sharing: professional_secrecy", "sharing: none"),
               ("urgency: week", "urgency: now"),
               ("- {to: ", "- {to: "), (": yes", ": no"))  # fmt: skip
    for number in range(max(2, chosen.drawn // 10)):
        changed = Path(f"changed-{number}")
        shutil.copytree(shipped, changed)
        path = draws.choice(sorted((changed / "rules").glob("[a-u]*.yaml")))
        before, after = draws.choice(changes)
        text = path.read_text()
        path.write_text(text.replace(before, after, 1))
        yield f"changed {number}", command("diff", str(shipped), str(changed), "--at", AT)


# --- drawn rule sets -----------------------------------------------------------------------


def drawn(count: int) -> list[Path]:
    """Write rule sets drawn from their numbers, every kind of condition among them."""
    folders = []
    for seed in range(count):
        folder = Path(f"drawn-{seed}")
        (folder / "rules").mkdir(parents=True, exist_ok=True)
        vocabulary, rules, partners = draw(random.Random(seed))  # noqa: S311 # no secret
        # JSON is YAML: the reader takes it as it is.
        (folder / "rules" / "vocabulary.yaml").write_text(json.dumps(vocabulary))
        (folder / "rules" / "all.yaml").write_text(json.dumps(rules))
        (folder / "rules" / "grounds.yaml").write_text(json.dumps({"grounds": [SECRECY]}))
        (folder / "partners.yaml").write_text(json.dumps({"partners": partners}))
        folders.append(folder)
    return folders


TEXT = {"fr": "mot"}
BOOK = {"title": "livre", "trust": "A", "checked": "2026-11"}
SECRECY = {
    "id": "secrecy", "label": TEXT, "sharing": "agreement", "legal_basis": "CP art. 226-13",
    "natures": ["rescue", "service", "authority", "helpline", "measure", "tool"], "source": BOOK,
}  # fmt: skip
ANSWERS = {
    "who": ("victim", "witness", "author"),
    "home": ("safe", "unsafe", "none"),
    "danger": ("yes", "no"),
}
HARMS = ("hit", "threat")


def draw(draws: random.Random) -> tuple[dict[str, object], dict[str, object], list[object]]:
    """Draw a vocabulary, its facts and rules, and partners."""
    choices = [{"id": name, "label": {"fr": name}} for name in (*ANSWERS["who"], *ANSWERS["home"])]
    attributes: list[dict[str, object]] = [
        {"id": "who", "type": "one_of", "values": choices[:3]},
        {"id": "home", "type": "one_of", "values": choices[3:]},
        {"id": "danger", "type": "yes_no"},
        {"id": "harm", "type": "many_of", "values": [{"id": h, "label": {"fr": h}} for h in HARMS]},
        {"id": "age", "type": "number", "min": "0", "max": "99"},
        {"id": "commune", "type": "commune"},
    ]
    said = [
        {**one, "label": {"fr": one["id"]}, "ask": {"fr": f"{one['id']} ?"}} for one in attributes
    ]
    kinds = [
        {"id": kind, "label": {"fr": kind}, "category": "associations", "nature": nature}
        for kind, nature in zip(
            KINDS, ("rescue", "service", "authority", "helpline", "tool"), strict=True
        )
    ]
    areas = [
        {"id": "harbour", "label": TEXT, "communes": ["35288"]},
        {"id": "coast", "label": TEXT, "communes": ["35288", "35093"]},
        {"id": "country", "label": TEXT, "everywhere": "yes"},
    ]
    impossible = [
        {"id": f"no-{n}", "when": condition(draws, (), 1), "because": TEXT}
        for n in range(draws.choice((0, 0, 1, 2)))
    ]
    facts: list[dict[str, object]] = []
    for number in range(draws.randint(0, 2)):
        known = tuple(str(fact["id"]) for fact in facts)
        when = condition(draws, known, 1)
        facts.append({"id": f"fact-{number}", "label": {"fr": f"fait {number}"}, "when": when})
    known = tuple(str(fact["id"]) for fact in facts)
    rules = [rule(draws, number, known) for number in range(draws.randint(2, 7))]
    partners = [partner(draws, number) for number in range(draws.randint(0, 5))]
    vocabulary = {"attributes": said, "kinds": kinds, "areas": areas, "impossible": impossible}
    return vocabulary, {"facts": facts, "rules": rules}, partners


def rule(draws: random.Random, number: int, facts: tuple[str, ...]) -> dict[str, object]:
    """Draw a rule that orients, excludes or advises."""
    oriented = [
        {
            "to": kind,
            "urgency": draws.choice(("now", "today", "week", "planned")),
            "strength": draws.choice(("must", "should", "may")),
            "sharing": draws.choice(("none", "secrecy")),
            "for": draws.choice(("person", "children")),
        }
        for kind in draws.sample(KINDS, draws.randint(0, 2))
    ]
    free = [kind for kind in KINDS[1:] if kind not in {one["to"] for one in oriented}]
    effects: dict[str, object] = {"orient": oriented} if oriented else {}
    if draws.random() < 0.25:  # noqa: PLR2004 # a share
        effects["exclude"] = [{"to": draws.choice(free)}]
    if not effects or draws.random() < 0.2:  # noqa: PLR2004 # a share
        effects["advise"] = [{"fr": f"conseil {number}"}]
    when = condition(draws, facts, 2)
    said = {"because": {"fr": f"raison {number}"}, "source": BOOK}
    valid = {"valid": {"until": "2027-01-31"}} if draws.random() < 0.1 else {}  # noqa: PLR2004
    return {"id": f"rule-{number}", "when": when, **effects, **said, **valid}


def partner(draws: random.Random, number: int) -> dict[str, object]:
    """Draw a partner: for everybody or for some, at all hours or at some."""
    one: dict[str, object] = {"id": f"partner-{number}", "name": f"P{number}", "source": BOOK}
    one["offers"] = [draws.choice(KINDS[:4])]
    one["area"] = [draws.choice(("harbour", "coast", "country"))]
    if draws.random() < 0.4:  # noqa: PLR2004 # a share
        one["accepts"] = condition(draws, (), 1)
    if draws.random() < 0.5:  # noqa: PLR2004 # a share
        one["hours"] = draws.choice(("24/7", "Mo-Fr 09:00-17:00"))
    return one


def condition(draws: random.Random, facts: tuple[str, ...], depth: int) -> dict[str, object]:
    """Draw a condition of any shape."""
    shape = draws.choice(("test", "test", "fact", "all", "any", "not", "at_least"))
    if shape == "fact" and facts:
        return {draws.choice(facts): draws.choice(("yes", "no"))}
    if depth == 0 or shape in ("test", "fact"):
        return atom(draws)
    if shape == "not":
        return {"not": condition(draws, facts, depth - 1)}
    count = draws.randint(1, 3)
    parts = [condition(draws, facts, depth - 1) for _ in range(count)]
    if shape == "at_least":
        return {"at_least": {"count": str(draws.randint(1, count)), "of": parts}}
    return {shape: parts}


def atom(draws: random.Random) -> dict[str, object]:
    """Draw a test of one attribute."""
    name = draws.choice((*ANSWERS, "harm", "age", "commune"))
    if name == "harm":
        values = draws.sample(HARMS, draws.randint(1, 2))
        return {"harm": draws.choice((values, {"all_of": values}, {"none_of": values}))}
    if name == "age":
        return {"age": draws.choice(({"min": "18"}, {"max": "17"}, {"min": "18", "max": "60"}))}
    if name == "commune":
        return {"commune": draws.choice(("harbour", "coast", ["harbour", "coast"]))}
    return {name: draws.sample(ANSWERS[name], draws.randint(1, len(ANSWERS[name]) - 1))}


# --- both sides ----------------------------------------------------------------------------


def work(chosen: argparse.Namespace) -> None:
    """Write what one section says on this side, an item a line."""
    import iscg_rules  # noqa: PLC0415 # each side has its own

    side = Path(chosen.before).resolve()
    assert Path(str(iscg_rules.__file__)).resolve().is_relative_to(side), "another iscg_rules"
    with (side / f"{chosen.worker}.jsonl").open("w") as file:
        for name, text in globals()[chosen.worker](chosen):
            file.write(json.dumps([name, text]) + "\n")


def compare(section: str, sides: list[Path]) -> bool:
    """Print how two sides differ in one section; True when they do not."""
    texts = [(side / f"{section}.jsonl").read_text().splitlines() for side in sides]
    pairs = [dict(map(json.loads, lines)) for lines in texts]
    different = [name for name, text in pairs[0].items() if pairs[1].get(name) != text]
    different += [name for name in pairs[1] if name not in pairs[0]]
    size = sum(map(len, texts[0]))
    print(f"{section}: {len(pairs[0])} items, {size:,} characters, {len(different)} differ")
    for name in different[:1]:
        before, after = (pair.get(name, "").splitlines() for pair in pairs)
        print(f"  {name}")
        for line in list(difflib.unified_diff(before, after, "before", "after", lineterm=""))[:20]:
            print(f"    {line[:300]}")
    return not different


def main() -> int:
    """Compare two sides section by section."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("before")
    parser.add_argument("after", nargs="?", default=".")
    parser.add_argument("--only", choices=SECTIONS)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--drawn", type=int, default=200)
    parser.add_argument("--step", type=int, default=1, help="every so many cases")
    parser.add_argument("--worker", choices=SECTIONS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.worker:
        # What a worker is given first is its own folder.
        chosen.before = chosen.before or "."
        work(chosen)
        return 0
    if chosen.quick:
        chosen.rows, chosen.drawn, chosen.step = 2_000, 20, 10
    began, is_same = time.monotonic(), True
    with tempfile.TemporaryDirectory() as scratch:
        sides = [Path(scratch) / "before", Path(scratch) / "after"]
        lay_out(chosen.before, sides[0], None)
        lay_out(chosen.after, sides[1], sides[0])
        for section in (chosen.only,) if chosen.only else SECTIONS:
            running = [run_side(side, chosen, section) for side in sides]
            codes = [process.wait() for process in running]
            if any(codes):
                print(f"{section}: failed")
                is_same = False
                continue
            is_same &= compare(section, sides)
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
