"""Services of data·inclusion, as its API and data.gouv give them → records.

The models are those of its own package; what they refuse is refused here.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from data_inclusion.schema.v1 import Service
from pydantic import ValidationError

from iscg_rules.directory.contacts import read_email, read_phone
from iscg_rules.directory.record_files import RawRecord
from iscg_rules.directory.records import BrokenRecord, Contacts, Position, Record
from iscg_rules.directory.taken_texts import NAMES_SOMEBODY, PersonNames, read_names, told_hours

__all__ = [
    "fill_from_structure",
    "is_old_format",
    "is_service",
    "is_structure",
    "read_service",
    "where_served",
]

# Lists, which a cell of a table writes as text.
_LISTS = frozenset(
    {"thematiques", "publics", "modes_accueil", "zone_eligibilite", "modes_mobilisation"}
    | {"mobilisable_par"}
)
_WHERE = ("zone_eligibilite", "code_insee")
_CODE = re.compile(r"france|[0-9A-Z]{2,9}")
_CODES = {"code_insee": 5, "code_postal": 5}
# What may be wrong without the rest being lost: ways to reach the service.
_SPARED = frozenset({"courriel", "lien_source", "lien_mobilisation", "code_postal", "frais"})
# How to come: the first of them that is told.
_ACCESS = ("mobilisation_precisions", "conditions_acces")
_OLD = frozenset({"zone_diffusion_code", "profils", "modes_orientation_accompagnateur"})
_REASONS = {
    "missing": "manque",
    "string_too_short": "trop court",
    "string_too_long": "trop long",
    "string_type": "n'est pas un texte",
    "enum": "mot qui n'est pas du schéma",
    "string_pattern_mismatch": "code mal formé",
    "too_short": "liste vide",
    "url_parsing": "adresse de page mal formée",
    "url_scheme": "adresse de page mal formée",
}


def is_service(raw: RawRecord) -> bool:
    """Tell whether a record may be a service of data·inclusion."""
    return "structure_id" in raw or "service" in raw


def is_structure(raw: RawRecord) -> bool:
    """Tell whether a record may be a structure of data·inclusion."""
    return not is_service(raw) and {"id", "source", "nom"} <= raw.keys()


def is_old_format(raw: RawRecord) -> bool:
    """Tell whether a record is in the format that came before version 1 of the schema."""
    return bool(_OLD & raw.keys()) and "zone_eligibilite" not in raw


def where_served(raw: RawRecord) -> tuple[tuple[str, ...], str | None] | None:
    """Return the zones and the commune of a service before it is read.

    None where one of them is no code.
    """
    told = _inner(raw)
    given = _plain({key: told[key] for key in _WHERE if key in told})
    zones, commune = given.get("zone_eligibilite") or (), given.get("code_insee")
    codes = [*zones, commune or "france"] if isinstance(zones, list | tuple) else [None]
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        return None
    return tuple(sorted(zones)), commune


def _inner(raw: RawRecord) -> RawRecord:
    inner = raw.get("service")
    return inner if isinstance(inner, dict) else raw


def read_service(number: int, raw: RawRecord) -> tuple[Record | None, list[BrokenRecord]]:
    """Read one service; what is wrong is told without what it holds."""
    given = _plain(_inner(raw))
    broken: list[BrokenRecord] = []
    service = _validate(number, given, broken)
    if service is None:
        return None, broken
    record = _record(number, service, given, broken)
    structure = given.get("structure")
    if record is not None and isinstance(structure, dict):
        record = fill_from_structure(record, structure)
    return record, broken


def _validate(number: int, given: RawRecord, broken: list[BrokenRecord]) -> Service | None:
    """Return what the models take, without the ways to reach it that they refuse."""
    try:
        return Service.model_validate(given)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) if one["loc"] else "tout": one for one in _errors(error)}
    told = sorted((field, _reason(str(one["type"]), field)) for field, one in wrong.items())
    if wrong.keys() <= _SPARED & given.keys():
        broken.extend(BrokenRecord(number, *one, is_lost=False) for one in told)
        # What is left is judged anew: without these fields, another may be wrong.
        return _validate(number, {k: v for k, v in given.items() if k not in wrong}, broken)
    broken[:] = [BrokenRecord(number, *told[0])]
    return None


def _errors(error: ValidationError) -> Iterable[Mapping[str, Any]]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _reason(kind: str, field: str) -> str:
    if kind.startswith("date") or field.startswith("date"):
        return "n'est pas une date possible"
    if field == "courriel":
        return "n'est pas une adresse électronique"
    return _REASONS.get(kind, "n'a pas la forme attendue")


def _plain(raw: RawRecord) -> RawRecord:
    """Return a record as JSON would give it: without what is empty, lists as lists."""
    given: RawRecord = {}
    for key, read in raw.items():
        value = read
        if key is None or value is None or value in ("", []) or value != value:  # noqa: PLR0124 # NaN
            continue
        if key in _LISTS and isinstance(value, str):
            value = _listed(value)
        elif isinstance(value, datetime):
            value = value.date()
        elif key in _CODES and isinstance(value, int | float):
            value = str(int(value)).zfill(_CODES[key])
        elif key in ("telephone", "id", "structure_id") and isinstance(value, int | float):
            value = str(int(value))
        elif key == "date_maj" and isinstance(value, str):
            value = value[:10]
        given[key] = value
    return given


def _listed(text: str) -> object:
    """Return the list that a cell holds: `["a", "b"]`, `{a,b}`, `a, b` or `a|b`."""
    bare = text.strip()
    if bare[:1] == "[":
        try:
            return json.loads(bare)
        except ValueError:
            bare = bare.strip("[]")
    parts = re.split(r"[,|]", bare.strip("{}"))
    return [part.strip().strip("'\"") for part in parts if part.strip()]


def _record(
    number: int, service: Service, given: RawRecord, broken: list[BrokenRecord]
) -> Record | None:
    def keep(field: str, read: Callable[[str], str | None], reason: str) -> str | None:
        text = given.get(field)
        if text is None or any(one.field == field for one in broken):
            return None
        kept = read(str(text))
        if kept is None:
            broken.append(BrokenRecord(number, field, reason, is_lost=False))
        return kept

    persons = read_names(given.get("contact_nom_prenom"))
    if persons.name(service.nom) is None:
        broken[:] = [BrokenRecord(number, "nom", NAMES_SOMEBODY)]
        return None
    email = persons.email(service.courriel)
    is_dropped = service.courriel and not email
    return Record(
        number=number,
        key=service.id,
        producer=service.source,
        title=f"data·inclusion, source {service.source}",
        trust="B",
        name=service.nom,
        themes=_sorted(service.thematiques),
        form=service.type and str(service.type.value),
        publics=tuple(one for one in _sorted(service.publics) if one != "tous-publics"),
        zones=tuple(sorted(map(str, service.zone_eligibilite or ()))),
        commune=service.code_insee,
        hours=keep("horaires_accueil", told_hours, "horaires illisibles"),
        contacts=Contacts(
            phone=keep("telephone", read_phone, "n'est pas un numéro de téléphone"),
            email=email,
            url=_link(service.lien_mobilisation),
            address=_address(given, persons),
        ),
        text=service.description,
        description=persons.description(service.description),
        access=persons.access(next((given[key] for key in _ACCESS if key in given), None)),
        updated=service.date_maj.isoformat(),
        link=_link(service.lien_source),
        quality=_score(given.get("score_qualite")),
        dropped=("courriel d'une personne : pas repris",) if is_dropped else (),
        structure=service.structure_id,
        position=_position(given),
        is_on_site=_sorted(service.modes_accueil) == ("en-presentiel",),
        persons=persons,
    )


def _sorted(words: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(sorted(str(word.value) for word in words or ()))


def _position(given: Mapping[str, Any]) -> Position | None:
    try:
        north, east = float(given["latitude"]), float(given["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    return (north, east) if (north, east) != (0, 0) else None


def _link(url: object) -> str | None:
    return None if url is None else str(url).rstrip("/")


def _score(given: object) -> float | None:
    try:
        return None if given is None else round(float(str(given)), 2)
    except ValueError:
        return None


def _address(given: Mapping[str, Any], persons: PersonNames) -> str | None:
    return persons.address(given, ("adresse",), ("code_postal", "commune"))


def fill_from_structure(record: Record, raw: RawRecord) -> Record:
    """Return a record with the contacts of its structure where it has none of its own."""
    given = _plain(raw)
    own = record.contacts
    has_own_way = own.phone or own.email
    phone = read_phone(str(given["telephone"])) if "telephone" in given else None
    email = read_email(str(given["courriel"])) if "courriel" in given else None
    page = str(given.get("site_web", "")).rstrip("/") or None
    hours = record.hours or told_hours(str(given.get("horaires_accueil", "")))
    return replace(
        record,
        organisation=record.persons.name(given.get("nom")) or "",
        commune=record.commune or given.get("code_insee"),
        position=record.position or _position(given),
        hours=hours,
        contacts=Contacts(
            phone=own.phone if has_own_way else phone,
            email=own.email if has_own_way else record.persons.email(email),
            url=own.url or page,
            address=own.address or _address(given, record.persons),
        ),
    )
