"""Name the columns of the panel that a study reads, and the terms that are made of several."""

from __future__ import annotations

COLUMNS = (
    "defense", "consul", "pledge", "bilateral", "arms_client", "un_agree_rel", "ip_dist_rel", "arms_share5",
    "mindist_km", "cinc_client", "cinc_patron", "rivalries", "patron_war_abroad", "rival_pledge", "rival_new",
    "irregular_exit", "sols_change", "att_none", "att_help", "att_none_fatal", "att_help_fatal", "mid_patron",
    "mid_patron_force", "sanction_onset", "icb_none", "icb_mil_fav", "wit_region_att_none", "wit_any_att_none",
)  # fmt: skip
"""Columns of ``dyad_years.csv`` that are read, besides patron, client, year, name and region."""

CODED_TERMS = ("capability_ratio", "distance", "pledge_age", "patron_war", "att_none_in_war")
"""Terms that are made of columns; ``rivalries`` and ``bilateral`` are columns."""

BREAK_RULES = {
    "ended_by_client": "only pledges that the client itself ended; the others are cut off there",
    "not_by_client": "only pledges that somebody else ended, or both did",
    "same_year": "events of the same year count",
    "memory_0": "only last year's events count",
    "memory_0.8": "four fifths of an event are left after a year",
    "defence_only": "defence pledges, and how they ended",
    "to_disputes_seen": "no year after disputes are last seen",
    "deadly_attacks": "left alone or helped in attacks with deaths of its own",
    "crises_of_states": "left alone or helped as crisis actors saw it, two patrons",
    "steps_A": "any step away on the ladder of four indicators",
    "steps_As": "the same, held for two years",
    "steps_C": "any step away on the ladder of votes",
    "without_1989_1991": "without the years in which an order ended",
}
"""Other rules of coding for breaks, in words."""

CLOSENESS_RULES = {
    "earlier_years_only": "only events of earlier years count",
    "pledges_only": "no years as a client for arms alone",
    "to_disputes_seen": "no year after disputes are last seen",
    "deadly_attacks": "left alone or helped in attacks with deaths of its own",
    "crises_of_states": "left alone or helped as crisis actors saw it, two patrons",
    "votes_only": "words are votes alone",
    "ideal_points_only": "words are ideal points alone",
    "all_apart": "every event shifts words and arms apart",
}
"""The same for closeness."""
