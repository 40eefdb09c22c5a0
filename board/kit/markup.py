"""What people write, CommonMark, as safe HTML. Links are found by themselves; a line break stays one."""

import re

import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote
from markdown_it.rules_inline import StateInline, linkify
from markdown_it.token import Token

_TAGS = set("p br a em strong s code pre blockquote ul ol li hr h3 h4 h5 h6".split())
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

# Three rules of the libraries below take time with the square of the text, some seconds for a message of 20,000
# characters that is made for it; these bounds keep every message below half a second, and no honest one meets them.

# How many lines all quotations of a text together may look at.
_MOST_LINES = 200_000
# So many addresses in a text are looked at while it is taken apart; of more, only the plain ones become links.
_MOST_ADDRESSES = 200
# An address without http:// is looked for between white space that is no further apart than this.
_LONGEST_RUN = 200
_RUN = re.compile(r"\S+")


class _Links(LinkifyIt):
    """Finds addresses run by run: its patterns look far ahead at each point, 18 s for 20,000 characters of `+www.`"""

    def test(self, text: str) -> bool:
        return self.match(text) is not None

    def match(self, text: str) -> list[Match] | None:
        found = []
        for run in _RUN.finditer(text):
            if run.end() - run.start() <= _LONGEST_RUN:
                for each in super().match(run[0]) or ():
                    each.index += run.start()
                    each.last_index += run.start()
                    found.append(each)
        return found or None


def _linkify(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, but bounded: at each `://` it searches all that came before, 2 s for 20,000 characters."""
    if not state.src.startswith("://", state.pos):
        return False
    state.env["addresses"] = state.env.get("addresses", 0) + 1
    return state.env["addresses"] <= _MOST_ADDRESSES and linkify(state, silent)


def _blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule, but bounded: it looks at all lines to the end, even where the quotation is one line."""
    if not state.src.startswith(">", state.bMarks[start] + state.tShift[start]):
        return False
    state.env["lines"] = state.env.get("lines", 0) + (0 if silent else end - start)
    return state.env["lines"] <= _MOST_LINES and blockquote(state, start, end, silent)


# Pictures are uploaded, never fetched from elsewhere: `![...](...)` becomes a link.
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify", "strikethrough"])
    .disable(["image"])
)
_markdown.linkify = _Links()
_markdown.inline.ruler.at("linkify", _linkify)
_markdown.block.ruler.at("blockquote", _blockquote, {"alt": ["paragraph", "reference", "blockquote", "list"]})


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
