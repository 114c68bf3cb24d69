"""Serves a request: API key, account, endpoint, parameters, idempotency key, then the endpoint's
work.

Faults apply in between.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.broken_responses import broken_off, garbled, hung_up
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint, Router, World
from dev.stripe_stand_in.protocol.errors import ApiError
from dev.stripe_stand_in.protocol.faults import Fault, FaultKind, Faults, raise_early_error
from dev.stripe_stand_in.protocol.idempotency import IdempotencyKeys
from dev.stripe_stand_in.protocol.request_history import LoggedRequest, RequestHistory
from dev.stripe_stand_in.protocol.requests import (
    ApiResponse,
    RawRequest,
    error_response,
    is_v2,
    read_request,
)

_TEST_KEY_PREFIXES: Final = ("sk_test_", "rk_test_")


class Api:
    """Serves the endpoints over HTTP."""

    def __init__(
        self, endpoints: Iterable[Endpoint], world: World, faults: Faults, history: RequestHistory
    ) -> None:
        self._world = world
        self._faults = faults
        self._history = history
        self._keys = IdempotencyKeys(world.store)
        self._router = Router(endpoints)

    async def serve(self, request: Request) -> Response:
        try:
            raw = await read_request(request)
        except ApiError as error:
            return JSONResponse(error.body(is_v2=is_v2(request.url.path)), error.status)
        fault = self._faults.take(raw)
        logged = self._history.add(raw, fault.kind if fault else None)
        if fault and fault.kind is FaultKind.DROP_BEFORE_EFFECT:
            return hung_up(request)
        response = await self._respond(raw, fault)
        if fault and fault.kind is FaultKind.DROP_AFTER_EFFECT:
            return hung_up(request)
        return _sent(request, raw, response, fault, logged)

    async def _respond(self, raw: RawRequest, fault: Fault | None) -> ApiResponse:
        try:
            raise_early_error(fault, raw)
            _require_key(raw)
            self._require_account(raw)
            endpoint, ids = self._router.find(raw)
            arguments = endpoint.read(raw.params, is_form=raw.is_form)
            replayed = self._keys.replay(raw)
        except ApiError as error:
            return error_response(error, is_v2=raw.is_v2)
        if replayed:
            return replayed
        request = ApiRequest(raw=raw, arguments=arguments, ids=ids, world=self._world)
        with self._keys.in_use(raw):
            return await self._work(endpoint, request, fault)

    async def _work(
        self, endpoint: Endpoint, request: ApiRequest, fault: Fault | None
    ) -> ApiResponse:
        kind = fault.kind if fault else None
        if fault and kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        failure = error_response(errors.server_error(), is_v2=request.raw.is_v2)
        is_skipped = kind is FaultKind.ERROR_INSTEAD_OF_EFFECT
        result = failure if is_skipped else _run(endpoint, request)
        response = failure if kind is FaultKind.ERROR_AFTER_EFFECT else result
        # v2 completes a request that has started, so a retry gets the successful result.
        self._keys.store(request.raw, result if request.raw.is_v2 else response)
        return response

    def _require_account(self, raw: RawRequest) -> None:
        if not self._world.store.has_account(raw.account):
            raise errors.no_such_account(raw.account)


def _require_key(raw: RawRequest) -> None:
    key = raw.api_key
    if not key:
        raise errors.no_api_key()
    if not key.startswith(_TEST_KEY_PREFIXES) or key in _TEST_KEY_PREFIXES:
        raise errors.wrong_api_key()


def _run(endpoint: Endpoint, request: ApiRequest) -> ApiResponse:
    try:
        return ApiResponse(status=200, body=endpoint.serve(request))
    except ApiError as error:
        return error_response(error, is_v2=request.raw.is_v2)


def _sent(
    request: Request,
    raw: RawRequest,
    response: ApiResponse,
    fault: Fault | None,
    logged: LoggedRequest,
) -> Response:
    RequestHistory.set_response(logged, response)
    headers = {"Request-Id": raw.id, **response.headers}
    if raw.api_version:
        headers["Stripe-Version"] = raw.api_version
    if raw.takes_key and raw.idempotency_key:
        headers["Idempotency-Key"] = raw.idempotency_key
    whole = JSONResponse(response.body, response.status, headers)
    match fault.kind if fault else None:
        case FaultKind.TRUNCATED_BODY:
            return broken_off(request, whole)
        case FaultKind.GARBLED_BODY:
            return garbled(whole)
        case _:
            return whole
