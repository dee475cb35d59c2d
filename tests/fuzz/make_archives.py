#!/usr/bin/env python3
"""Writes the corpus of the archive target: small archives, good and bad.

    tests/fuzz/make_archives.py        rewrites tests/fuzz/corpus/archive

The same bytes at every run: times are zero, nothing is random. Plain tar files stay plain, since the target compresses
them itself; what is about gzip is a .tgz.
"""

import gzip
import io
import pathlib
import tarfile
import zlib

FOLDER = pathlib.Path(__file__).parent / "corpus" / "archive"
CHART = b"apiVersion: v2\nname: a\nversion: 1.0.0\n"


def entry(name, content=b"", kind=tarfile.REGTYPE, link="", **fields):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def tar(*entries, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, content in entries:
            archive.addfile(info, io.BytesIO(content))
    # Of the zeros that fill up the last record, the two blocks that end a tar are enough.
    used = -(-len(out.getvalue().rstrip(b"\0")) // 512) * 512
    return out.getvalue()[:used] + bytes(1024)


def tgz(data):
    return gzip.compress(data, 9, mtime=0)


GOOD = tar(entry("a/Chart.yaml", CHART), entry("a/values.yaml", b"x: 1\n"))


def with_field(data, at, value):
    """The first header with another field, and the checksum that fits."""
    header = bytearray(data[:512])
    header[at:at + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[512:]


def with_size(data, size):
    return with_field(data, 124, size)


def with_type(data, kind):
    return with_field(data, 156, kind)


SEEDS = {
    "good.tar": GOOD,
    "templates.tar": tar(entry("a/Chart.yaml", CHART), entry("a/templates/x.yaml", b"k: {{ 1 }}\n"),
                         entry("a/charts/b/Chart.yaml", CHART.replace(b"name: a", b"name: b"))),
    "folders.tar": tar(entry("a", kind=tarfile.DIRTYPE), entry("a/Chart.yaml", CHART)),
    "pax.tar": tar(entry("a/Chart.yaml", CHART, pax_headers={"comment": "x"}),
                   entry("a/" + "d" * 120 + "/e", b"1"), form=tarfile.PAX_FORMAT),
    "gnu_long_name.tar": tar(entry("a/Chart.yaml", CHART), entry("a/" + "d" * 120, b"1"), form=tarfile.GNU_FORMAT),
    "two_charts.tar": tar(entry("a/Chart.yaml", CHART), entry("a/Chart.yaml", CHART.replace(b"1.0.0", b"2.0.0"))),
    "two_roots.tar": tar(entry("a/Chart.yaml", CHART), entry("b/Chart.yaml", CHART)),
    "no_chart.tar": tar(entry("a/values.yaml", b"x: 1\n")),
    "no_folder.tar": tar(entry("Chart.yaml", CHART)),
    "dots.tar": tar(entry("a/Chart.yaml", CHART), entry("a/../../x", b"1")),
    "absolute.tar": tar(entry("/a/Chart.yaml", CHART)),
    "backslash.tar": tar(entry("a\\Chart.yaml", CHART)),
    "symlink.tar": tar(entry("a/Chart.yaml", CHART), entry("a/l", kind=tarfile.SYMTYPE, link="/etc/passwd")),
    "hardlink.tar": tar(entry("a/Chart.yaml", CHART), entry("a/l", kind=tarfile.LNKTYPE, link="a/Chart.yaml")),
    "device.tar": tar(entry("a/Chart.yaml", CHART), entry("a/d", kind=tarfile.CHRTYPE, devmajor=1, devminor=3)),
    "bad_values.tar": tar(entry("a/Chart.yaml", CHART), entry("a/values.yaml", b"x: [1\n")),
    "bad_metadata.tar": tar(entry("a/Chart.yaml", b"name: [")),
    "bad_name.tar": tar(entry("a/Chart.yaml", CHART.replace(b"name: a", b"name: ../a"))),
    "cut.tar": GOOD[:700],
    "no_end.tar": GOOD[:-1024],
    "trailing.tar": GOOD + b"trailing",
    "two_tars.tar": GOOD + GOOD,
    "bad_checksum.tar": GOOD[:148] + b"000000" + GOOD[154:],
    "negative_size.tar": with_size(GOOD, b"\xff" * 12),
    "huge_size.tar": with_size(GOOD, b"77777777777\0"),
    "empty.tar": bytes(1024),
    "dump_folder.tar": tar(entry("a/Chart.yaml", CHART), entry("a/x", b"1", kind=b"D")),
    "sized_folder.tar": GOOD[:-1024] + with_size(tar(entry("a/d", kind=tarfile.DIRTYPE))[:-1024], b"00000002000\0") + GOOD,
    "two_extensions.tar": GOOD[:-1024] + with_type(tar(entry("p", b"12 path=a/p\n"))[:-1024], b"x")
                          + with_type(tar(entry("l", b"a/l\0"))[:-1024], b"L") + GOOD,
    "half_end.tar": GOOD[:-512] + GOOD,
    "large_file.tar": tar(entry("a/Chart.yaml", CHART), entry("a/big", b"x" * (16 * 1024 + 1))),
    "many_files.tar": tar(entry("a/Chart.yaml", CHART), *(entry(f"a/{i}") for i in range(50))),
    "good.tgz": tgz(GOOD),
    "raw_deflate.tgz": zlib.compress(GOOD, 9),
    "bad_crc.tgz": tgz(GOOD)[:-8] + bytes(8),
    "no_trailer.tgz": tgz(GOOD)[:-8],
    "cut.tgz": tgz(GOOD)[:-20],
    "two_members.tgz": tgz(GOOD[:1000]) + tgz(GOOD[1000:]),
    "two_archives.tgz": tgz(GOOD) + tgz(GOOD),
    "trailing.tgz": tgz(GOOD) + b"trailing",
    "twice_compressed.tgz": tgz(tgz(GOOD)),
    "header_fields.tgz": b"\x1f\x8b\x08\x1c\0\0\0\0\x02\x03\x02\0xx../../evil\0Helm\0" + tgz(GOOD)[10:],
    "empty.tgz": tgz(b""),
    "bomb.tgz": tgz(tar(entry("a/Chart.yaml", CHART), entry("a/zeros", bytes(200_000)))),
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        (FOLDER / name).write_bytes(data)
