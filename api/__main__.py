"""The gateway as a process.

python -m api
"""

from api.app import create_app
from api.serving import serve
from observability import logs
from observability.telemetry import Telemetry
from settings import ApiSettings, load


def main() -> None:
    settings = load(ApiSettings)
    telemetry = Telemetry.start(
        settings.metrics_address, settings.otel_exporter_otlp_endpoint, service="event-wizard-api"
    )
    logs.configure(settings.log_level, settings.log_format, telemetry.log_processors)
    serve(create_app(settings, telemetry=telemetry), settings.api_host, settings.api_port)


if __name__ == "__main__":
    main()
