"""The content-security policy of the front end has the origins of the settings."""

import pytest

from api.front_end.policy import front_end_headers


def sources(issuer: str, media_url: str) -> dict[str, list[str]]:
    policy = front_end_headers(issuer, media_url)["Content-Security-Policy"]
    directives = [directive.split() for directive in policy.split("; ")]
    return {name: values for name, *values in directives}


@pytest.mark.parametrize(
    ("issuer", "origin"),
    [
        ("https://issuer.example/", ["https://issuer.example"]),
        ("https://x.supabase.example/auth/v1", ["https://x.supabase.example"]),
        ("http://127.0.0.1:8100", ["http://127.0.0.1:8100"]),
        ("urn:event-wizard:issuer", []),
        ("event-wizard", []),
    ],
)
def test_the_front_end_may_reach_the_issuers_origin(issuer: str, origin: list[str]) -> None:
    policy = sources(issuer, "https://media.example/pictures")

    assert policy["connect-src"] == ["'self'", *origin, "https://media.example"]
    assert policy["img-src"] == ["'self'", "data:", "blob:", "https://media.example"]
    others = {name: values for name, values in policy.items() if not name.startswith("connect")}
    assert not any(source in values for source in origin for values in others.values())


def test_an_origin_of_two_purposes_is_listed_once() -> None:
    policy = sources("https://wizard.example/auth", "https://wizard.example")

    assert policy["connect-src"] == ["'self'", "https://wizard.example"]


def test_nothing_is_allowed_beyond_the_directives() -> None:
    policy = sources("https://issuer.example", "https://media.example")

    assert policy.pop("default-src") == policy.pop("base-uri") == ["'none'"]
    assert policy.pop("frame-ancestors") == ["'none'"]
    assert set(policy) == {
        "script-src",
        "style-src",
        "img-src",
        "font-src",
        "connect-src",
        "worker-src",
        "manifest-src",
        "form-action",
    }
    for name in policy.keys() - {"img-src", "connect-src"}:
        assert policy[name] == ["'self'"]
