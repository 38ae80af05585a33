"""An application of one's own in FastAPI, with the service inside it and one address beside.

    uvicorn --app-dir examples mounted:app --no-access-log

Under `/orientation` it answers as `iscg-rules serve` does, page included; `/tonight` calls the
engine itself.
"""

from fastapi import FastAPI
from pydantic import BaseModel

from iscg_rules.web import add_refusals, create_app

service = create_app(territories=["rennes"])
shelf = service.state.shelf

app = FastAPI(title="Mon application", docs_url=None, redoc_url=None)
app.mount("/orientation", service)
# The usual answers of FastAPI repeat what was sent.
add_refusals(app)


class Night(BaseModel, extra="forbid"):
    """What is asked when somebody comes in at night; absent answers are unknown."""

    housing: str | None = None
    at: str


@app.post("/tonight")
def tonight(night: Night) -> list[str]:
    """Say whom to call now, in a line each."""
    engine = shelf.served.engine("rennes")
    answers = night.model_dump(exclude={"at"}, exclude_none=True)
    got = engine.recommend({"role": "victim", **answers}, at=night.at)
    return [
        f"{orientation.label} → {card.name} {' '.join(card.contact.values())}"
        for orientation in got.orientations
        if (card := orientation.called) and orientation.urgency in ("now", "today")
    ]


@app.post("/reload")
def reload() -> bool:
    """Read the rules anew; false where they have problems, and the old ones go on."""
    return bool(shelf.reload())
