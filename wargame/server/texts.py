"""Texts: everything that the pages say, in English and German, and the names of what a game is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wargame import seats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wargame.history import Game
    from wargame.news import Item

TEXTS: dict[str, tuple[str, str]] = {
    "app.disclaimer": ("The model is an argument, not evidence.", "Das Modell ist ein Argument, kein Beweis."),
    "app.skip": ("To the content", "Zum Inhalt"),
    "app.stale": ("Something has changed. Load the page again", "Es hat sich etwas geändert. Seite neu laden"),
    "app.language": ("Deutsch", "English"),
    "app.leave": ("Leave", "Verlassen"),
    "nav.desk": ("Desk", "Schreibtisch"),
    "nav.lobby": ("Lobby", "Foyer"),
    "nav.room": ("Facilitator", "Spielleitung"),
    "nav.wall": ("Wall", "Wandbild"),
    "nav.outlook": ("Outlook", "Ausblick"),
    "nav.review": ("Review", "Auswertung"),
    "join.title": ("Join the game", "Am Spiel teilnehmen"),
    "join.code": ("Code", "Code"),
    "join.name": ("Your name or your team's", "Ihr Name oder der Ihres Teams"),
    "join.language": ("Language", "Sprache"),
    "join.go": ("Join", "Teilnehmen"),
    "join.wrong": ("That code opens no game here.", "Dieser Code öffnet hier kein Spiel."),
    "join.nameless": ("Somebody", "Jemand"),
    "lobby.title": ("Choose a seat", "Wählen Sie einen Platz"),
    "lobby.free": ("free: the rules play it", "frei: die Regeln spielen ihn"),
    "lobby.taken": ("taken", "besetzt"),
    "lobby.take": ("Take this seat", "Diesen Platz nehmen"),
    "lobby.watch": ("Only watch", "Nur zusehen"),
    "word.turn": ("Turn", "Runde"),
    "word.of": ("of", "von"),
    "word.month": ("Month", "Monat"),
    "word.start": ("before", "zuvor"),
    "word.months": ("Months", "Monate"),
    "word.client": ("Client", "Klient"),
    "word.posture": ("Posture", "Haltung"),
    "word.seat": ("Seat", "Platz"),
    "word.seats": ("Seats", "Plätze"),
    "word.state": ("State", "Stand"),
    "word.ready": ("ready", "bereit"),
    "word.not_ready": ("not ready", "nicht bereit"),
    "word.yes": ("yes", "ja"),
    "word.no": ("no", "nein"),
    "word.rule": ("leave it to the rule", "der Regel überlassen"),
    "word.rule_short": ("rule", "Regel"),
    "word.credibility": ("Credibility", "Glaubwürdigkeit"),
    "word.defected": ("Share that defected", "Abgefallener Anteil"),
    "word.budget": ("Budget", "Haushalt"),
    "word.burden": ("Burden of the war", "Last des Krieges"),
    "word.news": ("News", "Nachrichten"),
    "word.none": ("Nothing yet.", "Noch nichts."),
    "word.from": ("from", "von"),
    "word.to": ("to", "an"),
    "word.all": ("all seats", "alle Plätze"),
    "word.send": ("Send", "Senden"),
    "word.text": ("Text", "Text"),
    "word.name": ("Name", "Name"),
    "word.over": ("Play is over.", "Das Spiel ist zu Ende."),
    "word.closed": ("This turn takes no more orders.", "Diese Runde nimmt keine Befehle mehr an."),
    "word.now": ("at the time of decision", "zum Zeitpunkt der Entscheidung"),
    "word.new_regime": ("new regime", "neue Führung"),
    "word.absent": ("not in the network", "nicht im Netz"),
    "word.adversary": ("Threatened by", "Bedroht von"),
    "chart.network": ("The network", "Das Netz"),
    "chart.beliefs": ("What you believe of your patron", "Was Sie von Ihrem Patron glauben"),
    "chart.credibility": ("The patron's credibility", "Die Glaubwürdigkeit des Patrons"),
    "chart.fan": ("What came, among continuations by rule", "Was kam, unter Fortsetzungen nach der Regel"),
    "chart.table": ("The same as a table", "Dasselbe als Tabelle"),
    "belief.capability": ("Capability (can it?)", "Fähigkeit (kann er?)"),
    "belief.resolve": ("Resolve (will it?)", "Wille (will er?)"),
    "belief.protection": ("Protection", "Schutz"),
    "desk.briefing": ("Briefing", "Lagebild"),
    "desk.goals": ("What you want", "Was Sie wollen"),
    "desk.weight": ("weight", "Gewicht"),
    "desk.own": ("Your own state", "Ihr eigener Stand"),
    "desk.threat": ("Threat from your adversary", "Bedrohung durch Ihren Gegner"),
    "desk.patron_threat": ("Threat from your patron", "Bedrohung durch Ihren Patron"),
    "desk.dependence": ("Dependence", "Abhängigkeit"),
    "desk.fear": ("Fear of retaliation", "Furcht vor Vergeltung"),
    "desk.crisis": ("Chance of a crisis this turn", "Aussicht auf eine Krise in dieser Runde"),
    "desk.contacts": ("Secret contacts with", "Geheime Kontakte mit"),
    "desk.found_out": ("Your contacts were found out.", "Ihre Kontakte wurden entdeckt."),
    "desk.found": ("Contacts under cover were found out", "Geheime Kontakte wurden entdeckt"),
    "desk.successor": (
        "The regime falls this month; you are its successor.",
        "Die Führung stürzt in diesem Monat; Sie sind ihre Nachfolge.",
    ),
    "desk.options": ("Your options as the rules see them", "Ihre Möglichkeiten, wie die Regeln sie sehen"),
    "desk.utility": ("Utility", "Nutzen"),
    "desk.chance": ("The rule would take it", "Die Regel nähme sie"),
    "desk.terms": ("What it consists of", "Woraus er besteht"),
    "desk.outside": ("Who else could protect you", "Wer Sie sonst schützen könnte"),
    "desk.rival": ("Power", "Macht"),
    "desk.offered": ("Protection offered", "Gebotener Schutz"),
    "desk.economy": ("Economy offered", "Gebotene Wirtschaft"),
    "desk.value": ("Value", "Wert"),
    "desk.patron": ("What you can do, and what the rule would do", "Was Sie können, und was die Regel täte"),
    "desk.attention": ("Attention", "Aufmerksamkeit"),
    "desk.trust": ("Your trust", "Ihr Vertrauen"),
    "desk.helps": ("Rule helps", "Regel hilft"),
    "desk.works": ("Help works", "Hilfe wirkt"),
    "desk.holds": ("Air defence holds", "Luftabwehr hält"),
    "desk.coerces": ("Rule coerces", "Regel zwingt"),
    "desk.offers": ("Your offer", "Ihr Angebot"),
    "desk.openness": ("Openness", "Offenheit"),
    "desk.raises": ("Rule raises it", "Regel erhöht es"),
    "desk.withdrawn": ("Withdrawn last turn", "Letzte Runde zurückgezogen"),
    "desk.threatens": ("Threat", "Bedrohung"),
    "desk.crisis_rule": ("Crisis by rule", "Krise nach Regel"),
    "desk.shield": ("Air defence", "Luftabwehr"),
    "desk.heard": ("What your services report of the others", "Was Ihre Dienste von den anderen berichten"),
    "desk.error": ("each ± {error}, two times in three", "jeweils ± {error}, in zwei von drei Fällen"),
    "desk.coming": ("What breaks as the turn begins", "Was zu Beginn der Runde geschieht"),
    "desk.last": ("Last turn", "Letzte Runde"),
    "desk.why": ("Why your beliefs moved", "Warum sich Ihr Glaube bewegte"),
    "desk.cause": ("Cause", "Grund"),
    "desk.left_to_rule": ("Left to the rules", "Den Regeln überlassen"),
    "desk.your_orders": ("Your orders", "Ihre Befehle"),
    "orders.title": ("Orders for turn {turn}", "Befehle für Runde {turn}"),
    "orders.points": ("You have {points} points to spend.", "Sie haben {points} Punkte zur Verfügung."),
    "orders.costs": (
        "Help 3, mediation 2, a delivery 1, coercion 1, a raised offer 1, pressure its intensity.",
        "Hilfe 3, Vermittlung 2, eine Lieferung 1, Zwang 1, ein erhöhtes Angebot 1, Druck seine Stärke.",
    ),
    "orders.given": ("These orders are given. You can replace them.", "Diese Befehle sind erteilt, aber ersetzbar."),
    "orders.not_given": (
        "No orders are given yet: the rules would play.",
        "Noch sind keine Befehle erteilt: Die Regeln würden spielen.",
    ),
    "orders.draft": ("This is a draft and counts for nothing yet.", "Dies ist ein Entwurf und zählt noch nicht."),
    "orders.problems": ("These orders cannot be given:", "Diese Befehle gehen so nicht:"),
    "orders.why": ("Why, in a line", "Warum, in einer Zeile"),
    "orders.give": ("Give these orders", "Diese Befehle erteilen"),
    "orders.keep": ("Keep as a draft", "Als Entwurf behalten"),
    "orders.withdraw": ("Take the orders back", "Die Befehle zurücknehmen"),
    "orders.ready": ("We are ready", "Wir sind bereit"),
    "orders.not_ready": ("We are not ready after all", "Wir sind doch nicht bereit"),
    "order.posture": ("Posture at the end of the turn's first month", "Haltung am Ende des ersten Monats der Runde"),
    "order.hedge": ("Contacts with another power", "Kontakte mit einer anderen Macht"),
    "order.hedge_end": ("end secret contacts", "geheime Kontakte beenden"),
    "order.hedge_covert": ("in secret with {rival}", "geheim mit {rival}"),
    "order.hedge_open": ("in the open with {rival}", "offen mit {rival}"),
    "order.ask": ("Call the patron in a crisis", "Den Patron in einer Krise rufen"),
    "order.complain": ("Complain in public when refused", "Bei Verweigerung öffentlich klagen"),
    "order.points": ("Attention, points", "Aufmerksamkeit, Punkte"),
    "order.respond": ("In a crisis", "In einer Krise"),
    "order.coerce": ("Coerce", "Zwingen"),
    "order.claim": ("Claim territory", "Gebiet fordern"),
    "order.criticise": ("Criticise", "Kritisieren"),
    "order.court": ("Court its adversary", "Seinen Gegner umwerben"),
    "order.support": ("Support", "Unterstützung"),
    "order.attention": ("Why attention is shared so", "Warum die Aufmerksamkeit so verteilt ist"),
    "order.offer": ("Offer", "Angebot"),
    "order.raise": ("raise", "erhöhen"),
    "order.hold": ("do not raise", "nicht erhöhen"),
    "order.withdraw": ("take back", "zurückziehen"),
    "order.refused": ("If turned down", "Bei Ablehnung"),
    "order.keep": ("keep it", "bestehen lassen"),
    "order.press": ("Pressure", "Druck"),
    "order.press_0": ("hold back", "stillhalten"),
    "answer.nothing": ("nothing", "nichts"),
    "answer.words": ("words", "Worte"),
    "answer.mediation": ("mediation", "Vermittlung"),
    "answer.help": ("help", "Hilfe"),
    "supply.nothing": ("nothing new", "nichts Neues"),
    "supply.lapse": ("let it lapse", "ausbleiben lassen"),
    "supply.deliver": ("deliver", "liefern"),
    "expect.title": ("What do you expect?", "Was erwarten Sie?"),
    "expect.help": (
        "Say it with a probability; the review scores it.",
        "Mit einer Wahrscheinlichkeit; die Auswertung bewertet sie.",
    ),
    "expect.what": ("Expectation {number}", "Erwartung {number}"),
    "expect.nothing": ("none", "keine"),
    "expect.posture_beyond": ("client stands there or farther away", "Klient steht dort oder ferner"),
    "expect.crisis": ("client has a crisis", "Klient hat eine Krise"),
    "expect.defected_share": ("at least this share has defected", "mindestens dieser Anteil ist abgefallen"),
    "expect.share": ("Share in per cent", "Anteil in Prozent"),
    "expect.chance": ("Probability in per cent", "Wahrscheinlichkeit in Prozent"),
    "expect.until": ("At the end of turn", "Am Ende der Runde"),
    "messages.title": ("Messages", "Nachrichten an andere"),
    "done.ordered": ("Your orders are on record.", "Ihre Befehle sind verzeichnet."),
    "done.drafted": ("Your draft is kept.", "Ihr Entwurf ist aufbewahrt."),
    "done.withdrawn": ("Your orders are taken back.", "Ihre Befehle sind zurückgenommen."),
    "done.sent": ("Your message is sent.", "Ihre Nachricht ist gesendet."),
    "done.answered": ("Your answer is kept.", "Ihre Antwort ist aufbewahrt."),
    "outlook.title": ("Where things may go", "Wohin es führen kann"),
    "outlook.what": (
        "{runs} continuations of what you know, to the end of play.",
        "{runs} Fortsetzungen dessen, was Sie wissen, bis zum Ende des Spiels.",
    ),
    "outlook.with": ("Your orders are taken as given.", "Ihre Befehle gelten als erteilt."),
    "outlook.without": ("Everything is left to the rules.", "Alles ist den Regeln überlassen."),
    "outlook.ends": ("Share of continuations by posture at the end", "Anteil der Fortsetzungen nach Haltung am Ende"),
    "outlook.low": ("5 %", "5 %"),
    "outlook.middle": ("Middle", "Mitte"),
    "outlook.high": ("95 %", "95 %"),
    "room.title": ("The facilitator's room", "Raum der Spielleitung"),
    "room.join": ("Join at", "Teilnehmen unter"),
    "room.expired": ("The code has expired.", "Der Code ist abgelaufen."),
    "room.rotate": ("New code", "Neuer Code"),
    "room.resolve": ("Resolve turn {turn}", "Runde {turn} auswerten"),
    "room.close": ("Take no more orders", "Keine Befehle mehr annehmen"),
    "room.reopen": ("Take orders again", "Wieder Befehle annehmen"),
    "room.undo": ("Undo turn {turn}", "Runde {turn} zurücknehmen"),
    "room.end": ("End play and begin the review", "Spiel beenden und auswerten"),
    "room.timer": ("Clock", "Uhr"),
    "room.minutes": ("Minutes", "Minuten"),
    "room.start": ("Start", "Starten"),
    "room.stop": ("Pause", "Anhalten"),
    "room.go_on": ("Continue", "Weiter"),
    "room.teams": ("The teams", "Die Teams"),
    "room.holder": ("Who", "Wer"),
    "room.nobody": ("the rules", "die Regeln"),
    "room.orders": ("Orders", "Befehle"),
    "room.no_orders": ("none yet", "noch keine"),
    "room.taken_along": ("taken along", "mitgenommen"),
    "room.kick": ("Free the seat", "Platz freigeben"),
    "room.injects": ("Injects", "Einspielungen"),
    "room.kind": ("What", "Was"),
    "room.intensity": ("Intensity", "Stärke"),
    "room.news": ("What everyone reads", "Was alle lesen"),
    "room.when": ("When", "Wann"),
    "room.when_now": ("now", "jetzt"),
    "room.when_month": ("in the month", "im Monat"),
    "room.when_beyond": ("once the client is at least as far as", "sobald der Klient mindestens so fern ist wie"),
    "room.when_within": ("once the client is at most as far as", "sobald der Klient höchstens so fern ist wie"),
    "room.when_share": ("once this share has defected", "sobald dieser Anteil abgefallen ist"),
    "room.waits": ("waits for its condition", "wartet auf die Bedingung"),
    "room.by_you": ("given by you", "von Ihnen erteilt"),
    "room.hand_over": ("Hand the seat over", "Platz übergeben"),
    "room.pass": ("To be typed in place of the code:", "Statt des Codes einzugeben:"),
    "room.by_hand": ("Turns are resolved when you say so.", "Runden werden ausgewertet, wenn Sie es sagen."),
    "room.by_itself": (
        "A turn is resolved by itself once all teams are ready.",
        "Eine Runde wird von selbst ausgewertet, sobald alle Teams bereit sind.",
    ),
    "room.change": ("Change", "Ändern"),
    "pass.title": ("Another device", "Anderes Gerät"),
    "pass.make": ("Go on with this seat elsewhere", "Mit diesem Platz woanders weiterspielen"),
    "pass.how": (
        "Open {address} on the other device and type this in place of the code. It works once, for a quarter of an "
        "hour, and ends the seat here.",
        "Öffnen Sie {address} auf dem anderen Gerät und geben Sie dies statt des Codes ein. Es gilt einmal, eine "
        "Viertelstunde lang, und beendet den Platz hier.",
    ),
    "room.inject": ("Let it happen", "Geschehen lassen"),
    "room.recall": ("Recall", "Zurückholen"),
    "room.happened": ("happened", "geschehen"),
    "room.rival": ("Power, for an offer", "Macht, bei einem Angebot"),
    "room.branches": ("Branches", "Zweige"),
    "room.branch": ("Begin a branch", "Zweig beginnen"),
    "room.luck": ("Luck", "Glück"),
    "room.same": ("same luck", "gleiches Glück"),
    "room.other": ("other luck", "anderes Glück"),
    "room.since": ("from turn", "ab Runde"),
    "room.play": ("play it at once with the same orders", "gleich mit denselben Befehlen spielen"),
    "room.activate": ("Let the teams go on here", "Die Teams hier weiterspielen lassen"),
    "room.active": ("the teams are here", "hier sind die Teams"),
    "room.main": ("first", "erster"),
    "room.traces": ("What happened in this room", "Was in diesem Raum geschah"),
    "room.settings": ("Confirm: this takes back what came of the turn.", "Achtung: Das Ergebnis der Runde verfällt."),
    "wall.title": ("What everyone knows", "Was alle wissen"),
    "review.title": ("Review", "Auswertung"),
    "review.by_turn": ("Turn by turn", "Runde für Runde"),
    "review.reveal": ("Reveal step by step", "Schrittweise aufdecken"),
    "review.until": ("revealed up to turn {turn}", "aufgedeckt bis Runde {turn}"),
    "review.hidden": ("hidden", "verborgen"),
    "review.do": ("Reveal", "Aufdecken"),
    "review.saw": ("As {seat} saw it", "Wie {seat} es sah"),
    "review.orders": ("Who ordered what", "Wer was befahl"),
    "review.beliefs": ("What they came to believe, and why", "Was sie glaubten, und warum"),
    "review.letters": ("Messages", "Nachrichten"),
    "review.forecasts": ("What was expected", "Was erwartet wurde"),
    "review.came": ("Came", "Trat ein"),
    "review.said": ("Team", "Team"),
    "review.model": ("Model", "Modell"),
    "review.brier": ("Brier (0 best)", "Brier (0 am besten)"),
    "review.mean": ("Mean", "Mittel"),
    "review.scores": ("How far the objectives were reached", "Wie weit die Ziele erreicht wurden"),
    "review.placed": (
        "What came is one of {all}. {lower} of {runs} continuations by rule ended with a lower credibility.",
        "Was kam, ist eines von {all}. {lower} von {runs} Fortsetzungen nach der Regel endeten weniger glaubwürdig.",
    ),
    "review.sides": ("Branches side by side", "Zweige nebeneinander"),
    "review.crises": ("Crises", "Krisen"),
    "review.script": (
        "What the script and the facilitator let happen",
        "Was Drehbuch und Spielleitung geschehen ließen",
    ),
    "review.closing": ("Questions to discuss", "Fragen zur Aussprache"),
    "review.keep": ("Keep the answer", "Antwort aufbewahren"),
    "review.export": ("Take along", "Mitnehmen"),
    "review.shares": (
        "A share also moves when other causes add evidence, since all parts are of one whole.",
        "Ein Anteil bewegt sich auch, wenn andere Gründe dazukommen, denn alle sind Teile eines Ganzen.",
    ),
    "review.rule": ("played by the rule", "von der Regel gespielt"),
    "review.whole": ("The whole game with every secret", "Das ganze Spiel mit allen Geheimnissen"),
    "step.orders": ("orders", "Befehle"),
    "step.beliefs": ("beliefs", "Glaube"),
    "step.covert": ("secret contacts", "geheime Kontakte"),
    "step.rationales": ("rationales", "Begründungen"),
    "step.messages": ("messages", "Nachrichten"),
    "step.forecasts": ("expectations", "Erwartungen"),
    "step.scores": ("scores", "Wertung"),
    "posture.loyal": ("loyal", "loyal"),
    "posture.hedging": ("hedging", "absichernd"),
    "posture.distancing": ("distancing", "abrückend"),
    "posture.suspended": ("suspended", "ausgesetzt"),
    "posture.realigned": ("realigned", "übergelaufen"),
    "seat.facilitator": ("facilitator", "Spielleitung"),
    "seat.observer": ("observer", "Beobachter"),
    "seat.patron": ("{name} (patron)", "{name} (Patron)"),
    "seat.client": ("{name}", "{name}"),
    "seat.rival": ("{name} (rival)", "{name} (Rivale)"),
    "seat.adversary": ("{name} (adversary)", "{name} (Gegner)"),
    "channel.own": ("own", "selbst erlebt"),
    "channel.witnessed": ("witnessed", "bei anderen gesehen"),
    "error.title": ("That is not possible", "Das geht nicht"),
    "error.nothing": (
        "There is nothing here for you. Perhaps your seat was freed; then join again.",
        "Hier ist nichts für Sie. Vielleicht wurde Ihr Platz freigegeben; dann nehmen Sie neu teil.",
    ),
    "error.form": (
        "This form did not come from a page of this game, or that page is old. Load it again.",
        "Dieses Formular kam nicht von einer Seite dieses Spiels, oder sie ist alt. Laden Sie sie neu.",
    ),
    "error.wait": ("Too much at once. Wait a minute.", "Zu viel auf einmal. Warten Sie eine Minute."),
    "error.long": ("That text is too long.", "Dieser Text ist zu lang."),
    "error.number": ("A number is missing or out of its range.", "Eine Zahl fehlt oder liegt außerhalb."),
    "error.seat": ("There is no such seat.", "Diesen Platz gibt es nicht."),
    "error.message": ("Say to whom, and something.", "Sagen Sie an wen, und etwas."),
    "error.reserved": ("This seat is kept for somebody.", "Dieser Platz ist für jemanden freigehalten."),
    "error.held": (
        "Somebody sits there and gives the orders. Free the seat to give them yourself.",
        "Dort sitzt jemand und gibt die Befehle. Geben Sie den Platz frei, um sie selbst zu geben.",
    ),
    "error.when": ("Say when, with a month, a posture or a share.", "Sagen Sie wann: Monat, Haltung oder Anteil."),
    "error.inject": ("There is no such event.", "Dieses Ereignis gibt es nicht."),
    "error.not_over": ("The review begins when play is over.", "Die Auswertung beginnt nach dem Spiel."),
    "error.rules": ("The game does not allow that now:", "Das Spiel erlaubt das jetzt nicht:"),
    "error.disk": (
        "The disk took nothing. Nothing was changed; try again.",
        "Die Platte nahm nichts an. Nichts wurde geändert; versuchen Sie es noch einmal.",
    ),
    "error.fault": (
        "A fault of the program. Nothing half was kept.",
        "Ein Fehler des Programms. Nichts Halbes blieb.",
    ),
    "error.back": ("Back to your page", "Zurück zu Ihrer Seite"),
    "news.crisis": (
        "{client}: a crisis breaks out (intensity {intensity})",
        "{client}: Krise der Stärke {intensity}",
    ),
    "news.posture": ("{client} is now {posture}", "{client} ist jetzt {posture}"),
    "news.hedges_openly": (
        "{client} hedges in the open towards {rival}",
        "{client} sichert sich offen bei {rival} ab",
    ),
    "news.complaint": ("{client} complains in public", "{client} beklagt sich öffentlich"),
    "news.succession": ("{client}: a successor takes over", "{client}: eine Nachfolge übernimmt"),
    "news.contested_succession": ("{client}: a contested succession", "{client}: eine umstrittene Nachfolge"),
    "news.attack": ("{client} is attacked (intensity {intensity})", "{client} wird angegriffen (Stärke {intensity})"),
    "news.offer": ("{rival} makes {client} an offer", "{rival} macht {client} ein Angebot"),
    "news.offer_withdrawn": (
        "{rival} takes an offer to {client} back",
        "{rival} zieht ein Angebot an {client} zurück",
    ),
    "news.invasion": ("The patron invades a neighbour", "Der Patron überfällt einen Nachbarn"),
    "news.regime_loss": ("{client}: the regime falls", "{client}: die Führung stürzt"),
    "news.leader_health": ("{client}: reports about the leader's health", "{client}: Berichte über die Gesundheit"),
    "news.air_defence_failed": ("{client}: supplied air defence fails", "{client}: gelieferte Luftabwehr versagt"),
    "news.air_defence_held": ("{client}: supplied air defence holds", "{client}: gelieferte Luftabwehr hält"),
    "news.support_missing": ("{client}: support fails to come", "{client}: Unterstützung bleibt aus"),
    "news.support_delivered": ("{client}: support is delivered", "{client}: Unterstützung wird geliefert"),
    "news.intelligence_failed": ("{client}: no warning came", "{client}: keine Warnung kam"),
    "news.cyber_failed": ("{client}: cyber support fails", "{client}: Cyberhilfe versagt"),
    "news.abandoned": ("{client} is abandoned in a crisis", "{client} wird in einer Krise alleingelassen"),
    "news.words_only": ("{client} gets only words", "{client} bekommt nur Worte"),
    "news.weak_response": ("{client} gets only mediation", "{client} bekommt nur Vermittlung"),
    "news.criticism": ("The patron criticises {client} in public", "Der Patron kritisiert {client} öffentlich"),
    "news.courts_adversary": ("The patron courts {client}'s adversary", "Der Patron umwirbt den Gegner: {client}"),
    "news.claim": ("A claim on territory of {client}", "Gebietsforderung an {client}"),
    "news.coercion": ("The patron coerces {client}", "Der Patron zwingt {client}"),
    "news.leader_fell": (
        "{client}: the leader is captured or falls",
        "{client}: Führungsperson gefangen oder gestürzt",
    ),
    "news.personnel_killed": (
        "{client} loses personnel for an ally",
        "{client} verliert Leute für einen Verbündeten",
    ),
    "news.intervened": ("The patron intervenes for {client}", "Der Patron greift für {client} ein"),
    "news.arms_or_aid": (
        "The patron delivers arms or aid to {client}",
        "Der Patron liefert {client} Waffen oder Hilfe",
    ),
    "news.treaty_signed": ("The patron signs a treaty with {client}", "Der Patron schließt einen Vertrag: {client}"),
    "news.help_failed": ("The patron's help for {client} fails", "Die Hilfe für {client} misslingt"),
    "news.help_tried": ("The patron tried to help {client}", "Der Patron versuchte {client} zu helfen"),
    "news.war_holds": ("The war goes on", "Der Krieg geht weiter"),
}
"""By name: English and German."""


def text(language: str, name: str, /, **values: object) -> str:
    """Return a text of the catalogue in a language."""
    said = TEXTS[name][1 if language == "de" else 0]
    return said.format(**values) if values else said


@dataclass(frozen=True)
class Speech:
    """Says things in a language.

    Attributes
    ----------
    language
        ``en`` or ``de``.
    game
        Whose names are used.
    """

    language: str
    game: Game

    def text(self, name: str, /, **values: object) -> str:
        """Return a text of the catalogue; a name that it lacks, such as one from a scenario, stands for itself."""
        return text(self.language, name, **values) if name in TEXTS else name.rpartition(".")[2].replace("_", " ")

    def words(self, texts: Iterable[tuple[str, str]]) -> str:
        """Return a text that a scenario gives by language."""
        said = dict(texts)
        return said.get(self.language) or said.get("en", "")

    @property
    def title(self) -> str:
        """Title of the game."""
        return self.game.game.title.text(self.language)

    def client(self, name: str) -> str:
        """Return what a client is called."""
        known = self.game.scenario.clients.get(name)
        return known.called(name, self.language) if known is not None else name

    def seat(self, name: str) -> str:
        """Return what a seat is called."""
        seat = seats.parse(name)
        called = self.client(seat.name) if seat.kind == seats.CLIENT else seat.name
        if seat.kind == seats.PATRON:
            called = self.game.scenario.patron.name
        return text(self.language, f"seat.{seat.kind}", name=called)

    def news(self, item: Item) -> str:
        """Return a sentence about a piece of news."""
        said = self.words(item.text)
        if said:
            return said
        values = {
            "client": self.client(item.client),
            "rival": item.rival,
            "intensity": f"{item.intensity:.0f}",
            "posture": self.text(f"posture.{item.posture}") if item.posture else "",
        }
        return self.text(f"news.{item.kind}", **values)
