"""Names that people give: the title, the venue, the organizer, the sponsors."""

import re
from typing import Final

from copilot.understanding.codes import Assumption
from copilot.understanding.gazetteer import cities_named
from copilot.understanding.reading import TAKEN, Reading
from copilot.understanding.vocabulary import TYPES, alternatives, months, weekdays
from domain.schemas.sponsor import MAX_SPONSORS
from domain.stages import Stage

_CALLED: Final = re.compile(
    r"\b(?:(?<!my )(?:the )?(?:title|name)(?: of (?:the|my|our) \w{3,20})? is|"
    r"(?:title|titel|name):|it'?s called|it is called|called|call it|name it|named|titled|"
    r"genannt|namens|mit dem titel|(?:der )?titel (?:ist|lautet)|"
    r"(?:sie|es|das ganze) hei(?:ss|ß)t|appelee?|intitulee?|llamad[oa]|titulad[oa]|chamad[oa])\s+"
)
_STOP: Final = re.compile(
    r"[,;\n(:]|\.(?:\s|$)|\s(?:on|at|in|with|from|for|by|am|um|im|le|el|en|em|a las|doors|"
    r"starting|starts|next|this|tomorrow|tonight|hosted|sponsored|presented|where|"
    r"and it(?:'s| is)?|it's|its|tickets|a|the event)\s"
)
_BY: Final = re.compile(
    r"\b(?:(?:hosted|organi[sz]ed|presented|run|put on) by|"
    r"(?:(?:the|our) )?(?:organi[sz]er|host)(?: is|:)|(?:veranstaltet|organisiert) von|"
    r"(?:(?:der|die|unsere?) )?(?:gastgeber|veranstalter|ausrichter)(?:in)?(?: ist| sind|:)|"
    r"my name is|mein name ist|ich hei(?:ss|ß)e|organise par|organizad[oa] por)\s+(?:us,? )?"
)
_BY_ALONE: Final = re.compile(r"(?<=\x00)\s?\b(?:by|von|par|por)\s+")
_SPONSORS: Final = re.compile(
    r"\b(?:sponsored by|(?:our )?sponsors?(?: are| is)?:?|gesponsert von|sponsoren:?|"
    r"sponsorise par|patrocinad[oa] por)\s+"
)
# After other words, as in "our sponsors are welcome", only capitals begin a name.
_NAMES_FOLLOW: Final = re.compile(r"(?:by|von|par|por|:)\s+\Z")
_SPONSOR_STOP: Final = re.compile(r"[;\n(]|\.(?:\s|$)|\s(?:on|at|in|with|from|for)\s")
_AND: Final = re.compile(r"\s*,\s*(?:and\s|und\s|et\s)?|\s+(?:and|&|und|et|y|e)\s+")
_VENUE: Final = re.compile(
    r"\b(?:venue|location|(?:veranstaltungs)?ort|lieu|lugar)(?P<is> is| ist|:)?\s+"
    r"(?:(?:the|der|die|das)\s)?"
)
_AT: Final = re.compile(
    r"(?:^|(?<=[\s\x00]))(?:at|@|in the|in der|in den|im|au|en el)\s(?:(?:the|der|den)\s)?"
)
_ROOM_WORDS: Final = re.compile(
    r"\b(?:studios?|gallery|galerie|museum|hall|theatre|theater|warehouse|club|hotel|church|halle|"
    r"haus|palace|factory|loft|rooftop|centre|center|bar|garage|mill|barn|academy|school)\b"
    r"|(?:haus|halle|hof|fabrik|werk|theater|saal|keller)\b"
)
_NO_NAME: Final = re.compile(r"\b(?:at|in|our|my|your|his|her|their|is|are|wir|sind|ist|aus)\b")
_JOINTS: Final = frozenset(
    {"of", "the", "and", "&", "de", "do", "da", "des", "du", "der", "la", "le", "for", "am", "zum"}
)
_WORD: Final = re.compile(r"[^\s,;:.()!?/\x00]+")
_MOST_WORDS: Final = 6
_MOST_LETTERS: Final = 150
_TYPE_WORD: Final = re.compile(
    rf"(?:(?:{'|'.join(TYPES.values())}|show|event|party|doors|tickets?|shop|store|talk|online|"
    rf"a|an|the|our|"
    r"my|we|i|free|capacity|contact|hello|hi|venue|hashtag|rsvp|admission|entry|in|at|on|starts?|"
    r"ends?|room|refunds?|no|up|from|until|open|einlass|eintritt|beginn|karten|platze|gaste|"
    r"opening|eroffnung)\b[\s-]*)+"
)
# What may follow a name: the end of a clause, other facts, or a small word.
_NAME_ENDS: Final = re.compile(
    rf"\s?(?:$|[^\w\s]|{TAKEN}|(?:at|in|on|by|from|with|for|am|im|um|ab|von|mit|fur|bei)\b)"
)


def read_called(reading: Reading) -> None:
    """A title after "called" or the like. It is read early: any word may be a part of it."""
    match = reading.find(_CALLED)
    if match and reading.fact(Stage.EVENT_SETUP, "/title") is None:
        end = _end_of_title(reading, match.end())
        if title := reading.said(match.end(), end):
            reading.add(Stage.EVENT_SETUP, "/title", title, (match.start(), end))


def _end_of_title(reading: Reading, start: int) -> int:
    window = reading.open[start : start + _MOST_LETTERS]
    stop = _STOP.search(window)
    limits = [stop.start() if stop else len(window), (window + TAKEN).index(TAKEN)]
    days = re.compile(
        rf"\s(?:{alternatives(weekdays())}|\d{{1,2}}\s(?:{alternatives(months())}))\b"
    )
    day = days.search(window)
    return start + min([*limits, day.start() if day else len(window)])


def read_organizer(reading: Reading) -> None:
    for pattern in (_BY, _BY_ALONE):
        for match in reading.find_all(pattern):
            end = _end_of_name(reading, match.end())
            if name := reading.said(match.end(), end):
                reading.add(Stage.ORGANIZER_SETUP, "/name", name, (match.start(), end))
                return


def read_sponsors(reading: Reading) -> None:
    match = reading.find(_SPONSORS)
    if match is None or not (_NAMES_FOLLOW.search(match[0]) or _is_capital(reading, match.end())):
        return
    window = reading.open[match.end() : match.end() + 400]
    stop = _SPONSOR_STOP.search(window)
    end = match.end() + min(stop.start() if stop else len(window), (window + TAKEN).index(TAKEN))
    start = match.end()
    parts: list[tuple[int, int]] = []
    is_last = False
    for joint in [*_AND.finditer(reading.open, match.end(), end), None]:
        parts.append((start, joint.start() if joint else end))
        if is_last:
            end = parts[-1][1]
            break
        is_last = joint is not None and "," not in joint[0]
        start = joint.end() if joint else end
    reading.take(match.start(), end)
    for span in parts[:MAX_SPONSORS]:
        if name := reading.said(*span):
            reading.add(Stage.SPONSORS_MEDIA, "/sponsors/-", {"name": name}, span)
    for span in parts[MAX_SPONSORS:]:
        reading.set_aside(*span)


def _is_capital(reading: Reading, at: int) -> bool:
    return reading.text[at : at + 1] != reading.open[at : at + 1]


def read_title_at_start(reading: Reading) -> None:
    """A title at the beginning of the sentence, as in "Autumn Salon at Kaufhaus Jandorf"."""
    if reading.fact(Stage.EVENT_SETUP, "/title"):
        return
    match = re.match(r"\s*", reading.open)
    start = match.end() if match else 0
    end = _end_of_capitals(reading, start)
    is_followed = re.match(r"\s(?:at|@)\s", reading.open[end:])
    said = reading.open[start:end]
    if is_followed and " " in said and not _TYPE_WORD.fullmatch(said):
        reading.add(Stage.EVENT_SETUP, "/title", reading.said(start, end), (start, end))


def read_title_after_type(reading: Reading) -> None:
    """A name after the type, as in "Fashion show Nachtschicht"; not the name of a room."""
    kind = reading.fact(Stage.EVENT_SETUP, "/type")
    if kind is None or reading.fact(Stage.EVENT_SETUP, "/title"):
        return
    gap = re.match(r"[:,]?\s", reading.open[kind.end :])
    start = kind.end + (gap.end() if gap else 0)
    end = _end_of_capitals(reading, start)
    name = reading.open[start:end]
    is_name = end > start and not _TYPE_WORD.fullmatch(name) and not cities_named(name)
    if is_name and not _ROOM_WORDS.search(name) and _NAME_ENDS.match(reading.open, end):
        title, span = reading.said(start, end), (start, end)
        reading.add(Stage.EVENT_SETUP, "/title", title, span, Assumption.TITLE_AFTER_TYPE)


def read_title_alone(reading: Reading) -> None:
    """The title, if the whole sentence is a name and says nothing else."""
    if reading.facts or reading.questions:
        return
    text = reading.open.rstrip(" .!")
    end = _end_of_capitals(reading, 0)
    words = reading.text[:end].split()
    is_time = any(word in months() for word in text.split())
    is_name = 1 < len(words) <= _MOST_WORDS and not _TYPE_WORD.fullmatch(text) and not is_time
    if end and end == len(text) and is_name:
        reading.add(
            Stage.EVENT_SETUP, "/title", reading.said(0, end), (0, end), Assumption.TITLE_ALONE
        )


def read_venue(reading: Reading) -> None:
    match = reading.find(_VENUE)
    if match and (match["is"] or _is_capital(reading, match.end())):
        end = _end_of_name(reading, match.end())
        _add_venue(reading, match.end(), end, match.start())
    for match in reading.find_all(_AT):
        end = _end_of_capitals(reading, match.end())
        if end > match.end() and not _TYPE_WORD.fullmatch(reading.open[match.end() : end]):
            _add_venue(reading, match.end(), end, match.start())
            break
    _read_venue_before_city(reading)


def _add_venue(reading: Reading, start: int, end: int, first: int) -> None:
    if name := reading.said(start, end):
        reading.add(Stage.VENUE_SETUP, "/name", name, (first, end))


def _read_venue_before_city(reading: Reading) -> None:
    """A name directly before the street or city: "Kesselhaus Berlin", "Museu do Traje, Lisbon"."""
    street = reading.fact(Stage.VENUE_SETUP, "/address/line1")
    city = street or reading.fact(Stage.VENUE_SETUP, "/address/city")
    if city is None or reading.fact(Stage.VENUE_SETUP, "/name"):
        return
    before = reading.open[: city.start]
    chunk = re.search(r"([^,;:.()!?/\x00\n]{3,80}?)(?:,\s|\s(?:in\s)?)\Z", before[-90:])
    if chunk is None:
        return
    offset = max(0, len(before) - 90)
    start, end = offset + chunk.start(1), offset + chunk.end(1)
    text = reading.text[start:end].strip()
    words = text.split()
    has_capitals = text[:1].isupper() and all(
        word[0].isupper() or word.lower() in _JOINTS for word in words
    )
    is_room = _ROOM_WORDS.search(chunk[1]) and not _NO_NAME.search(chunk[1]) and len(words) > 1
    is_name = has_capitals or is_room
    if is_name and len(words) <= _MOST_WORDS and not _TYPE_WORD.fullmatch(chunk[1].strip()):
        _add_venue(reading, start, end, start)


def _end_of_name(reading: Reading, start: int) -> int:
    """The end of a name: of its capital words, or of the clause if it has none."""
    end = _end_of_capitals(reading, start)
    if end > start:
        return end
    window = reading.open[start : start + _MOST_LETTERS]
    stop = _STOP.search(window)
    return start + min(stop.start() if stop else len(window), (window + TAKEN).index(TAKEN))


def _end_of_capitals(reading: Reading, start: int) -> int:
    """The end of a run of words with capitals. Small words join them: "Museu do Traje"."""
    end = at = start
    for match in _WORD.finditer(reading.open, start, min(len(reading.open), start + _MOST_LETTERS)):
        if reading.open[at : match.start()].strip(" "):
            break
        word = reading.text[match.start() : match.end()]
        if word[0].isupper() or (word[0].isdigit() and end > start):
            end = match.end()
        elif match[0] not in _JOINTS or end == start:
            break
        at = match.end()
    return end
