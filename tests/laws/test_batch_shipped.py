"""The shipped rules over sampled situations: the columns beside a loop over `recommend`."""

import random

import pytest

from iscg_rules import Engine
from iscg_rules.batch import recommend_batch
from tests.laws.tables import COLUMNS, said

TERRITORIES = ("pays-de-saint-malo", "rennes")
# Of both territories and their surroundings, of the rest of the département, and of elsewhere.
COMMUNES = ("35288", "35093", "35238", "35001", "35236", "22278", "22093", "75056", "97411")
LIMITS = (None, 0, 3, 8)


@pytest.fixture(scope="module", params=TERRITORIES)
def engine(request):
    return Engine.load(territory=request.param)


def answer(attribute, rng):
    if attribute.type == "many_of":
        return [value.id for value in attribute.values if rng.random() < rng.choice((0.05, 0.3))]
    pools = {"commune": COMMUNES, "number": (0, 1, 17, 18, 65)}
    return rng.choice(pools.get(attribute.type, tuple(attribute.choices)))


def sampled(vocabulary, seed, count):
    """Sample rows with any share of the attributes known, and a moment each, in 2026 or none."""
    rng = random.Random(seed)  # noqa: S311 # no secret
    asked = [one for one in vocabulary.attributes.values() if not one.derived]
    rows = []
    for _ in range(count):
        share = rng.random()
        rows.append({a.id: answer(a, rng) if rng.random() < share else None for a in asked})
    days = [f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in range(40)]
    # A few are days without an hour.
    moments = [
        None,
        *days[:4],
        *(f"{day}T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}" for day in days[4:]),
    ]
    # In runs of one moment, since a new one costs a single recommendation more.
    moments = [moments[place * len(moments) // count] for place in range(count)]
    return rows, {a.id: [row[a.id] for row in rows] for a in asked} | {"at": moments}


def by_bits(engine, situation, moment):
    """Evaluate as the engine does: that this is what the reference says is another law."""
    return engine.recommender.look(situation, moment).evaluation


def differences(engine, seed, count):
    rows, columns = sampled(engine.rule_set.vocabulary, seed, count)
    limit = LIMITS[seed % len(LIMITS)]
    got = recommend_batch(columns, engine=engine, limit=limit, on_error="null").to_pylist()
    given = zip(rows, columns["at"], got, strict=True)
    pairs = [(said(engine, row, at, limit, by_bits), one) for row, at, one in given]
    return [name for one, other in pairs for name in COLUMNS if one[name] != other[name]]


@pytest.mark.parametrize("seed", range(4))
def test_four_hundred_sampled_situations_agree(engine, seed):
    assert differences(engine, seed, 50) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_a_million_sampled_situations_agree(engine, seed):
    assert differences(engine, seed, 10_000) == []


def test_samples_lead_somewhere(engine):
    _, columns = sampled(engine.rule_set.vocabulary, 1, 300)
    got = recommend_batch(columns, engine=engine, on_error="null").to_pylist()
    refused = [one for one in got if one["kinds"] is None]
    leading = [one for one in got if one["kinds"] and one["possible"] and one["gaps"]]
    excluding = [one for one in got if one["excluded"]]
    assert min(len(refused), len(leading), len(excluding)) > 20
