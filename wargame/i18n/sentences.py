"""Sentences: what happens, what is ordered and what is expected, in English and German.

Names stand free, since German would want an article before some of them and none before others.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # What happens, where more is said than the kind and whom it is about
    "news.crisis": (
        "{client}: a crisis breaks out (intensity {intensity})",
        "{client}: eine Krise bricht aus (Stärke {intensity})",
    ),
    "news.attack": ("{client} is attacked (intensity {intensity})", "{client} wird angegriffen (Stärke {intensity})"),
    "news.posture": ("{client} is now {posture}", "{client}: neue Haltung „{posture}“"),
    "news.hedges_openly": ("{client} hedges in the open ({rival})", "{client} sichert sich offen ab ({rival})"),
    "news.offer": ("{client}: a new offer ({rival})", "{client}: ein neues Angebot ({rival})"),
    "news.offer_withdrawn": (
        "{client}: an offer is taken back ({rival})",
        "{client}: ein Angebot wird zurückgezogen ({rival})",
    ),
    # Kinds of what happens
    "kind.crisis": ("crisis", "Krise"),
    "kind.attack": ("attack", "Angriff"),
    "kind.offer": ("offer", "Angebot"),
    "kind.offer_withdrawn": ("offer taken back", "zurückgezogenes Angebot"),
    "kind.invasion": ("the patron invades a neighbour", "die Schutzmacht überfällt einen Nachbarn"),
    "kind.regime_loss": ("the regime falls", "die Führung stürzt"),
    "kind.leader_health": (
        "reports about the leader's health",
        "Berichte über den Gesundheitszustand an der Spitze",
    ),
    "kind.succession": ("a successor takes over", "eine Nachfolge übernimmt"),
    "kind.contested_succession": ("a contested succession", "eine umstrittene Nachfolge"),
    "kind.complaint": ("a public complaint", "eine öffentliche Klage"),
    "kind.air_defence_failed": ("supplied air defence fails", "gelieferte Luftabwehr versagt"),
    "kind.air_defence_held": ("supplied air defence holds", "gelieferte Luftabwehr hält"),
    "kind.support_missing": ("technical support fails to come", "technische Hilfe bleibt aus"),
    "kind.support_delivered": ("technical support is delivered", "technische Hilfe wird geliefert"),
    "kind.intelligence_failed": ("no warning came", "keine Warnung kam"),
    "kind.cyber_failed": ("cyber support fails", "Hilfe gegen Cyberangriffe versagt"),
    "kind.abandoned": ("abandoned in a crisis", "in einer Krise alleingelassen"),
    "kind.words_only": ("only words in a crisis", "nur Worte in einer Krise"),
    "kind.weak_response": ("only mediation in a crisis", "nur Vermittlung in einer Krise"),
    "kind.criticism": ("criticised by the patron in public", "öffentlich von der Schutzmacht kritisiert"),
    "kind.courts_adversary": ("the patron courts the adversary", "die Schutzmacht umwirbt den Gegner"),
    "kind.claim": ("claim on territory", "Gebietsforderung"),
    "kind.coercion": ("coercion by the patron", "Zwang durch die Schutzmacht"),
    "kind.leader_fell": ("the leader is captured or falls", "Führungsperson gefangen oder gestürzt"),
    "kind.personnel_killed": ("own people die for an ally", "eigene Leute sterben für einen Verbündeten"),
    "kind.intervened": ("the patron intervenes", "die Schutzmacht greift ein"),
    "kind.arms_or_aid": ("the patron delivers arms or aid", "die Schutzmacht liefert Waffen oder Hilfe"),
    "kind.treaty_signed": ("the patron signs a treaty", "die Schutzmacht schließt einen Vertrag"),
    "kind.help_failed": ("the patron's help fails", "die Hilfe der Schutzmacht misslingt"),
    "kind.help_tried": ("the patron tried to help", "die Schutzmacht versuchte zu helfen"),
    "kind.war_holds": ("the war goes on", "der Krieg geht weiter"),
    # Causes that are no event
    "cause.no_response": ("No response to: {about}", "Keine Antwort auf: {about}"),
    "cause.war": ("The patron's war goes on", "Der Krieg der Schutzmacht geht weiter"),
    "cause.succession": ("Change of regime", "Wechsel der Führung"),
    "cause.older": ("Smaller parts together", "Kleinere Anteile zusammen"),
    # Orders in a word or two
    "do.posture": ("posture", "Haltung"),
    "do.hedge": ("contacts with another power", "Kontakte mit einer anderen Macht"),
    "do.ask": ("call for help", "Hilferuf"),
    "do.complain": ("public complaint", "öffentliche Klage"),
    "do.attention": ("attention", "Aufmerksamkeit"),
    "do.respond": ("answer to a crisis", "Antwort auf eine Krise"),
    "do.coerce": ("coercion", "Zwang"),
    "do.claim": ("claim on territory", "Gebietsforderung"),
    "do.criticise": ("public criticism", "öffentliche Kritik"),
    "do.court": ("courting of the adversary", "Werben um den Gegner"),
    "do.support": ("technical support", "technische Hilfe"),
    "do.offer": ("offer", "Angebot"),
    "do.withdraw": ("withdrawal of an offer", "Rückzug eines Angebots"),
    "do.press": ("pressure", "Druck"),
    # Orders in a sentence
    "said.posture": ("Take the posture “{posture}”.", "Die Haltung „{posture}“ einnehmen."),
    "said.hedge_end": ("End secret contacts.", "Geheime Kontakte beenden."),
    "said.hedge_covert": ("Keep secret contacts: {rival}.", "Geheime Kontakte pflegen: {rival}."),
    "said.hedge_open": ("Hedge in the open: {rival}.", "Sich offen absichern: {rival}."),
    "said.ask_yes": ("Call the patron in a crisis.", "In einer Krise die Schutzmacht rufen."),
    "said.ask_no": ("Do not call the patron in a crisis.", "In einer Krise die Schutzmacht nicht rufen."),
    "said.complain_yes": (
        "Complain in public when help is refused.",
        "Öffentlich klagen, wenn Hilfe verweigert wird.",
    ),
    "said.complain_no": (
        "Do not complain in public when help is refused.",
        "Nicht öffentlich klagen, wenn Hilfe verweigert wird.",
    ),
    "said.attention": ("Points of attention: {shares}.", "Punkte der Aufmerksamkeit: {shares}."),
    "said.respond": ("In a crisis {client} gets {answer}.", "In einer Krise bekommt {client} {answer}."),
    "said.coerce_yes": ("Coerce {client}.", "Zwang gegen {client} ausüben."),
    "said.coerce_no": ("Do not coerce {client}.", "Keinen Zwang gegen {client} ausüben."),
    "said.claim_yes": ("Claim territory of {client}.", "Gebiet von {client} fordern."),
    "said.claim_no": ("Claim no territory of {client}.", "Kein Gebiet von {client} fordern."),
    "said.criticise_yes": ("Criticise {client} in public.", "{client} öffentlich kritisieren."),
    "said.criticise_no": ("Do not criticise {client} in public.", "{client} nicht öffentlich kritisieren."),
    "said.court_yes": ("Court the adversary of {client}.", "Den Gegner von {client} umwerben."),
    "said.court_no": ("Do not court the adversary of {client}.", "Den Gegner von {client} nicht umwerben."),
    "said.support_nothing": (
        "Deliver no new technical support to {client}.",
        "Keine neue technische Hilfe an {client} liefern.",
    ),
    "said.support_lapse": (
        "Let the technical support for {client} lapse.",
        "Die technische Hilfe für {client} ausbleiben lassen.",
    ),
    "said.support_deliver": ("Deliver technical support to {client}.", "Technische Hilfe an {client} liefern."),
    "said.offer_yes": ("Raise the offer to {client}.", "Das Angebot an {client} erhöhen."),
    "said.offer_no": ("Do not raise the offer to {client}.", "Das Angebot an {client} nicht erhöhen."),
    "said.refused_keep": ("If it is turned down, keep it.", "Bei Ablehnung bestehen lassen."),
    "said.refused_withdraw": ("If it is turned down, take it back.", "Bei Ablehnung zurückziehen."),
    "said.withdraw": ("Take the offer to {client} back.", "Das Angebot an {client} zurückziehen."),
    "said.press": ("Press {client} with intensity {intensity}.", "Druck auf {client} mit Stärke {intensity}."),
    "said.press_0": ("Hold back from {client}.", "Gegen {client} stillhalten."),
    # Expectations in a sentence
    "asked.posture_beyond": (
        "{client} is {posture} or farther away",
        "{client}: Haltung „{posture}“ oder ferner",
    ),
    "asked.crisis": ("{client} has a crisis", "{client}: eine Krise"),
    "asked.defected_share": ("at least {share} has defected", "mindestens {share} abgefallen"),
    # What something waits for
    "wait.posture_beyond": (
        "once {client} is {posture} or farther away",
        "sobald {client} die Haltung „{posture}“ hat oder ferner steht",
    ),
    "wait.posture_within": (
        "once {client} is {posture} or closer",
        "sobald {client} die Haltung „{posture}“ hat oder näher steht",
    ),
    "wait.defected_share": ("once at least {share} has defected", "sobald mindestens {share} abgefallen ist"),
}
"""By name: English and German."""
