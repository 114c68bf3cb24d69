"""Where the histories of sessions are recorded to."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.replay.recording import Recording


@pytest.fixture(scope="session")
async def recording(
    temporal: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Recording]:
    """Kept only where every kind that was asked for could be recorded."""
    recording = Recording(temporal.client)
    yield recording
    if len(recording.kinds) == request.session.testscollected:
        recording.keep(all_kinds=not request.config.option.keyword)
