"""The gateway as a process.

python -m api
"""

from api.app import create_app
from api.serving import serve
from observability import logs
from settings import ApiSettings, load


def main() -> None:
    settings = load(ApiSettings)
    logs.configure(settings.log_level, settings.log_format)
    serve(create_app(settings), settings.api_host, settings.api_port)


if __name__ == "__main__":
    main()
