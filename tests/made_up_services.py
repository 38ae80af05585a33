"""Services that nobody offers, made of the official models of data·inclusion, all valid."""

import json
import random

from data_inclusion.schema.v1 import (
    Frais,
    ModeAccueil,
    ModeMobilisation,
    Public,
    Service,
    Thematique,
    TypeService,
)

NAMES = (
    "Accueil de jour", "Hébergement d’urgence", "CCAS", "Médiation familiale", "Atelier CV",
    "Permanence du CIDFF", "Épicerie solidaire", "Point conseil budget", "Maison des adolescents",
    "Prêt de vélos", "Mission locale", "Écoute psychologique",
)  # fmt: skip
ZONES = (["35238"], ["35"], ["35288"], ["france"], ["13"], ["75056", "75101"], ["243500139"], None)


def some(chance, words):
    """Give a few members of a closed list of the schema, sorted; or none."""
    count = chance.randint(0, min(3, len(words)))
    return sorted(word.value for word in chance.sample(list(words), count)) or None


def made_up(number, chance):
    """Give one service as JSON; the same for the same number and chance."""
    kind = chance.choice(NAMES)
    publics = some(chance, [one for one in Public if one is not Public.TOUS_PUBLICS])
    given = {
        "source": chance.choice(["dora", "cd35", "soliguide"]),
        "structure_id": f"inventee--{number // 3}",
        "id": f"inventee--{number}",
        "nom": f"{kind} n° {number}",
        "description": f"{kind}, inventé pour un essai. " + "Des mots. " * chance.randint(1, 60),
        "date_maj": f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}",
        "type": chance.choice([None, *TypeService]),
        "thematiques": some(chance, Thematique),
        "frais": chance.choice([None, *Frais]),
        "publics": publics or chance.choice([None, ["tous-publics"]]),
        "zone_eligibilite": chance.choice(ZONES),
        "code_insee": chance.choice([None, "35238", "35288", "75101"]),
        "adresse": chance.choice([None, f"{number} rue Inventée"]),
        "telephone": chance.choice([None, f"+332990{number % 100000:05}", "115"]),
        "courriel": chance.choice([None, f"accueil{number}@exemple.example.org"]),
        "contact_nom_prenom": chance.choice([None, "Camille Inventée"]),
        "modes_accueil": some(chance, ModeAccueil),
        "modes_mobilisation": some(chance, ModeMobilisation),
        "horaires_accueil": chance.choice([None, "24/7", "Mo-Fr 09:00-12:00; PH off"]),
    }
    Service.model_validate(given)
    return {key: value for key, value in given.items() if value is not None}


def many(count, seed=18):
    chance = random.Random(seed)  # noqa: S311 # nothing secret
    return [made_up(number, chance) for number in range(count)]


def as_json(services):
    return json.dumps(services, ensure_ascii=False, default=str)
