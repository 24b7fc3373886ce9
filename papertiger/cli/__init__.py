"""The command line. Nothing heavy is imported before a command needs it, so that help is instant."""

from papertiger.cli.app import app, main

__all__ = ["app", "main"]
