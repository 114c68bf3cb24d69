"""The codec server: decrypts payloads for the Temporal UI and CLI.

    python codec_server.py

Implements the protocol of Temporal's codec servers: ``POST /decode`` and ``POST /encode`` take and
return the JSON of ``temporal.api.common.v1.Payloads``. Callers need a token from an issuer that the
API accepts, with the operators' permission.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads
from temporalio.converter import PayloadCodec

from api.auth import TokenVerifier, bearer_token, key_set_client, token_verifier
from api.errors import install_error_handlers
from api.json_bodies import JsonObjectBody
from api.middleware.body_limit import BodyLimit
from api.middleware.request_log import RequestLog
from api.middleware.security_headers import SecurityHeaders
from api.middleware.unhandled_errors import UnhandledErrors
from api.server import serve
from domain.errors import InvalidRequest, PermissionMissing
from observability import logs
from settings import CodecSettings, load
from temporal.encryption.codec import EncryptionCodec
from temporal.encryption.keys import PayloadUnreadable

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
"""Temporal's limit of 4 MB per message, in base64, with room for the JSON around it."""

_log = structlog.get_logger("codec_server")


def create_app(settings: CodecSettings) -> FastAPI:
    app = FastAPI(lifespan=_lifespan(settings), openapi_url=None, docs_url=None, redoc_url=None)
    app.state.codec = EncryptionCodec(settings.key_ring)
    app.state.operator_permission = settings.operator_permission
    app.include_router(_router)
    install_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(UnhandledErrors)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.codec_cors_origins),
        allow_methods=["POST"],
        allow_headers=["Authorization", "Content-Type", "X-Namespace"],
        max_age=600,
    )
    app.add_middleware(RequestLog)
    app.add_middleware(SecurityHeaders)
    return app


def _lifespan(settings: CodecSettings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with key_set_client() as http:
            app.state.verifier = TokenVerifier.from_settings(settings, http)
            yield

    return lifespan


async def require_operator(
    request: Request,
    verifier: Annotated[TokenVerifier, Depends(token_verifier)],
    token: Annotated[str, Depends(bearer_token)],
) -> None:
    """
    Raises:
        Unauthenticated: the token is missing or invalid.
        PermissionMissing: the token lacks the operators' permission.
    """
    required: str = request.app.state.operator_permission
    if required not in await verifier.permissions(token):
        raise PermissionMissing(
            f"Only operators may read payloads: the permission {required} is required."
        )


def payload_codec(request: Request) -> PayloadCodec:
    codec: PayloadCodec = request.app.state.codec
    return codec


def sent_payloads(body: JsonObjectBody) -> Payloads:
    """
    Raises:
        InvalidRequest: the body is not the JSON of payloads.
    """
    try:
        return json_format.ParseDict(body, Payloads(), ignore_unknown_fields=True)
    except json_format.ParseError:
        raise InvalidRequest("The body must be Temporal payloads in JSON.") from None


Codec = Annotated[PayloadCodec, Depends(payload_codec)]
SentPayloads = Annotated[Payloads, Depends(sent_payloads)]

OPERATORS_ONLY: Final = Depends(require_operator)
"""Goes into ``dependencies`` of a route, which are resolved first, so that the body of any other
caller is never parsed."""

_router = APIRouter()


@_router.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@_router.post("/decode", dependencies=[OPERATORS_ONLY])
async def decode(payloads: SentPayloads, codec: Codec) -> Response:
    try:
        decoded = await codec.decode(payloads.payloads)
    except PayloadUnreadable as error:
        _log.error("payload unreadable", reason=str(error))
        raise InvalidRequest(f"The payload cannot be decrypted: {error}.") from error
    return _response(Payloads(payloads=decoded))


@_router.post("/encode", dependencies=[OPERATORS_ONLY])
async def encode(payloads: SentPayloads, codec: Codec) -> Response:
    return _response(Payloads(payloads=await codec.encode(payloads.payloads)))


def _response(payloads: Payloads) -> Response:
    return Response(
        json_format.MessageToJson(payloads),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def main() -> None:
    settings = load(CodecSettings)
    logs.configure(settings.log_level, settings.log_format)
    serve(create_app(settings), settings.codec_host, settings.codec_port)


if __name__ == "__main__":
    main()
