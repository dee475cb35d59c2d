#!/usr/bin/env python3
"""Every row of a contract that a source cites is in docs/CONTRACTS.md, and cited in the one form.

In comments: `contracts: gitlab A8, A11; settled 7`, also `34 to 36`, and a contract alone for all of it.
Names of test cases may begin with rows: `"A5: …`, `"P2 to P6: …`, `"settled 7: …`.
"""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/CONTRACTS.md"
CONTRACTS = "settled|gitlab|helm-engine|helm|archives|releases|reliability|stack"
ID = r"(?:[A-Z]?\d+(?:[A-D](?:\.\d+)?|\.\d+|[a-d])?)"
ROWS = rf"{ID}(?: to {ID})?(?:, {ID}(?: to {ID})?)*"
CITATION = re.compile(rf"contracts: ((?:{CONTRACTS})(?: {ROWS})?(?:[;,] (?:{CONTRACTS})(?: {ROWS})?)*)(?=[).,;:\s]|$)")
NAME = re.compile(rf'"(?:(settled) )?({ID}(?:(?:, | to ){ID})*): [a-z]')
# What looks like a citation in another form.
STRAY = re.compile(rf"\b(?:(?:{CONTRACTS})(?: section)? (?:no\. )?(?:\d|[A-Z]\d)|contracts/\w+\.md)"
                   r"|\((?:[ARGPFHYUV]\d{1,2})(?:, [ARGPFHYUV]\d{1,2})*\)|// ?[ARGPFHYUV]\d{1,2}\b")


def expand(rows):
    """`1 to 3, 5` to 1, 2, 3, 5; the rows of one range share their letter."""
    for part in rows.split(", "):
        first, _, last = part.partition(" to ")
        letter = first.rstrip("0123456789")
        if last and letter == last.rstrip("0123456789"):
            for number in range(int(first[len(letter):]), int(last[len(letter):]) + 1):
                yield f"{letter}{number}"
        else:
            yield from filter(None, [first, last])


def rows_of_the_page():
    known, contract = {}, None
    for line in PAGE.read_text().splitlines():
        if heading := re.match(r"^## ([a-z-]+)$", line):
            contract = heading[1]
            known[contract] = []
        elif row := re.match(rf"^\| ({ROWS}) \|", line):
            known[contract] += expand(row[1])
    return known


def sources():
    for folder in ["auth", "base", "bench", "chart", "client", "deploy", "index", "proto", "registry", "release", "server", "storage",
                   "tests", "transfer"]:
        for file in sorted(file for kind in ("*.[ch]pp", "*.proto") for file in (ROOT / folder).rglob(kind)):
            # A comment's lines are one text.
            yield str(file.relative_to(ROOT)), re.sub(r"\n\s*// ?", " ", file.read_text())


def citations(text):
    for match in CITATION.finditer(text):
        for part in re.split(rf"[;,] (?=(?:{CONTRACTS})\b)", match[1]):
            contract, _, rows = part.partition(" ")
            yield contract, rows
    for contract, rows in NAME.findall(text):
        if contract or not rows[0].isdigit():
            yield contract or "gitlab", rows


class Contracts(unittest.TestCase):
    def setUp(self):
        self.known = rows_of_the_page()

    def test_the_page_can_be_read(self):
        self.assertIn("A8", self.known["gitlab"])
        self.assertIn("4C.8", self.known["helm"])
        self.assertIn("35", self.known["archives"])
        self.assertIn("5.11", self.known["releases"])
        self.assertIn("3", self.known["helm-engine"])
        for contract, rows in self.known.items():
            self.assertEqual(len(rows), len(set(rows)), f"{contract} has a row twice")

    def test_every_row_that_is_cited_is_on_the_page(self):
        missing, count = [], 0
        for name, text in sources():
            for contract, rows in citations(text):
                for row in expand(rows) if rows else []:
                    count += 1
                    if row not in self.known.get(contract, []):
                        missing.append(f"{name}: {contract} {row}")
        self.assertEqual(missing, [])
        self.assertGreater(count, 100)

    def test_every_citation_has_the_one_form(self):
        strays = []
        for name, text in sources():
            rest = CITATION.sub("", NAME.sub("", text))
            strays += [f"{name}: {found[0]}" for found in STRAY.finditer(rest)]
            strays += [f"{name}: {rest[at.start():at.start() + 60]}" for at in re.finditer(r"\bcontracts:", rest)]
        self.assertEqual(strays, [])


if __name__ == "__main__":
    unittest.main()
