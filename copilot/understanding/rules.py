"""Facts of a fixed phrase: capacity, refunds, age, dress code, language, visibility, type."""

import re
from functools import cache
from typing import Final

from babel import Locale

from copilot.understanding.codes import Assumption, QuestionCode
from copilot.understanding.facts import Fact, Option
from copilot.understanding.reading import Reading, capitalized, folded
from copilot.understanding.vocabulary import COUNT, LANGUAGES, NUMBER_WORDS, SHOW, TYPE, count
from domain.stages import Stage

_PEOPLE: Final = (
    r"(?:people|persons?|guests?|pax|ppl|seats?|places?|chairs?|attendees|visitors|participants?|heads|spots|"
    r"personen|leuten?|gasten?|platzen?|sitzen?|"
    r"teilnehmer(?:innen|n|:innen|\*innen)?|besucher(?:innen|n)?|"
    r"personnes|invites|personas|plazas|asistentes|pessoas|"
    r"lugares|convidados)"
)
_NOT_A_RANGE: Final = r"(?!\s?(?:-|–|to|or|and)\s?\d)(?!\s?[€£$%])"
_CAPACITIES: Final = (
    re.compile(
        rf"\b(?:capacity|kapazitat|capacite|aforo|capacidade|lotacao)(?:\s+(?:is|of|to|de|"
        rf"von|ist|(?:bitte )?auf))?(?:\s+(?:about|roughly|around|approx\.?|ca\.?|max\.?))?"
        rf":?\s{{0,3}}({COUNT})(?:\s+{_PEOPLE})?\b(?!\s(?:floors?|rooms?|levels?|halls?|stages?))"
    ),
    re.compile(
        rf"\b(?:(?:room|space) for|platz fur|up to|about|around|max(?:imum)?(?: of)?|bis zu|"
        rf"maximal|hochstens|jusqu'a|hasta|ca\.?|roughly|~)?"
        rf"\s{{0,2}}(?<!\x00 for )(?<!per )(?<!\d[-–])(?<!\d (?:to|or) )"
        rf"\b({COUNT})\s{{0,3}}{_PEOPLE}\b(?:\s+(?:max(?:imum)?|capacity)\b)?"
    ),
    re.compile(rf"\b(?:room|space|platz) f(?:or|ur) (?:about |up to )?({COUNT})\b{_NOT_A_RANGE}"),
    re.compile(
        r"\b(?:venue|room|hall|space|studio|theatre|theater|it|which|that) seats (?:about |up "
        rf"to )?({COUNT})\b{_NOT_A_RANGE}"
    ),
    re.compile(rf"(?:^|(?<=[,;.\n]))\s?seats (?:about |up to )?({COUNT})\b(?=\s?(?:$|[,;.]))"),
    re.compile(rf"\b(?:holds|fits|accommodates) (?:about |up to )?({COUNT})\b{_NOT_A_RANGE}"),
    re.compile(
        rf"\b(?:we|it|they|the (?:room|place|venue|space)) (?:(?:can|could) )?(?:only |just )?"
        r"(?:takes?|fits?|hosts?|seats?|holds?|accommodates?) "
        r"(?:about |up to |only |max(?:imum)? )?"
        rf"({COUNT})(?=\s?(?:$|[,;.!]))"
    ),
    re.compile(
        r"\b(?:es|da|hier|dort) (?:passen|gehen) (?:nur |etwa |bis zu |maximal )?"
        rf"({COUNT}) (?:rein|hinein)\b"
    ),
    re.compile(
        r"\b(?:wir|man) (?:konnen|kann) (?:nur |etwa |bis zu |maximal )?"
        rf"({COUNT}) (?:aufnehmen|unterbringen)\b"
    ),
    re.compile(rf"\b({COUNT})\s{{0,2}}(?:capacity|max(?:imum)?)\b"),
)
_NUMBER: Final = rf"(?:\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
_RETURNS: Final = (
    r"(?:refund(?:s|able)?|return (?:the |their )?tickets?|"
    r"tickets? (?:can be |are )?return(?:ed|able)|returns (?:possible|accepted|allowed))"
)
_REFUNDS: Final = (
    re.compile(
        rf"\b{_RETURNS}\b[a-z ]{{0,30}}?\b({_NUMBER})\s+(day|week)s?\s+(?:before|prior|in advance)"
        r"(?: the (?:event|show|date))?\b"
    ),
    re.compile(
        r"\b(?:ruckgabe|ruckerstattung|erstattung|stornierung|storno)\b[a-z ]{0,30}?\bbis(?: zu)?\s"
        rf"({_NUMBER})\s(tag|woche)(?:en?)?\s(?:vorher|davor|vor (?:der|dem) "
        r"(?:veranstaltung|event|show|termin))\b"
    ),
)
_NO_REFUND: Final = re.compile(
    r"\b(?:no refunds?|non[- ]?refundable|not refundable|no returns|"
    r"keine (?:ruckerstattung|erstattung|ruckgabe)|non remboursables?|"
    r"sin (?:reembolso|devoluciones)|sem reembolso)\b"
)
_AGES: Final = (
    re.compile(r"\b(?:ages?\s+)?(\d{2})\s?\+(?!\d)"),
    re.compile(r"\bover[- ](\d{2})'?s?\b(?:\s+only)?"),
    re.compile(r"\b(?:ages?\s+)?(\d{2})\s+(?:and|or)\s+(?:over|older|above|up)\b"),
    re.compile(r"\bab\s+(\d{2})(?:\s+jahren?)\b"),
)
_DRESS_CODE: Final = re.compile(r"\bdress\s?code(?:\s+is)?:?\s+([\w][\w &'/-]{1,60})")
_BLACK_TIE: Final = re.compile(r"\b(black tie|white tie|smart casual|cocktail attire)\b")
_PRIVATE: Final = re.compile(
    r"\b(?:private(?: event)?|(?:by )?invit(?:e|ation)s?[- ]only|(?:by )?invitation|"
    r"(?:nur )?(?:auf|mit) einladung|sur invitation)\b(?:\s+only)?"
)
_PLATFORM: Final = re.compile(
    r"\b(?:on|via|over|uber|auf|per)\s(zoom|(?:microsoft )?teams|google meet|youtube(?: live)?|"
    r"twitch|vimeo|instagram live)\b"
)
_ALL: Final = r"(?:everyone|everybody|anyone|anybody|all|the public)"
_MAY_SEE: Final = (
    r"(?:can|may|should|could|to) (?:be able to )?(?:see|find)"
    r"(?: (?:it|this|the page|the event)|(?=\s?(?:$|[,.;!])))"
)
_DARF_SEHEN: Final = (
    r"(?:darf|durfen|kann|konnen|soll|sollen)"
    r"(?: (?:es|sie|das|die seite|die veranstaltung))? (?:sehen|finden)"
)
_UNLISTED: Final = re.compile(
    r"\b(?:unlisted|not listed|hidden from search|link[- ]only)\b"
    r"|\b(?:only |just )?(?:for )?(?:(?:visible )?to )?"
    r"(?:people|guests|friends|those|anyone|everyone|everybody) "
    rf"(?:with|who (?:have|has|get|got)) (?:the|a|this) link\b(?: {_MAY_SEE}\b)?"
    r"|\b(?:only with|with only) (?:the|a) link\b"
    r"|\b(?:nur )?(?:fur )?(?:(?:alle|leute|gaste|personen|freunde),? )?(?:mit (?:dem )?link|"
    r"(?:wer|die) (?:den|einen) link (?:hat|haben|kennt|kennen))\b"
    rf"(?: {_DARF_SEHEN}\b| sichtbar\b)?"
)
_VISIBLE: Final = re.compile(
    rf"\b(?:publicly visible|visible (?:to|for) {_ALL}|{_ALL} {_MAY_SEE}|offentlich sichtbar|"
    rf"sichtbar fur alle|fur alle sichtbar|alle {_DARF_SEHEN})\b"
)
_ONLY_ME: Final = re.compile(
    rf"\b(?:(?:only|just) (?:i|me|we|us) {_MAY_SEE}|"
    r"(?:only )?visible (?:only )?(?:to|for) (?:me|us)|"
    rf"nur (?:ich|wir) {_DARF_SEHEN}|nur fur (?:mich|uns) sichtbar)\b(?: (?:only|alone))?"
)
_NOT: Final = re.compile(r"\b(?:not|never|no longer|\w+n['’]t|nicht|nie)\b[^,.;\n]{0,30}\Z")
_PUBLIC: Final = re.compile(r"\b(?:public event|open to (?:the public|all|everyone))\b")


def read_rules(reading: Reading) -> None:
    """Refunds, ages and the dress code: their numbers are neither prices nor counts of people."""
    if match := reading.find(_NO_REFUND):
        reading.add(Stage.TICKET_SETUP, "/refundPolicy", {"kind": "none"}, match.span())
    for pattern in _REFUNDS:
        if match := reading.find(pattern):
            days = count(match[1]) * (7 if match[2] in ("week", "woche") else 1)
            policy = {"kind": "until_days", "days": days}
            reading.add(Stage.TICKET_SETUP, "/refundPolicy", policy, match.span())
    for pattern in _AGES:
        if match := reading.find(pattern):
            reading.add(Stage.EVENT_SETUP, "/ageRestriction", f"{match[1]}+", match.span())
    for pattern in (_DRESS_CODE, _BLACK_TIE):
        if match := reading.find(pattern):
            value = reading.said(*match.span(1))
            reading.add(Stage.EVENT_SETUP, "/dressCode", value, match.span())


def read_platform(reading: Reading) -> None:
    if match := reading.find(_PLATFORM):
        name = capitalized(reading.said(*match.span(1)))
        reading.add(Stage.VENUE_SETUP, "/platform", name, match.span())


def read_capacity(reading: Reading) -> None:
    for pattern in _CAPACITIES:
        if match := reading.find(pattern):
            reading.add(Stage.VENUE_SETUP, "/capacity", count(match[1]), match.span())


def read_visibility(reading: Reading) -> None:
    for value, pattern in (
        ("private", _PRIVATE),
        ("private", _ONLY_ME),
        ("unlisted", _UNLISTED),
        ("public", _VISIBLE),
        ("public", _PUBLIC),
    ):
        for match in reading.find_all(pattern):
            if _NOT.search(reading.open, 0, match.start()):
                reading.set_aside(*match.span())
            else:
                reading.add(Stage.EVENT_SETUP, "/visibility", value, match.span())


def read_language(reading: Reading) -> None:
    pattern, codes = _languages()
    if match := reading.find(pattern):
        reading.add(Stage.EVENT_SETUP, "/language", codes[match[1]], match.span())


@cache
def _languages() -> tuple[re.Pattern[str], dict[str, str]]:
    shown = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "sv", "da", "tr", "uk")
    codes = {
        folded(Locale(language).languages[code]): code for language in LANGUAGES for code in shown
    }
    names = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    introduction = r"(?:in|auf|en|em|language(?: is)?:?|sprache:?|langue:?|idioma:?)"
    # "in English tailoring" is no language.
    ends_there = r"(?=\W*$|\s?[^\w\s]|\s(?:and|with|only|at|on|for|und|et|y|e)\b)"
    return re.compile(rf"\b{introduction}\s+({names})\b{ends_there}"), codes


def read_type(reading: Reading) -> None:
    """The type of the event. Several types are asked about; a mere show is assumed to be one of
    fashion."""
    found = {kind: match for kind, pattern in TYPE.items() if (match := reading.find(pattern))}
    for match in list(found.values()):
        reading.take(*match.span())
    if len(found) > 1:
        options = tuple(
            Option(kind, {}, (Fact(Stage.EVENT_SETUP, "/type", kind.value, *match.span()),))
            for kind, match in found.items()
        )
        first = min(found.values(), key=lambda match: match.start())
        reading.ask(QuestionCode.WHICH_TYPE, Stage.EVENT_SETUP, "/type", first.span(), options)
    for kind, match in found.items():
        if len(found) == 1:
            reading.add(Stage.EVENT_SETUP, "/type", kind.value, match.span())
    show = next((match for match in reading.find_all(SHOW) if not match["other"]), None)
    if not found and show:
        reading.add(
            Stage.EVENT_SETUP, "/type", "fashion_show", show.span(), Assumption.TYPE_OF_SHOW
        )
