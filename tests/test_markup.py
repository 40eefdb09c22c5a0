"""What people write becomes safe HTML: the tags of the list and no other, and soon."""

import time
from xml.etree.ElementTree import Element

import html5lib
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.kit import markup

ALLOWED = {tag: set() for tag in "p br em strong s code pre blockquote ul li hr h3 h4 h5 h6".split()} | {
    "a": {"href", "title", "rel"},
    "ol": {"start"},
}

# Pieces that mean something to CommonMark, to HTML, to htmx or to a browser.
PIECES = [
    *"[ ] ( ) ! * _ ` ~ < > & # - + = \\ / : :// http https".split(),
    *"javascript: data: vbscript: www. . a é 🐘 | 1. \" ' @ ^ { } ?".split(),
    *"<script> </script> <img onerror=alert(1) src=x> <a hx-get=/x> data-hx-on:click onload= style= id= class=".split(),
    *"<!-- --> <svg/onload=x> <math> </p> </code> </blockquote> &lt; &#106; &#x0; &colon; ](javascript:x)".split(),
    *"[a](b) [a]: [a] ``` ~~~ mailto: //evil.example \u202e \u200b \ufeff".split(" "),
    *("\n", "\n\n", "\n> ", "\n- ", "\n    ", " ", "\t"),
]

# Forms let no control characters through, nor what Unicode keeps out of texts.
letters = st.characters(exclude_categories=["Cc", "Cs", "Cn"])
written = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(letters, max_size=200)


def elements(html: str) -> list[Element]:
    """All elements of a piece of HTML, read as strictly as the standard is written."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return [each for each in parser.parseFragment(html).iter() if each.tag != "DOCUMENT_FRAGMENT"]


def assert_safe(html: str) -> None:
    """Only tags and attributes of the list; links only to where a link may lead."""
    for element in elements(html):
        assert element.tag in ALLOWED, element.tag
        assert set(element.keys()) <= ALLOWED[element.tag], element.attrib
        if element.tag == "a":
            assert element.get("rel") == "nofollow ugc noopener"
            scheme, colon, _ = element.get("href", "").strip("\0\t\n\r ").partition(":")
            ours = not colon or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
            assert ours or scheme.lower() in ("http", "https", "mailto"), element.get("href")
    again = nh3.clean(
        html,
        tags=set(ALLOWED),
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    assert again == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "Hello *there*, **you** ~~all~~ `x < y`",
            "<p>Hello <em>there</em>, <strong>you</strong> <s>all</s> <code>x &lt; y</code></p>",
        ),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("# One\n###### Six", "<h3>One</h3>\n<h6>Six</h6>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a\n\n- b\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<ul>\n<li>b</li>\n</ul>\n<hr>"),
        ("```python\n<b>&amp;\n```", "<pre><code>&lt;b&gt;&amp;amp;\n</code></pre>"),
        (
            "https://a.example/x_y_z?b=c&d=e",
            '<p><a href="https://a.example/x_y_z?b=c&amp;d=e" rel="nofollow ugc noopener">https://a.example/x_y_z?b=c&amp;d=e</a></p>',
        ),
        ("www.a.org.", '<p><a href="http://www.a.org" rel="nofollow ugc noopener">www.a.org</a>.</p>'),
        ("(me@a.org)", '<p>(<a href="mailto:me@a.org" rel="nofollow ugc noopener">me@a.org</a>)</p>'),
        ("At a, www.b.org, c", '<p>At a, <a href="http://www.b.org" rel="nofollow ugc noopener">www.b.org</a>, c</p>'),
        ("<b>x</b> <!-- y -->", "<p>&lt;b&gt;x&lt;/b&gt; &lt;!-- y --&gt;</p>"),
        ("[a](/help 'b')", '<p><a href="/help" title="b" rel="nofollow ugc noopener">a</a></p>'),
        ("![a](http://a.example/b.png)", '<p>!<a href="http://a.example/b.png" rel="nofollow ugc noopener">a</a></p>'),
        ("&copy; &#169; &amp;lt;", "<p>© © &amp;lt;</p>"),
        ("| a |\n|---|\n| b |", "<p>| a |<br>\n|---|<br>\n| b |</p>"),
        ("", ""),
        ("[a]: http://b.example", ""),
    ],
)
def test_commonmark_becomes_html(text, html):
    assert markup.render(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<p style='position:fixed'>x",
        "<form action=//evil.example><input name=password>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<base href=//evil.example>",
        "<hx-partial hx-target=body>x</hx-partial>",
        "<b hx-get=/sign-out hx-trigger=load>x</b>",
        "<b data-hx-post=/threads/1/delete data-hx-trigger=load>x</b>",
        "<b hx-on:click=alert(1)>x</b>",
        "<template><script>x</script></template>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>x</script>]]>",
        "<?x <script>x</script>?>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java\nscript:alert(1)>)",
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript&colon;alert(1))",
        "[x](javascript&#58;alert(1))",
        "[x](\\javascript:alert(1))",
        "[x](%6Aavascript:alert(1))",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,AAAA)",
        "![x](data:image/svg+xml;base64,AAAA)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<data:text/html,x>",
        "<blob:x>",
        "[x](ftp://a.example)",
        "[x](tel:123)",
        "<magnet:?xt=x>",
        "ftp://a.example",
        "javascript://www.example.org/%0aalert(1)",
        "[x]\n\n[x]: javascript:alert(1)",
        "[x]\n\n[x]: data:text/html,<script>x</script>",
        '[x](http://a "\\" onclick=alert(1) \\"")',
        "[x](http://a'\"onclick=alert(1))",
        '[x](<http://a"onclick=alert(1)>)',
        "[<script>alert(1)</script>](http://a)",
        "[[x](javascript:a)](javascript:b)",
        "[![x](javascript:a)](javascript:b)",
        "[x](http://a.example 'hx-get=/x')",
        "`<script>`<script>``</script>``",
        '```"><script>alert(1)</script>\nx\n```',
        "```x onload=alert(1) id=a\nx\n```",
        "> - # <img src=x onerror=alert(1)>",
        '1. http://a.example/"onmouseover=alert(1)//',
        "http://a.example/<script>alert(1)</script>",
        'www.a.org/"><script>alert(1)</script>',
        'a@b.example"onclick=alert(1)',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\u2028<script>\u2029alert(1)</script>",
        "＜script＞alert(1)＜/script＞",
    ],
    ids=lambda text: text[:30],
)
def test_attacks_stay_words(text):
    for wrapped in (text, f"> {text}", f"- {text}", f"**{text}**", f"a {text} b", f"{text}\n{text}", f"# {text}"):
        assert_safe(markup.render(wrapped))


def test_the_second_wall_holds_without_the_first(monkeypatch):
    monkeypatch.setitem(markup._markdown.options, "html", True)
    assert markup.render("<i class=x onclick=y>a</i> <b>b</b>") == "<p>a b</p>"
    for attack in test_attacks_stay_words.pytestmark[0].args[1]:
        assert_safe(markup.render(attack))


@given(written)
@settings(max_examples=250, deadline=None)
def test_whatever_is_written_only_the_tags_of_the_list_come_out(text):
    assert_safe(markup.render(text))


@given(written, st.text("ab*_<>#~`[]\\", min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_quotation_is_one_quotation_and_names_its_author(text, author):
    quoted = markup.quote(text, author)
    assert quoted.endswith("\n\n")
    assert all(line.startswith(">") for line in quoted.strip("\n").split("\n"))
    assert_safe(markup.render(quoted + "An answer."))


def test_a_quotation_leaves_out_what_was_quoted_and_ends_in_time():
    text = "> earlier\n\nOne.\n\n\n\nTwo " + "word " * 300
    quoted = markup.quote(text, "o_k-*")
    assert quoted.startswith("> **o\\_k-\\*:**\n> One.\n> \n> Two word")
    assert "earlier" not in quoted
    assert quoted.rstrip().endswith("word …")
    assert len(quoted) < 700


@pytest.mark.parametrize("sign", list("\\`*_[]<>#~"))
def test_an_escaped_sign_means_itself(sign):
    assert markup.render(markup.escape(f"a {sign}b{sign} c")) == markup.render("a 1b1 c").replace(
        "1", {"<": "&lt;", ">": "&gt;"}.get(sign, sign)
    )


NESTED = "".join("  " * depth + "- a\n" for depth in range(140))
LONG = [
    *"[ ![ [a]( [x][ * _ ~~ ` \\ > - 1. & < <a | ( ]( a@ .a".split(),
    *("*a_ ", "**a*", "a **b ", "a\n", "\n> #\na", "\n> #\n    a\nb", "\n- #\na", "> - ", "\n1. ", "```\n", "a\n=\n"),
    *("[a]: b\n", "[a]: b '\n", '[a](b "\n', "<http://", "&copy;", "://", "a://", "http://", "http://[", "ftp://a"),
    *(
        "http://a.b/(((",
        "www.",
        "+www.",
        "|éwww.",
        "mailto:",
        "a@b.c,",
        "_@",
        "@:\n",
        "1.1.1.",
        "xn--",
        "🐘",
        "`a``b```",
    ),
]


@pytest.mark.parametrize("unit", [*LONG, NESTED], ids=lambda unit: ascii(unit)[:20])
def test_twenty_thousand_characters_made_to_be_slow_are_quick(unit):
    text = (unit * (20_000 // len(unit) + 1))[:20_000]
    started = time.process_time()
    html = markup.render(text)
    assert time.process_time() - started < 1.5
    assert len(html) < 600_000


@pytest.mark.parametrize("unit", ["+www.", "|éwww.", "^httpwww.", "(?www.", "a@", "a.b@"])
def test_runs_of_the_longest_length_that_is_searched_for_addresses_are_quick_too(unit):
    started = time.process_time()
    markup.render(f"{(unit * 200)[:199]} " * 100)
    assert time.process_time() - started < 2


def test_the_bounds_that_keep_it_quick_touch_no_honest_text():
    quotations = "\n\n".join(f"> They said {n}.\n\nI say {n}." for n in range(300))
    assert markup.render(quotations).count("<blockquote>") == 300
    links = "\n".join(f"- see https://a.example/*{n}*/x and www.b.org/{n}" for n in range(200))
    html = markup.render(links)
    for n in range(200):
        assert f'href="https://a.example/*{n}*/x"' in html
        assert f'href="http://www.b.org/{n}"' in html
    long = "https://a.example/" + "x" * 2_000 + "?q=(1)_2_*3*"
    assert markup.render(f"here: {long} there").count("<a href=") == 1
    assert markup.render("这里https://a.example/路 " + "字" * 500).count("<a href=") == 1
