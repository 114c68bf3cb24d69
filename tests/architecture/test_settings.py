"""Settings are documented and validated, and never show their secrets."""

import sys
from base64 import b64encode
from collections.abc import Mapping

import pytest

from dev import settings_reference
from settings import ApiSettings, CodecSettings, MigrationSettings, WorkerSettings, load

KINDS = (ApiSettings, CodecSettings, MigrationSettings, WorkerSettings)

SIGNING_SECRET = "whsec_" + b64encode(b"hunter2-hunter2-hunter2-hunter2").decode()

API = {
    "DATABASE_API_URL": "postgresql://wizard_api:hunter2@localhost/wizard",
    "JWT_ISSUER": "https://issuer.example",
    "JWT_AUDIENCE": "event-wizard",
    "JWT_SECRET": "hunter2-hunter2-hunter2-hunter2-hunter2",
    "ID_SECRET": "hunter2-hunter2-hunter2-hunter2-for-ids",
    "PAYLOAD_KEYS": "k1:hunter2hunter2hunter2hunter2hunter2hunter2c=",
}
CODEC = {**API, "OPERATOR_PERMISSION": "wizard:operate"}


def put(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str | None]) -> None:
    """Sets environment variables; None removes one."""
    for name, value in settings.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_settings_are_all_documented() -> None:
    documented = [
        setting
        for section in settings_reference.SECTIONS.values()
        for setting in settings_reference.settings_of(section)
    ]
    for setting in documented:
        assert setting.description, setting.name
        assert setting.example or not setting.is_required, setting.name
    names = [setting.name for setting in documented]
    assert len(names) == len(set(names))
    assert set(names) == {name.upper() for kind in KINDS for name in kind.model_fields}


def test_settings_reference_is_up_to_date() -> None:
    for path, text in (
        (settings_reference.REFERENCE, settings_reference.reference()),
        (settings_reference.EXAMPLE, settings_reference.example()),
    ):
        assert path.read_text() == text, f"{path.name}: run make settings"


def test_settings_repr_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, CODEC)
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    monkeypatch.setenv("DATABASE_MIGRATION_URL", API["DATABASE_API_URL"])
    monkeypatch.setenv("NOTIFICATION_URL", "https://hooks.example/hunter2")
    monkeypatch.setenv("NOTIFICATION_SECRETS", SIGNING_SECRET)
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", "whsec_hunter2,connect:whsec_hunter2")
    for kind in KINDS:
        shown = repr(kind()) + str(kind()) + kind().model_dump_json()
        assert "hunter2" not in shown
        assert SIGNING_SECRET not in shown


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"JWT_SECRET": "short"}, "JWT_SECRET: must have at least 32 bytes"),
        ({"JWT_SECRET": None}, "JWT_JWKS_URL: set it or JWT_SECRET"),
        ({"JWT_JWKS_URL": "https://a.example/jwks"}, "JWT_JWKS_URL or JWT_SECRET, not both"),
        ({"JWT_SECRET": None, "JWT_JWKS_URL": "http://a.example/jwks"}, "must use https"),
        (
            {"JWT_SECRET": None, "JWT_JWKS_URL": "https://a.example,https://b.example"},
            "one URL",
        ),
        ({"JWT_ISSUER": ""}, "JWT_ISSUER"),
        (
            {"JWT_ISSUER": "http://issuer.example"},
            "JWT_ISSUER: must use https, except on this machine",
        ),
        (
            {"JWT_ISSUER": "http://127.0.0.1:8100", "API_HOST": "0.0.0.0"},
            "JWT_ISSUER: must use https if the process serves other machines",
        ),
        (
            {
                "JWT_SECRET": None,
                "JWT_JWKS_URL": "http://127.0.0.1:8100/jwks",
                "API_HOST": "0.0.0.0",
            },
            "JWT_JWKS_URL: must use https if the process serves other machines",
        ),
        ({"JWT_PUBLISH_PERMISSION": ""}, "JWT_PUBLISH_PERMISSION"),
        ({"JWT_AUDIENCE": ""}, "JWT_AUDIENCE"),
        ({"JWT_ISSUER": "https://a.example,=https://a.example"}, "must list each issuer once"),
        ({"JWT_AUDIENCE": "azp:|"}, "JWT_AUDIENCE: must have a client after azp:"),
        ({"JWT_AUDIENCE": "first,second"}, "JWT_AUDIENCE: must list one audience, or one for each"),
        ({"WEB_ISSUER": "https://other.example"}, "WEB_ISSUER: must be one of JWT_ISSUER"),
        ({"WEB_SCOPE": "profile"}, "WEB_SCOPE: must contain openid"),
        ({"CORS_ORIGINS": "*"}, "wildcard"),
        ({"API_PORT": "http"}, "API_PORT"),
        ({"RATE_LIMIT": "often"}, "RATE_LIMIT: must be a rate like"),
        ({"TRUSTED_PROXIES": "*"}, "TRUSTED_PROXIES: must list IP addresses"),
        ({"REDIS_URL": "http://:hunter2@redis.example"}, "REDIS_URL: must begin with redis://"),
        ({"DATABASE_API_URL": None}, "DATABASE_API_URL: is required"),
        ({"SESSION_TTL": "0"}, "SESSION_TTL: must be at least 1"),
        ({"ID_SECRET": None}, "ID_SECRET: is required"),
        ({"ID_SECRET": "hunter2-hunter2"}, "ID_SECRET: must have at least 32 characters"),
        (
            {"METRICS_ADDRESS": "localhost:9464"},
            "METRICS_ADDRESS: must be an IP address and",
        ),
        ({"METRICS_ADDRESS": "127.0.0.1"}, "METRICS_ADDRESS: must be an IP address and"),
        ({"WEB_ROOT": "/no/such/folder"}, "WEB_ROOT: must be a folder with index.html"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "must begin with http:// or https://"),
        ({"PAYLOAD_KEYS": "hunter2"}, "PAYLOAD_KEYS: key 1 must be written as id:base64"),
        ({"COPILOT_MODEL": "gpt-5"}, "COPILOT_MODEL: must be anthropic:…, google:… or openai:…"),
        ({"COPILOT_MODEL": "openai:"}, "COPILOT_MODEL: must be anthropic:…, google:… or openai:…"),
        (
            {"COPILOT_MODEL": "google:gemini-3", "OPENAI_API_KEY": "hunter2"},
            "COPILOT_MODEL: requires GOOGLE_API_KEY",
        ),
        ({"COPILOT_MODEL": "openai:gpt-5"}, "COPILOT_MODEL: requires OPENAI_API_KEY"),
        (
            {"COPILOT_MODEL": "anthropic:claude", "COPILOT_BASE_URL": "https://llm.example/v1"},
            "COPILOT_BASE_URL: requires a COPILOT_MODEL that begins with openai:",
        ),
        (
            {"COPILOT_MODEL": "openai:m", "COPILOT_BASE_URL": "llm:8000"},
            "COPILOT_BASE_URL: must begin with http:// or https://",
        ),
        ({"COPILOT_MAX_TOKENS": "1"}, "COPILOT_MAX_TOKENS"),
    ],
)
def test_a_bad_combination_stops_the_process_with_a_message(
    changed: dict[str, str | None],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(monkeypatch, {**API, **changed})
    with pytest.raises(SystemExit) as stopped:
        load(ApiSettings)
    assert stopped.value.code == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_development_identity_is_allowed_on_loopback(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, {**CODEC, "JWT_ISSUER": "http://127.0.0.1:8100"})
    monkeypatch.setenv("API_HOST", host)
    monkeypatch.setenv("CODEC_HOST", host)
    assert load(ApiSettings).api_host == load(CodecSettings).codec_host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7"])
def test_the_codec_server_beyond_loopback_needs_an_https_issuer(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {"JWT_ISSUER": "http://127.0.0.1:8100", "CODEC_HOST": host}
    put(monkeypatch, {**CODEC, **changed})
    with pytest.raises(SystemExit):
        load(CodecSettings)
    assert "JWT_ISSUER: must use https" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["PAYLOAD_KEYS", "OPERATOR_PERMISSION"])
def test_the_codec_server_needs_keys_and_a_permission(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(monkeypatch, {**CODEC, missing: ""})
    with pytest.raises(SystemExit):
        load(CodecSettings)
    assert missing in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, "STRIPE_API_BASE: requires STRIPE_API_KEY"),
        (
            {"STRIPE_API_BASE": "http://127.0.0.1:12111", "STRIPE_API_KEY": "sk_live_hunter2"},
            "live keys are sent to Stripe only",
        ),
        (
            {"STRIPE_API_BASE": "http://stand-in.example", "STRIPE_API_KEY": "sk_test_hunter2"},
            "an address on this machine",
        ),
        ({"STRIPE_ACTIVITIES_PER_SECOND": "0"}, "STRIPE_ACTIVITIES_PER_SECOND"),
    ],
)
def test_a_live_key_with_a_stand_in_is_refused(
    changed: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    put(monkeypatch, changed)
    with pytest.raises(SystemExit):
        load(WorkerSettings)
    shown = capsys.readouterr().err
    assert message in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"COPILOT_MODEL": "anthropic:claude", "ANTHROPIC_API_KEY": "hunter2"}, "hunter2"),
        ({"COPILOT_MODEL": "openai:m", "COPILOT_BASE_URL": "http://llm:8000/v1/"}, None),
        ({"COPILOT_MODEL": "openai:m:free", "OPENAI_API_KEY": "hunter2"}, "hunter2"),
    ],
)
def test_the_model_has_its_key(
    changed: dict[str, str], key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, {**API, **changed})
    settings = load(ApiSettings)
    options = settings.model_options
    assert options is not None
    assert options.api_key == key
    assert f"{options.model.provider}:{options.model.name}" == changed["COPILOT_MODEL"]
    assert "hunter2" not in repr(options) + repr(settings) + settings.model_dump_json()


def test_a_model_without_its_packages_stops_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(monkeypatch, {**API, "COPILOT_MODEL": "openai:gpt-5", "OPENAI_API_KEY": "hunter2"})
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with pytest.raises(SystemExit):
        load(ApiSettings)
    assert "requirements/model.txt" in capsys.readouterr().err


def test_the_assistant_works_by_rules_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for model in (None, ""):
        put(monkeypatch, {**API, "COPILOT_MODEL": model, "OPENAI_API_KEY": "hunter2"})
        assert load(ApiSettings).model_options is None


def test_notifications_are_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    assert load(WorkerSettings).notification_url is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"NOTIFICATION_URL": None},
            "NOTIFICATION_URL: set it and",
        ),
        (
            {"NOTIFICATION_SECRETS": None},
            "NOTIFICATION_URL: set it and",
        ),
        ({"NOTIFICATION_URL": "http://hunter2.example/"}, "NOTIFICATION_URL: must use https"),
        ({"NOTIFICATION_URL": "ftp://127.0.0.1/hunter2"}, "NOTIFICATION_URL: must use https"),
        ({"NOTIFICATION_URL": "https:///hunter2"}, "NOTIFICATION_URL: must use https"),
        ({"NOTIFICATION_URL": "https://u:hunter2@a.example"}, "must not contain a user name or"),
        ({"NOTIFICATION_SECRETS": "hunter2"}, "secret 1 must be whsec_"),
        ({"NOTIFICATION_SECRETS": f"{SIGNING_SECRET},whsec_hunter2"}, "secret 2 must be whsec_"),
        ({"NOTIFICATION_SECRETS": SIGNING_SECRET.removeprefix("whsec_")}, "secret 1 must be"),
        ({"SESSION_REMIND_BEFORE": "-1"}, "SESSION_REMIND_BEFORE"),
    ],
)
def test_a_bad_receiver_stops_the_worker(
    changed: dict[str, str | None],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    complete = {
        "DATABASE_URL": API["DATABASE_API_URL"],
        "NOTIFICATION_URL": "https://hooks.example/hunter2",
        "NOTIFICATION_SECRETS": SIGNING_SECRET,
    }
    put(monkeypatch, {**complete, **changed})
    with pytest.raises(SystemExit):
        load(WorkerSettings)
    shown = capsys.readouterr().err
    assert message in shown
    assert "hunter2" not in shown
    assert SIGNING_SECRET not in shown


@pytest.mark.parametrize(
    "url", ["https://hooks.example/a?b=c", "http://127.0.0.1:9000/hook", "http://[::1]/hook"]
)
def test_a_receiver_at_https_or_on_loopback_is_accepted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    monkeypatch.setenv("NOTIFICATION_URL", url)
    monkeypatch.setenv("NOTIFICATION_SECRETS", SIGNING_SECRET)
    loaded = load(WorkerSettings).notification_url
    assert loaded is not None
    assert loaded.get_secret_value() == url


def test_the_platform_fee_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    assert load(WorkerSettings).fees.fee(10_000, "eur") == 0
    put(monkeypatch, {"PLATFORM_FEE_PERCENT": "2.5", "PLATFORM_FEE_FIXED": "eur:50,usd:70"})
    fees = load(WorkerSettings).fees
    assert [fees.fee(10_000, code) for code in ("eur", "usd", "gbp")] == [300, 320, 250]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"PLATFORM_FEE_PERCENT": "100"}, "less than 100"),
        ({"PLATFORM_FEE_PERCENT": "-1"}, "must be at least 0"),
        ({"PLATFORM_FEE_PERCENT": "2.555"}, "2 decimal places"),
        ({"PLATFORM_FEE_PERCENT": "NaN"}, "PLATFORM_FEE_PERCENT"),
        ({"PLATFORM_FEE_FIXED": "50"}, "like eur:50"),
        ({"PLATFORM_FEE_FIXED": "kwd:155"}, "multiple of 10"),
    ],
)
def test_a_fee_that_cannot_be_charged_stops_the_worker(
    changed: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(monkeypatch, {"DATABASE_URL": API["DATABASE_API_URL"], **changed})
    with pytest.raises(SystemExit):
        load(WorkerSettings)
    assert message in capsys.readouterr().err


def test_a_build_id_that_is_unsafe_in_a_query_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", API["DATABASE_API_URL"])
    for build_id in ("", "1.8.0", "2031-05-09.3+fe12ab"):
        monkeypatch.setenv("WORKER_BUILD_ID", build_id)
        assert load(WorkerSettings).worker_build_id == build_id
    monkeypatch.setenv("WORKER_BUILD_ID", 'v1" OR "')
    with pytest.raises(SystemExit):
        load(WorkerSettings)
    assert "WORKER_BUILD_ID" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("secrets", "number"),
    [
        ("hunter2", 1),
        ("sk_test_hunter2", 1),
        ("whsec_", 1),
        ("platform:", 1),
        ("account:whsec_hunter2", 1),
        ("connect:sk_test_hunter2", 1),
        ("whsec_hunter2:whsec_hunter2", 1),
        ("whsec_hunter2 whsec_hunter2", 1),
        ("platform:whsec_hunter2, connect:platform:whsec_hunter2", 2),
    ],
)
def test_a_bad_webhook_secret_stops_the_process_with_one_line(
    secrets: str,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(monkeypatch, {**API, "STRIPE_WEBHOOK_SECRETS": secrets})
    with pytest.raises(SystemExit):
        load(ApiSettings)
    assert capsys.readouterr().err == (
        f"STRIPE_WEBHOOK_SECRETS: secret {number} must be whsec_..., platform:whsec_... or "
        "connect:whsec_...\n"
    )


def test_webhook_secrets_have_their_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = " whsec_a/b+c= ,platform:whsec_hunter2,, connect: whsec_hunter2,"
    put(monkeypatch, {**API, "STRIPE_WEBHOOK_SECRETS": entries})
    settings = load(ApiSettings)
    parsed = [(s.value.get_secret_value(), s.endpoint) for s in settings.webhook_secrets]
    assert parsed == [
        ("whsec_a/b+c=", None),
        ("whsec_hunter2", "platform"),
        ("whsec_hunter2", "connect"),
    ]
    assert "hunter2" not in f"{settings.webhook_secrets!r}{settings!r}"
