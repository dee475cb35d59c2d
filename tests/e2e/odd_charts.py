#!/usr/bin/env python3
# Packs the files of odd_chart_yamls.py, their bytes untouched, which `helm package` would rewrite.
#
#   odd_charts.py FOLDER      FOLDER/taken: what Helm publishes; FOLDER/refused: what it does not
import io
import pathlib
import sys
import tarfile

import odd_chart_yamls

REQUIREMENTS = "dependencies:\n- {name: old, version: 1.10, repository: x}\n"


def write(folder, name, chart_yaml, more=()):
    files = [("Chart.yaml", chart_yaml.replace("CHART", f"odd-{name}")), ("values.yaml", "{}\n")]
    with tarfile.open(folder / f"{name}.tgz", "w:gz") as archive:
        for file, text in [*files, *more]:
            data = text.encode("utf-8", "surrogateescape")
            member = tarfile.TarInfo(f"odd-{name}/{file}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def main():
    for kind in ("taken", "refused"):
        folder = pathlib.Path(sys.argv[1]) / kind
        folder.mkdir(parents=True)
        for name, chart_yaml in getattr(odd_chart_yamls, kind)().items():
            write(folder, name, chart_yaml)
        if kind == "taken":
            write(folder, "requirements", "name: CHART\nversion: 1.0.0\n",
                  [("requirements.yaml", REQUIREMENTS)])


if __name__ == "__main__":
    main()
