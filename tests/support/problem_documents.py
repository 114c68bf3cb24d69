"""The problem document of an error (RFC 9457)."""

import httpx

from domain.json_values import JsonObject


def assert_problem(response: httpx.Response, status: int, code: str) -> JsonObject:
    """Checks status, code and form of the problem document, and returns it."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    assert response.headers["content-type"] == "application/problem+json"
    body: JsonObject = response.json()
    assert body["status"] == status
    assert body["code"] == code, body
    for member in ("type", "title", "detail"):
        assert body[member], f"{member} is empty"
    assert body["detail"].rstrip(".") != body["title"], "the detail only repeats the title"
    assert isinstance(body["errors"], list)
    for error in body["errors"]:
        assert error.keys() == {"stage", "pointer", "code", "params", "message"}
        assert error["message"]
    return body


def error_places(body: JsonObject) -> list[tuple[str, str]]:
    """Pointer and code of each error."""
    return [(error["pointer"], error["code"]) for error in body["errors"]]
