"""The application: the API, the pages and the controls over one store."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from dev.stripe_stand_in.control import PREFIX, Control, ControlRefusal, refused
from dev.stripe_stand_in.pages.buying import BuyingPages
from dev.stripe_stand_in.pages.onboarding import OnboardingPages
from dev.stripe_stand_in.protocol.api import Api
from dev.stripe_stand_in.protocol.endpoints import World
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.protocol.event_log import EventLog
from dev.stripe_stand_in.protocol.faults import Faults
from dev.stripe_stand_in.protocol.request_history import RequestHistory
from dev.stripe_stand_in.resources import (
    account_links,
    accounts,
    checkout_flow,
    checkout_sessions,
    events,
    payment_links,
    payments,
    prices,
    products,
)
from dev.stripe_stand_in.state.models import WebhookEndpoint
from dev.stripe_stand_in.state.store_file import SaveBeforeResponse, StoreFile
from dev.stripe_stand_in.state.webhook_delivery import WebhookSender

ENDPOINTS: Final = (
    *accounts.ENDPOINTS,
    *account_links.ENDPOINTS,
    *products.ENDPOINTS,
    *prices.ENDPOINTS,
    *payment_links.ENDPOINTS,
    *checkout_sessions.ENDPOINTS,
    *payments.ENDPOINTS,
    *events.ENDPOINTS,
)


def create_app(directory: Path, base_url: str, endpoints: Sequence[WebhookEndpoint]) -> FastAPI:
    """``directory`` is for the saved state; ``base_url`` is the URL of the pages."""
    file = StoreFile(directory)
    store = file.load()
    store.endpoints.update({endpoint.id: endpoint for endpoint in endpoints})
    sender = WebhookSender(store)
    world = World(store=store, events=EventLog(store, sender.send), base_url=base_url)
    faults, history = Faults(), RequestHistory()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        background = [
            asyncio.create_task(file.keep_saving(store)),
            asyncio.create_task(checkout_flow.keep_expiring(world)),
        ]
        sender.resume()
        yield
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await sender.close()
        file.save(store)

    app = FastAPI(
        title="Controls of the Stripe stand-in",
        description="Routes for tests and developers. Stripe has none of them.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.add_middleware(SaveBeforeResponse, file=file, store=store)
    app.add_exception_handler(ApiError, refused)
    app.include_router(
        Control(world, sender, faults, history).router(),
        responses={"4XX": {"description": "Refused, with the reason", "model": ControlRefusal}},
    )
    app.router.routes += [*OnboardingPages(world).routes(), *BuyingPages(world).routes()]
    api = Api(ENDPOINTS, world, faults, history)
    for version in ("v1", "v2"):
        app.add_route(f"/{version}/{{rest:path}}", api.serve, methods=["GET", "POST", "DELETE"])
    return app
