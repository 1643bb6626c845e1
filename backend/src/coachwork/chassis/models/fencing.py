"""Fences around whatever a person or a document wrote, so that a model can tell data from orders."""

from html import escape


def fence(tag: str, text: str, **attributes: str) -> str:
    """Return the text between tags, its angle brackets escaped, so nothing inside can close the fence."""
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{given}>\n{escape(text, quote=False)}\n</{tag}>"
