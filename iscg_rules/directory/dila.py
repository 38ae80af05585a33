"""Desks of the annuaire de l'administration (DILA) → records.

The base of local desks is one object with a list `service`; an export of the API is a list, where
each list is a text in JSON. Both are read.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from iscg_rules.directory.contacts import read_email, read_phone
from iscg_rules.directory.record_files import RawRecord
from iscg_rules.directory.records import BrokenRecord, Contacts, Record
from iscg_rules.directory.taken_texts import NAMES_SOMEBODY, PersonNames, read_names, told_hours

__all__ = ["is_desk", "read_desk", "where_served"]

_DAYS = {
    "lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr",
    "samedi": "Sa", "dimanche": "Su",
    "monday": "Mo", "tuesday": "Tu", "wednesday": "We", "thursday": "Th", "friday": "Fr",
    "saturday": "Sa", "sunday": "Su",
}  # fmt: skip
_TIME = re.compile(r"([0-2][0-9]):([0-5][0-9])(?::[0-5][0-9])?")
_DATES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")
_COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_TITLE = "Annuaire de l’administration, DILA (Service-Public)"


def is_desk(raw: RawRecord) -> bool:
    """Tell whether a record may be a desk of the annuaire."""
    return "pivot" in raw and "nom" in raw


def where_served(raw: RawRecord) -> tuple[tuple[str, ...], str | None]:
    """Return the communes that a desk serves, and the one in which it stands."""
    pivots = _objects(raw.get("pivot"))
    zones = {code for one in pivots for code in _codes(one.get("code_insee_commune"))}
    return tuple(sorted(zones)), next(_codes(raw.get("code_insee_commune")), None)


def read_desk(number: int, raw: RawRecord) -> tuple[Record | None, list[BrokenRecord]]:
    """Read one desk; what is wrong is told without what it holds."""
    broken: list[BrokenRecord] = []
    name, key = raw.get("nom"), raw.get("id")
    for field, given in (("id", key), ("nom", name)):
        if not isinstance(given, str) or not given.strip():
            return None, [BrokenRecord(number, field, "manque")]
    persons = read_names(
        *(
            person.get(part)
            for one in _objects(raw.get("affectation_personne"))
            if isinstance(person := one.get("personne"), dict)
            for part in ("prenom", "nom")
        )
    )
    told = persons.name(name)
    if told is None:
        return None, [BrokenRecord(number, "nom", NAMES_SOMEBODY)]
    pivots = _objects(raw.get("pivot"))
    desks = tuple(str(one["type_service_local"]) for one in pivots if "type_service_local" in one)
    if not desks:
        return None, [BrokenRecord(number, "pivot", "ne dit pas le type de guichet")]
    zones, own = where_served(raw)
    return (
        Record(
            number=number,
            key=f"dila--{key}",
            producer="dila",
            title=_TITLE,
            trust="A",
            name=told,
            text=told,
            desks=desks,
            zones=zones,
            commune=own,
            hours=_hours(number, raw.get("plage_ouverture"), broken),
            contacts=_contacts(number, raw, persons, broken),
            updated=_updated(number, raw.get("date_modification"), broken),
            link=_first(raw.get("url_service_public")),
        ),
        broken,
    )


def _items(given: object) -> list[Any]:
    """Return the items of a list, also where the list is a text in JSON."""
    if isinstance(given, str) and given[:1] in ("[", "{"):
        try:
            given = json.loads(given)
        except ValueError:
            return []
    return given if isinstance(given, list) else [given]


def _objects(given: object) -> list[dict[str, Any]]:
    return [item for item in _items(given) if isinstance(item, dict)]


def _codes(given: object) -> Iterator[str]:
    yield from (str(item) for item in _items(given) if item and _COMMUNE.fullmatch(str(item)))


def _first(given: object) -> str | None:
    """Return the first text of a field that is a text, a list of texts, or of `valeur`."""
    texts = (item.get("valeur") if isinstance(item, dict) else item for item in _items(given))
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), None)


def _contacts(
    number: int, raw: RawRecord, persons: PersonNames, broken: list[BrokenRecord]
) -> Contacts:
    phone, email = _first(raw.get("telephone")), _first(raw.get("adresse_courriel"))
    read = phone and read_phone(phone)
    if phone and not read:
        reason = "n'est pas un numéro de téléphone"
        broken.append(BrokenRecord(number, "telephone", reason, is_lost=False))
    box = email and read_email(email)
    if email and not box:
        reason = "n'est pas une adresse électronique"
        broken.append(BrokenRecord(number, "adresse_courriel", reason, is_lost=False))
    return Contacts(
        phone=read or None,
        email=persons.email(box),
        url=(_first(raw.get("site_internet")) or "").rstrip("/") or None,
        address=_address(raw.get("adresse"), persons),
    )


def _address(given: object, persons: PersonNames) -> str | None:
    """Return the address where people go, the postal one only where there is no other."""
    by_kind = sorted(_objects(given), key=lambda one: one.get("type_adresse") != "Adresse")
    street, town = ("complement1", "numero_voie"), ("code_postal", "nom_commune")
    return next((persons.address(one, street, town) for one in by_kind[:1]), None)


def _hours(number: int, given: object, broken: list[BrokenRecord]) -> str | None:
    """Return opening hours in the format of OpenStreetMap; None where a part cannot be told.

    >>> _hours(1, [{"nom_jour_debut": "Lundi", "nom_jour_fin": "Jeudi",
    ...     "valeur_heure_debut_1": "09:00:00", "valeur_heure_fin_1": "12:00:00"}], [])
    'Mo-Th 09:00-12:00'
    """
    parts = []
    for one in _objects(given):
        days = [_DAYS.get(str(one.get(key, "")).strip().lower()) for key in _DAY_KEYS]
        slots = [slot for place in "12" if (slot := _slot(one, place))]
        # A comment may say "every second week": what it limits is not known from the hours.
        if days[0] is None or not slots or str(one.get("commentaire") or "").strip():
            reason = "une plage d'ouverture ne se dit pas en heures"
            broken.append(BrokenRecord(number, "plage_ouverture", reason, is_lost=False))
            return None
        until = f"-{days[1]}" if days[1] not in (None, days[0]) else ""
        parts.append(f"{days[0]}{until} {','.join(slots)}")
    return told_hours("; ".join(parts))


_DAY_KEYS = ("nom_jour_debut", "nom_jour_fin")


def _slot(one: dict[str, Any], place: str) -> str | None:
    start = _TIME.fullmatch(str(one.get(f"valeur_heure_debut_{place}") or ""))
    end = _TIME.fullmatch(str(one.get(f"valeur_heure_fin_{place}") or ""))
    return f"{start[1]}:{start[2]}-{end[1]}:{end[2]}" if start and end else None


def _updated(number: int, given: object, broken: list[BrokenRecord]) -> str | None:
    for shape in _DATES if given else ():
        try:
            return datetime.strptime(str(given), shape).date().isoformat()  # noqa: DTZ007 # a day
        except ValueError:
            continue
    if given:
        reason = "n'est pas une date"
        broken.append(BrokenRecord(number, "date_modification", reason, is_lost=False))
    return None
