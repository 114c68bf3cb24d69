"""German sentences that are commands, among them all that the German texts quote."""

from typing import Final

from copilot.agent.intents import Intent

COURTESIES: Final = (
    r"bitte|kannst du|könntest du|jetzt|dann|und|also|gut|ups|doch|ich (?:will|möchte)"
)
"""Words before a command without a meaning of their own."""

_EVENT: Final = r"(?:die veranstaltung|das event|es|sie)"
_CHANGE: Final = r"(?:ändere?|setze?|stelle?|benenne?|erhöhe?|senke?)"
_SUBJECT: Final = r"(?P<subject>.+?)"
_ANYTHING: Final = (
    r"(?:(?:später|danach|nachher|noch|auch) )*(?:das|es|dies|alles|etwas|(?:et)?was|die angaben)"
    r"(?: (?:auch|später|danach|nachher|noch|wieder))*"
)
_PRAISE: Final = r"(?:[,!.]? (?:das|es|alles|sieht|so) .{1,30})?"
_FORMER: Final = r"(?: von \d\S*(?: (?:uhr|euro|€))?)?"
_PLEASE: Final = r"(?: bitte| mal| doch)*"

PATTERNS: Final[tuple[tuple[Intent, str], ...]] = (
    (Intent.ACCEPT, r"ja|jawohl|gern|gerne|genau|richtig|stimmt|einverstanden|passt"),
    (Intent.ACCEPT, r"(?:ja,? )?(?:alle[s]?|das|es|sie)(?: bitte)? (?:nehmen|speichern)"),
    (Intent.ACCEPT, r"(?:ja,? )?(?:nimm|speicher[e]?|übernimm) (?:das|es|sie|alle[s]?)"),
    (Intent.REJECT, r"nein|nein danke|nee|lieber nicht|abbrechen|vergiss es|nichts davon|lassen"),
    (Intent.WITHOUT, r"(?:ja,? |alles |aber )*(?:ohne|außer|nicht) (?P<subject>.+)"),
    (Intent.WITHOUT, r"lass (?P<subject>.+) weg"),
    (Intent.ONLY, r"(?:ja,? |nimm )*nur (?P<subject>.+)"),
    (Intent.RETRY, r"noch ?einmal|nochmal|noch mal|wiederhole? (?:das|es)|versuch es noch ?einmal"),
    (Intent.HELP, r"hilfe|was kannst du|was kann ich sagen|hallo|guten (?:tag|morgen|abend)"),
    (Intent.UNDO, r"(?:das |es |die letzte änderung )?(?:zurücknehmen|rückgängig(?: machen)?)"),
    (Intent.UNDO, r"nimm (?:das|es|die letzte änderung) zurück|mach (?:das|es) rückgängig"),
    (Intent.SAVE, r"(?:den abschnitt|diesen abschnitt|die seite|den entwurf) speichern"),
    (Intent.CREATE, r"(?:(?:eine|noch eine) )?(?:neue|weitere) veranstaltung(?: beginnen)?"),
    (Intent.CREATE, r"beginne? eine neue veranstaltung"),
    (Intent.CONNECT, r"(?:verbinde|öffne) (?:mein konto bei )?stripe|stripe (?:verbinden|öffnen)"),
    (Intent.CHECKS, r"prüfe? (?:es|alles|die veranstaltung)(?: noch ?einmal)?|noch ?einmal prüfen"),
    (Intent.CHECKS, r"ist (?:alles|die veranstaltung|es) (?:bereit|fertig|in ordnung)"),
    (Intent.CHECKS, r"kann ich(?: es| sie| jetzt)* veröffentlichen"),
    (Intent.MISSING, r"was fehlt(?: noch| mir| hier)*|fehlt(?: noch)? etwas|was ist noch offen"),
    (Intent.MISSING, r"was (?:muss|kann|soll) ich (?:noch|jetzt|als nächstes)(?: tun| machen)?"),
    (Intent.TERMS, r"(?:ich )?nehme? die bedingungen an|(?:die )?bedingungen annehmen"),
    (Intent.PUBLISH, rf"(?:{_EVENT} )?veröffentliche[n]?(?: {_EVENT})?(?: jetzt)?"),
    (Intent.PUBLISH, rf"veröffentliche[n]?(?: {_EVENT})? (?P<subject>.+)"),
    (
        Intent.PUBLISH,
        rf"(?:{_EVENT} )?(?P<subject>(?:am|um|heute|morgen|übermorgen) .+) veröffentlichen",
    ),
    (
        Intent.BACK,
        r"(?:geh |einen schritt )?zurück|(?:der )?(?:vorige|vorherige) (?:schritt|abschnitt)",
    ),
    (Intent.GO, r"(?:geh|gehe|wechsle|spring|zurück|bring mich) (?:zu|zum|zur) (?P<subject>.+)"),
    (Intent.GO, r"(?:öffne|zeig|zeige)(?: mir)? (?P<subject>.+? (?:abschnitt|seite|schritt))"),
    (Intent.COMPLETE, r"(?:und )?weiter(?: zu .{1,40})?|nächster (?:schritt|abschnitt)|fertig"),
    (Intent.COMPLETE, rf"schließe? {_SUBJECT} ab"),
    (Intent.COMPLETE, rf"{_SUBJECT} abschließen"),
    (Intent.SUGGEST, rf"schlage?(?: mir)? {_SUBJECT} vor"),
    (Intent.SUGGEST, rf"{_SUBJECT} vorschlagen"),
    (Intent.SUGGEST, r"(?:hast du |irgendwelche )?(?:vorschläge|ideen)(?: für (?P<subject>.+))?"),
    (Intent.EXPLAIN, r"(?:erkläre?|beschreibe?)(?: mir)? (?P<subject>.+)"),
    (
        Intent.EXPLAIN,
        rf"(?:was (?:ist|sind|heißt|bedeutet|bedeuten)|wozu (?:ist|sind)) {_SUBJECT}(?: da)?",
    ),
    (
        Intent.ADD_TIER,
        r"(?:(?:noch )?ein(?:e)? )?(?:neue[s]?|weitere[s]?) tickets?(?::| namens)? (?P<subject>.+)",
    ),
    (
        Intent.ADD_TIER,
        rf"füge? (?:(?:noch )?ein )?(?:neues |weiteres )?ticket(?: namens)? {_SUBJECT} hinzu",
    ),
    (Intent.LATER, rf"(?:kann|darf) ich {_ANYTHING} (?:ändern|anpassen|bearbeiten)"),
    (Intent.THANKS, rf"(?:vielen )?danke?(?: schön| sehr| dir)?{_PRAISE}"),
    (
        Intent.SET,
        (
            rf"{_SUBJECT}{_PLEASE}{_FORMER} auf (?P<value>.+?) "
            r"(?:ändern|setzen|stellen|erhöhen|senken|verschieben)"
        ),
    ),
    (
        Intent.SET,
        rf"{_CHANGE}{_PLEASE} {_SUBJECT}(?: um)?{_FORMER}(?: auf| zu| in|:) (?P<value>.+)",
    ),
    (Intent.STATE, r"(?P<subject>(?:der|die|das) .{2,40}?) (?:ist|heißt|lautet) (?P<value>.+)"),
    (Intent.REMOVE, rf"(?:entferne?|lösche?|leere?){_PLEASE} (?P<subject>.+)"),
    (Intent.REMOVE, rf"{_SUBJECT}{_PLEASE} (?:entfernen|löschen|leeren)"),
)
