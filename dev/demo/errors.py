"""What can go wrong while the demo plays."""

import httpx


class UnexpectedAnswer(Exception):
    """A server answered with another status than the demo counts on."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(f"{response.request.method} {response.url} → {response.status_code}")


class BrokenPromise(Exception):
    """Every request succeeded, and still the result is not what the wizard promises."""
