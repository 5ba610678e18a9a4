"""How a text becomes the beginning of a sentence."""


def capitalized(text: str) -> str:
    """Raise the first letter and leave the rest as it is: names and paths in a text keep their case."""
    return text[:1].upper() + text[1:]
