"""Products: https://docs.stripe.com/api/products."""

from functools import partial
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
    unix_now,
    with_changes,
)
from dev.stripe_stand_in.protocol.endpoints import ApiRequest, Endpoint
from dev.stripe_stand_in.resources.records import Records, list_all, retrieve
from domain.json_values import JsonObject

PRODUCT: Final = "product"
_MAX_IMAGES: Final = 8


def create(request: ApiRequest) -> JsonObject:
    product = new_product(request.arguments)
    if request.store.find(request.account, PRODUCT, product["id"]):
        raise errors.already_exists("Product")
    return Records.of(request).create(product, "product.created")


def new_product(arguments: JsonObject) -> JsonObject:
    """
    Raises:
        ApiError: the arguments make no product.
    """
    _require_few_images(arguments)
    now = unix_now()
    return {
        "id": arguments.get("id") or new_id("prod"),
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


def update(request: ApiRequest) -> JsonObject:
    before = request.named_object(PRODUCT)
    _require_few_images(request.arguments)
    after = with_changes(before, request.arguments)
    if before != after:
        after["updated"] = unix_now()
    return Records.of(request).change(before, after, "product.updated")


def list_products(request: ApiRequest) -> JsonObject:
    wanted = request.arguments.get("ids")
    return list_all(
        request, PRODUCT, ("active",), lambda product: wanted is None or product["id"] in wanted
    )


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
    Endpoint("GET", "/v1/products/{id}", ProductRetrieveParams, partial(retrieve, kind=PRODUCT)),
    Endpoint("POST", "/v1/products/{id}", ProductUpdateParams, update, _SETTINGS),
)
