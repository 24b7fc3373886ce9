"""Define the parameters of the model, with their ranges."""

from __future__ import annotations

from pydantic import (
    Field,
    model_validator,
)

from papertiger.scenarios.schema.figures import Amount, AnyNumber, Figure, Intensity, Positive, Share, Signed
from papertiger.scenarios.schema.values import (
    Finite,
    Part,
    Text,
)


class Parameters(Part):
    """Global constants of the model, one set for all clients.

    Those with a number here came after the first release: a scenario that was saved as a whole before lacks them and
    takes what they were when they still stood in the rules, or the value at which the mechanism is not there. Reason
    and range of each are in ``defaults.yaml``.
    """

    # Beliefs
    prior_strength: Positive = Field(description="alpha0 + beta0")
    prior_capability: Share = Field(description="prior mean of capability")
    prior_resolve_pact: Share = Field(description="prior mean of resolve with a defence pact")
    prior_resolve_treaty: Share = Field(description="prior mean of resolve with a lesser treaty, or for a sub-state")
    prior_resolve_none: Share = Field(description="prior mean of resolve without a treaty")
    forgetting: Share = Field(description="lambda, share of the evidence kept each month")
    bad_news_weight: Amount = Field(description="rho, weight of bad news against good")
    witness_weight: Signed = Field(
        description="chi, share of evidence a fully similar witness takes; may be negative"
    )
    hard_times_excuse: Share = Field(
        description="gamma, share of an excusable signal that a war at full burden forgives"
    )
    blame_shift: Share = Field(
        default=Figure(value=0.0), description="delta, how far the war moves blame from resolve to capability"
    )
    evidence_scale: Amount = Field(description="Omega, size of a unit of evidence")
    system_cap: Amount = Field(
        default=Figure(value=100.0), description="cap on a client-month's own evidence from one system, times Omega"
    )
    evidence_cap: Amount = Field(description="cap on a client-month's own, and its witnessed, evidence, times Omega")
    similarity_pact: Amount = Field(
        default=Figure(value=1.0), description="weight of a shared pact in how alike two clients are"
    )
    similarity_region: Amount = Field(default=Figure(value=1.0), description="weight of a shared region")
    similarity_adversary: Amount = Field(default=Figure(value=1.0), description="weight of a shared adversary")
    # Threats and offers
    attack_memory: Share = Field(description="share of x kept each month")
    attack_threat: Amount = Field(description="j_tau, an attack of intensity 3 adds this to x")
    exposure_border: Share = Field(
        default=Figure(value=0.4), description="weight of a common border in exposure to the patron"
    )
    exposure_bases: Share = Field(
        default=Figure(value=0.3), description="weight of the patron's bases in exposure to it"
    )
    exposure_diaspora: Share = Field(
        default=Figure(value=0.3), description="weight of a diaspora in exposure to the patron"
    )
    patron_threat_memory: Share = Field(description="share of y kept each month")
    claim_threat: Amount = Field(description="j_theta, a claim or coercion of intensity 3 adds this to y")
    invasion_threat: Amount = Field(description="j_inv, an invasion of a neighbour adds this times exposure to y")
    offer_memory: Share = Field(description="share of z kept each month")
    offer_size: Amount = Field(description="j_O, an offer of intensity 3 adds this to z")
    offer_protection: Share = Field(
        default=Figure(value=0.5), description="what an offer is worth as protection, where it is worth 1 as economy"
    )
    lock_in: Share = Field(description="g, how much an option grows with distance already taken")
    protection_reach: Share = Field(description="what a fully open rival next door offers as protection")
    distance_reach: Share = Field(
        default=Figure(value=0.5), description="share of a rival's protection that does not need it to be near"
    )
    # Ties
    tie_noise: Positive = Field(
        default=Figure(value=1.0), description="mu_s, how little the shares of ties follow what draws a client"
    )
    arms_tie_rate: Share = Field(
        default=Figure(value=0.0), description="sigma, share of the way that the ties of arms go each month"
    )
    economy_tie_rate: Share = Field(
        default=Figure(value=0.0), description="sigma, share of the way that the ties of the economy go each month"
    )
    supply_burden: Amount = Field(
        default=Figure(value=0.0), description="b_D, what a war at full burden takes from the patron as a supplier"
    )
    tie_others: Positive = Field(
        default=Figure(value=1.0), description="what others weigh against rivals in a share that is not known"
    )
    procurement_lasting: Share = Field(
        default=Figure(value=0.0),
        description="l, share of what fades from y each month that procurement, the ties of arms, still remembers",
    )
    # Choice
    choice_noise: Positive = Field(description="mu, scale of the unobserved part of utility")
    commitment_hedging: Share = Field(default=Figure(value=0.75), description="c, commitment of a hedging client")
    commitment_distancing: Share = Field(
        default=Figure(value=0.5), description="c, commitment of a distancing client"
    )
    commitment_suspended: Share = Field(
        default=Figure(value=0.25), description="c, commitment of a client whose alliance is suspended"
    )
    switching_cost: Amount = Field(description="kappa, cost of any step")
    realignment_cost: Amount = Field(description="kappa_x, further cost of the last step")
    review_rate: Share = Field(description="nu, chance of a review in a quiet month")
    economy_weight: Amount = Field(description="b_E, weight of economy against protection")
    arms_weight: Share = Field(default=Figure(value=0.5), description="weight of arms against economy in dependence")
    autonomy_price: Amount = Field(description="b_A, price of lost autonomy")
    patron_threat_weight: Amount = Field(description="b_theta, weight of the threat from the patron")
    retaliation_fear: Amount = Field(description="phi, fear of retaliation")
    fear_distraction: Share = Field(
        default=Figure(value=0.5),
        description="d_F, share of the fear of retaliation that a war at full burden takes away",
    )
    standing_cost: Amount = Field(description="b_S, cost of standing with a patron at war")
    contagion: Amount = Field(description="b_N, pull of similar clients that defected")
    anchoring: Share = Field(
        default=Figure(value=1.0),
        description="A, how far the anchor takes out the levels of threat, protection, dependence and options",
    )
    successor_noise: Positive = Field(
        default=Figure(value=1.0), description="scale of the unobserved part of a successor's first choice, times mu"
    )
    # Breaks
    break_away: Share = Field(
        default=Figure(value=0.0),
        description="h_a, chance of a break away from the patron per month, without cause",
    )
    break_toward: Share = Field(
        default=Figure(value=0.0), description="h_t, chance of a break towards it per month, without cause"
    )
    break_memory: Share = Field(
        default=Figure(value=0.94), description="share of the stocks of the causes of a break kept each month"
    )
    break_ruler: AnyNumber = Field(
        default=Figure(value=0.0), description="log hazard ratio of a break away, of a new ruler of intensity 3"
    )
    break_coercion: AnyNumber = Field(
        default=Figure(value=0.0), description="log hazard ratio of a break away, of coercion by the patron"
    )
    break_disengagement: AnyNumber = Field(
        default=Figure(value=0.0), description="log hazard ratio of a break away, of the patron's disengagement"
    )
    break_pledge: AnyNumber = Field(
        default=Figure(value=0.0), description="log hazard ratio of a break away, of a rival's pledge"
    )
    break_toward_ruler: AnyNumber = Field(
        default=Figure(value=0.0), description="log hazard ratio of a break towards the patron, of a new ruler"
    )
    break_to_loyal: Amount = Field(
        default=Figure(value=1.0), description="weight of loyal among the rungs where a break may end"
    )
    break_to_hedging: Amount = Field(default=Figure(value=1.0), description="weight of hedging among them")
    break_to_distancing: Amount = Field(default=Figure(value=1.0), description="weight of distancing among them")
    break_to_suspended: Amount = Field(default=Figure(value=1.0), description="weight of suspended among them")
    break_to_realigned: Amount = Field(default=Figure(value=1.0), description="weight of realigned among them")
    # Covert hedging
    covert_start: Share = Field(
        description="chance per review to start hedging covertly, at hedging and in a loyal sub-state"
    )
    covert_health: Amount = Field(
        default=Figure(value=0.0),
        description="how much more often in a month of reports about its leader's health, per unit of intensity",
    )
    covert_growth: Amount = Field(description="growth of z per month of covert hedging")
    covert_discovery: Share = Field(description="chance per month that the patron finds out")
    covert_trust_cost: Amount = Field(description="bad evidence on the patron's trust when found out")
    covert_threat: Amount = Field(
        default=Figure(value=1.0), description="what being found out adds to y, as a multiple of claim_threat"
    )
    # Sub-state
    succession_base: Share = Field(description="hazard of a succession per month")
    succession_health: Share = Field(description="added hazard per unit of intensity of a month's health reports")
    succession_contested: Share = Field(description="chance that a succession is contested")
    succession_cost: Share = Field(description="share of the patron's budget that a contested succession costs")
    succession_months: Amount = Field(description="months that it costs")
    # Patron
    attention_focus: Amount = Field(description="eta, how sharply attention follows value")
    war_attention: Amount = Field(description="value of the war per unit of burden")
    response_base: AnyNumber = Field(description="eta0, log-odds of help at even attention")
    response_attention: Amount = Field(description="eta1, weight of the attention a client gets")
    response_clash: Amount = Field(description="eta2, weight of a clash with the main rival")
    response_trust: Amount = Field(description="eta3, weight of the patron's trust in the client")
    help_works: Share = Field(description="chance that help works, at full budget and without a war")
    help_distraction: Share = Field(
        default=Figure(value=0.5), description="d_H, share of that chance that a war at full burden takes away"
    )
    systems_hold: Share = Field(description="chance that maintained supplied systems hold")
    support_loss: Share = Field(description="share of that chance lost without support")
    support_memory: Share = Field(description="share of missing support still missing a month later")
    support_swing: Share = Field(
        default=Figure(value=1.0), description="a signal about support of intensity 3 moves missing support by this"
    )
    trust_prior_good: Positive = Field(description="alpha of the patron's trust in a client")
    trust_prior_bad: Positive = Field(description="beta of the patron's trust in a client")
    trust_forgetting: Share = Field(description="share of that evidence kept each month")
    step_trust_cost: Amount = Field(description="evidence on trust from one step away (bad) or closer (good)")
    complaint_trust_cost: Amount = Field(description="bad evidence on trust from a public complaint")
    # Feedback
    budget_feedback: Share = Field(description="f_B, share of the budget lost when all assets are")
    burden_feedback: Share = Field(description="f_h, burden added when all assets are lost")
    # Generative rules
    crisis_hazard: Share = Field(description="crises per month and unit of threat")
    crisis_intensity: Intensity = Field(
        default=Figure(value=3.0),
        description="largest intensity of a drawn crisis; whole numbers up to it are equally likely",
    )
    abandonment_share: Share = Field(description="share of refusals that are abandonment, not words")
    act_intensity: Intensity = Field(
        default=Figure(value=2.0), description="intensity of coercion, claims, criticism and courting by rule"
    )
    coercion_rate: Share = Field(description="coercion per month, exposure and rung, of a client below loyal")
    coercion_growth: Amount = Field(
        default=Figure(value=1.0), description="how much more often each further rung is coerced"
    )
    claim_rate: Share = Field(description="claims per month on a client at the border, at full war burden")
    criticism_rate: Share = Field(description="public criticism per month and unit of clash with the track")
    courting_rate: Share = Field(description="courting per month and unit of the adversary's worth")
    support_lapse: Share = Field(description="chance per month at full burden that technical support lapses")
    support_delivery: Share = Field(description="chance per month that support is delivered, at even attention")
    support_intensity: Intensity = Field(
        default=Figure(value=2.0), description="intensity of a lapse or a delivery of support by rule"
    )
    offer_rate: Share = Field(description="offers per month, unit of openness and of distance taken")
    offer_intensity: Intensity = Field(default=Figure(value=2.0), description="intensity of an offer by rule")
    offer_withdrawal: Share = Field(description="chance that a rejected offer is withdrawn")
    complaint_rate: Share = Field(description="chance that a refused client complains in public")


class Posterior(Part):
    """Joint draws of parameters that a calibration left; a file just names them."""

    draws: Text = Field(description="name of the table of draws")
    paths: tuple[Text, ...] = Field(min_length=1, description="dotted path of the figure in each column")
    values: tuple[tuple[Finite, ...], ...] = Field(min_length=1, description="equally likely joint draws")

    @model_validator(mode="after")
    def _has_a_number_per_column(self) -> Posterior:
        if any(len(row) != len(self.paths) for row in self.values):
            raise ValueError(f"expected {len(self.paths)} numbers in each draw")
        return self
