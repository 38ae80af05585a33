"""Where the shipped facts come from: every rule and contact names a source that somebody read."""

import itertools
import re

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main

TERRITORIES = ["pays-de-saint-malo", "rennes", "brest"]
# What was handed over on paper, or as a table, has no address.
WITHOUT_ADDRESS = {"prefecture-communique-2018", "etalab-communes-2024"}


def everything_sourced(engine):
    rule_set = engine.rule_set
    yield from rule_set.rules.values()
    yield from engine.directory.partners.values()
    yield from (one for one in rule_set.vocabulary.attributes.values() if one.derived is None)


@pytest.mark.parametrize("name", TERRITORIES)
def test_everything_has_sources_that_are_written_once(name):
    engine = Engine.load(territory=name)
    known = {(s.title, s.url) for s in engine.rule_set.vocabulary.sources.values()}
    for one in everything_sourced(engine):
        assert one.source, one.id
        assert {(source.title, source.url) for source in one.source} <= known, one.id


@pytest.mark.parametrize("name", TERRITORIES)
def test_every_source_has_an_address_and_the_day_when_it_was_read(name):
    named = Engine.load(territory=name).rule_set.vocabulary.sources
    assert {one for one, source in named.items() if not source.url} <= WITHOUT_ADDRESS
    assert [one for one, source in named.items() if not source.checked] == []
    assert len({source.url for source in named.values() if source.url}) == len(
        [source for source in named.values() if source.url]
    )


def test_every_source_serves_somewhere(capsys):
    lists = []
    for name in TERRITORIES:
        assert main(["sources", "--territory", name]) == 0
        lines = capsys.readouterr().out.splitlines()
        pairs = itertools.pairwise(lines)
        lists.append({one.split()[0] for one, two in pairs if two.endswith("\u00a0: personne")})
    assert set.intersection(*lists) == set()


def test_stale_sources_are_those_to_read_again(capsys):
    assert main(["sources", "--stale", "--at", "2026-11-24"]) == 0
    now = capsys.readouterr().out
    assert "saint-malo-lettre-2017" in now
    assert "has-comment-agir" not in now
    assert main(["sources", "--stale", "--at", "2028-01-01"]) == 0
    later = capsys.readouterr().out
    assert "has-comment-agir" in later
    # Sources, then the contacts that lean on them: all are old by then.
    counts = [
        line for line in later.splitlines() if re.fullmatch(r"\d+ (?:sources|contacts), .*", line)
    ]
    assert [re.sub(r"\d+", "N", line) for line in counts] == [
        "N sources, N à relire",
        "N contacts, N à vérifier",
    ]
    assert all(len(set(re.findall(r"\d+", line))) == 1 for line in counts)


def test_a_recommendation_says_which_sources_are_to_confirm(capsys):
    command = ["recommend", "examples/friday-night.yaml", "--full", "--at"]
    assert main([*command, "2026-11-27T22:30"]) == 0
    fresh = capsys.readouterr().out
    assert main([*command, "2028-11-27T22:30"]) == 0
    old = capsys.readouterr().out
    assert 0 < fresh.count("à confirmer") < old.count("à confirmer")
