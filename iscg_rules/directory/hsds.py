"""Services of Open Referral's HSDS 3, alone or in a page of its API → records."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from iscg_rules.directory.contacts import read_email, read_phone
from iscg_rules.directory.record_files import RawRecord
from iscg_rules.directory.records import BrokenRecord, Contacts, Record
from iscg_rules.directory.taken_texts import NAMES_SOMEBODY, PersonNames, read_names, told_hours

__all__ = ["is_hsds", "read_hsds"]

_OWN = frozenset({"service_areas", "phones", "schedules", "eligibility_description", "status"})
_DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
_DATE = 10


def is_hsds(raw: RawRecord) -> bool:
    """Tell whether a record may be a service of HSDS."""
    return {"id", "name"} <= raw.keys() and bool(_OWN & raw.keys())


def read_hsds(number: int, raw: RawRecord) -> tuple[Record | None, list[BrokenRecord]]:
    """Read one service; what is wrong is told without what it holds."""
    broken: list[BrokenRecord] = []
    for field in ("id", "name"):
        if not isinstance(raw.get(field), str) or not raw[field].strip():
            return None, [BrokenRecord(number, field, "manque")]
    if raw.get("status", "active") not in ("active", "temporarily closed"):
        return None, [BrokenRecord(number, "status", "le service n'existe plus")]
    organization = raw.get("organization")
    owner = organization if isinstance(organization, dict) else {}
    persons = read_names(*(one.get("name") for one in _objects(raw.get("contacts"))))
    name, organisation = persons.name(raw["name"]), persons.name(owner.get("name"))
    if name is None:
        return None, [BrokenRecord(number, "name", NAMES_SOMEBODY)]
    attributes = [*_objects(raw.get("attributes"))]
    return (
        Record(
            number=number,
            key=str(raw["id"]),
            producer=organisation or "hsds",
            title=f"HSDS, {organisation or 'service'}",
            trust="B",
            name=name,
            organisation=organisation or "",
            kinds=tuple(sorted(_values(attributes, "kind"))),
            accepts=_accepts(number, attributes, broken),
            zones=tuple(sorted(set(_zones(raw.get("service_areas"))))),
            hours=_hours(number, raw, broken),
            contacts=_contacts(number, raw, persons, broken),
            text=str(raw.get("description") or ""),
            description=persons.description(raw.get("description")),
            access=persons.access(raw.get("application_process")),
            updated=_day(raw),
        ),
        broken,
    )


def _objects(given: object) -> Iterator[dict[str, Any]]:
    yield from (
        item for item in (given if isinstance(given, list) else ()) if isinstance(item, dict)
    )


def _values(attributes: Iterable[dict[str, Any]], link: str) -> Iterator[str]:
    yield from (
        str(one["value"]) for one in attributes if one.get("link_type") == link and one.get("value")
    )


def _accepts(number: int, attributes: Iterable[dict[str, Any]], broken: list[BrokenRecord]) -> Any:  # noqa: ANN401 # as it is written
    for text in _values(attributes, "accepts"):
        try:
            return json.loads(text)
        except ValueError:
            reason = "condition illisible"
            broken.append(BrokenRecord(number, "attributes", reason, is_lost=False))
    return None


def _zones(given: object) -> Iterator[str]:
    for area in _objects(given):
        if area.get("extent_type") == "text":
            yield from (code.strip() for code in str(area.get("extent") or "").split(",") if code)


def _day(raw: RawRecord) -> str | None:
    for field in ("assured_date", "last_modified"):
        text = str(raw.get(field) or "")[:_DATE]
        if len(text) == _DATE and text.replace("-", "").isdigit():
            return text
    return None


def _hours(number: int, raw: RawRecord, broken: list[BrokenRecord]) -> str | None:
    """Return hours: those that OpenStreetMap's format says, else weekly ones, told by iCal."""
    schedules = [*_objects(raw.get("schedules"))]
    for one in schedules:
        if told := told_hours(str(one.get("description") or "")):
            return told
    parts = [part for one in schedules if (part := _weekly(one))]
    if len(parts) == len(schedules) and (told := told_hours("; ".join(parts))):
        return told
    if schedules:
        reason = "horaires qui ne se disent pas en heures"
        broken.append(BrokenRecord(number, "schedules", reason, is_lost=False))
    return None


def _weekly(one: dict[str, Any]) -> str | None:
    days = [_DAYS.get(day.strip()) for day in str(one.get("byday") or "").split(",")]
    times = [str(one.get(key) or "")[:5] for key in ("opens_at", "closes_at")]
    if one.get("freq") != "WEEKLY" or one.get("interval", 1) != 1 or None in days or not all(times):
        return None
    return f"{','.join(day for day in days if day)} {times[0]}-{times[1]}"


def _contacts(
    number: int, raw: RawRecord, persons: PersonNames, broken: list[BrokenRecord]
) -> Contacts:
    phones = {
        str(one.get("type") or "voice"): one.get("number") for one in _objects(raw.get("phones"))
    }
    given = {"voice": phones.get("voice"), "text": phones.get("text")}
    read = {key: read_phone(str(text)) for key, text in given.items() if text}
    email = raw.get("email") and read_email(str(raw["email"]))
    wrong = [("phones", "n'est pas un numéro de téléphone")] * (None in read.values())
    wrong += [("email", "n'est pas une adresse électronique")] * bool(
        raw.get("email") and not email
    )
    broken.extend(BrokenRecord(number, *one, is_lost=False) for one in wrong)
    return Contacts(
        phone=read.get("voice"),
        sms=read.get("text"),
        email=persons.email(email),
        url=str(raw.get("url") or "").rstrip("/") or None,
        address=_address(raw, persons),
    )


def _address(raw: RawRecord, persons: PersonNames) -> str | None:
    for place in _objects(raw.get("service_at_locations")):
        location = place.get("location")
        if not isinstance(location, dict):
            continue
        for one in _objects(location.get("addresses")):
            return persons.address(one, ("address_1", "address_2"), ("postal_code", "city"))
        if location.get("description"):
            return persons.address(location, ("description",), ())
    return None
