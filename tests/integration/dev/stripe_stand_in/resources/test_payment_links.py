"""Payment links, and test purchases on their pages."""

from typing import Any

import httpx
import pytest
import stripe

from tests.support.stand_in import StandIn


async def create_link(
    client: stripe.StripeClient, account: str, price: str, **settings: Any
) -> stripe.PaymentLink:
    item = {"price": price, "quantity": 1, **settings.pop("item", {})}
    parameters: Any = {"line_items": [item], **settings}
    return await client.v1.payment_links.create_async(parameters, {"stripe_account": account})


async def completed(client: stripe.StripeClient, account: str) -> list[Any]:
    events = await client.v1.events.list_async(
        {"type": "checkout.session.completed"}, {"stripe_account": account}
    )
    return [event.data.object for event in events.data]


async def test_a_link_has_its_line_items_when_expanded(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    link = await create_link(
        client,
        account,
        price,
        item={"adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 8}},
        metadata={"session_id": "s1"},
    )

    items = await client.v1.payment_links.line_items.list_async(link.id, options=options)
    full = await client.v1.payment_links.retrieve_async(
        link.id, {"expand": ["line_items"]}, options
    )

    assert link.metadata["session_id"] == "s1"
    assert "line_items" not in link
    assert items.data[0].price
    assert items.data[0].price.id == price
    assert items.data[0].adjustable_quantity
    assert items.data[0].adjustable_quantity.maximum == 8
    assert full.line_items
    assert full.line_items.data[0].amount_total == 2500


async def test_links_are_listed_by_activity(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    first, second = [await create_link(client, account, price) for _ in range(2)]
    await client.v1.payment_links.update_async(first.id, {"active": False}, options)

    active = await client.v1.payment_links.list_async({"active": True}, options)

    assert [link.id for link in active.data] == [second.id]


async def test_a_purchase_completes_a_checkout_session(
    client: stripe.StripeClient, account: str, price: str, browser: httpx.AsyncClient
) -> None:
    adjustable = {"adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 4}}
    link = await create_link(client, account, price, item=adjustable, metadata={"tier_id": "t1"})
    assert "25.00 USD" in (await browser.get(link.url)).text

    thanks = await browser.post(
        link.url, data={"quantity": "2", "name": "Bob", "email": "bob@example.com"}
    )

    assert "Thank you" in thanks.text
    (session,) = await completed(client, account)
    assert (session.payment_link, session.amount_total) == (link.id, 5000)
    assert (session.payment_status, session.metadata["tier_id"]) == ("paid", "t1")
    options: stripe.RequestOptions = {"stripe_account": account}
    fetched = await client.v1.checkout.sessions.retrieve_async(session.id, options=options)
    assert fetched.customer_details
    assert fetched.customer_details.email == "bob@example.com"


@pytest.mark.parametrize("quantity", ["0", "5", "-1", "two"])
async def test_a_quantity_outside_the_limits_is_refused(
    client: stripe.StripeClient, account: str, price: str, browser: httpx.AsyncClient, quantity: str
) -> None:
    adjustable = {"adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 4}}
    link = await create_link(client, account, price, item=adjustable)

    answer = await browser.post(link.url, data={"quantity": quantity})

    assert answer.status_code == 422
    assert await completed(client, account) == []


async def test_an_inactive_link_sells_nothing(
    client: stripe.StripeClient, account: str, price: str, browser: httpx.AsyncClient
) -> None:
    link = await create_link(client, account, price)
    await client.v1.payment_links.update_async(
        link.id,
        {"active": False, "inactive_message": "Sold <out>"},
        {"stripe_account": account},
    )

    shown, bought = await browser.get(link.url), await browser.post(link.url)

    assert "no longer available" in shown.text
    assert "Sold &lt;out&gt;" in shown.text
    assert "no longer available" in bought.text
    assert await completed(client, account) == []


async def test_a_link_stops_selling_at_its_limit(
    client: stripe.StripeClient, account: str, price: str, browser: httpx.AsyncClient
) -> None:
    link = await create_link(
        client, account, price, restrictions={"completed_sessions": {"limit": 1}}
    )

    await browser.post(link.url)
    late = await browser.post(link.url)

    assert "no longer available" in late.text
    assert len(await completed(client, account)) == 1


async def test_a_donation_below_the_minimum_is_refused(
    client: stripe.StripeClient, account: str, price: str, browser: httpx.AsyncClient
) -> None:
    open_price = await client.v1.prices.create_async(
        {
            "product": "vip",
            "currency": "usd",
            "custom_unit_amount": {"enabled": True, "minimum": 500, "preset": 1000},
        },
        {"stripe_account": account},
    )
    link = await create_link(client, account, open_price.id)

    too_little = await browser.post(link.url, data={"unit_amount": "499"})
    await browser.post(link.url, data={"unit_amount": "700"})

    assert too_little.status_code == 422
    assert [session.amount_total for session in await completed(client, account)] == [700]


async def create_price(
    client: stripe.StripeClient, account: str, currency: str, unit_amount: int
) -> str:
    priced = await client.v1.prices.create_async(
        {"product": "vip", "currency": currency, "unit_amount": unit_amount},
        {"stripe_account": account},
    )
    return priced.id


@pytest.mark.parametrize(("currency", "unit_amount"), [("usd", 0), ("jpy", 50), ("kwd", 5000)])
async def test_a_chargeable_amount_makes_a_link(
    client: stripe.StripeClient, account: str, price: str, currency: str, unit_amount: int
) -> None:
    priced = await create_price(client, account, currency, unit_amount)

    assert (await create_link(client, account, priced)).currency == currency


@pytest.mark.parametrize("money", [("usd", 49), ("jpy", 49), ("kwd", 490)])
async def test_an_amount_below_the_minimum_is_refused(
    client: stripe.StripeClient, account: str, price: str, money: tuple[str, int]
) -> None:
    priced = await create_price(client, account, *money)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        await create_link(client, account, priced)

    assert refused.value.code == "amount_too_small"


async def test_a_link_to_an_inactive_price_or_product_is_refused(
    client: stripe.StripeClient, account: str, price: str
) -> None:
    options: stripe.RequestOptions = {"stripe_account": account}
    await client.v1.products.update_async("vip", {"active": False}, options)
    with pytest.raises(stripe.InvalidRequestError, match="product is not active"):
        await create_link(client, account, price)

    await client.v1.prices.update_async(price, {"active": False}, options)
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        await create_link(client, account, price)


async def test_a_link_of_an_account_without_cards_is_refused(
    stand_in: StandIn, client: stripe.StripeClient, account: str, price: str
) -> None:
    await stand_in.move(account, "restricted")

    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types"):
        await create_link(client, account, price)
