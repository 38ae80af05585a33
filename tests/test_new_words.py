"""A new question and a new kind of help: the draft loads where it is pasted, or says what lacks."""

import io
import shutil
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.authoring.vocabulary_sketch import NATURES_SAID
from iscg_rules.cli import main

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def new(monkeypatch, capsys):
    def run(*arguments, said=None):
        monkeypatch.setattr("sys.stdin", io.StringIO() if said is None else Terminal(said))
        files = ["--rules", str(TOY / "rules"), "--partners", str(TOY / "partners.yaml")]
        code = main(["new", *arguments, *files])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def pasted(draft, folder):
    """Load the toy rules with a draft under its section."""
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    path = folder / "rules" / "vocabulary.yaml"
    section = "attributes:\n" if "\nattributes:\n" in draft else "kinds:\n"
    entry = draft.partition(f"\n{section}")[2]
    text = path.read_text("utf-8")
    assert section in text
    path.write_text(text.replace(section, section + entry, 1), "utf-8")
    return Engine.load(folder / "rules", folder / "partners.yaml").rule_set.vocabulary


TWO = ("--value", "chien", "--value")


@pytest.mark.parametrize(
    ("arguments", "of_type"),
    [
        (("--label", "Animal"), "yes_no"),
        (("pet", "--label", "Animal", "--type", "number"), "number"),
        (("pet", "--label", 'Un "animal", ou plusieurs', *TWO, "b=chat"), "one_of"),
        (("pet", "--label", "Animal", "--type", "many_of", *TWO, "œuf"), "many_of"),
    ],
)
def test_a_question_loads_as_it_is(new, tmp_path, arguments, of_type):
    code, draft, _ = new("attribute", *arguments)
    words = pasted(draft, tmp_path)
    name = "pet" if "pet" in arguments else "animal"
    assert code == 0
    assert words.attributes[name].label.fr == arguments[arguments.index("--label") + 1]
    assert words.attributes[name].type == of_type


@pytest.mark.parametrize("nature", ["service", "measure", "rescue"])
def test_a_kind_loads_as_it_is(new, tmp_path, nature):
    code, draft, _ = new("kind", "pet_shelter", "--label", "Refuge", "--nature", nature)
    words = pasted(draft, tmp_path)
    assert code == 0
    assert (words.kinds["pet_shelter"].label.fr, words.kinds["pet_shelter"].nature) == (
        "Refuge",
        nature,
    )
    assert ("iscg-rules new partner pet_shelter" in draft) is (nature != "measure")


def test_a_terminal_is_asked_for_what_is_missing(new, tmp_path):
    said = "Animal à emmener\n2\nun chien\nun chat\n\nA-t-elle un animal ?\n"
    code, draft, asked = new("attribute", said=said)
    one = pasted(draft, tmp_path).attributes["animal_a_emmener"]
    assert code == 0
    assert (one.type, list(one.choices), one.ask.fr) == (
        "one_of",
        ["un_chien", "un_chat"],
        "A-t-elle un animal ?",
    )
    assert "Comment la dire en bref ?" in asked


def test_a_kind_is_asked_for_and_an_answer_that_is_none_is_asked_again(new, tmp_path):
    code, draft, _ = new("kind", said="Refuge\nnulle\n2\nhealth\nOn y garde les animaux.\n")
    one = pasted(draft, tmp_path).kinds["refuge"]
    assert code == 0
    assert (one.nature, one.category) == ("helpline", "health")


def test_the_last_of_what_is_offered_is_chosen_by_its_number_and_none_beyond(new, tmp_path):
    last = len(NATURES_SAID)
    said = f"Refuge\n{last + 1}\n0\n{last}\nhealth\nOn y garde les animaux.\n"
    one = pasted(new("kind", said=said)[1], tmp_path).kinds["refuge"]
    assert one.nature == [*NATURES_SAID][-1]


@pytest.mark.parametrize(
    ("arguments", "code", "aid"),
    [
        (("attribute", "danger", "--label", "Autre"), "V001", "« Danger »"),
        (("attribute", "peril", "--label", "danger"), "V001", "`danger` se dit déjà ainsi"),
        (("attribute", "Été", "--label", "Été"), "S006", "écrivez `ete`"),
        (("attribute", "pet", "--label", "Animal", "--value", "un"), "V010", "de deux à neuf"),
        (
            ("attribute", "pet", "--label", "Animal", "--type", "yes_no", "--value", "un"),
            "V010",
            "n'a pas de liste",
        ),
        (("kind", "shelter", "--label", "Autre"), "V001", "existe déjà"),
    ],
)
def test_what_check_would_refuse_is_refused_at_once(new, arguments, code, aid):
    exit_code, out, err = new(*arguments)
    assert (exit_code, out) == (2, "")
    assert code in err
    assert aid in err
