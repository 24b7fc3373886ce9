"""Write a page in Markdown from a template of the package."""

from __future__ import annotations


def markdown(template: str, **content: object) -> str:
    """Return a page.

    Parameters
    ----------
    template
        Its file in ``experiments/templates``.
    content
        What the template names; a name that is missing is an error.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only for pages

    environment = Environment(  # nosec B701 - Markdown, no HTML
        loader=PackageLoader("papertiger.experiments", "templates"),
        autoescape=False,  # the page is Markdown, where an escaped quote would be read as text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(content)
