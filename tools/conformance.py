"""The conformance kit: cases that any reader of the portable form must pass (docs/portable.md).

python tools/conformance.py write
python tools/conformance.py run [reference|bitset|durable|runtime]
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from iscg_rules import Engine, IscgError, shorten  # noqa: E402 # found where this file lies
from iscg_rules.language.vocabulary import STATION, Attribute  # noqa: E402 # the same
from iscg_rules.page.portable import export, portable_json  # noqa: E402 # the same
from iscg_rules.recommend import reference  # noqa: E402 # the same
from tools.exported_engine import engine_of  # noqa: E402 # the same
from tools.page_runtime import PageRuntime  # noqa: E402 # the same

KIT = ROOT / "conformance"
FIRST = date(2026, 11, 1)
EVALUATORS = ("reference", "bitset", "durable", "runtime")
WORLDS = 80
Case = dict[str, Any]
Told = Mapping[str, Any]


# ---- what is compared -----------------------------------------------------------------------


def canonical(value: Any) -> str:  # noqa: ANN401 # any JSON
    """Return JSON in one way only: keys in order, no spaces, whole numbers without a point."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:  # noqa: ANN401 # any JSON
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def reduced(told: Told) -> dict[str, Any]:
    """Return what a case expects: what depends on the situation, and a digest of everything."""
    if "problems" in told:
        wrong = [
            [p["code"], p["attribute"], p.get("entry"), sorted(p.get("attributes") or ())]
            for p in told["problems"]
        ]
        return {"problems": sorted(wrong, key=str)}
    return {
        "orientations": [
            [
                *(one[key] for key in ("kind", "urgency", "strength", "for", "reachable")),
                *(one[key] and one[key]["id"] for key in ("partner", "call")),
                *(one["sharing"][key] for key in ("scope", "transmission")),
                one["already"],
            ]
            for one in told["orientations"]
        ],
        "questions": [
            [one[key] for key in ("attribute", "urgency", "settles")]
            for one in told["next_questions"]
        ],
        **{key: told[key] for key in ("excluded", "gaps", "left_out") if told[key]},
        "digest": sha256(canonical(told).encode()).hexdigest()[:16],
    }


# ---- who answers ----------------------------------------------------------------------------


class _Reference:
    """The meaning itself, as an evaluator."""

    def __init__(self, engine: Engine) -> None:
        self._rule_set = engine.rule_set

    def evaluate(self, situation: Any, day: date | None) -> reference.Evaluation:  # noqa: ANN401 # as evaluators take it
        return reference.evaluate(self._rule_set, situation, day)


def python_teller(
    exported: Mapping[str, Any], evaluator: str
) -> Callable[[list[Case]], list[Told]]:
    """Return what tells cases by an evaluator of this package, over the export alone."""
    engine = engine_of(exported, evaluator="durable" if evaluator == "durable" else "bitset")
    if evaluator == "reference":
        vars(engine.recommender)["evaluator"] = _Reference(engine)
    return lambda cases: [told_by(engine, case) for case in cases]


def told_by(engine: Engine, case: Case) -> Told:
    """Return what an engine tells of a case: a short recommendation, or what is wrong."""
    options = {key: case[key] for key in ("already", "limit") if key in case}
    try:
        return shorten(engine.recommend(case["answers"], at=case.get("at"), **options)).as_dict()
    except IscgError as error:
        return {
            "problems": [
                {
                    "code": problem.code,
                    "attribute": problem.attribute,
                    "entry": problem.params.get("entry"),
                    # "entrée `x` ; vérifiez `role`, `danger`"
                    "attributes": re.findall("`([^`]+)`", problem.help or "")[1:]
                    if problem.code == "A005"
                    else [],
                }
                for problem in error.problems
            ]
        }


def teller(exported: str, evaluator: str) -> Callable[[list[Case]], list[Told]]:
    """Return what tells cases by one of the four evaluators."""
    if evaluator == "runtime":
        return PageRuntime(exported).recommend  # type: ignore[return-value] # a list of what is told
    return python_teller(json.loads(exported), evaluator)


# ---- what is asked --------------------------------------------------------------------------


class Drawing:
    """Draws cases over one engine from a seed."""

    def __init__(self, engine: Engine, seed: int) -> None:
        words = engine.rule_set.vocabulary
        self.engine, self.rng = engine, random.Random(seed)  # noqa: S311 # no secret
        self.asked = [a for a in words.attributes.values() if not a.derived]
        self.choosable = [a for a in self.asked if a.id != STATION]
        named = {code for area in words.areas.values() for code in area.communes}
        self.communes = [*sorted(named)[:40], "35238", "22278", "75056", "97411", "2A004"]

    def answer(self, attribute: Attribute) -> object:
        """Draw an answer: of several that may be true, a list or some of both."""
        rng, choices = self.rng, list(attribute.choices)
        if attribute.type == "many_of":
            some = rng.sample(choices, rng.randint(0, min(3, len(choices))))
            cut = rng.randint(0, len(some))
            return some if self.chance(2) else {"yes": some[:cut], "no": some[cut:]}
        if attribute.type == "number":
            low, high = attribute.min or 0, attribute.max or 30
            return rng.choice([low, high, (low + high) // 2, round(rng.uniform(low, high), 1)])
        if attribute.type == "commune":
            return rng.choice(self.communes)
        return rng.choice(choices)

    def answers(self, most: int) -> Case:
        """Draw answers that can be given together."""
        asked = self.asked if self.chance(10) else self.choosable
        chosen = self.rng.sample(asked, min(len(asked), self.rng.randint(0, most)))
        return self.wider({}, {one.id: self.answer(one) for one in chosen})

    def wider(self, found: Case, more: Case) -> Case:
        """Return answers with those of more that can be given beside them; the first one wins."""
        if not more:
            return found
        try:
            self.engine.situation({**found, **more})
        except IscgError:
            if len(more) == 1:
                return found
        else:
            return {**found, **more}
        pairs = [*more.items()]
        half = len(pairs) // 2
        return self.wider(self.wider(found, dict(pairs[:half])), dict(pairs[half:]))

    def moment(self, days: int) -> str | None:
        """Draw a moment, near where something opens or closes more often than not."""
        rng = self.rng
        # Not the last day: what is given in UTC may be the day after in Paris.
        day = FIRST + timedelta(days=rng.randrange(days))
        if self.chance(20):
            return None
        if self.chance(10):
            return day.isoformat()
        near = rng.randrange(1, 48) * 30 - rng.randint(0, 1)
        minute = rng.randrange(1440) if self.chance(3) else near
        moment = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
        return moment.strftime("%Y-%m-%dT%H:%M" + (":%SZ" if self.chance(20) else ""))

    def chance(self, one_in: int) -> bool:
        """Draw whether something happens that happens once in so many times."""
        return self.rng.randrange(one_in) == 0

    def cases(self, count: int, *, days: int = 390, most: int | None = None) -> Iterator[Case]:
        """Yield cases, of each topic in turn."""
        topics = (self._unknowns, self._closing, self._hours, self._partners, self._sharing)
        topics += (self._limits, self._wrong, self._whole)
        hour = self.answers(8)
        for number in range(count):
            topic = topics[number % len(topics)]
            at = self.moment(days)
            case = {"about": topic.__name__[1:], **topic(most or len(self.asked), hour)}
            if at is not None:
                case["at"] = at
            yield case
            if number % 40 == 0:
                hour = self.answers(8)

    def _unknowns(self, most: int, _: Case) -> Case:
        return {"answers": self.answers(min(most, 6))}

    def _closing(self, most: int, _: Case) -> Case:
        return {"answers": self.answers(min(most, 20))}

    def _hours(self, _most: int, same: Case) -> Case:
        return {"answers": same}

    def _partners(self, most: int, _: Case) -> Case:
        places = [one for one in self.asked if one.type == "commune"]
        given = {one.id: self.answer(one) for one in places if not self.chance(5)}
        return {"answers": self.answers(min(most, 10)) | given}

    def _sharing(self, most: int, _: Case) -> Case:
        consent = [one for one in self.asked if one.id == "consent_to_share"]
        given = {one.id: self.answer(one) for one in consent}
        return {"answers": self.answers(min(most, 12)) | given}

    def _limits(self, most: int, _: Case) -> Case:
        kinds, rng = list(self.engine.rule_set.vocabulary.kinds), self.rng
        tried = rng.sample(kinds, min(len(kinds) // 2, 12))
        already = {kind: rng.choice(("contacted", "declined")) for kind in tried}
        return {"answers": self.answers(most), "already": already, "limit": rng.randint(0, 6)}

    def _whole(self, most: int, _: Case) -> Case:
        answers = self.answers(most)
        rest = {one.id: self.answer(one) for one in self.choosable if one.id not in answers}
        return {"answers": self.wider(answers, rest)}

    def _wrong(self, most: int, _: Case) -> Case:
        """Draw answers of which something is wrong, or which contradict each other."""
        rng, one = self.rng, self.rng.choice(self.asked)
        blunt = {
            a.id: self.answer(a) for a in rng.sample(self.choosable, min(len(self.choosable), 8))
        }
        spoiled = rng.choice(
            ["nobody", 7, True, [1], {"maybe": []}, {"yes": "x"}, ["nobody"], None]
        )
        case: Case = {"answers": rng.choice([blunt, {**self.answers(most), one.id: spoiled}])}
        if self.chance(10):
            case["answers"] = {**case["answers"], "who": 1, "where": None}
        if self.chance(10):
            case |= {"limit": -1, "already": {"nothing": "contacted"}}
        return case


def _worlds() -> Iterator[tuple[str, Engine]]:
    """Yield small rule sets that hold every node, entry and sort of question."""
    from tests.laws.drawn import Drawing as Drawn  # noqa: PLC0415 # needs what tests need

    for seed in range(WORLDS):
        world = Drawn(seed).world(dated=True)
        yield f"drawn-{seed}", Engine(world.rule_set, world.directory)


def sets() -> Iterator[tuple[str, str, list[Case]]]:
    """Yield each export of the kit with its name and its cases, without what they expect."""
    toy = Engine.load(ROOT / "tests/toy/rules", ROOT / "tests/toy/partners.yaml")
    for name, engine, count in (
        ("toy", toy, 480),
        ("pays-de-saint-malo", Engine.load(territory="pays-de-saint-malo"), 480),
        ("rennes", Engine.load(territory="rennes"), 400),
    ):
        exported = portable_json(export(engine, FIRST))
        again = engine_of(json.loads(exported))
        yield name, exported, list(Drawing(again, seed=len(name)).cases(count))
    for name, engine in _worlds():
        exported = portable_json(export(engine, FIRST))
        again = engine_of(json.loads(exported))
        yield name, exported, list(Drawing(again, seed=len(name)).cases(10))


def write() -> None:
    """Write the kit anew: the exports and the cases with what they expect."""
    KIT.mkdir(exist_ok=True)
    drawn: list[str] = []
    for name, exported, cases in sets():
        told = python_teller(json.loads(exported), "reference")(cases)
        lines = [
            json.dumps({**case, "expect": reduced(one)}, ensure_ascii=False, separators=(",", ":"))
            for case, one in zip(cases, told, strict=True)
        ]
        whole = f'{{"rules":{exported},\n"cases":[\n' + ",\n".join(lines) + "\n]}\n"
        if name.startswith("drawn"):
            drawn.append(whole)
        else:
            (KIT / f"{name}.json").write_text(whole, encoding="utf-8")
    (KIT / "drawn.json").write_text("[" + ",\n".join(drawn) + "]\n", encoding="utf-8")


def load_kit() -> Iterator[tuple[str, str, list[Case]]]:
    """Yield the name, the export and the cases of each rule set of the kit."""
    for path in sorted(KIT.glob("*.json")):
        whole = json.loads(path.read_text("utf-8"))
        for number, one in enumerate(whole if isinstance(whole, list) else [whole]):
            name = f"{path.stem}-{number}" if isinstance(whole, list) else path.stem
            yield name, json.dumps(one["rules"], ensure_ascii=False), one["cases"]


def failures(evaluator: str, *, every: int = 1, named: str = "") -> tuple[int, list[str]]:
    """Return how many cases were run, and what was not as expected.

    Args:
        evaluator: one of `EVALUATORS`.
        every: one case of so many is run.
        named: of rule sets whose name begins so.
    """
    count, failed = 0, []
    for name, exported, cases in load_kit():
        if not name.startswith(named):
            continue
        chosen = cases[::every]
        asked = [{key: one for key, one in case.items() if key in _ASKED} for case in chosen]
        count += len(chosen)
        for number, (case, told) in enumerate(
            zip(chosen, teller(exported, evaluator)(asked), strict=True)
        ):
            got = json.loads(canonical(reduced(told)))
            failed += [
                f"{name} {number * every} ({case['about']}): {key}"
                for key in {**case["expect"], **got}
                if got.get(key) != case["expect"].get(key)
            ]
    return count, failed


def disagreements(engine: Engine, cases: Sequence[Case], *, months: int = 24) -> list[Case]:
    """Return the cases of which the runtime says anything else than an engine, to the last word."""
    told = PageRuntime(portable_json(export(engine, FIRST, months=months))).recommend(cases)
    return [
        case
        for case, got in zip(cases, told, strict=True)
        if not _agree(got, told_by(engine, case))
    ]


def _agree(got: Told, expected: Told) -> bool:
    if "problems" in got or "problems" in expected:
        return reduced(got) == reduced(expected)
    # In the same order, too: 1 and 1.0 are one number.
    return json.dumps(_plain(got)) == json.dumps(_plain(expected))


def draw(territory: str, count: int, seed: int) -> int:
    """Compare the shipped rules and the runtime on drawn cases; print those that differ."""
    engine, wrong = Engine.load(territory=territory), 0
    for number in range(0, count, _AT_ONCE):
        cases = list(Drawing(engine, seed + number).cases(min(_AT_ONCE, count - number), days=725))
        found = disagreements(engine, cases)
        wrong += len(found)
        for case in found[:3]:
            print(json.dumps(case, ensure_ascii=False))
        print(f"{territory}: {number + len(cases)} cases, {wrong} differ", flush=True)
    return wrong


_AT_ONCE = 2_000
_ASKED = ("answers", "at", "already", "limit")


def main() -> int:
    """Write the kit, or run it by one evaluator or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("write", "run", "draw"))
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    if chosen.what == "draw":
        territory, count, *seed = chosen.names
        return int(draw(territory, int(count), int(seed[0]) if seed else 0) > 0)
    if chosen.what == "write":
        write()
        return 0
    wrong = 0
    for evaluator in chosen.names or EVALUATORS:
        count, failed = failures(evaluator)
        wrong += len(failed)
        print(f"{evaluator}: {count} cases, {len(failed)} not as expected")
        for line in failed[:10]:
            print(f"  {line}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
