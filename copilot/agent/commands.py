"""Sentences that are commands: each pattern matches a whole sentence, never a part of one.
Those of German are read in every language, as words of sentences are.

A command inside a title or another quotation is therefore ignored.
"""

import re
from typing import Final

from copilot.agent.german_commands import COURTESIES
from copilot.agent.german_commands import PATTERNS as GERMAN
from copilot.agent.intents import Command, Intent

MAX_COMMAND_LENGTH: Final = 400

_STRIPE: Final = r"(?:stripe|payments?|bank|stripe account|payment account)(?: account)?"
_ADD: Final = r"(?:add|create|make|offer) (?:(?:a|an|another|one|some|the) )?(?:new )?"
_CHANGE: Final = (
    r"(?:set|change|make|rename|update|put|raise|lower|increase|reduce|move|shift|switch|"
    r"bump|bring|cut)"
)

_ANYTHING: Final = (
    r"(?:it|this|that|them|these|things|everything|anything)"
    r"(?: (?:again|later|afterwards|after publishing|at any time))*"
)
_PRAISE: Final = r"(?:[,!.]? (?:that|this|it|all)(?:'s| is| was| looks?| sounds?) .{1,30})?"

_PATTERNS: Final[tuple[tuple[Intent, str], ...]] = (
    (Intent.ACCEPT, r"yes|yep|yeah|ok|okay|sure|right|correct|agreed|accept|save|use|take|keep"),
    (Intent.ACCEPT, r"(?:yes,? )?(?:accept|save|use|take|keep|apply|add) (?:it|them|that|these)"),
    (Intent.ACCEPT, r"(?:yes,? )?(?:accept|save|use|take|keep|apply|add)(?: it| them)? all"),
    (Intent.ACCEPT, r"yes,? (?:save|please|all)|all of (?:it|them|these)|that(?:'s| is) right"),
    (Intent.REJECT, r"no|nope|none|nothing|no thanks|cancel|forget (?:it|that|them)|never ?mind"),
    (Intent.REJECT, r"(?:drop|discard|reject|ignore) (?:it|them|that|all|everything)"),
    (Intent.WITHOUT, r"(?:yes,? |save |all |accept |but )*(?:without|except|not) (?P<subject>.+)"),
    (Intent.WITHOUT, r"(?:leave out|drop|skip|remove|discard) (?P<subject>.+)"),
    (Intent.ONLY, r"(?:yes,? |save |use |take |keep |accept )*(?:only|just) (?P<subject>.+)"),
    (Intent.RETRY, r"(?:try|do it|send it) again|again|retry|repeat"),
    (Intent.HELP, r"help|what can you do|what can i say|hello|hi"),
    (Intent.LATER, rf"(?:can|could|may) i (?:still |also )?(?:change|edit|fix) {_ANYTHING}"),
    (Intent.THANKS, rf"(?:many )?(?:thanks|thank you|thx)(?: a lot| so much)?{_PRAISE}"),
    (
        Intent.UNDO,
        r"undo(?: (?:it|that|this|the last (?:change|step)|last))?|take (?:it|that) back",
    ),
    (Intent.UNDO, r"(?:revert|restore) (?:it|that|the last change)"),
    (Intent.SAVE, r"save (?:this|the) (?:stage|step|page|draft)|save now|save my work"),
    (
        Intent.CREATE,
        r"(?:create|start|begin|make|open) (?:a |an )?(?:new|another) (?:event|session)",
    ),
    (Intent.CREATE, r"new (?:event|session|draft)"),
    (Intent.CONNECT, r"(?:connect|link|set ?up|open) (?:to |with |my |the |a |our )*" + _STRIPE),
    (Intent.CHECKS, r"(?:run|show|do|repeat) (?:me )?(?:the |all |publish )*checks?(?: again)?"),
    (Intent.CHECKS, r"check (?:it|everything|the event|my event|again)"),
    (Intent.CHECKS, r"is (?:it|everything|the event) ready(?: to publish)?"),
    (Intent.CHECKS, r"can i publish(?: it| now)?"),
    (
        Intent.MISSING,
        r"what(?:'s| is| else is)(?: still)? (?:missing|left|open|wrong)(?: .{0,60})?",
    ),
    (Intent.MISSING, r"what (?:else )?do i (?:still )?(?:need|have to do)(?: .{0,60})?"),
    (Intent.MISSING, r"what (?:should|do|must|can) i do (?:next|now)|is anything missing"),
    (Intent.TERMS, r"(?:i |you )?(?:accept|agree to|agree with|tick) (?:the )?terms(?: .{0,40})?"),
    (Intent.PUBLISH, r"publish(?: (?:it|this|now|the event|my event|this event))*"),
    (Intent.PUBLISH, r"publish(?: (?:it|this|the event|my event|this event))? (?P<subject>.+)"),
    (
        Intent.PUBLISH,
        r"(?:go live|(?:put|set) it (?:online|out|live)|make it public)(?: (?P<subject>.+))?",
    ),
    (Intent.BACK, r"(?:go )?back|previous(?: stage| step)?|take me back"),
    (Intent.GO, r"(?:go|jump|switch|take me|bring me) (?:on |over |back )?to (?P<subject>.+)"),
    (Intent.GO, r"(?:open|show)(?: me)? (?P<subject>.+? (?:stage|step|page))"),
    (Intent.COMPLETE, r"next(?: stage| step)?|continue(?: to .{1,40})?|go on"),
    (Intent.COMPLETE, r"(?:i(?:'m| am) )?done|that(?:'s| is) (?:it|all)"),
    (
        Intent.COMPLETE,
        r"(?:complete|finish|finalize|finalise)(?: (?P<subject>.+?))?(?: and go on)?",
    ),
    (Intent.COMPLETE, r"mark (?P<subject>.+) as (?:complete|done|finished)"),
    (Intent.SUGGEST, r"(?:suggest|propose|recommend)(?: me)?(?: (?P<subject>.+))?"),
    (Intent.SUGGEST, r"(?:any |some |give me )*(?:suggestions?|ideas?)(?: for (?P<subject>.+))?"),
    (
        Intent.FILL,
        r"(?:fill|read)(?: it)?(?: in)?(?: from)?(?: this| the)?(?: text)?: ?(?P<subject>.+)",
    ),
    (Intent.EXPLAIN, r"(?:explain|describe) (?P<subject>.+)"),
    (Intent.EXPLAIN, r"what(?:'s| is| are| does) (?P<subject>.+?)(?: for| mean| good for| about)?"),
    (Intent.EXPLAIN, r"how long (?:can|may|must|should) (?P<subject>.+) be"),
    (
        Intent.ADD_TIER,
        _ADD + r"(?:ticket tiers?|tickets?|tiers?)(?::| called| named)? (?P<subject>.+)",
    ),
    (
        Intent.SET,
        _CHANGE
        + r" (?P<subject>.+?)(?: up| down)?(?: from .+?)?(?: to be| to| as|:) (?P<value>.+)",
    ),
    (Intent.STATE, r"(?P<subject>(?:the|our) .{2,40}?) is (?P<value>.+)"),
    (Intent.STATE, r"(?P<subject>[a-z][a-z -]{2,24}(?:[12])?): ?(?P<value>.+)"),
    (Intent.REMOVE, r"(?:remove|delete|clear|empty|drop|erase) (?P<subject>.+)"),
)

_COMPILED: Final = [
    (intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in (*GERMAN, *_PATTERNS)
]
_POLITE: Final = re.compile(
    r"^(?:(?:please|pls|(?:can|could|would) you|let's|lets|now|then|and|so|ok|okay|alright|great|"
    rf"hey|oh|oops|actually|i(?: want|'d like) to|{COURTESIES})[ ,]+)+",
    re.IGNORECASE,
)
_ENDING: Final = re.compile(
    r"(?:[ ,]+(?:please|pls|plz|thanks|thank you|bitte|danke))*[\s.!?…]*$", re.IGNORECASE
)


def tidy(sentence: str) -> str:
    """On one line, without courtesies and the last full stop."""
    text = " ".join(sentence.replace("\u2019", "'").split())[:MAX_COMMAND_LENGTH]
    return _POLITE.sub("", _ENDING.sub("", text))


def commands_in(sentence: str) -> list[Command]:
    """The commands that a sentence may mean, the likeliest first; empty if it is no command."""
    if len(sentence) > MAX_COMMAND_LENGTH:
        return []
    text = tidy(sentence)
    matches = ((intent, pattern.fullmatch(text)) for intent, pattern in _COMPILED)
    return [_command(intent, match) for intent, match in matches if match]


def _command(intent: Intent, match: re.Match[str]) -> Command:
    groups = match.groupdict()
    subject, value = groups.get("subject"), groups.get("value")
    return Command(intent, (subject or "").strip(), (value or "").strip())
