"""Replies of the agent by rules. What a reply quotes as a sentence, the rules understand."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "completed": "„{stage}“ ist fertig.",
    "saved": "Gesichert: {names}.",
    "saved_stage": "„{stage}“ ist gesichert.",
    "unchanged": "Das ist schon so. Nichts wurde geändert.",
    "kept": "Inzwischen hast du {names} geändert. Deine Fassung bleibt.",
    "undone": "Die letzte Änderung ist zurückgenommen.",
    "ticket_removed": "Das Ticket ist entfernt.",
    "went": "„{stage}“ ist offen.",
    "created": "Ein neuer Entwurf ist offen. Sag, was für eine Veranstaltung es ist, wann und wo.",
    "connected": "Stripe ist offen. Bezahlte Tickets gibt es, sobald das Konto bereit ist.",
    "publishing": "Die Veranstaltung wird veröffentlicht.",
    "not_confirmed": "Nichts wurde veröffentlicht. Sag „veröffentlichen“, wenn es so weit ist.",
    "changed_since": "Die Veranstaltung hat sich geändert, seit sie geprüft wurde. Sag "
    "„veröffentlichen“, um sie noch einmal zu prüfen.",
    "done": "Erledigt.",
    "declined": "Nichts wurde geändert.",
    "next": "Als Nächstes: {message}",
    "next_stage": "„{stage}“ hat alles. Sag „weiter“, um es abzuschließen.",
    "proposal": "Das habe ich verstanden:",
    "unused": "Nicht verwendet habe ich: {words}",
    "accept": "Sag „ja“, um es zu sichern, oder nenne, was wegbleiben soll.",
    "dropped": "Nichts wurde gesichert.",
    "assumed": "{line} (angenommen)",
    "nothing_open": "Es gibt nichts anzunehmen. Sag, was für eine Veranstaltung es ist, oder frag, "
    "was fehlt.",
    "ideas": "Vorschläge:",
    "idea": "{line} ({reason})",
    "use_ideas": "Sag „ja“, um alle zu nehmen, oder nenne, was du nehmen willst, etwa "
    "„nur {name}“.",
    "only": "nur {name}",
    "use_only": "Nur „{name}“ nehmen",
    "no_ideas": "Hier gibt es nichts vorzuschlagen: Was ich ausfüllen kann, ist ausgefüllt.",
    "nothing_missing": "Nichts fehlt. Sag „veröffentlichen“, um die Veranstaltung zu "
    "veröffentlichen.",
    "blocking": "Bevor sie öffentlich werden kann:",
    "warnings": "Einen Blick wert:",
    "in_stage": "{stage}: {message}",
    "blocked": "Die Veranstaltung lässt sich noch nicht veröffentlichen:",
    "terms": "Nur du kannst die Bedingungen annehmen: unter „Prüfen“, als letzten Schritt.",
    "terms_in_dialog": "Die Bedingungen nimmst du an, wenn du bestätigst.",
    "when": "Nenne Tag und Uhrzeit, etwa „veröffentlichen am 3. Mai um 10 Uhr“.",
    "when_past": "Diese Zeit ist vorbei. Nenne eine spätere.",
    "no_zone": "Die Zeitzone ist nicht bekannt. Gib zuerst die Zeitzone der Veranstaltung an.",
    "cannot": "Auf dieser Seite geht das nicht. Öffne die Veranstaltung im Wizard.",
    "what_field": "Welches Feld meinst du? Nenne es wie auf der Seite, etwa „Beginn“.",
    "no_explanation": "Über „{name}“ weiß ich nicht mehr, als die Seite zeigt.",
    "what_value": "Was soll bei „{name}“ stehen?",
    "what_tier": "Wie heißt das Ticket, und was kostet es? "
    "Zum Beispiel: „neues Ticket VIP zu 80 Euro“.",
    "which_tier": "Welches Ticket kostet {said}? Es gibt: {names}.",
    "which_tier_has": "Für welches Ticket gilt „{said}“? Es gibt: {names}.",
    "no_such_tier": "Kein Ticket heißt so. Es gibt: {names}.",
    "no_tiers": "Noch gibt es keine Tickets.",
    "one_currency": "Alle Tickets haben dieselbe Währung. Nenne den Preis in {currency}.",
    "first_stage": "„Gastgeber“ ist der erste Abschnitt.",
    "not_understood": "Darin habe ich keinen Wert für ein Feld gefunden. Sag zum Beispiel "
    "„{example}“, oder frag, was fehlt.",
    "help": "Sag, was für eine Veranstaltung es ist, wann und wo, und was ein Ticket kostet. "
    "Du kannst auch „was fehlt“, „Vorschläge“, „weiter“, „zurücknehmen“ oder "
    "„veröffentlichen“ sagen.",
    "later": "Ja. Alles lässt sich ändern, bis die Veranstaltung öffentlich ist.",
    "thanks": "Gern geschehen.",
    "cannot_answer": "Diese Frage kann ich nicht beantworten. Nichts wurde geändert. Ich kann "
    "sagen, was fehlt, ein Feld erklären oder einen Wert vorschlagen.",
    "nothing": "nichts",
    "tickets": "{count} Stück",
    "most_per_order": "höchstens {count} je Bestellung",
    "sale_from": "im Verkauf ab {moment}",
    "sale_until": "im Verkauf bis {moment}",
    "days": "{first} bis {last}",
    "refund_until": "bis {days} Tage vorher",
    "zone": "Zeit von {city}",
    "choose": "{number}. {option}",
    "nothing_to_repeat": "Es gibt nichts zu wiederholen.",
    "say_again": "Die Liste kann sich inzwischen geändert haben. Sag noch einmal, was anders "
    "werden soll.",
    "look_first": "Vielleicht wurde die letzte Änderung nicht zurückgenommen. Sieh nach, und sag "
    "noch einmal „zurücknehmen“, wenn sie es nicht ist.",
    "not_valid": "{name}: Das lässt sich nicht verwenden.",
    "model_failed": "Das Sprachmodell antwortet gerade nicht. Diese Antwort folgt Regeln.",
}

BUTTONS: Final[dict[str, tuple[str, str]]] = {
    "save": ("Sichern", "ja"),
    "leave": ("Lassen", "nein"),
    "use": ("Nehmen", "ja"),
    "use_all": ("Alle nehmen", "ja"),
    "continue": ("Weiter", "weiter"),
    "retry": ("Noch einmal", "noch einmal"),
    "publish": ("Veröffentlichen", "veröffentlichen"),
    "create": ("Neue Veranstaltung", "neue Veranstaltung"),
    "go": ("Zu „{stage}“", "geh zu {stage}"),
}

EXAMPLES: Final[dict[str, str]] = {
    "organizerSetup": "Veranstaltet von Atelier Nord",
    "eventSetup": "Ein Pop-up namens Hutraum am 9. Mai um 19 Uhr",
    "venueSetup": "Galeria Sul in Lissabon, 300 Personen",
    "ticketSetup": "neues Ticket Standard zu 25 Euro",
    "sponsorsMedia": "Gesponsert von Maison Verte",
    "reviewPublish": "veröffentlichen",
}

REFUSALS: Final[dict[str, str]] = {
    "unauthenticated": "Du bist abgemeldet. Melde dich wieder an, und sag dann „noch einmal“.",
    "permission_missing": "Das darfst du in dieser Organisation nicht. Frag jemanden, der sie "
    "verwaltet.",
    "session_not_found": "Diesen Entwurf gibt es nicht mehr. Sag „neue Veranstaltung“, um einen "
    "anderen zu beginnen.",
    "revision_not_found": "Es gibt keinen früheren Stand, zu dem es zurückgehen könnte.",
    "session_closed": "Der Entwurf ist abgeschlossen und lässt sich nicht mehr ändern. Sag „neue "
    "Veranstaltung“, um einen anderen zu beginnen.",
    "session_lost": "Der Entwurf nimmt keine Änderungen mehr an. Sag „neue Veranstaltung“, um "
    "einen anderen zu beginnen.",
    "stage_mismatch": "Der Entwurf ist bei „{stage}“, nicht bei diesem Abschnitt. Soll es dort "
    "weitergehen? Sag „geh zu {stage}“.",
    "publishing": "Die Veranstaltung wird gerade veröffentlicht und lässt sich nicht ändern. "
    "Warte, bis sie öffentlich ist.",
    "publish_failed": "Das Veröffentlichen ist gescheitert und wurde zurückgenommen. Sag „was "
    "fehlt“, und dann noch einmal „veröffentlichen“.",
    "slug_taken": "Eine andere Veranstaltung hat diese Adresse. Welche soll es stattdessen sein? "
    "Sag „ändere die Adresse der Seite auf …“.",
    "payments_refused": "Stripe hat das abgelehnt. Sag „verbinde Stripe“, um das Konto anzusehen.",
    "idempotency_key_reused": "Das wurde schon mit anderen Werten gesendet. Sag es noch einmal.",
    "media_quota_exceeded": "Für Bilder ist kein Platz mehr. Entferne zuerst eins.",
    "revision_conflict": "Inzwischen wurde der Entwurf anderswo geändert, und nichts wurde "
    "gesichert. Willst du es noch? Sag „noch einmal“.",
    "payload_too_large": "Das ist zu lang. Nimm einen kürzeren Text.",
    "rate_limited": "Es waren zu viele Änderungen auf einmal. Warte kurz, und sag dann „noch "
    "einmal“.",
    "unavailable": "Der Dienst ist nicht zu erreichen. Was du geschrieben hast, bleibt: Sag gleich "
    "„noch einmal“.",
}

REFUSED: Final = (
    "Das wurde abgelehnt, und nichts wurde geändert. Sag „noch einmal“, oder ändere es."
)

TIER_NAMES: Final[dict[str, str]] = {
    "early": "Frühbucher",
    "standard": "Standard",
    "last": "Letzte Tickets",
    "free": "Freier Eintritt",
}
