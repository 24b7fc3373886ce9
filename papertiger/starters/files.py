"""Hold files to start from, and what to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Files:
    """Hold the files of a starter.

    Attributes
    ----------
    texts
        Text by name of the file.
    commands
        What to try, in order; ``{NAME}`` stands for the path of the file NAME.
    """

    texts: dict[str, str]
    commands: tuple[str, ...]

    def next_steps(self, folder: Path) -> list[str]:
        """Return the commands as they are typed where the folder was named."""
        places = {name: (folder / name).as_posix() for name in self.texts}
        lines = []
        for command in self.commands:
            line = command
            for name, place in places.items():
                line = line.replace(f"{{{name}}}", place)
            lines.append(f"  {line}")
        return ["Try, in this order:", *lines]
