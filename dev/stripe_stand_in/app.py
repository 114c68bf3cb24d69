"""The application: the API, the pages and the controls over one store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI

from dev.stripe_stand_in.api import Api
from dev.stripe_stand_in.buying import BuyingPages
from dev.stripe_stand_in.control import Control
from dev.stripe_stand_in.endpoints import World
from dev.stripe_stand_in.events import Events
from dev.stripe_stand_in.faults import Faults
from dev.stripe_stand_in.onboarding import OnboardingPages
from dev.stripe_stand_in.records import WebhookEndpoint
from dev.stripe_stand_in.requests import RequestLog
from dev.stripe_stand_in.snapshots import Snapshots
from dev.stripe_stand_in.webhooks import Courier


def create_app(directory: Path, base_url: str, endpoints: Sequence[WebhookEndpoint]) -> FastAPI:
    """State is kept in ``directory``; ``base_url`` is where the pages are reached."""
    snapshots = Snapshots(directory)
    store = snapshots.load()
    store.endpoints.update({each.id: each for each in endpoints})
    courier = Courier(store)
    world = World(store=store, events=Events(store, courier.send), base_url=base_url)
    faults, log = Faults(), RequestLog()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        saving = asyncio.create_task(snapshots.keep_saving(store))
        courier.resume()
        yield
        await courier.close()
        saving.cancel()
        with suppress(asyncio.CancelledError):
            await saving
        snapshots.save(store)

    app = FastAPI(title="Stripe stand-in", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(Control(world, courier, faults, log).router())
    app.router.routes += [*OnboardingPages(world).routes(), *BuyingPages(world).routes()]
    api = Api(world, faults, log)
    for version in ("v1", "v2"):
        app.add_route(f"/{version}/{{rest:path}}", api.serve, methods=["GET", "POST", "DELETE"])
    return app
