"""Every public method of the engine shows an example, and the example is true."""

import doctest
import inspect

import pytest

from iscg_rules import Engine

PUBLIC = [name for name, _ in inspect.getmembers(Engine) if not name.startswith("_")]
# What an engine holds needs no example: it is read, not called.
HELD = {"rule_set", "directory", "recommender"}
FRIDAY = "2026-11-27T22:30"


@pytest.fixture(scope="module")
def names():
    return {"Engine": Engine, "engine": Engine.load(), "friday": FRIDAY}


def examples_of(name):
    test = doctest.DocTestFinder(recurse=False).find(getattr(Engine, name), name, globs={})
    return [one for one in test if one.examples]


@pytest.mark.parametrize("name", sorted({*PUBLIC} - HELD))
def test_every_public_method_of_the_engine_has_an_example_that_is_true(name, names):
    (test,) = examples_of(name)
    test.globs = dict(names)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    result = runner.run(test)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_engine_inherits_no_public_name():
    inherited = [name for base in Engine.__mro__[1:] for name in vars(base)]
    assert [name for name in inherited if not name.startswith("_")] == []
