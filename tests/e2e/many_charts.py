#!/usr/bin/env python3
"""Writes many small archives of one chart: many_charts.py FOLDER NAME COUNT, versions 1.0.0 to 1.0.COUNT-1."""

import io
import pathlib
import sys
import tarfile


def main():
    folder, name, count = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        text = f"apiVersion: v2\nname: {name}\nversion: 1.0.{n}\n".encode()
        with tarfile.open(folder / f"{name}-1.0.{n}.tgz", "w:gz", compresslevel=1) as archive:
            member = tarfile.TarInfo(f"{name}/Chart.yaml")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))


if __name__ == "__main__":
    main()
