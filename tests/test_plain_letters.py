"""Texts made comparable, in one place: letters that nothing takes apart are spelt out."""

import pytest

from iscg_rules.directory.texts import slug, words_of
from iscg_rules.places.communes import load_communes
from iscg_rules.plain_letters import plain_letters, plain_words, slug_of
from iscg_rules.suggestions import closest
from iscg_rules.workshop.completions import FittingWord


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sœur", "soeur"),
        ("ŒUVRE", "oeuvre"),
        ("Æquo et Lætitia", "aequo et laetitia"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Mise à l’abri", "mise a l abri"),
        ("Straße 3", "strasse 3"),
        ("plain", "plain"),
        ("…", ""),
    ],
)
def test_a_text_becomes_plain_words_and_an_id(text, words):
    assert plain_words(text) == words
    assert slug_of(text) == words.replace(" ", "-")


def test_signs_stay_where_only_letters_are_made_plain():
    assert plain_letters("L’Œil, À") == "l’oeil, a"


def test_everybody_spells_them_out_alike():
    assert slug("Sœurs du Bœuf") == "soeurs-du-boeuf"
    assert words_of("Œuvres") == ["oeuvre"]
    assert closest("coeur", ["cœur"]) == "cœur"
    assert "soeur" in FittingWord("sister", "Sœur").search
    assert load_communes().find("Oeuf-en-Ternois") == load_communes().find("Œuf-en-Ternois") != ()
