"""The API as a process.

python -m api              serves
python -m api --openapi    prints the OpenAPI document
"""

import sys

from api.app import create_app, describe_app
from api.openapi import openapi_text
from api.server import serve
from observability import logs
from observability.process import end_with_reason
from observability.telemetry import Telemetry
from settings import ApiSettings, load


def main() -> None:
    if sys.argv[1:] == ["--openapi"]:
        sys.stdout.write(openapi_text(describe_app()))
        return
    settings = load(ApiSettings)
    telemetry = Telemetry.start_or_end(
        settings.metrics_address,
        settings.otel_exporter_otlp_endpoint,
        service="event-wizard-api",
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    app = create_app(settings, telemetry=telemetry, on_refusal=end_with_reason)
    serve(
        app,
        settings.api_host,
        settings.api_port,
        before_shutdown=app.state.open_streams.close,
    )


if __name__ == "__main__":
    main()
