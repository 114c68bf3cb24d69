"""The mode of Stripe's API keys, by their prefixes."""

from typing import Final

TEST_KEYS: Final = ("sk_test_", "rk_test_")
LIVE_KEYS: Final = ("sk_live_", "rk_live_")


def is_live(api_key: str) -> bool:
    return api_key.startswith(LIVE_KEYS)
