#!/usr/bin/env python3
"""tools/check_layers.py lets the tree pass, and every arrow that points the wrong way fail."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPIED = ["tools/check_layers.py", "tools/layers.txt", "base/result.hpp", "base/failure.hpp", "base/failure.cpp",
          "chart/chart_name.hpp", "chart/chart_name.cpp", "storage/ids.hpp", "storage/blob_store.hpp",
          "auth/grant.hpp", "index/entry_fragment.hpp", "server/http/request_head.hpp"]


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.tree = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        subprocess.run(["git", "init", "-q", self.tree], check=True)
        for path in COPIED:
            self.write(path, (ROOT / path).read_text())

    def write(self, path, text):
        target = self.tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def add(self, path, line):
        """Adds an include to a file, which may be new; the line's number."""
        target = self.tree / path
        before = target.read_text() if target.exists() else ""
        self.write(path, before + line + "\n")
        return before.count("\n") + 1

    def run_check(self):
        return subprocess.run([sys.executable, self.tree / "tools/check_layers.py", self.tree],
                              capture_output=True, text=True)

    def assert_refused(self, *words):
        done = self.run_check()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stdout)

    def assert_accepted(self):
        done = self.run_check()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_good_tree_passes(self):
        self.assert_accepted()

    def test_an_upward_include_fails_with_its_place_and_what_is_allowed(self):
        line = self.add("base/failure.cpp", '#include "chart/chart_name.hpp"')
        self.assert_refused(f"base/failure.cpp:{line}:", 'base may not include "chart/chart_name.hpp"', "base")

    def test_every_floor_refuses_the_one_above(self):
        for path, header in [
            ("chart/x.cpp", "storage/ids.hpp"),
            ("storage/x.hpp", "index/entry_fragment.hpp"),
            ("storage/x.cpp", "storage/sqlite/y.hpp"),
            ("storage/fs/x.cpp", "storage/sqlite/y.hpp"),
            ("index/x.cpp", "auth/grant.hpp"),
            ("auth/x.cpp", "registry/y.hpp"),
            ("registry/x.cpp", "auth/authenticator.hpp"),
            ("registry/x.cpp", "server/http/request_head.hpp"),
            ("server/http/x.cpp", "registry/y.hpp"),
            ("server/http/x.cpp", "storage/blob_store.hpp"),
            ("server/gitlab/x.cpp", "server/operator/y.hpp"),
            ("server/gitlab/x.cpp", "storage/catalogue.hpp"),
            ("server/gitlab/x.cpp", "server/core.hpp"),
            ("server/core.cpp", "server/cli/y.hpp"),
            ("server/cli/x.cpp", "server/application.hpp"),
        ]:
            with self.subTest(path=path, header=header):
                line = self.add(path, f'#include "{header}"')
                self.assert_refused(f"{path}:{line}:", f'may not include "{header}"')
                (self.tree / path).unlink()

    def test_downward_includes_pass(self):
        for path, header in [
            ("registry/x.cpp", "auth/grant.hpp"),
            ("storage/open.cpp", "storage/sqlite/y.hpp"),
            ("server/gitlab/x.cpp", "server/gitlab/y.hpp"),
            ("server/gitlab/x.cpp", "storage/blob_store.hpp"),
            ("server/application.cpp", "server/gitlab/y.hpp"),
            ("server/cli/x.cpp", "server/core.hpp"),
            ("server/main.cpp", "server/cli/y.hpp"),
            ("tests/unit/x.cpp", "server/cli/y.hpp"),
        ]:
            self.add(path, f'#include "{header}"')
        self.assert_accepted()

    def test_third_party_headers_stay_in_the_sources_of_their_folder(self):
        self.add("chart/x.cpp", "#include <zlib.h>")
        self.add("chart/x.cpp", "#include <vector>")
        self.add("base/x.hpp", "#include <boost/asio/awaitable.hpp>")
        self.assert_accepted()
        self.add("chart/y.hpp", "#include <zlib.h>")
        self.assert_refused("chart/y.hpp:1: <zlib.h> belongs in .cpp files")
        self.add("chart/z.cpp", "#  include <sqlite3.h>")
        self.assert_refused("chart/z.cpp:1: chart may not include <sqlite3.h>", "zlib.h")
        self.add("index/x.cpp", "#include <unistd.h>")
        self.assert_refused("index/x.cpp:1: index may not include <unistd.h>")

    def test_an_include_that_is_not_written_from_the_root_fails(self):
        self.add("chart/x.cpp", '#include "chart_name.hpp"')
        self.assert_refused('chart/x.cpp:1: "chart_name.hpp" is not written from the root')

    def test_a_folder_without_a_place_fails(self):
        self.write("attic/x.cpp", "")
        self.assert_refused("attic/x.cpp:1: its folder is not in tools/layers.txt")

    def test_a_folder_that_says_nothing_fails(self):
        for name in ["util", "common", "helpers"]:
            with self.subTest(name=name):
                self.write(f"chart/{name}/x.cpp", "")
                self.assert_refused(f"chart/{name}/x.cpp:1: a folder called {name}")
                shutil.rmtree(self.tree / "chart" / name)

    def test_a_source_that_does_not_include_its_own_header_first_fails(self):
        self.write("base/x.hpp", "")
        for text in ['', '#include "base/result.hpp"\n#include "base/x.hpp"\n', '#include <string>\n']:
            with self.subTest(text=text):
                self.write("base/x.cpp", text)
                self.assert_refused('base/x.cpp:1: include "base/x.hpp" first')
        self.write("base/x.cpp", '// Why.\n#include "base/x.hpp"\n#include <string>\n')
        self.assert_accepted()

    def test_headers_that_include_each_other_fail(self):
        self.add("chart/x.hpp", '#include "chart/y.hpp"')
        self.add("chart/y.hpp", '#include "chart/z.hpp"')
        self.add("chart/z.hpp", '#include "chart/x.hpp"')
        self.assert_refused("in a circle: chart/x.hpp → chart/y.hpp → chart/z.hpp → chart/x.hpp")

    def test_a_table_with_a_circle_fails(self):
        self.write("tools/layers.txt", "place base\n  project chart\nplace chart\n  project base\n")
        done = self.run_check()
        self.assertEqual(done.returncode, 1)
        self.assertIn("places in a circle: base → chart → base", done.stderr)

    def test_a_table_that_cannot_be_read_fails(self):
        for table in ["project base\n", "place\n", "place base\n  includes chart\n", "place base\n  project moon\n"]:
            with self.subTest(table=table):
                self.write("tools/layers.txt", table)
                self.assertEqual(self.run_check().returncode, 1)


if __name__ == "__main__":
    unittest.main()
