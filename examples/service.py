"""A web service over the engine: one file to start from.

    uvicorn --app-dir examples service:app --no-access-log

It keeps nothing and logs no answer: run it without access log, behind TLS.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, TypeAdapter

from iscg_rules import Engine, IscgError
from iscg_rules.explain.results import NextQuestions, WhatIf, Why, WhyNot
from iscg_rules.recommend.results import Recommendation

ENGINE = Engine.load()
Situation: Any = ENGINE.situation_model

_OUR_WORDS = {"body", "situation", "at", *Situation.model_fields}
_MOST = 20

app = FastAPI(title="iscg-rules", description="Une situation entre, des orientations sortent.")


class Asked(BaseModel, extra="forbid"):
    """A situation and the moment of the interview; absent answers are unknown."""

    situation: Situation
    at: str | None = None


@app.exception_handler(IscgError)
def refuse(_: Request, error: Exception) -> JSONResponse:
    """Say what is wrong, never what was answered."""
    assert isinstance(error, IscgError)
    return JSONResponse({"problems": [one.as_dict() for one in error.problems]}, 422)


@app.exception_handler(RequestValidationError)
def misshapen(_: Request, error: Exception) -> JSONResponse:
    """Say where the shape is wrong; the standard answer would repeat what was given."""
    assert isinstance(error, RequestValidationError)
    # A place may hold a key that somebody typed: only words of ours are repeated.
    places = ([part for part in one["loc"] if part in _OUR_WORDS] for one in error.errors())
    codes = (one["type"] for one in error.errors())
    problems = [{"where": where, "code": code} for where, code in zip(places, codes, strict=True)]
    return JSONResponse({"problems": problems[:_MOST], "count": len(problems)}, 422)


def _answers(asked: Asked) -> dict[str, Any]:
    given: dict[str, Any] = asked.situation.model_dump(exclude_none=True)
    return given


def _json(model: Any, value: object) -> Response:  # noqa: ANN401 # any of our results
    text = TypeAdapter(model).dump_json(value, by_alias=True)
    return Response(text, media_type="application/json")


@app.post("/recommend", response_model=Recommendation)
def recommend(asked: Asked) -> Response:
    """Give the orientations, best first."""
    got = ENGINE.recommend(_answers(asked), at=asked.at)
    return Response(got.to_json(), media_type="application/json")


@app.post("/why/{kind}", response_model=Why)
def why(kind: str, asked: Asked) -> Response:
    """Give the smallest sets of answers that are enough for a kind."""
    return _json(Why, ENGINE.why(_answers(asked), kind, at=asked.at))


@app.post("/why-not/{kind}", response_model=WhyNot)
def why_not(kind: str, asked: Asked) -> Response:
    """Say what stands between a kind and the orientations."""
    return _json(WhyNot, ENGINE.why_not(_answers(asked), kind, at=asked.at))


@app.post("/what-if/{kind}", response_model=WhatIf)
def what_if(kind: str, asked: Asked) -> Response:
    """Give the fewest answers to change or to give so that a kind is certain."""
    return _json(WhatIf, ENGINE.what_if(_answers(asked), kind, at=asked.at))


@app.post("/questions", response_model=NextQuestions)
def questions(asked: Asked) -> Response:
    """Give what to ask next."""
    return _json(NextQuestions, ENGINE.next_questions(_answers(asked), at=asked.at))
