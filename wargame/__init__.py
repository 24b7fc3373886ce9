"""The war game: who decides, what each seat knows, and the log that a game is replayed from.

No web here: a server stands on `papertiger.wargame.session` and sends each seat what
`papertiger.wargame.views.seats` made for it, and nothing else.
Nothing in this package imports Mesa; what needs the compiled ensemble runs in a worker process
(`papertiger.wargame.engine.worker`).
"""
