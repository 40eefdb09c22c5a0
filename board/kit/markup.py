"""What people write, CommonMark, as safe HTML. Links are found by themselves; a line break stays one."""

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = set("p br a em strong s code pre blockquote ul ol li hr h3 h4 h5 h6".split())
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

# Pictures are uploaded, never fetched from elsewhere: `![...](...)` becomes a link.
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify", "strikethrough"])
    .disable(["image"])
)


def render(text: str) -> str:
    """Text as typed -> HTML with only the tags above: no pictures, no ids, no classes, no scripts, no styles."""
    tokens = _markdown.parse(text)
    for token in tokens:
        _lower_heading(token)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow ugc noopener"
    ).strip()


def quote(text: str, author: str, limit: int = 600) -> str:
    """Text as a CommonMark quotation with its author, to begin an answer with; quotations inside it are left out."""
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    said = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(said) > limit:
        said = said[:limit].rsplit(" ", 1)[0] + " …"
    return f"> **{escape(author)}:**\n" + "".join(f"> {line}\n" for line in said.splitlines()) + "\n"


def escape(text: str) -> str:
    """Text whose CommonMark signs mean themselves."""
    return re.sub(r"([\\`*_\[\]<>#~])", r"\\\1", text)


def _lower_heading(token: Token) -> None:
    """A message stands below a page's h1 and h2, so its own headings begin at h3."""
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
