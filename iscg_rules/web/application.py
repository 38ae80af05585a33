"""The application: routes of a table, an engine a territory, and a guard around them."""

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from typing import Annotated, Any
from weakref import ref

from anyio import CapacityLimiter, fail_after, to_thread
from fastapi import FastAPI, Query, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from iscg_rules.errors import IscgError
from iscg_rules.release import __version__
from iscg_rules.web.description import describe, manual
from iscg_rules.web.endpoints import ENDPOINTS, JSON, Endpoint, Payload
from iscg_rules.web.guard import Guard
from iscg_rules.web.handlers import add_refusals, refused
from iscg_rules.web.metrics import CONTENT_TYPE, Metrics
from iscg_rules.web.refusals import Refusal, read_body
from iscg_rules.web.requests import AskedWords
from iscg_rules.web.served import Health, KnownWords, ServedRules, health, page, rules, words
from iscg_rules.web.shelf import EngineShelf, RuleFiles

__all__ = ["SETTINGS", "create_app", "served_app"]

# What `iscg-rules serve` tells the processes that it starts, as JSON.
SETTINGS = "ISCG_RULES_SERVICE"
_DESCRIPTION = (
    "Une situation entre, des orientations classées et justifiées sortent. Rien n’est gardé. "
    "Rien de ce qui est envoyé n’est répété dans un refus, un journal ou un en-tête."
)
_LOG = logging.getLogger(__name__)
# Explanations search: two at a time, so that recommendations go on between them.
_SEARCHES = 2
# So long may one of them take, with its wait for a place.
MOST_SECONDS = 10.0
# Seconds for which a thread that reads rules may keep an answer waiting; Python's own are ten times
# as many.
_SWITCHING = 0.0005
_Route = Callable[..., Any]
_WordsQuery = Annotated[AskedWords, Query()]


def create_app(
    *,
    rules: str | None = None,
    partners: str | None = None,
    territories: Sequence[str] = (),
    allow_origins: Sequence[str] = (),
    look_every: float | None = None,
) -> FastAPI:
    """Return an application to serve, or to mount into another one.

    `app.state.shelf.reload()` reads the rules anew; where they have problems, the old ones go on.

    Args:
        rules, partners: as for `Engine.load`.
        territories: those that are served, the first one where a request names none.
        allow_origins: pages of other origins that may ask; none unless they are named.
        look_every: seconds between two looks at the files, which are read anew when they changed.
            A mounted application has no life of its own and does not look.

    Raises:
        IscgError: every problem of every file.
    """
    shelf = EngineShelf(RuleFiles(rules, partners, tuple(territories)))
    app = FastAPI(
        title="iscg-rules",
        description=_DESCRIPTION,
        version=__version__,
        # Pages with scripts from elsewhere; a redirection would repeat an address.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_looking(shelf, look_every),
    )
    metrics = Metrics()
    for endpoint in ENDPOINTS:
        _add_endpoint(app, shelf, metrics, endpoint)
    _add_pages(app, shelf)
    add_refusals(app, AskedWords.model_fields, metrics.count_refused)
    app.state.shelf, app.state.metrics = shelf, metrics
    app.openapi = _openapi(app, shelf)  # type: ignore[method-assign]  # as FastAPI tells to
    if allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=allow_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type"],
        )
    # The last one added is the outermost.
    app.add_middleware(Guard, metrics=metrics)
    return app


def served_app() -> FastAPI:
    """Return the application that `iscg-rules serve` describes in the environment."""
    return create_app(**json.loads(os.environ.get(SETTINGS, "{}")))


def _add_endpoint(app: FastAPI, shelf: EngineShelf, metrics: Metrics, endpoint: Endpoint) -> None:
    limiter = CapacityLimiter(_SEARCHES)

    async def answer(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            raise HTTPException(415)
        if request.url.query:
            # Privacy: addresses stand in the logs of whatever is in between.
            raise HTTPException(404)
        try:
            given = read_body(endpoint.asked, await request.body())
        except ValueError:
            raise HTTPException(400) from None
        engine = shelf.served.engine(given.territory)
        try:
            if endpoint.is_slow:
                # A thread cannot be stopped: whoever asked is told, and the others go on.
                with fail_after(MOST_SECONDS):
                    said = await to_thread.run_sync(
                        endpoint.answer, engine, given, abandon_on_cancel=True, limiter=limiter
                    )
            else:
                said = endpoint.answer(engine, given)
        except IscgError as error:
            return refused(error, given.language, metrics.count_refused)
        except TimeoutError:
            raise HTTPException(503) from None
        return _sent(said)

    content = {"schema": endpoint.asked.model_json_schema()}
    app.add_api_route(
        endpoint.path,
        answer,
        methods=["POST"],
        summary=endpoint.summary,
        response_class=Response,
        openapi_extra={"requestBody": {"required": True, "content": {JSON: content}}},
        responses={
            200: {
                "description": endpoint.summary,
                **({"model": _either(endpoint.results)} if endpoint.results else {}),
                "content": {name: {"schema": {"type": "string"}} for name in endpoint.other},
            },
            **_refusals(400, 408, 413, 415, 422, 503),
        },
    )


def _either(kinds: tuple[type[Any], ...]) -> Any:  # noqa: ANN401 # a union has no type
    found: Any = kinds[0]
    for kind in kinds[1:]:
        found |= kind
    return found


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal, "description": "Refusé"} for status in statuses}


def _add_pages(app: FastAPI, shelf: EngineShelf) -> None:
    async def get_health() -> Response:
        return _sent(health(shelf.served))

    async def get_version() -> Response:
        return _sent(rules(shelf.served))

    async def get_words(asked: _WordsQuery) -> Response:
        return _sent(words(shelf.served.engine(asked.territory), asked.language))

    async def get_metrics(request: Request) -> Response:
        return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)

    async def get_page(asked: _WordsQuery) -> Response:
        return _sent(await to_thread.run_sync(page, shelf.served, asked.territory, asked.language))

    async def get_openapi(request: Request) -> Response:
        return _sent(Payload(json.dumps(request.app.openapi(), ensure_ascii=False).encode()))

    async def get_manual(request: Request) -> Response:
        return _sent(manual(request.app.openapi()))

    def add(path: str, answer: _Route, summary: str, model: type[Any] | None = None) -> None:
        known: dict[int | str, Any] = {}
        if model:
            known[200] = {"model": model, "description": summary}
        asks = _refusals(422) if answer in (get_words, get_page) else {}
        app.add_api_route(
            path, answer, summary=summary, response_class=Response, responses={**known, **asks}
        )

    add("/", get_page, "La page d’un poste : elle répond sans rien envoyer")
    add("/health", get_health, "Si tout va bien", Health)
    add("/version", get_version, "Quelles règles répondent", ServedRules)
    add("/metrics", get_metrics, "Des nombres pour Prometheus, sans réponse")
    add("/v1/vocabulary", get_words, "Les questions et les types d’aide", KnownWords)
    add("/openapi.json", get_openapi, "Cette description")
    add("/docs", get_manual, "Cette description, à lire")


def _sent(said: Payload) -> Response:
    headers = {"content-security-policy": said.policy}
    return Response(said.body, headers=headers, media_type=said.media_type)


def _openapi(app: FastAPI, shelf: EngineShelf) -> Callable[[], dict[str, Any]]:
    """Return what describes the application: anew whenever the rules are."""
    # A weak reference: engines that are replaced are held by nobody.
    described: list[tuple[ref[object], dict[str, Any]]] = []

    def openapi() -> dict[str, Any]:
        served = shelf.served
        if not described or described[0][0]() is not served:
            # Most of it is of the routes, which FastAPI keeps, and only the words are new.
            described[:] = [(ref(served), describe(deepcopy(FastAPI.openapi(app)), served))]
        return described[0][1]

    return openapi


def _looking(shelf: EngineShelf, seconds: float | None) -> Callable[[FastAPI], Any]:
    """Return what looks at the files as long as the application lives."""

    async def look(app: FastAPI) -> None:
        looks = shelf.watched()
        while True:
            await asyncio.sleep(seconds or 0)
            is_fine = await to_thread.run_sync(_looked, looks, app.openapi)
            if is_fine is not None:
                app.state.metrics.count_reload(is_fine=is_fine)
                _LOG.warning("règles relues%s", "" if is_fine else ", et refusées : voir /health")

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        _set_apart()
        task = asyncio.create_task(look(app)) if seconds else None
        yield
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        gc.unfreeze()

    return living


def _looked(looks: Iterator[bool | None], make_ready: Callable[[], object]) -> bool | None:
    """Look once, so that answers stop as little as may be while rules are read."""
    interval = sys.getswitchinterval()
    # Nothing is collected: the new rules hold no garbage, and a walk through them stops answers.
    gc.disable()
    # A reader of rules never waits for anything: it would keep each answer waiting for this long.
    sys.setswitchinterval(_SWITCHING)
    try:
        is_fine = next(looks)
        if is_fine:
            make_ready()
            # Out of every later collection too; the old rules go as soon as nobody asks them.
            gc.freeze()
    finally:
        sys.setswitchinterval(interval)
        gc.enable()
    return is_fine


def _set_apart() -> None:
    """Leave what is loaded out of every later collection of garbage.

    A collection that goes through it stops every answer for as long as a hundred take.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
