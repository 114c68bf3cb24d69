"""The gateway as a process.

python -m api
"""

import uvicorn

from api.app import create_app
from api.http_protocol import HttpProtocol
from observability import logs
from observability.telemetry import Telemetry
from settings import ApiSettings, load


def main() -> None:
    settings = load(ApiSettings)
    telemetry = Telemetry.start(
        settings.metrics_address, settings.otel_exporter_otlp_endpoint, service="event-wizard-api"
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    uvicorn.run(
        create_app(settings, telemetry=telemetry),
        host=settings.api_host,
        port=settings.api_port,
        http=HttpProtocol,
        ws="none",
        proxy_headers=False,  # the application's own: uvicorn would trust every local process
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=65,
    )


if __name__ == "__main__":
    main()
