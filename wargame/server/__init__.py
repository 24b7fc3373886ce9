"""The war game's server: plain pages for teams, facilitator and wall, and nothing that a seat may not know.

Everything that a page shows is made by `papertiger.wargame.views.seats`, `papertiger.wargame.views.facilitator` or
`papertiger.wargame.views.review` for whoever asks.
The server computes no model: that is for the worker of `papertiger.wargame.engine.worker`.
"""
