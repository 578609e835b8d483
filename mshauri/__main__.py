"""`python -m mshauri` is `mshauri`."""

from mshauri.cli import main

main()
