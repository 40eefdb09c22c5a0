"""The site put together: what each request passes, and the parts that live as long as the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from board import (
    __version__,
    answers,
    health,
    images,
    jobs,
    joining,
    mail,
    permissions,
    settings,
    signin,
    traffic,
    votes,
)
from board.factors.ceremony import Ceremonies
from board.kit import launch, logs
from board.kit.assets import Assets
from board.kit.config import Config
from board.kit.cookies import SignedCookie
from board.kit.db import Database
from board.kit.errors import BadRequest, NotFound, Problem
from board.kit.links import Links
from board.kit.metrics import Metrics
from board.kit.middleware import Compress, Envelope, SameOrigin
from board.kit.observe import Observe, Observers
from board.kit.pagecache import PageCache
from board.kit.passwords import Passwords
from board.kit.peers import Insiders
from board.kit.pictures import Limits, PictureWorkers
from board.kit.quotas import Quotas
from board.kit.ratelimit import RateLimits
from board.kit.replica import Replicated
from board.kit.seals import Seals
from board.kit.sessions import SessionMiddleware, Sessions
from board.kit.storage import Storage
from board.kit.templates import Templates, problem, see_other
from board.kit.traces import TraceRequests, Traces
from board.routes import ROUTES

# Who does it oftener waits: actions (permissions.LIMITS tells them by role), in how many seconds, and what they read.
LIMITS: dict[str, tuple[int, float, str]] = {
    "sign up": (10, 3600, "Many people signed up from your address. Wait a while, then try again."),
    "passkey": (30, 300, "Many passkeys were tried from your network. Wait a few minutes, then try again."),
    "post": (20, 120, "You are writing faster than others can read. Wait a minute, then send it again."),
    "portrait": (10, 600, "You have changed your picture often. Wait a few minutes, then try again."),
    "look through": (60, 60, "You are searching very fast. Wait a minute."),
    "vote": (120, 60, "You are voting very fast. Wait a minute."),
}


def create_app(config: Config, database: Database | None = None, *, with_jobs: bool = True) -> Starlette:
    """The ASGI application; with a database that is connected already, it leaves that one open (tests)."""
    assets = Assets()
    observers = Observers()
    traces = Traces(config, __version__) if config.otlp_endpoint else None
    app = Starlette(
        routes=[
            *ROUTES,
            Route("/static/{file}", assets.show),
            Route("/favicon.ico", assets.favicon),
            Route("/sw.js", assets.worker),
        ],
        middleware=[
            *([Middleware(TraceRequests, traces=traces, quiet=("/health/", "/metrics", "/static/"))] if traces else []),
            Middleware(Observe, observers=observers),
            Middleware(Envelope, config=config),
            Middleware(Compress),
            Middleware(SameOrigin, config=config, signed=(answers.unsubscribing.PATH,)),
            Middleware(SessionMiddleware, public=("/static/", "/pictures/", "/patterns/", "/health", "/metrics")),
            Middleware(settings.SettingsMiddleware),
        ],
        exception_handlers={HTTPException: _http_problem},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    state = app.state
    state.config, state.observers = config, observers
    state.given_database, state.with_jobs = database, with_jobs and config.jobs
    state.database = database or (Replicated if config.read_database_url else Database).of(config)
    state.storage = Storage(config.pictures_url)
    state.sessions = Sessions(config)
    state.links = Links(config)
    state.seals, state.ceremonies = Seals(config), Ceremonies(config)
    state.trust_cookie = SignedCookie(config, "trusted", salt="board.trusted")
    state.device_cookie = SignedCookie(config, "device", salt="board.device")
    state.half_way_cookie = SignedCookie(config, "second-step", salt="board.second-step")
    state.quotas = Quotas(config)
    state.invitations = joining.invitations.Invitations(config)
    state.challenges = joining.Challenges(config)
    state.pages = PageCache(config.page_cache_seconds, config.page_cache_bytes)
    state.limits = RateLimits(LIMITS, enforced=config.rate_limits)
    state.throttle = signin.Throttle(config)
    state.mailer = mail.Mailer(config)
    state.metrics = Metrics(observers)
    batches = state.metrics.histogram("vote_batch_size", "Votes that go together.", health.metrics.VOTES)
    state.ballots = votes.Ballots(state.database, batches.observe)
    state.vitals = health.Vitals(state.database, state.storage, config)
    state.insiders = Insiders(config.metrics_networks, config.metrics_token)
    state.traffic = traffic.Counter(state.database, seconds=config.traffic_seconds, origin=config.origin)
    if config.traffic_seconds:
        observers.append(state.traffic.observe)
    state.assets = assets
    shared = {
        "settings": settings.Settings(),
        "static": assets.url,
        "config": config,
        "ceremonies": state.ceremonies,
        **permissions.SHARED,
    }
    state.templates = Templates(shared)
    state.traces = traces
    observers += [state.metrics.request, logs.RequestLog(quiet=health.QUIET)]
    state.database.watchers += [state.metrics.statement, logs.SlowLog(config.slow_query_ms)]
    if traces:
        observers.append(traces.observe)
        state.database.watchers.append(traces.statement)
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the parts in order, and close them in the other."""
    state, config = app.state, app.state.config
    state.passwords = Passwords(config.password_threads)
    limits = Limits(
        bytes=config.max_picture_bytes,
        pixels=config.max_picture_pixels,
        seconds=config.picture_seconds,
        memory=config.picture_memory,
    )
    state.workers = PictureWorkers(config.picture_processes, limits)
    state.workers.watchers += [state.metrics.picture, *([state.traces.picture] if state.traces else [])]
    if state.given_database is None:
        await launch.connect(state.database, config.database_wait)
    await images.look_at(state.storage)
    site = jobs.Site(config, state.database, state.storage)
    watching = asyncio.create_task(state.metrics.watch_loop())
    worker = jobs.worker(site)
    if state.with_jobs:
        worker.start()
    try:
        async with state.traffic.working():
            yield
    finally:
        watching.cancel()
        await worker.stop()
        await state.ballots.close()
        await state.vitals.close()
        await state.workers.close()
        state.passwords.close()
        if state.traces:
            await state.traces.close()
        if state.given_database is None:
            await state.database.disconnect()


async def _http_problem(request: Request, error: Exception) -> Response:
    """What the router itself refuses, in our words."""
    status, path = getattr(error, "status_code", 500), request.scope["path"]
    if status == 404 and path.endswith("/") and request.method in ("GET", "HEAD"):
        # Starlette's own redirect would name the host that the request named.
        query = request.scope["query_string"].decode()
        return see_other(request, f"/{quote(path.strip('/'))}{'?' if query else ''}{query}")
    if status == 404:
        return problem(request, NotFound("There is nothing at this address."))
    if status == 405:
        response = problem(request, _NotAllowed("This address only takes what a page of the board sends to it."))
        response.headers.update(getattr(error, "headers", None) or {})
        return response
    return problem(request, BadRequest("The request could not be understood."))


class _NotAllowed(Problem):
    status = 405
