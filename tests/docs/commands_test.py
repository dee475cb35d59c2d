#!/usr/bin/env python3
"""docs/COMMANDS.md gives every route of the administration and deploy APIs a command that the program knows.

PILOTHOUSE names the program.
"""

import functools
import os
import re
import subprocess
import unittest

from http_api_test import MACRO, ROOT, ROUTE

PREFIX = "/api/v4"
# | GET | `/groups/{group*}` | `group show PATH` |, or | GET | `/…` | –, because … |
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (?:`([^`]+)`|–, because .+) \|$", re.MULTILINE)
OPTION = re.compile(r"^ *(?:-\w,)?(--[a-z-]+)", re.MULTILINE)
# What help shows of every command, and what stands for a question that a program is not asked.
EVERYWHERE = {"--help", "--data", "--json", "--server", "--token-file", "--token", "--ca-file", "--allow-plaintext", "--yes"}


def routes_of_the_code():
    for name in ("gitlab/administration_routes", "gitlab/channel_routes", "gitlab/release_routes",
                 "gitlab/webhook_routes", "qovery/routes"):
        text = (ROOT / f"server/{name}.cpp").read_text()
        prefixes = dict(MACRO.findall(text))
        for method, prefix, pattern in ROUTE.findall(text):
            yield method.rstrip("_").upper(), (prefixes.get(prefix.strip(), "") + pattern).removeprefix(PREFIX)


@functools.cache
def help_of(*words):
    return subprocess.run([os.environ["PILOTHOUSE"], "help", *words], capture_output=True, text=True, check=True).stdout


def commands_of_the_program():
    """Each as its words, from what help shows."""
    def names(text):
        listed = re.search(r"^Subcommands:\n(.*?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
        return re.findall(r"^  ([a-z-]+)", listed[1], re.MULTILINE) if listed else []

    for family in names(help_of()):
        below = names(help_of(family))
        yield from [(family, name) for name in below] or [(family,)]


def words_of(command):
    return tuple([word for word in command.split() if re.fullmatch("[a-z][a-z-]*", word)][:2])


def options_in(command):
    return set(re.findall(r"--[a-z-]+", command))


class Commands(unittest.TestCase):
    def setUp(self):
        paper = (ROOT / "docs/COMMANDS.md").read_text()
        self.twins = {(method, path): command for method, path, command in ROW.findall(paper)}
        self.assertEqual(len(self.twins), len(ROW.findall(paper)), "a route is there twice")

    def commands(self):
        return {command for command in self.twins.values() if command}

    def test_every_route_has_its_row(self):
        code = list(routes_of_the_code())
        self.assertGreater(len(code), 70)
        self.assertEqual(sorted(set(code) - set(self.twins)), [])
        self.assertEqual(sorted(set(self.twins) - set(code)), [])

    def test_every_command_is_one_with_these_options(self):
        known = set(commands_of_the_program())
        for command in self.commands():
            with self.subTest(command):
                words = words_of(command)
                self.assertIn(words, known)
                for option in options_in(command):
                    self.assertIn(option, OPTION.findall(help_of(*words)))

    def test_the_rows_of_a_command_have_all_its_options(self):
        named = {}
        for command in self.commands():
            named.setdefault(words_of(command), set()).update(options_in(command))
        self.assertGreater(len(named), 40)
        for words, options in named.items():
            with self.subTest(" ".join(words)):
                self.assertEqual(sorted(set(OPTION.findall(help_of(*words))) - EVERYWHERE - options), [])

    def test_operations_names_every_command(self):
        paper = (ROOT / "docs/OPERATIONS.md").read_text()
        missing = [" ".join(words) for words in commands_of_the_program() if f"`{' '.join(words)}" not in paper]
        self.assertEqual(missing, ["serve"] if "`serve" not in paper else [])


if __name__ == "__main__":
    unittest.main()
