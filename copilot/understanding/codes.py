"""The codes of what a sentence leaves open: assumptions, questions and their options."""

from enum import StrEnum


class Assumption(StrEnum):
    """The part of a fact's value that was not said."""

    YEAR = "year"
    MONTH = "month"
    """The next such day is taken, or that in the month of the event's date, if it has one."""
    BEFORE_START = "before_start"
    AFTER_START = "after_start"
    """The half of the day of the doors or the end: the one next to the start."""
    OPENING_HOURS = "opening_hours"
    """The hours of each day are the start of the first and the end of the last."""
    COUNTRY_OF_CITY = "country_of_city"
    ZONE_OF_CITY = "zone_of_city"
    """The city is the largest of its name."""
    ZONE_OF_PERSON = "zone_of_person"
    MODE_OF_PLACE = "mode_of_place"
    """The event has a room."""
    MODE_OF_BOTH = "mode_of_both"
    """It is hybrid, because a place and online access are said."""
    CURRENCY_OF_SESSION = "currency_of_session"
    CURRENCY_OF_COUNTRY = "currency_of_country"
    TIER_NAME = "tier_name"
    TYPE_OF_SHOW = "type_of_show"
    """A show is a fashion show."""
    TITLE_ALONE = "title_alone"
    """A sentence that is only a name is the title."""
    TITLE_AFTER_TYPE = "title_after_type"
    """A name after the type of the event is its title."""


class QuestionCode(StrEnum):
    """What is asked about words with several meanings."""

    HALF_OF_DAY = "half_of_day"
    DAY_OR_MONTH = "day_or_month"
    WHICH_WEEK = "which_week"
    WHICH_DAY = "which_day"
    WHICH_CITY = "which_city"
    WHICH_CURRENCY = "which_currency"
    WHICH_TYPE = "which_type"
    WHICH_URL = "which_url"
    WHAT_NUMBER = "what_number"


class OptionCode(StrEnum):
    """A meaning of words. Those of a type of event are the types."""

    MORNING = "morning"
    EVENING = "evening"
    DATE = "date"
    BOTH_DAYS = "both_days"
    CITY = "city"
    CURRENCY = "currency"
    EVENT_PAGE = "event_page"
    ORGANIZER_WEBSITE = "organizer_website"
    ONLINE_ACCESS = "online_access"
    PRICE = "price"
    CAPACITY = "capacity"
