"""Each example of `examples/` is run: mounted, posted to, fed and read from top to bottom."""

import ast
import html
import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from iscg_rules import Engine
from tests.test_web import AT, MARK, Service

EXAMPLES = Path(__file__).parents[1] / "examples"
OUTSIDE = {"role": "victim", "housing": "no_housing"}


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Annotations are looked up where a module is known by its name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mounted():
    return Service(load("mounted").app)


def test_the_service_answers_where_it_is_mounted(mounted):
    asked = {"situation": OUTSIDE, "at": AT}
    got = mounted.ask("POST", "/orientation/v1/recommend", json=asked)
    assert got.text == Engine.load(territory="rennes").recommend(OUTSIDE, at=AT).to_json()
    assert mounted.get("/orientation/health").json()["status"] == "ok"
    big = mounted.ask("POST", "/orientation/v1/recommend", content=bytes(70_000))
    assert big.status_code == 413


def test_an_address_beside_the_service_refuses_as_it_does(mounted):
    got = mounted.ask("POST", "/tonight", json={"housing": "no_housing", "at": AT})
    assert "Mise à l’abri (115 ou antenne locale) → Le 115 115" in got.json()
    for wrong in ({"housing": MARK, "at": AT}, {MARK: 1, "at": AT}, {"housing": {MARK: 1}}):
        refused = mounted.ask("POST", "/tonight", json=wrong)
        assert (refused.status_code, MARK in refused.text) == (422, False)
    assert mounted.ask("POST", "/reload").json() is True


@pytest.fixture(scope="module")
def browser():
    load("django_form")
    from django.test import Client  # noqa: PLC0415 # once the example has set Django up

    return Client()


def test_a_form_of_django_leads_to_orientations(browser):
    page = browser.get("/").content.decode()
    assert page.index("immediate_danger") < page.index('name="role"')
    got = browser.post("/", OUTSIDE)
    assert "Mise à l’abri (115 ou antenne locale) : Le 115" in got.content.decode()
    assert got.headers["Cache-Control"] == "no-store"


def test_what_a_form_of_django_leaves_empty_is_unknown(browser):
    mother = {"role": "victim", "violence_context": "intimate_partner", "commune": "35288"}
    got = browser.post("/", mother | {"gender": ""}).content.decode()
    said = Engine.load().recommend(mother, at=None).orientations
    names = [html.escape(f"{one.label} : {one.called.name if one.called else ''}") for one in said]
    assert re.findall(r"<p>([^<]+ : [^<]*)</p>", got.partition("<form")[0]) == names


def test_a_refused_form_of_django_says_what_is_wrong_once(browser):
    got = browser.post("/", {"role": "victim", "commune": MARK}).content.decode()
    assert "attend un code INSEE" in got
    # The field keeps it for whoever typed it; no message repeats it.
    assert got.count(MARK) == 1


def test_a_job_answers_each_line_and_tells_no_answer():
    job = load("job")
    counts: Counter[str] = Counter()
    asked = [{"situation": OUTSIDE, "at": AT}, {"situation": {MARK: MARK}}, [MARK]]
    given = [*map(json.dumps, asked), MARK]
    told = list(job.lines(Engine.load(), given, counts))
    assert json.loads(told[0])["orientations"][0]["kind"] == "emergency_shelter"
    assert told[1:] == ['{"problems": ["A001"]}', *['{"problems": ["unreadable"]}'] * 2]
    assert counts == {"answered": 1, "refused": 1, "unreadable": 2}


def test_a_notebook_runs_from_top_to_bottom():
    notebook = json.loads((EXAMPLES / "notebook.ipynb").read_text("utf-8"))
    codes = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    # None is kept with what it printed.
    assert [one["outputs"] for one in codes] == [[]] * len(codes)
    names: dict[str, object] = {}
    shown = [last_of("".join(one["source"]), names) for one in codes]
    table = shown[0]._repr_html_()
    assert "<table" in table
    assert all(shown[1:])


def last_of(code, names):
    """Run a cell and give what its last line is, as a notebook does."""
    *body, last = ast.parse(code).body
    exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102 # our own
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 # the same
