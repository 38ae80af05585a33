"""What is promised to those who build on the library: names, words, shapes, identity, the hook."""

import json
import pickle
import typing
from pathlib import Path

import jsonschema
import pytest

import iscg_rules
from iscg_rules import Engine, Result
from iscg_rules.model import closed_words
from iscg_rules.model.scales import Beneficiary, Scope, Strength, Urgency
from iscg_rules.recommend.notebook_table import as_table
from iscg_rules.schemas import SCHEMAS

ROOT = Path(__file__).parents[1]
FRIDAY = "2026-11-27T22:30"
ANSWERS = {"role": "victim", "housing": "no_housing", "consent_to_share": "yes"}
KIND = "emergency_shelter"


@pytest.fixture(scope="module")
def results(engine):
    got = engine.recommend(ANSWERS, at=FRIDAY)
    return {
        "recommendation": got,
        "short_recommendation": iscg_rules.shorten(got),
        "referral_note": got.referral_note(KIND, reason="un toit"),
        "why": engine.why(ANSWERS, KIND, at=FRIDAY),
        "why_not": engine.why_not({}, KIND, at=FRIDAY),
        "what_if": engine.what_if({}, KIND, at=FRIDAY),
        "comparison": engine.compare({}, ANSWERS, at=FRIDAY),
        "next_questions": engine.next_questions({}, at=FRIDAY),
        "person_account": engine.explain_for_person(ANSWERS, at=FRIDAY),
        "form": engine.form(),
    }


def test_every_sort_of_result_is_shown_here(results):
    shown = {type(result).__name__ for result in results.values()}
    assert shown == {kind.__name__ for kind in Result.__subclasses__()}


def test_every_result_keeps_its_published_schema(results):
    for name, result in results.items():
        published = json.loads((ROOT / "schemas" / f"{name}.json").read_text("utf-8"))
        jsonschema.validate(json.loads(result.to_json()), published)
        assert published["$id"] == f"urn:iscg-rules:schema:{name}:1"


def test_every_result_says_which_rules_gave_it(engine, results):
    assert {result.identity for result in results.values()} == {engine.identity}
    assert {result.version for result in results.values()} == {1}
    assert [result.as_dict()["identity"]["territory"] for result in results.values()] == [
        "pays-de-saint-malo"
    ] * len(results)


def test_a_notebook_shows_what_to_do_and_no_answer(engine):
    shown = engine.recommend(ANSWERS, at=FRIDAY)._repr_html_()
    assert shown.startswith("<table><tr><td>today</td><td>Mise à l’abri")
    assert "<td>Le 115</td><td>115</td>" in shown
    assert "sans logement" not in shown


def test_a_cell_of_a_notebook_is_text_whatever_it_holds():
    row = "<tr><td>&lt;b&gt; &amp;</td></tr>"
    assert as_table([("<b> &",)]) == f"<table>{row}</table>"


def test_one_letter_more_or_elsewhere_is_another_identity():
    def digest(words, partners):
        texts = {"rules/vocabulary.yaml": words, "partners.yaml": partners}
        return Engine.from_documents(texts).identity.digest

    first = digest("kinds: []", "partners: []")
    assert first == digest("kinds: []", "partners: []")
    # As long as before; then the same bytes in all, cut elsewhere.
    others = [digest("areas: []", "partners: []"), digest("kinds: []\n", "partners: []")]
    others.append(digest("kinds: []", "\npartners: []"))
    assert len({first, *others}) == 4


def test_every_schema_has_a_name_of_its_own():
    published = [json.loads(path.read_text("utf-8")) for path in (ROOT / "schemas").glob("*.json")]
    assert len({schema["$id"] for schema in published}) == len(SCHEMAS)


@pytest.mark.parametrize(
    ("words", "scale"),
    [
        (closed_words.UrgencyWord, Urgency),
        (closed_words.StrengthWord, Strength),
        (closed_words.BeneficiaryWord, Beneficiary),
        (closed_words.ScopeWord, Scope),
    ],
)
def test_words_of_results_are_those_of_the_scales_in_order(words, scale):
    assert typing.get_args(words) == tuple(word.value for word in scale)


def types_in(annotation):
    if isinstance(annotation, type) and annotation.__module__.startswith("iscg_rules"):
        yield annotation.__name__
    for part in typing.get_args(annotation):
        yield from types_in(part)


# What they hold may move: an application hands them on.
OPAQUE = {"Directory", "Engine", "RuleSet", "Situation"}


def test_whatever_a_result_holds_can_be_named_by_who_reads_it():
    met = {
        name
        for public in set(iscg_rules.__all__) - OPAQUE
        if isinstance(value := getattr(iscg_rules, public), type)
        for hint in typing.get_type_hints(value).values()
        for name in types_in(hint)
    }
    assert met - set(iscg_rules.__all__) == set()


def documents():
    paths = [
        *(ROOT / "rules").glob("*.yaml"),
        *(ROOT / "territories").rglob("*.yaml"),
        ROOT / "partners.yaml",
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def test_rules_out_of_a_database_are_the_same_rules(engine):
    made = Engine.from_documents(documents())
    assert made.identity == engine.identity
    assert (made.rule_set, made.directory) == (engine.rule_set, engine.directory)


def test_documents_are_read_alone_and_told_by_their_names():
    texts = documents() | {"rules/mine.yaml": "rules:\n  - id: mine\n"}
    with pytest.raises(iscg_rules.IscgError, match=r"^rules/mine\.yaml:2:5"):
        Engine.from_documents(texts)


@pytest.mark.parametrize("given", [None, [], "rules", {"rules/a.yaml": 1}, {1: "rules: []"}])
def test_what_is_no_text_by_name_is_refused(given):
    with pytest.raises(iscg_rules.IscgError, match="A011"):
        Engine.from_documents(given)


def test_a_text_that_is_no_utf8_is_a_problem_of_that_document():
    with pytest.raises(iscg_rules.IscgError, match=r"^rules/vocabulary\.yaml:1:1: Y004"):
        Engine.from_documents({"rules/vocabulary.yaml": "\ud800"})


def test_one_byte_more_is_another_identity(engine):
    texts = documents()
    texts["rules/vocabulary.yaml"] += "\n"
    assert Engine.from_documents(texts).identity.digest != engine.identity.digest


def test_another_territory_is_another_identity(engine):
    other = Engine.load(territory="rennes").identity
    assert (other.territory, other.library) == ("rennes", engine.identity.library)
    assert other.digest != engine.identity.digest


def test_an_engine_sent_elsewhere_keeps_its_identity_and_leaves_its_hook():
    sent = pickle.loads(pickle.dumps(Engine.load(on_result=repr)))  # noqa: S301 # our own bytes
    assert sent.identity == Engine.load().identity


def test_the_hook_is_told_of_each_result_and_sees_no_answer():
    told: list[iscg_rules.Notice] = []
    engine = Engine.load(on_result=told.append)
    engine.recommend(ANSWERS, at=FRIDAY)
    engine.why(ANSWERS, KIND, at=FRIDAY, language="en")
    engine.why_not(ANSWERS, KIND, at=FRIDAY)
    engine.what_if(ANSWERS, KIND, at=FRIDAY)
    engine.compare({}, ANSWERS, at=FRIDAY)
    engine.next_questions(ANSWERS, at=FRIDAY)
    engine.explain_for_person(ANSWERS, at=FRIDAY)
    calls = typing.get_args(iscg_rules.Call)
    assert [(notice.call, notice.language) for notice in told] == [
        (call, "en" if call == "why" else "fr") for call in calls
    ]
    assert {notice.identity for notice in told} == {engine.identity}
    assert set(iscg_rules.Notice.__slots__) == {"call", "language", "identity"}


def test_a_form_can_be_filled_from_what_it_is_given(engine):
    fields = {field.attribute: field for field in engine.form("fr").fields}
    attributes = engine.rule_set.vocabulary.attributes
    assert [*fields] == [name for name, one in attributes.items() if one.derived is None]
    danger = [(choice.value, choice.label) for choice in fields["immediate_danger"].choices]
    assert (danger[0], danger[-1]) == (("none", "non"), ("yes", "oui"))
    assert fields["commune"].choices == ()


def test_a_question_says_how_it_is_answered(engine):
    for question in engine.next_questions({}, at=FRIDAY, limit=50).questions:
        field = engine.rule_set.vocabulary.attributes[question.attribute]
        assert question.type == field.type
        assert [choice.value for choice in question.choices] == [*field.choices]


def test_a_situation_says_the_words_of_its_values():
    published = json.loads((ROOT / "schemas" / "situation.json").read_text("utf-8"))
    one, null = published["properties"]["housing"]["anyOf"]
    assert {"const": "no_housing", "title": "sans logement"} in one["oneOf"]
    assert null == {"type": "null"}
