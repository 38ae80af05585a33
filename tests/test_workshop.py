"""The language server over real stdio: each feature, on whole files and on half-typed ones."""

import shutil
import subprocess
from pathlib import Path

import pytest
from lsprotocol import types

from iscg_rules.cli import main
from iscg_rules.workshop.readings import ProjectReader
from tests.editor import applied, editing

HERE = Path(__file__).parents[1]
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def editor():
    with editing() as started:
        yield started
        assert [text for text in started.said if "erreur interne" in text] == []


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Give a copy of what ships, to be spoilt: of one place, without promises, with few cases."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("rules", "territories"):
        ignored = shutil.ignore_patterns("rennes", "brest", "cases", "guarantees.yaml")
        shutil.copytree(HERE / name, folder / name, ignore=ignored)
    shutil.copy(HERE / "partners.yaml", folder)
    (folder / "rules" / "cases").mkdir()
    shutil.copy(HERE / "rules" / "cases" / "housing.yaml", folder / "rules" / "cases")
    return folder


@pytest.fixture(scope="module")
def opened(editor, shipped):
    path = shipped / "rules" / "housing.yaml"
    editor.open(path)
    return path


@pytest.fixture
def housing(editor, opened):
    """Give the file about housing, open and as it ships."""
    original = opened.read_text(encoding="utf-8")
    if editor.texts[opened] != original:
        editor.write(opened, original)
    return opened


def at(editor, path, words, within=0):
    return editor.texts[path].index(words) + within


def complete(editor, path, offset):
    got = editor.ask("text_document_completion", types.CompletionParams, path, offset)
    return {item.label: item for item in got.items}


def actions(editor, path, offset):
    place = types.Range(*[_position(editor, path, offset)] * 2)
    context = types.CodeActionContext([])
    return editor.ask(
        "text_document_code_action", types.CodeActionParams, path, range=place, context=context
    )


def _position(editor, path, offset):
    before = editor.texts[path][:offset]
    return types.Position(before.count("\n"), offset - before.rfind("\n") - 1)


def edits(action):
    return [edit for change in action.edit.document_changes for edit in change.edits]


# Every key of the same document is a feature; the half-typed text has an open quote and bracket.
HALF = """\
rules:
  - id: half-typed
    when:
      housing: [no_housing, "
    orient:
      - {to: adil, urgency: w
    because: {fr: "🏠 à moitié
  - id: whole
    when: {household: couple}
    orient:
      - {to: adil, urgency: week, strength: may, sharing: professional_secrecy}
    because: {fr: "Entière."}
    source: [info-jeunes-loyers]
"""


@pytest.fixture(params=["shipped", "half-typed"])
def either(request, editor, housing):
    """Give a file as it ships, then one that is half typed, each with `household` and `adil`."""
    if request.param == "half-typed":
        editor.write(housing, HALF)
    return housing


def test_a_repair_of_a_text_that_was_typed_in_since_is_not_offered(editor, housing):
    start = at(editor, housing, "rent_arrears\n")
    editor.replace(housing, start, start + len("rent_arrears"), "rent_arears")
    editor.wait(lambda: ("V003", "rent_arears") in editor.of(housing))
    assert actions(editor, housing, start)
    # The line is another one now, and what is underlined still stands where it was.
    line = editor.texts[housing].rfind("\n", 0, start) + 1
    editor.replace(housing, line, line, "      # une ligne de plus, assez longue pour cela\n")
    assert not actions(editor, housing, start)
    moved = at(editor, housing, "rent_arears\n")
    editor.wait(lambda: actions(editor, housing, moved))


def test_what_is_wrong_is_underlined_as_it_is_typed_and_mended_by_a_key(editor, housing):
    start = at(editor, housing, "rent_arrears\n")
    editor.replace(housing, start, start + len("rent_arrears"), "rent_arears")
    editor.wait(lambda: ("V003", "rent_arears") in editor.of(housing))
    shown = next(d for d in editor.shown[housing.as_uri()] if d.code == "V003")
    assert "vouliez-vous dire `rent_arrears`" in shown.message
    assert shown.code_description.href.endswith("errors.md#v003--valeur-inconnue-de-cet-attribut")
    fix = actions(editor, housing, start)[0]
    assert fix.is_preferred
    mended = applied(editor.texts[housing], edits(fix))
    assert mended == housing.read_text(encoding="utf-8")
    editor.write(housing, mended)
    editor.wait(lambda: "V003" not in editor.codes(housing))


def test_a_french_label_in_place_of_an_id_is_mended(editor, housing):
    start = at(editor, housing, "rent_arrears\n")
    editor.replace(housing, start, start + len("rent_arrears"), "Loyers impayés")
    editor.wait(lambda: ("V003", "Loyers impayés") in editor.of(housing))
    first = actions(editor, housing, start)[0]
    assert first.title == "Remplacer par `rent_arrears`"
    assert applied(editor.texts[housing], edits(first)) == housing.read_text(encoding="utf-8")


def test_a_key_that_lacks_is_added(editor, housing):
    text = editor.texts[housing]
    line = next(line for line in text.split("\n") if "because" in line)
    editor.write(housing, text.replace(line + "\n", "", 1))
    editor.wait(lambda: "S002" in editor.codes(housing))
    fix = actions(editor, housing, at(editor, housing, "- id: rent-arrears", 4))[0]
    assert fix.title == "Ajouter `because:`"
    assert "\n    because: \n" in applied(editor.texts[housing], edits(fix))


def test_a_tabulation_becomes_spaces(editor, housing):
    editor.write(housing, "rules:\n\t- id: a\n")
    editor.wait(lambda: editor.codes(housing) == {"Y005"})
    offset = len("rules:\n\t")
    assert applied(editor.texts[housing], edits(actions(editor, housing, offset)[0])) == (
        "rules:\n  - id: a\n"
    )


def test_an_id_is_described_in_french(editor, either):
    offset = at(editor, either, "household:")
    text = editor.ask("text_document_hover", types.HoverParams, either, offset).contents.value
    assert text.startswith(f"**Foyer**{NBSP}· question `household`")
    assert "_Avec qui la personne vit-elle, ou partirait-elle" in text
    assert f"- `couple`{NBSP}: couple sans enfant" in text
    assert "partenaires qui s’en servent" in text


def test_a_rule_is_described_by_the_sentence_it_reads_as(editor, housing):
    offset = at(editor, housing, "rent-arrears")
    # The sentence comes with the first reading.
    editor.write(housing, editor.texts[housing].replace("theme", "them"))
    editor.wait(lambda: "S001" in editor.codes(housing))
    text = editor.ask("text_document_hover", types.HoverParams, housing, offset).contents.value
    assert f"**Quand**{NBSP}: Logement et argent{NBSP}: loyers impayés." in text
    assert "- **Orienter vers** Information sur le logement (Adil)" in text


def test_a_french_label_stands_beside_each_id(editor, either):
    whole = types.Range(types.Position(0, 0), types.Position(400, 0))
    hints = editor.ask("text_document_inlay_hint", types.InlayHintParams, either, range=whole)
    labels = {hint.label for hint in hints}
    assert {"Foyer", "Information sur le logement (Adil)", "cette semaine"} <= labels
    lines = editor.texts[either].split("\n")
    ends = [lines[h.position.line][: h.position.character] for h in hints if h.label == "Foyer"]
    assert all(end.endswith("household") for end in ends)


def test_what_fits_is_offered_by_its_french_label(editor, either):
    offset = at(editor, either, "household:")
    offered = complete(editor, either, offset)
    assert offered["Foyer"].text_edit.new_text == "household: "
    assert {"Logement", "Danger immédiat"} <= offered.keys()
    assert "victime" not in offered
    kinds = complete(editor, either, at(editor, either, "adil", 2))
    assert kinds["Centre communal d’action sociale (CCAS)"].text_edit.new_text == (
        "municipal_social_services"
    )
    assert "Foyer" not in kinds


def test_answers_are_offered_and_those_that_stand_there_are_not(editor, housing):
    editor.write(housing, HALF)
    offered = complete(editor, housing, at(editor, housing, '"\n'))
    assert "hébergée par des proches" in offered
    assert "sans logement" not in offered
    urgencies = complete(editor, housing, at(editor, housing, "urgency: w\n", len("urgency: w")))
    assert list(urgencies) == ["maintenant", "aujourd’hui", "cette semaine", "à prévoir"]


def test_an_id_leads_to_where_it_is_written_and_to_all_who_name_it(editor, either, shipped):
    offset = at(editor, either, "household:")
    found = editor.ask("text_document_definition", types.DefinitionParams, either, offset)
    assert found.uri == (shipped / "rules" / "vocabulary.yaml").as_uri()
    line = (
        (shipped / "rules" / "vocabulary.yaml")
        .read_text("utf-8")
        .split("\n")[found.range.start.line]
    )
    assert line == "  - id: household"
    named = editor.ask(
        "text_document_references",
        types.ReferenceParams,
        either,
        offset,
        context=types.ReferenceContext(include_declaration=True),
    )
    files = {Path(place.uri).name for place in named}
    assert {"vocabulary.yaml", "housing.yaml", "partners.yaml"} <= files


@pytest.mark.parametrize(
    ("written", "inside", "file"),
    [
        ("to: adil", 4, "vocabulary.yaml"),
        ("[info-jeunes-loyers", 1, "sources.yaml"),
        ("sharing: professional_secrecy", 9, "grounds.yaml"),
        ("housing_money_situation: rent_arrears", 26, "vocabulary.yaml"),
    ],
)
def test_every_sort_of_id_leads_to_where_it_is_written(editor, housing, written, inside, file):
    offset = at(editor, housing, written, inside)
    found = editor.ask("text_document_definition", types.DefinitionParams, housing, offset)
    assert Path(found.uri).name == file


def test_an_id_gets_another_name_in_every_file(editor, housing, shipped, tmp_path):
    offset = at(editor, housing, "household:")
    renamed = editor.ask(
        "text_document_rename", types.RenameParams, housing, offset, new_name="home_people"
    )
    copy = tmp_path / "copy"
    shutil.copytree(shipped, copy)
    for change in renamed.document_changes:
        path = copy / Path(change.text_document.uri.removeprefix("file://")).relative_to(shipped)
        path.write_text(applied(path.read_text("utf-8"), change.edits), encoding="utf-8")
    reading = ProjectReader(copy / "rules").read("pays-de-saint-malo", {})
    assert reading.problems == ()
    assert "household:" not in (copy / "rules" / "housing.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("housing", "est déjà pris"),
        # A fact: in a condition it would stand where the attribute does.
        ("couple_violence", "est déjà pris"),
        ("À", "des minuscules"),
    ],
)
def test_a_name_that_is_taken_or_is_none_is_refused(editor, housing, name, said):
    offset = at(editor, housing, "household:")
    with pytest.raises(Exception, match=said):
        editor.ask("text_document_rename", types.RenameParams, housing, offset, new_name=name)


def test_entries_are_listed(editor, either):
    symbols = editor.ask("text_document_document_symbol", types.DocumentSymbolParams, either)
    names = [symbol.name for symbol in symbols]
    assert names[0] in ("rent-arrears", "half-typed")
    assert len(names) == editor.texts[either].count("\n  - id: ")


def test_a_file_is_put_straight_and_every_word_and_comment_stays(editor, housing):
    editor.write(housing, "# a  \n\n\n\n" + editor.texts[housing] + "\n\n")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    got = editor.ask(
        "text_document_formatting", types.DocumentFormattingParams, housing, options=options
    )
    straight = applied(editor.texts[housing], got)
    assert straight == "# a\n\n" + housing.read_text(encoding="utf-8")
    editor.write(housing, HALF)
    untouched = editor.ask(
        "text_document_formatting", types.DocumentFormattingParams, housing, options=options
    )
    assert not untouched


def test_columns_are_counted_as_editors_count_them(editor, housing):
    # An emoji is two units wide, an accent one.
    editor.write(housing, 'theme: {fr: "🏠é", zz: 1}\nrules: []\n')
    editor.wait(lambda: editor.codes(housing) == {"S001"})
    place = editor.shown[housing.as_uri()][0].range
    assert (place.start.character, place.end.character) == (19, 21)
    assert editor.of(housing) == [("S001", "zz")]


def test_one_bad_file_does_not_silence_the_others(editor, housing, shipped):
    other = shipped / "rules" / "couple-protection.yaml"
    editor.open(other)
    editor.write(housing, 'rules:\n  - id: "a\n')
    editor.write(other, editor.texts[other].replace("urgency: week", "urgency: weekly", 1))
    editor.wait(lambda: "Y006" in editor.codes(housing) and ("S004", "weekly") in editor.of(other))
    editor.close(other)


def test_another_encoding_and_a_file_that_goes_are_lived_with(editor, housing, shipped):
    stray = shipped / "rules" / "stray.yaml"
    stray.write_bytes("rules: # é\n".encode("latin-1"))
    change = types.FileEvent(stray.as_uri(), types.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    editor.wait(lambda: editor.codes(stray) == {"Y004"})
    stray.unlink()
    change = types.FileEvent(stray.as_uri(), types.FileChangeType.Deleted)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    editor.wait(lambda: editor.codes(stray) == set())
    hover = editor.ask(
        "text_document_hover", types.HoverParams, housing, at(editor, housing, "household:")
    )
    assert hover is not None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('    label: {fr: "avec un enfant"}', "    labl: oups"), ("to: lawyer", "to: lawer")],
    ids=["fact", "kind"],
)
def test_a_rule_is_shown_though_what_it_names_cannot_be_read(editor, tmp_path, right, wrong):
    shutil.copytree(HERE / "tests" / "beginner", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "rules" / "mine.yaml"
    editor.open(path)
    editor.write(path, editor.texts[path].replace(right, wrong, 1))
    editor.wait(lambda: editor.codes(path))
    at_rule = at(editor, path, "fall-again")
    hover = editor.ask("text_document_hover", types.HoverParams, path, at_rule)
    assert "Chacun doit être libre." in hover.contents.value
    assert [text for text in editor.said if "erreur interne" in text] == []
    editor.close(path)


def test_a_file_of_no_project_is_left_alone(editor, tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text("a: b\n", encoding="utf-8")
    editor.open(path)
    assert editor.ask("text_document_hover", types.HoverParams, path, 0) is None
    editor.close(path)


@pytest.fixture(scope="module")
def proven(editor, tmp_path_factory):
    """Give a small project under git, with a case, changed in the editor until all is proven."""
    folder = tmp_path_factory.mktemp("proven")
    shutil.copytree(HERE / "tests" / "toy", folder, dirs_exist_ok=True)
    cases = folder / "rules" / "cases" / "all.yaml"
    cases.parent.mkdir()
    cases.write_text(
        "cases:\n  - id: one-night\n    title: {fr: Une nuit dehors}\n"
        "    situation: {nights: 2}\n    expect: {includes: [shelter]}\n",
        encoding="utf-8",
    )
    (folder / "rules" / "guarantees.yaml").write_text(
        "guarantees:\n  - id: a-roof\n    when: {nights: {min: 2}}\n"
        "    then: {includes_any: shelter}\n",
        encoding="utf-8",
    )
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "a"]):
        subprocess.run([*git, *command], check=True)
    path = folder / "rules" / "all.yaml"
    editor.open(path)
    text = editor.texts[path]
    changed = text.replace("when: {nights: {min: 1}}", "when: {nights: {min: 16}}", 1)
    changed += (
        "  - id: never\n    when: {all: [{danger: yes}, {danger: no}]}\n"
        "    orient: [{to: social, urgency: week, strength: may, sharing: none}]\n"
        "    because: {fr: Jamais.}\n    source: {title: Test, trust: A}\n"
    )
    editor.write(path, changed)
    editor.wait(lambda: "F002" in editor.codes(path) and "C001" in editor.codes(cases))
    yield path
    editor.close(path)


def lenses(editor, path):
    got = editor.ask("text_document_code_lens", types.CodeLensParams, path)
    lines = editor.texts[path].split("\n")
    return [(lines[each.range.start.line].strip(), each.command.title) for each in got]


def test_what_is_proven_is_underlined_with_its_smallest_example(editor, proven):
    shown = {each.code: each for each in editor.shown[proven.as_uri()]}
    assert shown["F002"].severity is types.DiagnosticSeverity.Error
    assert "la règle `never` ne peut jamais valoir" in shown["F002"].message
    root = proven.parents[1].as_uri()
    messages = [d.message for uri, some in editor.shown.items() for d in some if root in uri]
    assert any(f"exemple{NBSP}: Qualité{NBSP}: " in message for message in messages)


def test_a_broken_guarantee_leads_to_the_rule_behind_it(editor, proven):
    promises = proven.parent / "guarantees.yaml"
    editor.wait(lambda: "G002" in editor.codes(promises))
    [shown] = editor.shown[promises.as_uri()]
    assert shown.range.start.line == 1
    assert "`shelter` ne vient pas, car la règle la plus proche, `night-shelter`" in shown.message
    [rule] = shown.related_information
    assert (rule.location.uri, rule.message) == (proven.as_uri(), "la règle `night-shelter`")
    line = editor.texts[proven].split("\n")[rule.location.range.start.line]
    assert line == "  - id: night-shelter"


def test_a_case_that_does_not_get_what_it_expects_is_underlined(editor, proven):
    cases = proven.parent / "cases" / "all.yaml"
    messages = [each.message for each in editor.shown[cases.as_uri()] if each.code == "C001"]
    assert len(messages) == 1
    assert "one-night" in messages[0]


def test_a_rule_says_its_cases_and_how_many_situations_the_change_touches(editor, proven):
    editor.wait(lambda: any("touchent" in title for _, title in lenses(editor, proven)))
    got = lenses(editor, proven)
    assert ("- id: night-shelter", "0 cas") in got
    assert [title for line, title in got if line == "- id: listen"] == [
        "0 cas", "essayer", "prouver",
    ]  # fmt: skip
    touched = {title for line, title in got if line == "- id: night-shelter"}
    assert any(title.startswith("vos 2 changements touchent ") for title in touched)


def test_the_case_that_would_notice_a_change_is_added_at_a_key(editor, proven):
    editor.wait(lambda: any("aucun cas" in title for _, title in lenses(editor, proven)))
    offset = at(editor, proven, "- id: night-shelter", 4)
    offered = [a for a in actions(editor, proven, offset) if a.title.startswith("Ajouter le cas")]
    assert offered != []
    cases = proven.parent / "cases" / "all.yaml"
    change = offered[0].edit.document_changes[0]
    assert change.text_document.uri == cases.as_uri()
    text = applied(cases.read_text("utf-8"), change.edits)
    assert text.startswith(cases.read_text("utf-8").rstrip("\n"))
    assert text.count("\n  - id: ") == 2


@pytest.mark.usefixtures("proven")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("try", "Abri"),
        ("prove", "rien n’est à redire"),
        ("cases", "Aucun cas ne montre `listen`"),
    ],
)
def test_a_lens_answers_in_french(editor, command, said):
    rule = "night-shelter" if command == "try" else "listen"
    params = types.ExecuteCommandParams(f"iscg-rules.{command}", [rule])
    editor.run(editor.client.workspace_execute_command_async(params))
    editor.wait(lambda: any(said in text for text in editor.said))


def test_without_the_package_that_speaks_to_editors_it_is_said(monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "iscg_rules.workshop.server", None)
    assert main(["lsp"]) == 2
    assert "A012" in capsys.readouterr().err
