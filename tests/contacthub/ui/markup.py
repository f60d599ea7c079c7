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
