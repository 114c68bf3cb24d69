"""Creates account links: https://docs.stripe.com/api/v2/core/account_links."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from stripe.params.v2.core import AccountLinkCreateParams

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import require_url, rfc3339, rfc3339_now
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.protocol.errors import parameter_path
from dev.stripe_stand_in.state.models import ACCOUNT, AccountLink
from dev.stripe_stand_in.state.store import PLATFORM
from domain.json_values import JsonObject

PAGE_PATH: Final = "/onboarding"
_LIFETIME: Final = timedelta(minutes=5)


def create(request: ApiRequest) -> JsonObject:
    account, use_case = request.arguments["account"], request.arguments["use_case"]
    if request.store.find(PLATFORM, ACCOUNT, account) is None:
        raise errors.missing_reference("account", account, "account")
    if not request.store.has_account(account):
        raise errors.no_such_account(account)
    kind = use_case["type"]
    at = parameter_path("use_case", kind)
    if kind not in use_case:
        raise errors.missing_parameter(at)
    urls = use_case[kind]
    for name in ("refresh_url", "return_url"):
        require_url(urls.get(name), parameter_path(at, name))
    token = secrets.token_urlsafe(24)
    expires_at = datetime.now(UTC) + _LIFETIME
    link = AccountLink(
        account=account,
        return_url=urls.get("return_url"),
        refresh_url=urls["refresh_url"],
        use_case=kind,
        expires_at=expires_at,
    )
    request.store.keep("account_links", token, link)
    return {
        "object": "v2.core.account_link",
        "account": account,
        "created": rfc3339_now(),
        "expires_at": rfc3339(expires_at),
        "livemode": False,
        "url": f"{request.world.base_url}{PAGE_PATH}/{token}",
        "use_case": use_case,
    }


ENDPOINTS: Final = (
    Endpoint("POST", "/v2/core/account_links", AccountLinkCreateParams, create, "account use_case"),
)
