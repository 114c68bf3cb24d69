"""Products and prices of an event, on the organizer's account.

A tier takes two requests: each object is created under its natural key. Only if Stripe has the
object already is it looked up and, if necessary, corrected. So every step may be repeated at any
time, also after Stripe has forgotten the idempotency keys. Updates set a state and have no
idempotency key: with one, Stripe would answer a later update with the stored response, and not
apply it.
"""

from collections.abc import Iterable
from typing import Final

import stripe
from stripe.params import (
    PriceCreateParams,
    PriceListParams,
    ProductCreateParams,
    ProductUpdateParams,
)

from domain.values.money import currency
from domain.values.pictures import absolute_picture_url
from payments.errors import ObjectAlreadyExists, ObjectNotFound
from payments.idempotency import Creation, create_once
from payments.models import TierSale
from payments.outcomes import stripe_errors

PAGE: Final = 100
"""The largest page that Stripe returns."""


class Catalogue:
    def __init__(self, client: stripe.StripeClient, media_url: str) -> None:
        """``media_url``: the address of the server that serves ``/media``. Products have no image
        unless it is https, because Stripe's pages show it."""
        self._products = client.v1.products
        self._prices = client.v1.prices
        self._media_url = media_url

    async def offer(self, account_id: str, sale: TierSale) -> str:
        """Puts the tier on sale. Returns the id of the only active price of its product."""
        is_new = await self._offer_product(account_id, sale)
        price = await self._offer_price(account_id, sale)
        if not is_new:
            await self._retire_prices(account_id, sale.product_id, keep=price.id)
        return price.id

    async def retire(self, account_id: str, product_ids: Iterable[str]) -> None:
        """Archives the products and their prices; products that do not exist are skipped."""
        for product_id in product_ids:
            product = await self._product(account_id, product_id)
            if product is None:
                continue
            await self._retire_prices(account_id, product_id)
            if product.active:
                with stripe_errors():
                    await self._products.update_async(
                        product_id, {"active": False}, {"stripe_account": account_id}
                    )

    async def _product(self, account_id: str, product_id: str) -> stripe.Product | None:
        try:
            with stripe_errors():
                return await self._products.retrieve_async(
                    product_id, options={"stripe_account": account_id}
                )
        except ObjectNotFound:
            return None

    async def _offer_product(self, account_id: str, sale: TierSale) -> bool:
        """Creates or corrects the product. Returns whether it is new, and so has no prices."""
        images = self._images(sale)
        params = _product_params(sale, images)
        product = await create_once(
            Creation(sale.session_id, f"product:{sale.tier_id}", params),
            create=lambda key: self._products.create_async(
                params, {"stripe_account": account_id, "idempotency_key": key}
            ),
            find=lambda: self._product(account_id, sale.product_id),
        )
        changes = {} if product.is_new else _product_changes(product.object, sale, images)
        if changes:
            with stripe_errors():
                await self._products.update_async(
                    sale.product_id, changes, {"stripe_account": account_id}
                )
        return product.is_new

    def _images(self, sale: TierSale) -> list[str]:
        if sale.picture is None or not self._media_url.startswith("https://"):
            return []
        return [absolute_picture_url(sale.picture, self._media_url)]

    async def _offer_price(self, account_id: str, sale: TierSale) -> stripe.Price:
        try:
            price = await self._create_price(account_id, sale, _price_params(sale))
        except ObjectAlreadyExists:
            # The organizer gave the lookup key to another price in the dashboard.
            params: PriceCreateParams = {**_price_params(sale), "transfer_lookup_key": True}
            price = await self._create_price(account_id, sale, params)
        if not price.active:
            await self._set_price_active(account_id, price.id, active=True)
        return price

    async def _price(self, account_id: str, sale: TierSale) -> stripe.Price | None:
        # Stripe lists active prices only, unless inactive ones are requested.
        for active in (True, False):
            found = await self._list_prices(
                account_id, {"lookup_keys": [sale.lookup_key], "active": active}
            )
            for price in found:
                if _sells(price, sale):
                    return price
        return None

    async def _create_price(
        self, account_id: str, sale: TierSale, params: PriceCreateParams
    ) -> stripe.Price:
        price = await create_once(
            Creation(sale.session_id, f"price:{sale.tier_id}", params),
            create=lambda key: self._prices.create_async(
                params, {"stripe_account": account_id, "idempotency_key": key}
            ),
            find=lambda: self._price(account_id, sale),
        )
        return price.object

    async def _retire_prices(
        self, account_id: str, product_id: str, *, keep: str | None = None
    ) -> None:
        active_prices = await self._list_prices(account_id, {"product": product_id, "active": True})
        for price in active_prices:
            if price.id != keep:
                await self._set_price_active(account_id, price.id, active=False)

    async def _list_prices(self, account_id: str, params: PriceListParams) -> list[stripe.Price]:
        with stripe_errors():
            page = await self._prices.list_async(
                {**params, "limit": PAGE}, {"stripe_account": account_id}
            )
            return [price async for price in page.auto_paging_iter()]

    async def _set_price_active(self, account_id: str, price_id: str, *, active: bool) -> None:
        with stripe_errors():
            await self._prices.update_async(
                price_id, {"active": active}, {"stripe_account": account_id}
            )


def _product_params(sale: TierSale, images: list[str]) -> ProductCreateParams:
    params: ProductCreateParams = {
        "id": sale.product_id,
        "name": sale.name,
        "metadata": sale.metadata,
    }
    if sale.description:
        params["description"] = sale.description
    if images:
        params["images"] = images
    return params


def _product_changes(
    product: stripe.Product, sale: TierSale, images: list[str]
) -> ProductUpdateParams:
    changes: ProductUpdateParams = {}
    if not product.active:
        changes["active"] = True
    if product.name != sale.name:
        changes["name"] = sale.name
    if (product.description or "") != (sale.description or ""):
        changes["description"] = sale.description or ""
    if product.images != images:
        changes["images"] = images or ""
    return changes


def _price_params(sale: TierSale) -> PriceCreateParams:
    params: PriceCreateParams = {
        "product": sale.product_id,
        "currency": sale.currency,
        "lookup_key": sale.lookup_key,
        "metadata": sale.metadata,
    }
    if not sale.is_donation:
        params["unit_amount"] = sale.amount
        return params
    minimum, preset = _donation(sale)
    params["custom_unit_amount"] = {"enabled": True, "minimum": minimum}
    if preset is not None:
        params["custom_unit_amount"]["preset"] = preset
    return params


def _donation(sale: TierSale) -> tuple[int, int | None]:
    """The minimum amount, and the suggested one, or None if it is below the minimum."""
    minimum = sale.least_amount or currency(sale.currency).minimum
    return minimum, sale.amount if sale.amount >= minimum else None


def _sells(price: stripe.Price, sale: TierSale) -> bool:
    product_id = price.product if isinstance(price.product, str) else price.product.id
    if (product_id, price.currency) != (sale.product_id, sale.currency):
        return False
    if not sale.is_donation:
        return price.unit_amount == sale.amount
    custom = price.custom_unit_amount
    return custom is not None and (custom.minimum, custom.preset) == _donation(sale)
