"""A coordinator's own table, one partner a row → records. Only `name` is asked for.

Columns: name, id, kind, area, description, phone, sms, email, url, address, hours, access, checked,
source; in French: nom, type, zone, téléphone, courriel, site, adresse, horaires, accès, vérifié.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from iscg_rules.directory.contacts import read_email, read_phone
from iscg_rules.directory.record_files import RawRecord
from iscg_rules.directory.records import BrokenRecord, Contacts, Record
from iscg_rules.directory.taken_texts import NAMES_SOMEBODY, NOBODY, told_hours
from iscg_rules.directory.texts import slug, words_of

__all__ = ["is_row", "read_row"]

_COLUMNS = {
    "name": "name", "nom": "name", "id": "id", "identifiant": "id", "kind": "kind",
    "type": "kind", "area": "zones", "zone": "zones", "commune": "zones",
    "description": "description", "phone": "phone", "telephone": "phone", "sms": "sms",
    "email": "email", "courriel": "email", "url": "url", "site": "url", "address": "address",
    "adresse": "address", "hours": "hours", "horaire": "hours", "access": "access",
    "acce": "access", "checked": "checked", "verifie": "checked", "source": "source",
}  # fmt: skip
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_CHECKS: Mapping[str, tuple[Callable[[str], str | None], str]] = {
    "phone": (read_phone, "n'est pas un numéro de téléphone"),
    "sms": (read_phone, "n'est pas un numéro"),
    "email": (read_email, "n'est pas une adresse électronique"),
    "hours": (told_hours, "horaires illisibles"),
    "checked": (lambda text: text if _DAY.fullmatch(text) else None, "n'est pas une date"),
}


def is_row(raw: RawRecord) -> bool:
    """Tell whether a record may be a row of such a table."""
    names = {_COLUMNS.get(_plain(key)) for key in raw}
    return "name" in names and not {"pivot", "structure_id", "service_areas"} & raw.keys()


def _plain(column: str) -> str:
    return " ".join(words_of(str(column)))


def read_row(number: int, raw: RawRecord) -> tuple[Record | None, list[BrokenRecord]]:
    """Read one row; what is wrong is told without what it holds."""
    given = {
        name: text
        for key, value in raw.items()
        if (name := _COLUMNS.get(_plain(key))) and (text := _cell(value))
    }
    if "name" not in given:
        return None, [BrokenRecord(number, "nom", "manque")]
    if NOBODY.name(given["name"]) is None:
        return None, [BrokenRecord(number, "nom", NAMES_SOMEBODY)]
    checked = {name: read(given[name]) for name, (read, _) in _CHECKS.items() if name in given}
    broken = [
        BrokenRecord(number, name, _CHECKS[name][1], is_lost=False)
        for name, kept in checked.items()
        if kept is None
    ]
    return (
        Record(
            number=number,
            key=f"table--{given.get('id') or slug(given['name'])}",
            producer="table",
            title=NOBODY.name(given.get("source")) or "tableau de la coordination",
            trust="B",
            name=given["name"],
            kinds=_list(given.get("kind", "")),
            zones=_list(given.get("zones", "")),
            hours=checked.get("hours"),
            contacts=Contacts(
                phone=checked.get("phone"),
                email=checked.get("email"),
                url=given.get("url"),
                address=NOBODY.address(given, ("address",), ()),
                sms=checked.get("sms"),
            ),
            text=given.get("description", ""),
            description=NOBODY.description(given.get("description")),
            access=NOBODY.access(given.get("access")),
            updated=checked.get("checked"),
        ),
        broken,
    )


def _cell(value: object) -> str:
    """Return what a cell says; one that holds nothing but spaces says nothing."""
    if isinstance(value, datetime):
        # A sheet has no days, only midnights.
        value = value.date()
    return "" if value is None else str(value).strip()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;|]", text) if part.strip())
