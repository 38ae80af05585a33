"""Partners → services and structures of data·inclusion, valid by its own models; their score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data_inclusion.schema.v1 import Service, Structure, score_qualite
from pydantic import ValidationError

from iscg_rules.directory.exported_partners import SOURCE, Loss, TellablePartner
from iscg_rules.directory.kind_proposals import KindProposals
from iscg_rules.directory.texts import with_scheme

__all__ = ["ExportedService", "Score", "export_service", "score"]

_LONGEST_NAME = 150
_MODES = (("phone", "telephoner"), ("email", "envoyer-un-courriel"))


@dataclass(frozen=True)
class ExportedService:
    """A partner as data·inclusion says it, and what it cannot say."""

    partner: str
    service: Service | None
    structure: Structure | None
    losses: tuple[Loss, ...]

    def as_dicts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return service and structure as JSON-ready values, lists sorted."""
        assert self.service is not None
        assert self.structure is not None
        return _sorted(self.service), _sorted(self.structure)


@dataclass(frozen=True, slots=True)
class Score:
    """The official score of quality of a partner, whole and by criterion; None: does not apply."""

    partner: str
    value: float
    criteria: Mapping[str, float | None]


def export_service(told: TellablePartner, kinds: KindProposals) -> ExportedService:
    """Say a partner as a service; no field is filled with what nobody wrote."""
    partner = told.partner
    ids = f"{SOURCE}--{told.id}"
    losses = [Loss(told.id, "types d'aide")]
    common = {"source": SOURCE, "id": ids, "nom": partner.name.rstrip("."), "date_maj": _day(told)}
    publics = kinds.publics_of(partner.condition)
    given = {
        **common,
        "structure_id": ids,
        "description": _description(told),
        "thematiques": kinds.themes_of(partner.offers),
        "publics": publics,
        "publics_precisions": told.accepts,
        "telephone": told.contact.get("phone"),
        "courriel": told.contact.get("email"),
        "lien_mobilisation": with_scheme(told.contact.get("url")),
        "adresse": told.contact.get("address"),
        "modes_mobilisation": [mode for name, mode in _MODES if name in told.contact],
        "mobilisation_precisions": partner.access and partner.access.fr,
        "zone_eligibilite": told.zones,
        "horaires_accueil": partner.hours,
    }
    losses += [Loss(told.id, name) for name in _unsaid(told) if name]
    if told.accepts and not publics:
        losses.append(Loss(told.id, "accepts (dit en mots seulement)"))
    try:
        filled = {key: value for key, value in given.items() if value}
        service, structure = Service.model_validate(filled), Structure.model_validate(common)
    except ValidationError as error:
        fields = {str(one["loc"][0]) for one in error.errors(include_input=False)}
        losses.append(Loss(told.id, f"tout (le schéma refuse {', '.join(sorted(fields))})"))
        return ExportedService(told.id, None, None, tuple(losses))
    return ExportedService(told.id, service, structure, tuple(losses))


def _day(told: TellablePartner) -> str:
    """Return when it was last checked, as a day: the first that its month or year can mean."""
    year, month, day = [*told.partner.checked.split("-"), "01", "01"][:3]
    return f"{year}-{month}-{day}"


def _description(told: TellablePartner) -> str:
    """Return its description; where there is none, what it offers, which is written too."""
    given = told.partner.description
    return given.fr if given else " ; ".join(told.kinds.values())


def _unsaid(told: TellablePartner) -> Iterable[str]:
    partner = told.partner
    yield "sms" if "sms" in told.contact else ""
    yield "fermetures" if partner.closed else ""
    yield "withheld" if partner.withheld else ""
    yield "sources" if len(partner.source) > 1 else ""
    yield "jour de vérification" if partner.checked != _day(told) else ""


def _sorted(model: Service | Structure) -> dict[str, Any]:
    given = model.model_dump(mode="json", exclude_none=True)
    return {key: sorted(v) if isinstance(v, list) else v for key, v in given.items()}


def score(exported: Iterable[ExportedService]) -> list[Score]:
    """Measure partners by the function of the schema itself, which counts ages from today."""
    scores = []
    for one in exported:
        if one.service is not None:
            value, criteria = score_qualite.score(one.service)
            scores.append(Score(one.partner, value, criteria))
    return scores
