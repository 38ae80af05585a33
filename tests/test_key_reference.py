"""The reference of all keys: none is missing, each example is one that an editor accepts."""

import json
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from iscg_rules.authoring.key_reference import MODELS, load_keys
from iscg_rules.cli import main
from iscg_rules.language.condition_parsing import RESERVED
from tests.test_schemas import Editor

ROOT = Path(__file__).parents[1]
SECTIONS = load_keys()
KEYS = [(section, key) for section in SECTIONS for key in section.keys]
# No question that ships is answered with a number.
UNSHIPPED = {"min", "max"}
CHECKED = [
    (section, key)
    for section, key in KEYS
    if section.model is not None or key.name not in UNSHIPPED
]


def keys_of(model):
    return {field.alias or name for name, field in model.model_fields.items()}


def models_in(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in models_in(part)}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.id)
def test_each_key_of_a_model_is_told_and_no_other(section):
    told = {key.name for key in section.keys}
    assert told >= RESERVED if section.model is None else told == keys_of(MODELS[section.model])


def test_each_model_below_another_is_told():
    below = {
        model.__name__
        for told in MODELS.values()
        for field in told.model_fields.values()
        for model in models_in(field.annotation)
    }
    # Written as a word, or as a source is; the bare word is all that authors write.
    assert below - MODELS.keys() == {"Source", "PartnerSource", "NeverLater", "NeverLost"}
    assert {section.model for section in SECTIONS} - {None} == MODELS.keys()


@pytest.mark.parametrize(
    ("section", "key"), CHECKED, ids=[f"{section.id}-{key.name}" for section, key in CHECKED]
)
def test_each_example_is_accepted_by_an_editor(section, key):
    schema = json.loads((ROOT / "schemas" / f"{section.schema}.json").read_text("utf-8"))
    definitions = schema["$defs"]
    if section.model is None:
        wanted = definitions["Condition"]
    else:
        fields = definitions.get(section.model, schema)["properties"]
        wanted = {"properties": {key.name: fields[key.name]}, "required": [key.name]}
    written = yaml.load(key.example, Loader=Editor)  # noqa: S506 # a SafeLoader
    jsonschema.Draft202012Validator({**wanted, "$defs": definitions}).validate(written)


def test_a_key_is_told_in_the_terminal(capsys):
    assert main(["reference", "strength"]) == 0
    assert capsys.readouterr().out == (
        "strength · Une orientation, dans `orient:` d’une règle, obligatoire\n"
        "  combien : `must` à faire, `should` conseillé, `may` au choix\n"
        "  possible\u00a0: must, should, may\n"
        "  exemple\u00a0: strength: should\n"
    )


def test_a_key_that_is_nowhere_is_refused(capsys):
    assert main(["reference", "strenght"]) == 2
    assert "vouliez-vous dire `strength` ?" in capsys.readouterr().err
