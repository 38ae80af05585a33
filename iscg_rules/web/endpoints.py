"""Each question that may be put, and who answers it: one line of a table each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iscg_rules.engine import Engine
from iscg_rules.explain.results import Comparison, NextQuestions, WhatIf, Why, WhyNot
from iscg_rules.language.moments import PARIS
from iscg_rules.recommend.results import Recommendation, ReferralNote
from iscg_rules.recommend.short_answer import ShortRecommendation, shorten
from iscg_rules.recommend.signed_results import Result
from iscg_rules.rendering.person_sheet import render_sheet, sheet_page
from iscg_rules.rendering.referral import render_referral_note, to_html
from iscg_rules.web import requests as asked

__all__ = ["ENDPOINTS", "HTML", "JSON", "MARKDOWN", "TEXT", "Endpoint", "Payload"]

JSON = "application/json"
HTML = "text/html; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Payload:
    """What goes back, and what a browser may do with it."""

    body: bytes
    media_type: str = JSON
    policy: str = "default-src 'none'; frame-ancestors 'none'"


def _paper(text: str, media_type: str) -> Payload:
    # A paper brings its own style, and nothing else.
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return Payload(text.encode(), media_type, policy)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the service.

    Attributes:
        asked: what is sent.
        answer: what is said to it.
        results: what JSON it may be.
        other: what else than JSON.
        is_slow: whether it may take longer than others should wait.
    """

    path: str
    summary: str
    asked: type[Any]
    answer: Callable[[Engine, Any], Payload]
    results: tuple[type[Result], ...] = ()
    other: tuple[str, ...] = ()
    is_slow: bool = True


def _moment(at: str | None) -> datetime | str | None:
    return datetime.now(PARIS) if at == "now" else at


def _json(result: Result) -> Payload:
    return Payload(result.to_json().encode())


def _recommended(engine: Engine, given: Any) -> Recommendation:  # noqa: ANN401 # three models share it
    return engine.recommend(
        given.situation,
        at=_moment(given.at),
        already=given.already,
        limit=getattr(given, "limit", None),
        language=given.language,
    )


def _recommend(engine: Engine, given: asked.AskedRecommendation) -> Payload:
    got = _recommended(engine, given)
    return _json(shorten(got) if given.detail == "short" else got)


def _why(engine: Engine, given: asked.AskedKind) -> Payload:
    limit = {} if given.limit is None else {"limit": given.limit}
    return _json(
        engine.why(
            given.situation, given.kind, at=_moment(given.at), language=given.language, **limit
        )
    )


def _why_not(engine: Engine, given: asked.AskedKind) -> Payload:
    return _json(
        engine.why_not(
            given.situation,
            given.kind,
            at=_moment(given.at),
            limit=given.limit,
            language=given.language,
        )
    )


def _what_if(engine: Engine, given: asked.AskedChange) -> Payload:
    return _json(
        engine.what_if(
            given.situation,
            given.kind,
            at=_moment(given.at),
            goal=given.goal,
            limit=given.limit,
            language=given.language,
        )
    )


def _questions(engine: Engine, given: asked.AskedQuestions) -> Payload:
    return _json(
        engine.next_questions(
            given.situation, at=_moment(given.at), limit=given.limit, language=given.language
        )
    )


def _compare(engine: Engine, given: asked.AskedComparison) -> Payload:
    return _json(
        engine.compare(given.before, given.after, at=_moment(given.at), language=given.language)
    )


def _note(engine: Engine, given: asked.AskedNote) -> Payload:
    note = _recommended(engine, given).referral_note(
        given.kind,
        reason=given.reason,
        needs=given.needs,
        done=given.done,
        shares=given.shares,
        call_back=given.call_back,
    )
    if given.format == "json":
        return _json(note)
    text = render_referral_note(note)
    if given.format == "html":
        return _paper(to_html(text), HTML)
    return _paper(text, MARKDOWN)


def _sheet(engine: Engine, given: asked.AskedSheet) -> Payload:
    got = _recommended(engine, given)
    words, directory = engine.rule_set.vocabulary, engine.directory
    if given.format == "text":
        return _paper(render_sheet(got, words, directory, is_named=given.named), TEXT)
    page = sheet_page(got, words, directory, is_named=given.named, paper=given.paper)
    return _paper(page, HTML)


ENDPOINTS = (
    Endpoint(
        "/v1/recommend",
        "Les orientations d’une situation, la plus urgente d’abord",
        asked.AskedRecommendation,
        _recommend,
        (Recommendation, ShortRecommendation),
        is_slow=False,
    ),
    Endpoint("/v1/why", "Pourquoi une aide est là", asked.AskedKind, _why, (Why,)),
    Endpoint("/v1/why-not", "Pourquoi une aide n’est pas là", asked.AskedKind, _why_not, (WhyNot,)),
    Endpoint("/v1/what-if", "Ce qui changerait cela", asked.AskedChange, _what_if, (WhatIf,)),
    Endpoint(
        "/v1/questions",
        "Ce qu’il faut demander ensuite",
        asked.AskedQuestions,
        _questions,
        (NextQuestions,),
    ),
    Endpoint(
        "/v1/compare",
        "Ce qu’une seconde situation gagne, perd et déplace",
        asked.AskedComparison,
        _compare,
        (Comparison,),
    ),
    Endpoint(
        "/v1/note",
        "La fiche de liaison vers une aide",
        asked.AskedNote,
        _note,
        (ReferralNote,),
        (MARKDOWN, HTML),
    ),
    Endpoint(
        "/v1/sheet",
        "Les numéros que la personne emporte",
        asked.AskedSheet,
        _sheet,
        other=(TEXT, HTML),
    ),
)
