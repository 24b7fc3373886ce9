"""Let ``python -m papertiger`` do what the command ``papertiger`` does."""

from papertiger.cli import main

main()
