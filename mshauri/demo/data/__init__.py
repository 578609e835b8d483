"""The lists shipped with the demonstration."""

from importlib import resources

from mshauri.importing.reading import Sheet, read_text


def read_data(name: str) -> Sheet:
    """Return one of the lists, by its file's name."""
    return read_text((resources.files(__name__) / name).read_text(encoding="utf-8"))
