"""Products: https://docs.stripe.com/api/products."""

from typing import Final

from stripe.params import (
    ProductCreateParams,
    ProductListParams,
    ProductRetrieveParams,
    ProductUpdateParams,
)

from dev.stripe_stand_in.protocol import errors
from dev.stripe_stand_in.protocol.attributes import (
    merged_metadata,
    new_id,
    previous_attributes,
    unix_now,
    with_changes,
)
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.protocol.pagination import page_v1
from domain.json_values import JsonObject

PRODUCT: Final = "product"
_MAX_IMAGES: Final = 8


def create(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    name = arguments.get("id") or new_id("prod")
    if request.store.find(request.account, PRODUCT, name):
        raise errors.already_exists("Product")
    _require_few_images(arguments)
    now = unix_now()
    product = {
        "id": name,
        "object": PRODUCT,
        "active": arguments.get("active", True),
        "created": now,
        "default_price": None,
        "description": arguments.get("description"),
        "images": arguments.get("images", []),
        "livemode": False,
        "marketing_features": arguments.get("marketing_features", []),
        "metadata": merged_metadata({}, arguments.get("metadata", {})),
        "name": arguments["name"],
        "package_dimensions": arguments.get("package_dimensions"),
        "shippable": arguments.get("shippable"),
        "statement_descriptor": arguments.get("statement_descriptor"),
        "tax_code": None,
        "type": arguments.get("type", "service"),
        "unit_label": arguments.get("unit_label"),
        "updated": now,
        "url": arguments.get("url"),
    }
    request.store.put(request.account, product)
    request.world.events.snapshot(request.account, "product.created", product, request.raw)
    return product


def retrieve(request: ApiRequest) -> JsonObject:
    return request.named_object(PRODUCT)


def update(request: ApiRequest) -> JsonObject:
    before = request.named_object(PRODUCT)
    _require_few_images(request.arguments)
    after = with_changes(before, request.arguments)
    if before != after:
        after["updated"] = unix_now()
        request.store.put(request.account, after)
        request.world.events.snapshot(
            request.account,
            "product.updated",
            after,
            request.raw,
            previous_attributes(before, after),
        )
    return after


def list_products(request: ApiRequest) -> JsonObject:
    arguments = request.arguments
    wanted = arguments.get("ids")
    products = [
        product
        for product in request.store.newest_first(request.account, PRODUCT)
        if arguments.get("active") in {None, product["active"]}
        and (wanted is None or product["id"] in wanted)
    ]
    return page_v1(products, arguments, request.raw.path)


def _require_few_images(arguments: JsonObject) -> None:
    if len(arguments.get("images", [])) > _MAX_IMAGES:
        raise errors.invalid(f"You can have up to {_MAX_IMAGES} images", "images")


_SETTINGS: Final = """
active description images marketing_features metadata name package_dimensions shippable
statement_descriptor unit_label url
"""

ENDPOINTS: Final = (
    Endpoint("POST", "/v1/products", ProductCreateParams, create, f"id type {_SETTINGS}"),
    Endpoint("GET", "/v1/products", ProductListParams, list_products, "active ids"),
    Endpoint("GET", "/v1/products/{id}", ProductRetrieveParams, retrieve),
    Endpoint("POST", "/v1/products/{id}", ProductUpdateParams, update, _SETTINGS),
)
