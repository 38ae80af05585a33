"""Partners → services of Open Referral's HSDS 3.0; ids are the same at every export."""

import hashlib
import json
from typing import Any

from iscg_rules.directory.exported_partners import Loss, TellablePartner, write_condition
from iscg_rules.directory.texts import with_scheme

__all__ = ["export_page", "export_to_hsds"]

_TAXONOMY = "iscg-rules"


def export_to_hsds(told: TellablePartner) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """Say a partner as a service, and what it cannot say."""
    partner, contact = told.partner, told.contact
    accepts = write_condition(partner.condition)
    service: dict[str, Any] = {
        "id": _id("service", told.id),
        "name": partner.name,
        "description": partner.description and partner.description.fr,
        "status": "active",
        "url": with_scheme(contact.get("url")),
        "email": contact.get("email"),
        "application_process": partner.access and partner.access.fr,
        "eligibility_description": told.accepts,
        "assured_date": partner.checked if partner.checked.count("-") == len("-") * 2 else None,
        "phones": [
            {"id": _id(told.id, name), "number": contact[name], "type": kind}
            for name, kind in (("phone", "voice"), ("sms", "text"))
            if name in contact
        ],
        # Opening hours as OpenStreetMap writes them: a text for people, and read by machines.
        "schedules": [{"id": _id(told.id, "hours"), "description": partner.hours}]
        if partner.hours
        else None,
        "service_areas": [
            {
                "id": _id(told.id, area.id),
                "name": area.label.fr,
                "extent": ",".join(_codes(area)),
                "extent_type": "text",
            }
            for area in told.areas
        ],
        "service_at_locations": _places(told),
        "attributes": [
            *(_kind(told.id, name, label) for name, label in sorted(told.kinds.items())),
            *([_accepts(told.id, accepts)] if accepts else []),
        ],
    }
    losses = [Loss(told.id, name) for name in _unsaid(told, accepts) if name]
    return {key: value for key, value in service.items() if value}, tuple(losses)


def _id(*parts: str) -> str:
    """Return a UUID (version 8) that is always the same for the same thing."""
    digest = hashlib.sha256("/".join((_TAXONOMY, *parts)).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _codes(area: Any) -> list[str]:  # noqa: ANN401 # an area of any vocabulary
    return ["france"] if area.everywhere else [*sorted(area.departements), *sorted(area.communes)]


def _places(told: TellablePartner) -> list[dict[str, Any]]:
    """Return where it is: our addresses are one text, which is told as such."""
    address = told.contact.get("address")
    if address is None:
        return []
    location = {
        "id": _id(told.id, "location"),
        "location_type": "physical",
        "description": address,
    }
    return [{"id": _id(told.id, "place"), "location": location}]


def _kind(partner: str, kind: str, label: str) -> dict[str, Any]:
    term = {
        "id": _id("kind", kind),
        "code": kind,
        "name": label,
        "description": label,
        "taxonomy": _TAXONOMY,
    }
    return {
        "id": _id(partner, "kind", kind),
        "link_entity": "service",
        "link_type": "kind",
        "value": kind,
        "taxonomy_term": term,
    }


def _accepts(partner: str, accepts: Any) -> dict[str, Any]:  # noqa: ANN401 # a condition as written
    """Return eligibility that a machine can read, as our files write it."""
    return {
        "id": _id(partner, "accepts"),
        "link_entity": "service",
        "link_type": "accepts",
        "value": json.dumps(accepts, ensure_ascii=False, sort_keys=True),
    }


def _unsaid(told: TellablePartner, accepts: object) -> list[str]:
    partner = told.partner
    return [
        "accepts (dit en mots seulement)" if told.accepts and not accepts else "",
        "fermetures" if partner.closed else "",
        "withheld" if partner.withheld else "",
        "sources",
        "jour de vérification" if partner.checked.count("-") < len("-") * 2 else "",
    ]


def export_page(services: list[dict[str, Any]]) -> dict[str, Any]:
    """Return services as the one page of an answer of the API of HSDS."""
    count = len(services)
    return {
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }
