"""Reviewing proposals: what a person wrote wins, and everything ends in a plain difference."""

import io
import json
import re
from functools import partial

import pytest

from iscg_rules.cli import main
from iscg_rules.engine import Engine

CCAS = {
    "id": "dora--7",
    "source": "dora",
    "structure_id": "dora--s1",
    "nom": "CCAS de Rennes",
    # It names somebody: it is not taken over.
    "description": "Un service inventé, avec Mme Essai.",
    "date_maj": "2026-05-04",
    "telephone": "0299000001",
    "zone_eligibilite": ["35238"],
    "horaires_accueil": "Mo-Fr 09:00-12:00",
}
HEAD = "# Écrit à la main.\npartners:\n"
OWN = """  # Vu avec eux.
  - id: ccas
    name: "CCAS de Rennes"
    offers: [municipal_social_services]
    area: [rennes]  # pas plus loin
    contact: {phone: "02 99 11 11 11"}
    source: [{title: Test, trust: A, checked: 2026-01}]
"""
OTHER = """  - id: tilleuls
    name: "Les Tilleuls"
    offers: [day_centre]
    area: [rennes]
    contact: {phone: "02 99 22 22 22"}
    source: [{title: Test, trust: A, checked: 2026-01}]
"""


class Typist(io.StringIO):
    """A person who types; as they give an answer, somebody else may do something."""

    def __init__(self, typed, deeds):
        super().__init__("\n".join(typed))
        self.deeds = iter(deeds)

    def readline(self, *most):
        deed = next(self.deeds, None)
        if deed is not None:
            deed()
        return super().readline(*most)


@pytest.fixture
def review(checkout, monkeypatch, capsys):
    """Import some services, then answer the questions, and give what was shown."""

    def run(services, *typed, options=(), deeds=()):
        (checkout / "services.json").write_text(json.dumps(services), "utf-8")
        given = ["--territory", "rennes", "--rules", "rules"]
        main(["partners", "import", "services.json", "--from", "data-inclusion", *given])
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", Typist(typed, deeds))
        day = ["--rules", "rules", "--at", "2026-11-27"]
        code = main(["partners", "review", "rennes", *day, *options])
        shown = capsys.readouterr()
        assert code in (0, 1), shown.err
        return shown.out.replace("\u00a0", " ")

    return run


def partners(checkout):
    path = checkout / "territories" / "rennes" / "partners.yaml"
    return path.read_text("utf-8") if path.exists() else ""


def write_partners(checkout, text):
    (checkout / "territories" / "rennes" / "partners.yaml").write_text(text, "utf-8")


def test_a_yes_writes_the_partner_and_an_engine_reads_it(review):
    review([CCAS], "o", "o")
    engine = Engine.load("rules", territory="rennes")
    partner = engine.directory.partners["ccas-de-rennes"]
    assert partner.offers == ("municipal_social_services",)
    assert partner.contact.phone == "02 99 00 00 01"
    assert partner.checked == "2026-05-04"
    assert "0 nouveau" in review([CCAS])


def test_nothing_is_written_without_a_last_yes(checkout, review):
    shown = review([CCAS], "o", "n")
    assert "+  - id: ccas-de-rennes" in shown
    assert partners(checkout) == ""
    # Whoever closes the terminal in the middle has said nothing.
    review([CCAS], "o")
    assert partners(checkout) == ""


def test_a_no_is_not_asked_again(checkout, review):
    review([CCAS], "n", "o")
    assert partners(checkout) == ""
    assert "0 nouveau" in review([CCAS | {"telephone": "0299000002"}])


def test_what_a_partner_lacks_is_filled_with_its_source_and_the_rest_stays(checkout, review):
    write_partners(checkout, HEAD + OWN)
    shown = review([CCAS], "o", "o")
    assert "1 complète un partenaire" in shown
    assert 'écrit : "02 99 11 11 11"\n    source : "02 99 00 00 01"' in shown
    text = partners(checkout)
    added = '    hours: "Mo-Fr 09:00-12:00"\n'
    assert added in text
    source = (
        ', {title: "data·inclusion, source dora", date: 2026-05-04, trust: B, checked: 2026-05-04}'
    )
    assert text.replace(added, "").replace(source, "") == HEAD + OWN


def test_a_person_may_say_which_partner_a_proposal_is(checkout, review):
    write_partners(checkout, HEAD + OWN.replace("CCAS de Rennes", "Solidarités de la Ville"))
    review([CCAS], "= ccas", "o")
    assert 'hours: "Mo-Fr 09:00-12:00"' in partners(checkout)
    assert "0 nouveau" in review([CCAS])


def test_a_change_of_the_source_is_offered_and_their_words_win(checkout, review):
    review([CCAS], "o", "o")
    newer = CCAS | {"telephone": "0299000002", "date_maj": "2026-08-01"}
    shown = review([newer], "o", "o")
    assert "1 a changé dans sa source" in shown
    text = partners(checkout)
    assert 'contact: {phone: "02 99 00 00 02"}' in text
    assert "checked: 2026-08-01" in text
    write_partners(checkout, text.replace("02 99 00 00 02", "02 99 22 22 22"))
    shown = review([CCAS | {"telephone": "0299000003", "date_maj": "2026-08-01"}], "o", "o")
    assert "1 diffère de ce que vous avez écrit" in shown
    assert "02 99 22 22 22" in partners(checkout)
    assert "0 diffère" in review([CCAS | {"telephone": "0299000003", "date_maj": "2026-08-01"}])


def test_what_is_gone_is_told_and_not_taken_away(checkout, review):
    review([CCAS], "o", "o")
    other = CCAS | {"id": "dora--8", "nom": "Accueil de jour"}
    shown = review([other], "t", "o", "o")
    assert "1 n'est plus dans sa source" in shown
    assert "à changer à la main : ccas-de-rennes" in shown
    assert "ccas-de-rennes" in partners(checkout)
    assert "0 n'est plus" in review([other], "q")


def test_a_whole_class_is_decided_at_once(checkout, review):
    services = [
        CCAS | {"id": f"dora--{n}", "nom": f"Accueil de jour {n}", "telephone": f"029900010{n}"}
        for n in range(5)
    ]
    review(services, options=["--yes", "new"])
    assert partners(checkout).count("- id:") == 5
    again = [one | {"id": f"x--{n}", "nom": f"CCAS n° {n}"} for n, one in enumerate(services)]
    review(again, "c", "n", "o")
    assert partners(checkout).count("- id:") == 5


def test_only_the_kinds_that_a_person_names_are_bound(checkout, review):
    both = CCAS | {"nom": "Accueil de jour et CCAS"}
    shown = review([both], "2", "o")
    assert re.search("1 day_centre\n  2 municipal_social_services", shown)
    assert "offers: [municipal_social_services]" in partners(checkout)


def test_an_entry_written_on_one_line_is_left_to_a_person(checkout, review):
    line = (
        "  - {id: ccas, name: CCAS de Rennes, offers: [municipal_social_services], "
        "area: [rennes], source: {title: Test, trust: A, checked: 2026-01}}\n"
    )
    write_partners(checkout, HEAD + line)
    shown = review([CCAS], "o", "o")
    assert "à changer à la main : ccas, hours" in shown
    assert partners(checkout) == HEAD + line


def test_a_list_asks_nothing_and_writes_nothing(checkout, review):
    shown = review([CCAS], options=["--list"])
    assert "1 nouveau" in shown
    assert "ccas-de-rennes" in shown
    assert partners(checkout) == ""


def test_who_has_no_contact_or_an_old_one_is_named(checkout, review):
    write_partners(checkout, HEAD + OWN.replace('    contact: {phone: "02 99 11 11 11"}\n', ""))
    assert "1 sans contact : ccas" in review([])
    write_partners(checkout, HEAD + OWN.replace("2026-01", "2024-01"))
    assert "1 à vérifier de nouveau : ccas" in review([])


def test_a_second_proposal_of_the_same_is_told_as_its_twin(checkout, review):
    twin = CCAS | {"id": "soliguide--1", "nom": "CCAS, ville de Rennes"}
    shown = review([CCAS, twin], options=["--yes", "new"])
    assert "1 nouveau (new)\n1 ressemble à une autre proposition" in shown
    assert partners(checkout).count("- id:") == 1
    # Now the partner stands there, and the other one completes or repeats it.
    assert "1 diffère de ce que vous avez écrit" in review([CCAS, twin])


def test_what_nobody_offers_comes_first_and_one_kind_may_be_asked_for(checkout, review):
    write_partners(checkout, HEAD + OWN)
    services = [
        CCAS | {"id": "dora--8", "nom": "CCAS du Centre", "telephone": "0299000008"},
        CCAS | {"id": "dora--9", "nom": "Hébergement d’urgence", "telephone": "0299000009"},
    ]
    shown = review(services, options=["--list"])
    assert shown.index("hebergement-d-urgence :") < shown.index("ccas-du-centre :")
    assert "ccas-du-centre" not in review(
        services, options=["--list", "--kind", "emergency_shelter"]
    )


def test_what_somebody_writes_during_the_questions_stays(checkout, review):
    review([CCAS], "o", "o", deeds=[lambda: write_partners(checkout, HEAD + OTHER)])
    text = partners(checkout)
    assert text.startswith(HEAD + OTHER)
    assert "- id: ccas-de-rennes" in text


def test_what_somebody_writes_before_the_last_yes_is_shown_and_stays(checkout, review):
    shown = review(
        [CCAS], "o", "o", "o", deeds=[None, lambda: write_partners(checkout, HEAD + OTHER)]
    )
    assert "un fichier a changé pendant la relecture" in shown
    text = partners(checkout)
    assert text.startswith(HEAD + OTHER)
    assert "- id: ccas-de-rennes" in text
    # Without a second yes nothing is written.
    other = CCAS | {"id": "dora--9", "nom": "CCAS du Centre", "telephone": "0299000008"}
    late = text + "# Vu.\n"
    review([CCAS, other], "o", "o", "n", deeds=[None, lambda: write_partners(checkout, late)])
    assert partners(checkout) == late


def test_an_answer_about_what_is_no_longer_so_is_left(checkout, review):
    write_partners(checkout, HEAD + OWN)
    mine = HEAD + OWN.replace("contact:", 'hours: "Tu 10:00-12:00"\n    contact:')
    shown = review([CCAS], "o", "o", deeds=[lambda: write_partners(checkout, mine)])
    assert "à revoir : ccas-de-rennes" in shown
    assert partners(checkout) == mine


def test_a_file_left_half_written_is_read_again_once_it_is_mended(checkout, review):
    write_partners(checkout, HEAD + OWN)
    half = HEAD + OWN.replace("area: [rennes]", "area: [ren")
    shown = review([CCAS], "o", "n", deeds=[lambda: write_partners(checkout, half)])
    assert "réparez" in shown
    assert partners(checkout) == half
    write_partners(checkout, HEAD + OWN)

    texts = (half, HEAD + OWN)
    deeds = [partial(write_partners, checkout, text) for text in texts]
    review([CCAS], "o", "o", "o", deeds=deeds)
    assert 'hours: "Mo-Fr 09:00-12:00"' in partners(checkout)


def test_a_link_in_the_place_of_the_proposals_is_not_followed(checkout, review, capsys):
    review([CCAS], "q")
    path = checkout / "territories" / "rennes" / "proposed" / "partners.yaml"
    path.rename(checkout / "elsewhere.yaml")
    path.symlink_to(checkout / "elsewhere.yaml")
    before = path.read_bytes()
    options = ["--rules", "rules", "--yes", "new"]
    assert main(["partners", "review", "rennes", *options]) == 2
    assert "B018" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert partners(checkout) == ""
