"""The war game's server: plain pages for teams, facilitator and wall, and nothing that a seat may not know.

Everything that a page shows is made by `wargame.views`, `wargame.white_cell` or `wargame.review` for whoever asks.
The server computes no model: that is for the worker of `wargame.engine`.
"""
