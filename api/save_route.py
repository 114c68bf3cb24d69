"""The route of a save: described and refused by FastAPI, but served without it."""

from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.auth import current_actor
from api.deps import requested_save
from domain.stages import Stage

_STAGES: Final = {each.value: each for each in Stage}


class SaveRoute(APIRoute):
    """Most requests are saves, and to resolve the dependencies of their endpoint takes FastAPI a
    third of the API's time for one. So they are called here; the endpoint's signature still
    describes them.

    What names no stage goes the usual way, which knows how to refuse it. Errors are answered by the
    application's handlers, as everywhere.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._resolving, self.app = self.app, self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path_params"]
        stage = _STAGES.get(path["stage"])
        if stage is None:
            await self._resolving(scope, receive, send)
            return
        request = Request(scope, receive, send)
        actor = await current_actor(request)
        save = await requested_save(request, actor, path["session_id"])
        answer: Response = await self.endpoint(save, stage)
        await answer(scope, receive, send)
