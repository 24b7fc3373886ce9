"""Call the figures of a scenario by short names, in English and German."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.scenarios.schema.scenario import Scenario
    from papertiger.scenarios.schema.values import Named

FIRST = {
    "evidence_scale": ("What one signal says", "Was ein einzelnes Signal sagt", "evidence"),
    "bad_news_weight": ("Weight of bad news", "Gewicht schlechter Nachrichten", "times"),
    "forgetting": ("Evidence kept each month", "Was jeden Monat im Gedächtnis bleibt", "share"),
    "witness_weight": ("Learning from what happens to others", "Lernen aus dem Schicksal anderer", "share"),
    "hard_times_excuse": ("Excuse for hard times", "Nachsicht in schweren Zeiten", "share"),
    "prior_resolve_pact": ("Trust in a defence pact at the start", "Anfangsvertrauen in ein Bündnis", "share"),
    "patron_threat_weight": ("Weight of the patron's threat", "Gewicht der Drohung der Schutzmacht", "utility"),
    "retaliation_fear": ("Fear of retaliation", "Furcht vor Vergeltung", "utility"),
    "standing_cost": ("Cost of standing with the patron", "Preis der Treue zur Schutzmacht", "utility"),
    "economy_weight": ("Weight of the economy", "Gewicht der Wirtschaft", "utility"),
    "switching_cost": ("Cost of any step", "Preis jedes Schrittes", "utility"),
    "choice_noise": ("Chance in a choice", "Zufall in einer Wahl", "utility"),
    "contagion": ("Pull of those who left already", "Sog derer, die schon gegangen sind", "utility"),
}
"""The parameters that come first, in order, with their unit."""

PARAMETERS = {
    "prior_strength": ("Firmness of trust at the start", "Festigkeit des Anfangsvertrauens"),
    "prior_capability": ("Belief that the patron can, at the start", "Anfangsglaube, dass die Schutzmacht kann"),
    "prior_resolve_treaty": ("Trust in a lesser treaty at the start", "Anfangsvertrauen in schwächere Verträge"),
    "prior_resolve_none": ("Trust without a treaty at the start", "Anfangsvertrauen ohne Vertrag"),
    "blame_shift": ("Blame that the war moves from will to means", "Schuld, die der Krieg auf die Mittel lenkt"),
    "system_cap": ("Most that a month says of one system", "Höchstens, was ein Monat über ein System sagt"),
    "evidence_cap": ("Most that a month says in all", "Höchstens, was ein Monat insgesamt sagt"),
    "similarity_pact": ("Likeness by a shared pact", "Ähnlichkeit durch ein gemeinsames Bündnis"),
    "similarity_region": ("Likeness by a shared region", "Ähnlichkeit durch dieselbe Region"),
    "similarity_adversary": ("Likeness by a shared adversary", "Ähnlichkeit durch denselben Gegner"),
    "attack_memory": ("Threat of an attack kept each month", "Was von einer Angriffsgefahr jeden Monat bleibt"),
    "attack_threat": ("Threat from one attack", "Bedrohung durch einen Angriff"),
    "exposure_border": ("Exposure by a common border", "Verwundbarkeit durch eine gemeinsame Grenze"),
    "exposure_bases": ("Exposure by the patron's bases", "Verwundbarkeit durch Stützpunkte der Schutzmacht"),
    "exposure_diaspora": ("Exposure by a diaspora", "Verwundbarkeit durch Landsleute bei der Schutzmacht"),
    "patron_threat_memory": ("Patron's threat kept each month", "Was von ihrer Drohung jeden Monat bleibt"),
    "claim_threat": ("Threat from one claim of the patron", "Bedrohung durch einen Anspruch der Schutzmacht"),
    "invasion_threat": ("Threat from an invasion of a neighbour", "Bedrohung durch den Einmarsch bei einem Nachbarn"),
    "offer_memory": ("Offer kept each month", "Was von einem Angebot jeden Monat bleibt"),
    "offer_size": ("Size of an offer", "Größe eines Angebots"),
    "offer_protection": ("Offer as protection", "Wert eines Angebots als Schutz"),
    "lock_in": ("Pull of a rival once one is near it", "Sog eines Rivalen, sobald man ihm nahe ist"),
    "protection_reach": ("Protection by a rival next door", "Schutz durch einen Rivalen nebenan"),
    "distance_reach": ("Protection that reaches anywhere", "Schutz, der überallhin reicht"),
    "tie_noise": ("Looseness of ties", "Trägheit der Bindungen gegen jeden Sog"),
    "arms_tie_rate": ("Speed at which arms ties move", "Tempo, in dem sich Waffenbezug verlagert"),
    "economy_tie_rate": ("Speed at which trade moves", "Tempo, in dem sich Handel verlagert"),
    "supply_burden": ("Arms that the patron's war takes back", "Waffen, die ihr eigener Krieg verschlingt"),
    "tie_others": ("Weight of all others as partners", "Gewicht aller anderen als Partner"),
    "procurement_lasting": ("Coercion that buyers of arms remember", "Zwang, an den sich Waffenkäufer erinnern"),
    "commitment_hedging": ("Commitment left when hedging", "Bindung, die beim Absichern bleibt"),
    "commitment_distancing": ("Commitment left when distancing", "Bindung, die beim Abrücken bleibt"),
    "commitment_suspended": ("Commitment left when suspended", "Bindung, die beim Aussetzen bleibt"),
    "realignment_cost": ("Cost of the last step", "Preis des letzten Schrittes"),
    "review_rate": ("Chance of a review in a quiet month", "Chance einer Prüfung in einem ruhigen Monat"),
    "arms_weight": ("Arms in dependence", "Anteil der Waffen an der Abhängigkeit"),
    "autonomy_price": ("Price of lost autonomy", "Preis verlorener Eigenständigkeit"),
    "fear_distraction": ("Fear that the patron's war takes away", "Furcht, die ihr Krieg nimmt"),
    "anchoring": ("What held a client at the start", "Was einen Klienten am Anfang hielt"),
    "successor_noise": ("Chance in a new ruler's first choice", "Zufall in der ersten Wahl neuer Herrscher"),
    "break_away": ("Sudden breaks away", "Plötzliche Brüche"),
    "break_toward": ("Sudden returns", "Plötzliche Rückkehr"),
    "break_memory": ("Cause of a break kept each month", "Was vom Anlass eines Bruchs jeden Monat bleibt"),
    "break_ruler": ("Breaks after a new ruler", "Brüche nach einem Herrscherwechsel"),
    "break_coercion": ("Breaks after coercion", "Brüche nach Zwang"),
    "break_disengagement": ("Breaks after being let go", "Brüche, wenn die Schutzmacht loslässt"),
    "break_pledge": ("Breaks after a rival's pledge", "Brüche nach der Zusage eines Rivalen"),
    "break_toward_ruler": ("Returns after a new ruler", "Rückkehr nach einem Herrscherwechsel"),
    "break_to_loyal": ("Breaks that end at loyal", "Brüche, die bei loyal enden"),
    "break_to_hedging": ("Breaks that end at hedging", "Brüche, die im Absichern enden"),
    "break_to_distancing": ("Breaks that end at distancing", "Brüche, die im Abrücken enden"),
    "break_to_suspended": ("Breaks that end at suspended", "Brüche, die im Aussetzen enden"),
    "break_to_realigned": ("Breaks that end at realigned", "Brüche, die im Überlaufen enden"),
    "covert_start": ("Secret contacts begin", "Beginn geheimer Kontakte"),
    "covert_health": ("Secret contacts when a leader is ill", "Geheime Kontakte bei krankem Herrscher"),
    "covert_growth": ("Growth of secret contacts", "Wachstum geheimer Kontakte"),
    "covert_discovery": ("Secret contacts found out", "Aufdeckung geheimer Kontakte"),
    "covert_trust_cost": ("Trust lost when found out", "Vertrauen, das eine Aufdeckung kostet"),
    "covert_threat": ("Threat when found out", "Drohung bei Aufdeckung"),
    "succession_base": ("Chance of a succession each month", "Chance eines Machtwechsels je Monat"),
    "succession_health": ("Succession after reports of illness", "Machtwechsel nach Berichten über Krankheit"),
    "succession_contested": ("Contested successions", "Umkämpfte Machtwechsel"),
    "succession_cost": ("Cost of a contested succession", "Kosten eines umkämpften Machtwechsels"),
    "succession_months": ("Months that it costs", "Monate, die er kostet"),
    "attention_focus": ("How closely attention follows value", "Wie eng Aufmerksamkeit dem Wert folgt"),
    "war_attention": ("Attention that the war takes", "Aufmerksamkeit, die der Krieg nimmt"),
    "response_base": ("Readiness to help", "Bereitschaft zu helfen"),
    "response_attention": ("Help that follows attention", "Hilfe, die der Aufmerksamkeit folgt"),
    "response_clash": ("Help withheld for the main rival's sake", "Hilfe, die dem Hauptrivalen zuliebe ausbleibt"),
    "response_trust": ("Help that follows trust in the client", "Hilfe, die dem Vertrauen in den Klienten folgt"),
    "help_works": ("Chance that help works", "Chance, dass Hilfe wirkt"),
    "help_distraction": ("Help that the war weakens", "Hilfe, die der Krieg schwächt"),
    "systems_hold": ("Chance that supplied systems hold", "Chance, dass gelieferte Systeme halten"),
    "support_loss": ("Loss without support", "Verlust ohne Wartung"),
    "support_memory": ("Missing support kept each month", "Was von fehlender Wartung jeden Monat bleibt"),
    "support_swing": ("What one signal of support moves", "Was ein Signal über Wartung bewegt"),
    "trust_prior_good": ("Patron's trust at the start, good", "Anfangsvertrauen der Schutzmacht, gut"),
    "trust_prior_bad": ("Patron's trust at the start, bad", "Anfangsvertrauen der Schutzmacht, schlecht"),
    "trust_forgetting": ("Patron's memory each month", "Gedächtnis der Schutzmacht je Monat"),
    "step_trust_cost": ("Patron's trust lost by a step", "Vertrauen, das ein Schritt sie kostet"),
    "complaint_trust_cost": ("Patron's trust lost by a complaint", "Vertrauen, das eine Klage sie kostet"),
    "budget_feedback": ("Budget lost with all assets", "Budget, das mit allen Gütern verloren geht"),
    "burden_feedback": ("Burden added with all assets lost", "Last, die mit allen Gütern hinzukommt"),
    "crisis_hazard": ("Crises by threat", "Krisen je Bedrohung"),
    "crisis_intensity": ("Strongest crisis", "Stärkste Krise"),
    "abandonment_share": ("Refusals that are silence", "Weigerungen, die Schweigen sind"),
    "act_intensity": ("Strength of the patron's acts", "Stärke der Taten der Schutzmacht"),
    "coercion_rate": ("Coercion of those who stray", "Zwang gegen Abtrünnige"),
    "coercion_growth": ("More coercion with each rung", "Mehr Zwang mit jeder Stufe"),
    "claim_rate": ("Claims on neighbours", "Ansprüche gegen Nachbarn"),
    "criticism_rate": ("Public criticism", "Öffentliche Kritik"),
    "courting_rate": ("Courting of adversaries", "Werben um Gegner"),
    "support_lapse": ("Support that lapses", "Wartung, die ausbleibt"),
    "support_delivery": ("Support that is delivered", "Wartung, die geliefert wird"),
    "support_intensity": ("Strength of either", "Stärke von beidem"),
    "offer_rate": ("Rate of offers", "Häufigkeit von Angeboten"),
    "offer_intensity": ("Strength of an offer", "Stärke eines Angebots"),
    "offer_withdrawal": ("Offers withdrawn when rejected", "Abgelehnte Angebote, die verfallen"),
    "complaint_rate": ("Complaints of those refused", "Klagen der Abgewiesenen"),
}  # fmt: skip
"""All others, by name."""

FIELDS = {
    "threat": ("threat from its adversary", "Bedrohung durch den Gegner"),
    "value": ("value to the patron", "Wert für die Schutzmacht"),
    "border": ("border with the patron", "Grenze zur Schutzmacht"),
    "bases": ("the patron's bases", "Stützpunkte der Schutzmacht"),
    "diaspora": ("people the patron can squeeze", "Landsleute in der Hand der Schutzmacht"),
    "arms": ("arms from the patron", "Waffen von der Schutzmacht"),
    "economy": ("trade with the patron", "Handel mit der Schutzmacht"),
    "air_attacks": ("attacks from the air", "Angriffe aus der Luft"),
    "prior_capability": ("belief that the patron can, at the start", "Anfangsglaube, dass die Schutzmacht kann"),
    "prior_resolve": ("belief that the patron will, at the start", "Anfangsglaube, dass die Schutzmacht will"),
    "exposure": ("exposure to the patron", "Verwundbarkeit durch die Schutzmacht"),
    "arms_ties": ("arms at the start", "Waffen am Anfang"),
    "economy_ties": ("trade at the start", "Handel am Anfang"),
    "protection": ("protection offered", "angebotener Schutz"),
    "proximity": ("nearness", "Nähe"),
    "gap": ("distance from the patron's side", "Abstand zur Seite der Schutzmacht"),
    "size": ("size of its economy", "Größe der Wirtschaft"),
    "clash": ("clash with the main rival's track", "Reibung mit dem Draht zum Hauptrivalen"),
    "worth": ("worth of good terms with it", "Wert guter Beziehungen"),
    "weight": ("weight", "Gewicht"),
    "loading": ("part about capability", "Anteil über das Können"),
    "intensity": ("strength", "Stärke"),
    "continuity": ("what the successor takes over", "was der Nachfolger übernimmt"),
    "elasticity": ("income that reaches the budget", "Einnahmen, die im Haushalt ankommen"),
    "persistence": ("persistence of income", "Beharrung der Einnahmen"),
    "noise": ("chance in income", "Zufall der Einnahmen"),
}
"""Fields of actors, signals and events."""
OFFERED = {"economy": ("trade offered", "angebotener Handel")}
"""Fields of what a rival offers that are called otherwise elsewhere."""


def figure_words(path: str, scenario: Scenario) -> dict[str, str]:
    """Return what a figure is called, by language.

    Parameters
    ----------
    path, scenario
        Dotted path of the figure, and its scenario.
    """
    section, *names = path.split(".")
    if section == "parameters":
        english, german, *_ = FIRST.get(names[0]) or PARAMETERS.get(names[0]) or (names[0].replace("_", " "),) * 2
        return {"en": english, "de": german}
    return {"en": _named(section, names, scenario, "en"), "de": _named(section, names, scenario, "de")}


def _named(section: str, names: list[str], scenario: Scenario, language: str) -> str:
    """Return the name of a figure of an actor, a signal, an event or the income."""
    offered = "options" in names
    words = []
    for place, name in enumerate(names):
        said = (OFFERED if offered else {}).get(name) or FIELDS.get(name)
        if section == "events" and place == 0:
            continue  # the page puts the event's own line in front
        if section == "signals" and place == 0:
            words.append(scenario.signals[name].label)
        elif said is not None:
            words.append(said[0] if language == "en" else said[1])
        elif name not in ("options", "course", "situation", "successor"):
            words.append(_actor(name, scenario, language))
    return ": ".join(words)


def _actor(name: str, scenario: Scenario, language: str) -> str:
    actors: dict[str, Named] = {**scenario.clients, **scenario.rivals, **scenario.adversaries}
    return actors[name].called(name, language) if name in actors else name.replace("_", " ")
