"""HTML as trees that compare equal where a browser sees no difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "input", "link", "meta", "wbr"}


@dataclass
class Node:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag):
        return [node for node in self.walk() if node.tag == tag]

    @property
    def text(self):
        return " ".join(" ".join(c if isinstance(c, str) else c.text for c in self.children).split())


class _Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Node("")]

    def handle_starttag(self, tag, attrs):
        named = {name: value or "" for name, value in attrs}
        if "class" in named:
            named["class"] = " ".join(sorted(named["class"].split()))
        assert len(named) == len(attrs), f"an attribute twice in <{tag}>: {attrs}"
        node = Node(tag, named)
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        words = data if self.open[-1].tag == "textarea" else " ".join(data.split())
        if words:
            self.open[-1].children.append(words)


def parse(html: str) -> Node:
    """Parse strictly: every element that has to be closed must be, in order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1, f"never closed: {parser.open[-1].tag}"
    return parser.open[0]


def check(html: str) -> None:
    """Hold a page to what every page of ours has: sound references, no inline script or style, safe forms."""
    page = parse(html)
    check_whole(page)
    check_references(page)
    check_policy(page)
    check_forms(page)
    check_errors(page)


def check_whole(page: Node) -> None:
    ids = [node.attrs["id"] for node in page.walk() if "id" in node.attrs]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert page.all("title")[0].text.removeprefix("Error: ").endswith(" – ContactHub")
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    buttons = [node for node in page.walk() if "govuk-button" in node.attrs.get("class", "").split()]
    assert len([node for node in buttons if "govuk-button--secondary" not in node.attrs["class"]]) <= 1, "green buttons"


def check_references(page: Node) -> None:
    ids = {node.attrs["id"] for node in page.walk() if "id" in node.attrs}
    links = [node.attrs["href"][1:] for node in page.all("a") if node.attrs["href"].startswith("#")]
    labels = [node.attrs["for"] for node in page.all("label")]
    named = [
        name
        for node in page.walk()
        for attr in ("aria-describedby", "aria-labelledby", "aria-controls")
        for name in node.attrs.get(attr, "").split()
    ]
    assert {*links, *labels, *named} <= ids


def check_policy(page: Node) -> None:
    assert not page.all("style")
    assert all("src" in node.attrs and not node.children for node in page.all("script"))
    assert not [name for node in page.walk() for name in node.attrs if name == "style" or name.startswith("on")]


def check_forms(page: Node) -> None:
    hidden = [node for node in page.all("input") if node.attrs["type"] == "hidden"]
    assert all(node.attrs["autocomplete"] == "off" for node in hidden), "the browser may fill in a hidden field"
    for form in page.all("form"):
        names = [node.attrs["name"] for node in form.all("input")]
        assert names.count("csrfmiddlewaretoken") == (form.attrs["method"] == "post")


def check_errors(page: Node) -> None:
    """Each error leads into a box that can be filled in, and that names the message beside it (P49)."""
    summaries = classed(page, "govuk-error-summary")
    assert page.all("title")[0].text.startswith("Error: ") == bool(summaries)
    beside = {node.attrs["id"]: node.text for node in classed(page, "govuk-error-message")}
    for link in (link for summary in summaries for link in summary.all("a")):
        box, *around = boxes_of(page, link.attrs["href"][1:])
        assert box.tag in ("input", "select", "textarea")
        named = {name for node in (box, *around) for name in node.attrs.get("aria-describedby", "").split()}
        said = {name for name, words in beside.items() if link.text in words}
        assert not said or named & said, f"“{link.text}” belongs to no box"


def boxes_of(page: Node, target: str) -> list[Node]:
    """Return the element of this id, and the fieldsets around it."""
    own = [node for node in page.walk() if node.attrs.get("id") == target]
    return own + [fieldset for fieldset in page.all("fieldset") if own[0] in [*fieldset.walk()]]


def classed(page: Node, name: str) -> list[Node]:
    return [node for node in page.walk() if name in node.attrs.get("class", "").split()]
