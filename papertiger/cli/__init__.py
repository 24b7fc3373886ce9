"""Run the command line. Nothing heavy is imported before a command needs it, so that help is instant."""

try:
    from papertiger.cli.app import app, main
except KeyboardInterrupt:  # Ctrl-C while the command line itself is still being loaded
    raise SystemExit(130) from None

__all__ = ["app", "main"]
