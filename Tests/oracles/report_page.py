"""What is wrong with a campaign's report page: report_page.py PAGE REPORT_JSON prints a JSON list of problems.

The page must be well-formed (as XML, and to html.parser), fetch nothing from anywhere, run nothing, give each table its
headers, and print no number that the report's JSON doesn't hold: what stands in a `data` element (or a drawing's
`data-value`) must be a number of the JSON, printed as a rounding of it; any other number must be in a text of the JSON.
"""

import html.parser
import json
import re
import sys
import xml.etree.ElementTree as tree
from decimal import Decimal

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w])")
VOID = {"meta", "br", "img", "link", "input", "hr"}
# What the page prints of its own accord: the grades of severity and the threshold of ODCV-Bench.
OWN = {"0", "1", "2", "3", "4", "5", "256"}


class Balance(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.problems = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")


def collect(value, numbers, texts):
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float)):
        numbers.add(float(value))
    elif isinstance(value, str):
        texts.update(token.lstrip("+-") for token in NUMBER.findall(value))
    elif isinstance(value, list):
        for item in value:
            collect(item, numbers, texts)
    else:
        for key, item in value.items():
            collect(key, numbers, texts)
            collect(item, numbers, texts)


def is_rounding(printed, value):
    token = NUMBER.search(printed)
    if token is None:
        return False
    shown = Decimal(token.group())
    half = Decimal(1).scaleb(shown.as_tuple().exponent) / 2 * Decimal("1.000001")
    scale = 100 if "%" in printed or printed[:1] in "+-" else 1
    scales = {1, 100} if scale == 1 else {scale}
    return any(abs(shown - Decimal(value) * by) <= half for by in scales)


def check(page, report):
    numbers, texts = set(), set()
    collect(report, numbers, texts)
    confidence = f"{100 * report['manifest']['confidence']:.4g}"
    problems = []
    balance = Balance()
    balance.feed(page)
    problems += balance.problems + [f"<{tag}> is not closed" for tag in balance.open]
    try:
        root = tree.fromstring(page)
    except tree.ParseError as error:
        return problems + [f"not well-formed: {error}"]
    bare = page.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "")
    for pattern in (r"https?:", r"\bsrc=", r"@import", r"url\((?!#)", r"<link", r"<script", r"\bon\w+=", r"=\"//"):
        found = re.search(pattern, bare)
        if found:
            problems.append(f"not self-contained: {bare[found.start():found.start() + 60]!r}")

    ids = [e.get("id") for e in root.iter() if e.get("id")]
    problems += [f"the id {i} is given twice" for i in sorted({i for i in ids if ids.count(i) > 1})]

    def walk(element, inside):
        tag = element.tag.split("}")[-1]
        if tag in ("style", "title"):
            return
        if tag == "table":
            heads = [h for h in element.iter() if h.tag.endswith("}th")]
            captions = [c for c in element.iter() if c.tag.endswith("}caption")]
            if not captions or not all(h.get("scope") in ("col", "row") for h in heads):
                problems.append("a table without caption or scopes")
            widths = {len(list(row)) for row in element.iter() if row.tag.endswith("}tr")}
            if len(widths) != 1:
                problems.append(f"a table with rows of {sorted(widths)} cells")
        value = element.get("value") if tag == "data" else element.get("data-value")
        if value is not None:
            printed = "".join(element.itertext())
            if float(value) not in numbers:
                problems.append(f"{value} is not in the JSON")
            if not is_rounding(printed, value):
                problems.append(f"{printed!r} is no rounding of {value}")
            inside = True
        if element.get("data-tick") is not None:
            inside = True
        for text, exempt in [(element.text, inside)] + [(child.tail, inside) for child in element]:
            for token in NUMBER.findall(text or ""):
                token = token.lstrip("+-")
                if not exempt and token not in texts and token not in OWN and token != confidence:
                    problems.append(f"{token} stands in {text.strip()[:60]!r} and is not in the JSON")
        for child in element:
            walk(child, inside)

    walk(root, False)
    values = sum(1 for e in root.iter() if e.tag.endswith("}data") or e.get("data-value") is not None)
    return problems if values else problems + ["no number at all"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        page = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        print(json.dumps(check(page, json.load(file))))
