"""The SDK's client, set up the one way that fits a caller that retries by itself."""

import logging
from typing import Final

import stripe

_LIVE_PREFIXES: Final = ("sk_live_", "rk_live_")


def is_live(api_key: str) -> bool:
    return api_key.startswith(_LIVE_PREFIXES)


def stripe_client(
    api_key: str, api_base: str | None, http_client: stripe.HTTPClient
) -> stripe.StripeClient:
    """A client that never retries and reports nothing about itself.

    ``api_base`` is where Stripe, or what stands in for it, is found; None for Stripe's own.

    Raises:
        ValueError: a live key would be sent to somebody who is not Stripe.
    """
    base = (api_base or stripe.DEFAULT_API_BASE).rstrip("/")
    if is_live(api_key) and base != stripe.DEFAULT_API_BASE:
        raise ValueError(f"a live Stripe key is only for {stripe.DEFAULT_API_BASE}, not for {base}")
    stripe.enable_telemetry = False
    # Below this level the SDK logs bodies, and with them links into accounts.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": base},
        http_client=http_client,
        max_network_retries=0,
    )
