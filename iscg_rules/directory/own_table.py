"""A coordinator's own table, one partner a row → records. Only `name` is asked for.

Columns: name, id, kind, area, description, phone, sms, email, url, address, hours, access, checked,
source; in French: nom, type, zone, téléphone, courriel, site, adresse, horaires, accès, vérifié.
"""

import re

from iscg_rules.directory.contacts import read_email, read_phone
from iscg_rules.directory.record_files import RawRecord
from iscg_rules.directory.records import BrokenRecord, Contacts, Record
from iscg_rules.directory.texts import shorten, slug, words_of
from iscg_rules.language.moments import is_readable

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
_CHECKS = {
    "phone": (read_phone, "n'est pas un numéro de téléphone"),
    "sms": (read_phone, "n'est pas un numéro"),
    "email": (read_email, "n'est pas une adresse électronique"),
    "hours": (lambda text: text if is_readable(text) else None, "horaires illisibles"),
    "checked": (lambda text: text if _DAY.fullmatch(text) else None, "n'est pas une date"),
}
_LONGEST_TEXT, _LONGEST_ACCESS = 200, 160


def is_row(raw: RawRecord) -> bool:
    """Tell whether a record may be a row of such a table."""
    names = {_COLUMNS.get(_plain(key)) for key in raw}
    return "name" in names and not {"pivot", "structure_id", "service_areas"} & raw.keys()


def _plain(column: str) -> str:
    return " ".join(words_of(str(column)))


def read_row(number: int, raw: RawRecord) -> tuple[Record | None, list[BrokenRecord]]:
    """Read one row; what is wrong is told without what it holds."""
    given = {
        name: str(value).strip()
        for key, value in raw.items()
        if (name := _COLUMNS.get(_plain(key))) and value is not None and str(value).strip()
    }
    if "name" not in given:
        return None, [BrokenRecord(number, "nom", "manque")]
    broken = []
    for name, (read, reason) in _CHECKS.items():
        if name in given and (kept := read(given.pop(name))):
            given[name] = kept
        elif name in {_COLUMNS.get(_plain(key)) for key, value in raw.items() if value}:
            broken.append(BrokenRecord(number, name, reason, is_lost=False))
    return (
        Record(
            number=number,
            key=f"table--{given.get('id') or slug(given['name'])}",
            producer="table",
            title=given.get("source", "tableau de la coordination"),
            trust="B",
            name=given["name"],
            kinds=_list(given.get("kind", "")),
            zones=_list(given.get("zones", "")),
            hours=given.get("hours"),
            contacts=Contacts(
                *(given.get(name) for name in ("phone", "email", "url", "address", "sms"))
            ),
            text=given.get("description", ""),
            description=shorten(given.get("description", ""), _LONGEST_TEXT),
            access=shorten(given.get("access", ""), _LONGEST_ACCESS),
            updated=given.get("checked"),
        ),
        broken,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;|]", text) if part.strip())
