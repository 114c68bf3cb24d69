"""The vocabulary of what can be wrong with a value: stable codes, each with its meaning."""

from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    MISSING = "missing"
    INVALID_TYPE = "invalid_type"
    INVALID_FORMAT = "invalid_format"
    INVALID_CHOICE = "invalid_choice"
    INVALID_CHARACTER = "invalid_character"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NOT_UNIQUE = "not_unique"
    UNKNOWN_ID = "unknown_id"
    UNKNOWN_FIELD = "unknown_field"
    SERVER_OWNED = "server_owned"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    TOO_DEEP = "too_deep"
    NOT_IN_FUTURE = "not_in_future"
    TOO_FAR_AHEAD = "too_far_ahead"
    NONEXISTENT_TIME = "nonexistent_time"
    END_BEFORE_START = "end_before_start"
    DOORS_AFTER_START = "doors_after_start"
    SALE_END_BEFORE_START = "sale_end_before_start"
    SALE_ENDS_AFTER_EVENT = "sale_ends_after_event"
    KIND_MISMATCH = "kind_mismatch"
    CURRENCY_UNSUPPORTED = "currency_unsupported"
    AMOUNT_TOO_SMALL = "amount_too_small"
    AMOUNT_NOT_CHARGEABLE = "amount_not_chargeable"
    CAPACITY_EXCEEDED = "capacity_exceeded"
    QUANTITY_INCONSISTENT = "quantity_inconsistent"
    TERMS_OUTDATED = "terms_outdated"


MEANINGS: Final[dict[ErrorCode, str]] = {
    ErrorCode.MISSING: "A required value is not there yet.",
    ErrorCode.INVALID_TYPE: "The value has another JSON type than the field; nothing is converted.",
    ErrorCode.INVALID_FORMAT: "The text is not written the way the field asks for.",
    ErrorCode.INVALID_CHOICE: "The value is not one of the allowed ones.",
    ErrorCode.INVALID_CHARACTER: "The text contains a control character or broken Unicode.",
    ErrorCode.TOO_SHORT: "The text has too few characters.",
    ErrorCode.TOO_LONG: "The text has too many characters.",
    ErrorCode.TOO_SMALL: "The number is under its lower limit.",
    ErrorCode.TOO_LARGE: "The number is over its upper limit.",
    ErrorCode.TOO_FEW: "The list has too few entries.",
    ErrorCode.TOO_MANY: "The list has too many entries.",
    ErrorCode.NOT_UNIQUE: "The value may appear only once, and appears again.",
    ErrorCode.UNKNOWN_ID: "The id was not given out by the server.",
    ErrorCode.UNKNOWN_FIELD: "The stage has no such field; the request is refused.",
    ErrorCode.SERVER_OWNED: "Only the server sets this field; the request is refused.",
    ErrorCode.NUMBER_OUT_OF_RANGE: "The number is beyond what JSON carries exactly (2^53 - 1).",
    ErrorCode.TOO_DEEP: "The value is nested too deeply.",
    ErrorCode.NOT_IN_FUTURE: "The event would begin in the past.",
    ErrorCode.TOO_FAR_AHEAD: "The date is too many years ahead.",
    ErrorCode.NONEXISTENT_TIME: "Clocks are set forward then: this local time does not exist.",
    ErrorCode.END_BEFORE_START: "The end is not after the start.",
    ErrorCode.DOORS_AFTER_START: "Doors open after the event begins.",
    ErrorCode.SALE_END_BEFORE_START: "The sale does not end after it starts.",
    ErrorCode.SALE_ENDS_AFTER_EVENT: "The sale ends after the event does.",
    ErrorCode.KIND_MISMATCH: "The kind of tier and its amount contradict each other.",
    ErrorCode.CURRENCY_UNSUPPORTED: "Stripe does not charge in this currency.",
    ErrorCode.AMOUNT_TOO_SMALL: "The amount is under the smallest charge in this currency.",
    ErrorCode.AMOUNT_NOT_CHARGEABLE: "The currency has no coin for the last digits of the amount.",
    ErrorCode.CAPACITY_EXCEEDED: "More tickets than places.",
    ErrorCode.QUANTITY_INCONSISTENT: "Quantity, smallest and largest order contradict each other.",
    ErrorCode.TERMS_OUTDATED: "The terms were accepted before a later change.",
}
