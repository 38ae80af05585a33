"""Hundreds of findings about partners are told on one screen, and nothing else is left out."""

import json

from iscg_rules.cli import grouped_findings, main
from iscg_rules.cli.grouped_findings import group
from iscg_rules.errors import Place, Problem
from iscg_rules.proof.findings.finding import Finding, FindingExample

LACKS = [
    Problem("W001", f"personne ne propose `kind-{n}`", help="un partenaire") for n in range(60)
]
IDLE = [
    Problem("F012", f"aucune situation ne mène à `partner-{n}`", Place("partners.yaml", n + 2, 5))
    for n in range(150)
]
DEAD = Finding(
    Problem("U001", "personne à joindre pour `crip`"),
    FindingExample({}, ("Qualité : victime",), None, is_fewest=True),
)
OTHER = [Problem("F010", f"aucune réponse à `question-{n}` ne change rien") for n in range(9)]


def test_of_much_the_first_of_each_class_is_told_and_a_count():
    lines = "\n".join(group([*LACKS, *OTHER, *map(Finding, IDLE), DEAD], show_all=False)).split(
        "\n"
    )
    assert len(lines) < 25
    text = " ".join(" ".join(lines).split())
    assert "`kind-0`" in text
    assert "et 59 autres W001, que --all montre : kind-1, kind-2," in text
    assert "et 149 autres F012, que --all montre : partner-1," in text
    # What is rare, what is an example and what is not about partners is told whole.
    assert str(DEAD) in "\n".join(lines)
    assert all(str(one) in lines for one in OTHER)


def test_little_is_told_whole_and_so_is_everything_on_demand():
    assert [*group([*LACKS[:10], *OTHER, DEAD], show_all=False)] == [
        *map(str, [*LACKS[:10], *OTHER, DEAD])
    ]
    assert [*group([*LACKS, *IDLE], show_all=True)] == [*map(str, [*LACKS, *IDLE])]


def test_three_of_a_class_are_told_whole_and_a_fourth_is_counted():
    # Much in sum, of which no class alone is much.
    much: list[Problem | Finding] = [*LACKS[:15], *map(Finding, IDLE[:3])]
    assert all(str(one) in [*group([*much, *much[:3]], show_all=False)] for one in much[15:])
    assert [*group([*LACKS[:20], *IDLE[:3]], show_all=False)][-3:] == [*map(str, IDLE[:3])]
    told = [*group([*LACKS[:20], *IDLE[:4]], show_all=False)]
    assert str(IDLE[1]) not in told
    assert "et 3 autres F012" in told[-1]


def test_check_tells_all_on_demand_and_in_json(checkout, capsys, monkeypatch):
    # The small rules lead to none of these.
    monkeypatch.setattr(grouped_findings, "_ABOUT_PARTNERS", ("W005",))
    path = checkout / "rules" / "vocabulary.yaml"
    names = "".join(
        f"  - {{id: aid_{n}, nature: service, category: person, label: {{fr: Aide {n}}}}}\n"
        for n in range(30)
    )
    text = path.read_text("utf-8")
    assert "\nkinds:\n" in text
    path.write_text(text.replace("\nkinds:\n", f"\nkinds:\n{names}"), "utf-8")
    options = ["rules", "--territory", "rennes", "--without-proof"]
    main(["check", *options])
    short = capsys.readouterr().out
    main(["check", *options, "--all"])
    whole = capsys.readouterr().out
    main(["check", *options, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert short.count("W005 ") < 3
    assert "que --all montre" in " ".join(short.split())
    assert whole.count("W005 ") == sum(one["code"] == "W005" for one in found) >= 30
