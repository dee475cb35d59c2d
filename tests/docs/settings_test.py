#!/usr/bin/env python3
"""config/pilothouse.yaml has every setting of the program, with its default; PILOTHOUSE names the program."""

import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "config/pilothouse.yaml"
LINE = re.compile(r"^(?P<indent> *)(?P<key>[a-z_]+):(?: +(?P<value>.*))?$")


def settings_of_the_file():
    """Key to text, `limits.idle_time` to `75 s`; the file has two levels and no lists."""
    values, section = {}, ""
    for number, line in enumerate(FILE.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.match(line)
        assert match, f"{FILE}:{number}: this test cannot read it"
        if not match["indent"]:
            section = ""
        if match["value"] is None:
            section = match["key"] + "."
        else:
            values[section + match["key"]] = match["value"].strip('"')
    return values


def settings_of_the_program(*arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PILOTHOUSE_")}
    shown = subprocess.run([os.environ["PILOTHOUSE"], "check-config", "--show", "--json", *arguments],
                           check=True, capture_output=True, text=True, env=environment)
    return json.loads(shown.stdout)


class Settings(unittest.TestCase):
    def test_the_file_names_every_setting_and_no_other(self):
        self.assertEqual(list(settings_of_the_file()), list(settings_of_the_program()))

    def test_every_value_in_the_file_is_the_default(self):
        defaults = {key: shown["value"] for key, shown in settings_of_the_program().items()}
        self.assertEqual(settings_of_the_file(), defaults)

    def test_the_program_reads_the_file_and_it_changes_nothing(self):
        defaults = settings_of_the_program()
        read = settings_of_the_program("--config", str(FILE))
        self.assertEqual({shown["source"] for shown in read.values()}, {"file"})
        self.assertEqual({key: shown["value"] for key, shown in read.items()},
                         {key: shown["value"] for key, shown in defaults.items()})


if __name__ == "__main__":
    unittest.main()
