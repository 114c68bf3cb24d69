"""How a call goes: key, account, endpoint, parameters, idempotency key, work; faults in between."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dev.stripe_stand_in import (
    account_links,
    accounts,
    errors,
    parameters,
    payment_links,
    polling,
    prices,
    products,
)
from dev.stripe_stand_in.broken_responses import broken_off, garbled, hung_up
from dev.stripe_stand_in.calls import Answer, Call, read_call, refused
from dev.stripe_stand_in.endpoints import ApiRequest, Endpoint, Router, World, require_modelled
from dev.stripe_stand_in.faults import Fault, FaultKind, Faults, refuse_early
from dev.stripe_stand_in.idempotency import IdempotencyKeys
from dev.stripe_stand_in.requests import LoggedRequest, RequestLog

_TEST_KEYS: Final = ("sk_test_", "rk_test_")

ENDPOINTS: Final = (
    *accounts.ENDPOINTS,
    *account_links.ENDPOINTS,
    *products.ENDPOINTS,
    *prices.ENDPOINTS,
    *payment_links.ENDPOINTS,
    *polling.ENDPOINTS,
)


class Api:
    def __init__(self, world: World, faults: Faults, log: RequestLog) -> None:
        self._world = world
        self._faults = faults
        self._log = log
        self._keys = IdempotencyKeys(world.store)
        self._router = Router(ENDPOINTS)

    async def serve(self, request: Request) -> Response:
        try:
            call = await read_call(request)
        except errors.Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        fault = self._faults.take(call)
        logged = self._log.started(call, fault.kind if fault else None)
        if fault and fault.kind is FaultKind.DROP_BEFORE_EFFECT:
            return hung_up(request)
        answer = await self._answer(call, fault)
        if fault and fault.kind is FaultKind.DROP_AFTER_EFFECT:
            return hung_up(request)
        return _response(request, call, answer, fault, logged)

    async def _answer(self, call: Call, fault: Fault | None) -> Answer:
        try:
            refuse_early(fault, call)
            _require_key(call)
            self._require_account(call)
            endpoint, ids = self._router.find(call)
            arguments = parameters.read(endpoint.parameters, call.params)
            require_modelled(endpoint, arguments)
            replayed = self._keys.replay(call)
        except errors.Refusal as refusal:
            return refused(refusal)
        if replayed:
            return replayed
        work = ApiRequest(call=call, arguments=arguments, ids=ids, world=self._world)
        with self._keys.held(call):
            return await self._work(endpoint, work, fault)

    async def _work(self, endpoint: Endpoint, work: ApiRequest, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else None
        if fault and kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        failure = refused(errors.server_error())
        done = failure if kind is FaultKind.ERROR_INSTEAD_OF_EFFECT else _done(endpoint, work)
        answer = failure if kind is FaultKind.ERROR_AFTER_EFFECT else done
        # v2 finishes what was begun: the repeat is told of the success.
        self._keys.keep(work.call, done if work.call.is_v2 else answer)
        return answer

    def _require_account(self, call: Call) -> None:
        if not self._world.store.has_account(call.account):
            raise errors.no_such_account(call.account)


def _require_key(call: Call) -> None:
    if not call.api_key:
        raise errors.no_api_key()
    if not any(call.api_key.startswith(each) and call.api_key != each for each in _TEST_KEYS):
        raise errors.wrong_api_key()


def _done(endpoint: Endpoint, work: ApiRequest) -> Answer:
    try:
        return Answer(status=200, body=endpoint.serve(work))
    except errors.Refusal as refusal:
        return refused(refusal)


def _response(
    request: Request, call: Call, answer: Answer, fault: Fault | None, logged: LoggedRequest
) -> Response:
    RequestLog.answered(logged, answer)
    headers = {"Request-Id": call.id, **answer.headers}
    if call.api_version:
        headers["Stripe-Version"] = call.api_version
    if call.writes and call.idempotency_key:
        headers["Idempotency-Key"] = call.idempotency_key
    response = JSONResponse(answer.body, answer.status, headers)
    match fault.kind if fault else None:
        case FaultKind.TRUNCATED_BODY:
            return broken_off(request, response)
        case FaultKind.GARBLED_BODY:
            return garbled(response)
        case _:
            return response
