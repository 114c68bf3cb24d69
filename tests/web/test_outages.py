"""Text that people type is kept: while the API is away, and when a sign-in ends."""

from contextlib import suppress

from playwright.async_api import Error, Page, Route, expect

from tests.support.waiting import eventually
from tests.web.axe import barriers_on
from tests.web.conftest import NewDevice
from tests.web.device import Device
from tests.web.events import FREE_EVENT

TOMAS = ("Tomás Vidal", "")
"""Who belongs to no organization."""

KEPT = "Kept on this device"


async def test_text_typed_while_the_api_is_away_survives_a_reload(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await shell_is_cached(device)
    await device.field("Title").press("End")
    await device.field("Title").press_sequentially(" at")

    device.site.kill_api()
    await device.field("Title").press_sequentially(" night")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()
    await device.page.reload()

    await expect(device.field("Title")).to_have_value("Nachtschicht at night")
    await device.field("Title").press("End")
    await device.field("Title").press_sequentially(", again")
    await device.site.start_api()
    await device.saved("eventSetup", title="Nachtschicht at night, again")
    await expect(device.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


async def test_a_sign_in_that_ends_while_typing_keeps_the_text(device: Device) -> None:
    await device.sign_in(("Ada Lindqvist", "Acme"))
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await device.field("Title").evaluate(TYPED_AND_REVOKED, "Typed without a sign-in")
    await expect(device.button("Sign in")).to_be_visible()
    await device.button("Sign in").click()
    if "/authorize" in device.page.url:
        await device.choose_person(("Ada Lindqvist", "Acme"))

    await expect(device.field("Title")).to_have_value("Typed without a sign-in")
    assert device.session_id == session
    await device.saved("eventSetup", title="Typed without a sign-in")


TYPED_AND_REVOKED = """(field, text) => {
    field.focus();
    field.select();
    document.execCommand("insertText", false, text);
    const tokens = JSON.parse(localStorage.identity);
    const ended = {...tokens, accessToken: "ended", refreshToken: "ended", expiresAt: 0};
    localStorage.identity = JSON.stringify(ended);
}"""
"""At once, so that the text is not sent before. Neither the API nor the issuer takes the tokens."""


async def test_a_sign_out_with_unsent_text_asks_and_keeps_it(device: Device) -> None:
    await device.sign_in(TOMAS)
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await shell_is_cached(device)
    device.site.kill_api()
    await device.field("Title").fill("Only here")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()

    await device.page.goto(f"{device.site.url}/")
    await device.page.get_by_role("button", name="Tomás").click()
    await device.button("Sign out").click()
    question = device.page.get_by_role("dialog")
    await expect(question).to_contain_text("only on this device")
    async with device.page.expect_download() as download:
        await question.get_by_role("button", name="Download the text").click()
    assert "Only here" in (await (await download.value).path()).read_text()
    await question.get_by_role("button", name="Sign out").click()
    await expect(device.button("Sign in")).to_be_visible()

    await device.site.start_api()
    await device.sign_in(TOMAS, f"/s/{session}/eventSetup")
    await expect(device.field("Title")).to_have_value("Only here")
    await device.saved("eventSetup", title="Only here")


async def test_text_typed_just_before_its_page_is_left_is_saved(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    for way in ("another stage", "my events"):
        page = await device.context.new_page()
        await type_and_leave(device, page, session, way)
        await is_saved(device, session, f"Left by {way}")
        await page.close()


async def test_text_typed_just_before_a_reload_is_saved(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    page = await device.context.new_page()
    await type_and_leave(device, page, session, "reload")
    await is_saved(device, session, "Left by reload")
    # A page that is still loading cannot be closed.
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Left by reload")


async def test_text_typed_just_before_leaving_is_saved_while_the_service_worker_is_busy(
    device: Device,
) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page = await device.context.new_page()
    await page.goto(f"{device.site.url}/s/{session}/eventSetup")
    await expect(page.get_by_label("Title", exact=True)).to_be_visible()
    assert await page.evaluate("navigator.serviceWorker.controller.state") == "activated"
    (service_worker,) = device.context.service_workers
    await service_worker.evaluate(BUSY)
    await type_and_leave(device, page, session, "elsewhere")
    await is_saved(device, session, "Left by elsewhere")
    # A page that is still loading cannot be closed.
    await page.wait_for_url("about:blank")


async def test_text_of_a_tab_that_never_leads_is_saved_as_it_is_left(device: Device) -> None:
    """No other page of the wizard has the session open, or is opened."""
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    page = await device.context.new_page()
    await page.add_init_script(NEVER_LEADS)
    await page.goto(f"{device.site.url}/s/{session}/eventSetup")
    await expect(page.get_by_label("Title", exact=True)).to_be_visible()
    # Before the page knows that no other one leads, it leaves what is typed to that one.
    await page.evaluate(KNOWS_WHO_LEADS)
    await type_and_leave(device, page, session, "elsewhere")
    await is_saved(device, session, "Left by elsewhere")
    # A page that is still loading cannot be closed.
    await page.wait_for_url("about:blank")


async def type_and_leave(device: Device, page: Page, session: str, way: str) -> None:
    address = f"{device.site.url}/s/{session}/eventSetup"
    if page.url != address:
        await page.goto(address)
    field = page.get_by_label("Title", exact=True)
    await expect(field).to_be_visible()
    with suppress(Error):  # the page may end before it answers
        await field.evaluate(TYPED_AND_LEFT, [f"Left by {way}", way])


BUSY = "() => setTimeout(() => { const begun = Date.now(); while (Date.now() < begun + 2_000); })"

NEVER_LEADS = """
    const request = navigator.locks.request.bind(navigator.locks);
    navigator.locks.request = (name, ...rest) =>
        name.startsWith("session") ? new Promise(() => {}) : request(name, ...rest);
"""

KNOWS_WHO_LEADS = """
    new Promise(requestIdleCallback).then(() => navigator.locks.query()).then(() => true)
"""

TYPED_AND_LEFT = """(field, [text, way]) => {
    field.focus();
    field.select();
    document.execCommand("insertText", false, text);
    const follow = end => document.querySelector(`a[href$="${end}"]`).click();
    ({
        "another stage": () => follow("/ticketSetup"),
        "my events": () => document.querySelector('a[href="/"]').click(),
        "reload": () => location.reload(),
        "elsewhere": () => location.assign("about:blank"),
    })[way]();
}"""
"""In one task."""


async def test_a_sign_out_just_after_typing_saves_the_text(device: Device) -> None:
    await device.sign_in(TOMAS)
    session = await device.begin(FREE_EVENT)
    client = await device.api()
    await device.open_stage(session, "eventSetup")
    await device.field("Title").evaluate(TYPED_AND_LEFT, ["Before leaving", "my events"])
    await device.page.get_by_role("button", name="Tomás").click()
    await device.button("Sign out").click()
    await expect(device.button("Sign in")).to_be_visible()

    view = (await client.get(f"/v1/sessions/{session}?consistent=true")).json()
    assert view["stages"]["eventSetup"]["data"]["title"] == "Before leaving"
    await client.aclose()


async def test_a_stage_that_was_never_opened_opens_while_the_api_is_away(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    await shell_is_cached(device)
    device.site.kill_api()
    await device.page.locator('a[href$="/ticketSetup"]').first.click()
    await expect(device.button("Add a ticket")).to_be_visible()


async def test_a_part_that_a_deployment_deleted_is_loaded_by_a_new_page(
    new_device: NewDevice,
) -> None:
    device = await new_device(service_workers="block")
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    missing: list[str] = []

    async def lose_once(route: Route) -> None:
        if missing:
            await route.continue_()
            return
        missing.append(route.request.url)
        await route.fulfill(status=404)

    await device.context.route("**/assets/TicketSetup-*.js", lose_once)
    await device.field("Title").evaluate(TYPED_AND_LEFT, ["Deployed", "another stage"])

    await expect(device.button("Add a ticket")).to_be_visible()
    assert len(missing) == 1
    await device.saved("eventSetup", title="Deployed")


async def is_saved(device: Device, session: str, title: str) -> None:
    async def has_title() -> bool:
        view = await device.view(session)
        return bool(view["stages"]["eventSetup"]["data"].get("title") == title)

    await eventually(has_title, what=f"{title} at the API")


async def shell_is_cached(device: Device) -> None:
    """Waits until the service worker controls the page, and loads it once more through it."""
    await device.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await device.page.reload()
    await expect(device.field("Title")).to_be_visible()


async def test_a_page_without_a_network_says_so_and_sends_later(device: Device) -> None:
    await device.sign_in()
    session = await device.begin(FREE_EVENT)
    await device.open_stage(session, "eventSetup")
    note = device.page.get_by_role("heading", name="No connection")

    await device.context.set_offline(True)
    await expect(note).to_be_visible()
    await device.field("Title").fill("Written on a train")
    await expect(device.page.get_by_role("status").filter(has_text=KEPT)).to_be_visible()
    await expect(device.page.get_by_text("One change is kept on this device")).to_be_visible()
    assert await barriers_on(device.page) == {}

    await device.context.set_offline(False)
    await expect(note).to_be_hidden()
    await device.saved("eventSetup", title="Written on a train")
