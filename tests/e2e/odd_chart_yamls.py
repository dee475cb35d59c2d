"""Chart.yaml files as a hand may write them: scalars, shapes and texts that Helm changes on load.

CHART stands for the name of the chart. Nothing here says what Helm makes of a file, only whether
it publishes it; the test asks Helm for the rest. In the lists of scalars `&` stands for a space.
"""

BASE = "apiVersion: v2\nname: CHART\nversion: 1.0.0\n"

# Plain scalars that a YAML reader takes for something else than text.
SCALARS = """
1.10 1.0 2023.10 20231015.1 1.23456789 1e3 1000000.0 16777217.0 .5 .inf -.inf .nan 1e400
yes Y on y no Off n true True FALSE ~ null Null 0x1F 0b101 017 0o17 08 1_000 16777217
123456789012345678901 9223372036854775807 9223372036854775808 18446744073709551615
18446744073709551616 -1 -0 +1 0 00 007 -1.50 +.5 1. 1.e2 1E-7 0.1 0.30000001 3.4e38 3.5e38 1e-46
123456.789 1234567.0 12345678.0 0.0001 0.00001 100000.0 1e20 1e21 1e22 -017 0x_1F 1__0 0b12 0xZZ
_1 1_ 0.0 -0.0 6.02e+23 1:30 190:20:30 2024-01-01 2024-01-01T10:00:00Z .Inf +.inf .NaN NaN inf
= << . .. v1.2 1.2.3 2.0.0-rc.1 !!str&1.10 !!str&yes !!int&7 !!float&7 '1.10' "1.10" ''
""".split()

# What of these Helm refuses as the key of an annotation.
NO_KEYS = ["~", "null", "Null", "9223372036854775808", "18446744073709551615"]

# Scalars in the place of the version.
VERSIONS = """
1.10 1.0 1e3 0x10 1_000 2024-01-01 2023.10 017 08 1 16777217 .5 v1.2.3 01.2.3 1.2.3+build.5 1.2 v1
"1.0" !!str&1.10 !!float&2 1.2.3-0a
""".split()
BAD_VERSIONS = """
latest 1.2.3.4 1.2.3-01 1.2.3-rc_1 "1.2.3&" 1.2.3/../x 1.0.0+a/b V1.0.0 =1.2.3 1.x 1.2.3- 1.2.3+
18446744073709551616.0.0 true ~ "" 20231015.1 1000000.0 .inf 1e30 -1 [1.0.0] {a:&b}
""".split()

# Texts for double quotes: white space of all kinds, controls, what is invisible, what must stay.
TEXTS = {
    "spaces": r"a\tb\nc\rd\N\_\L\Pe\u2003f\u3000g\u1680h\u202fi\u205fj",
    "controls": r"\0\a\b\v\f\e\x01\x1fa\x7fb\u0080c\u009fd",
    "invisible": r"a\u00adb\u200bc\u200cd\u200ee\u2060f\ufeffg\u202ah\u2066i\ue000j\u0378k\u061cl",
    "stays": r"\u00e4\u4e2d\U0001f600\ufe0fe\u0301\ufffd\u00b2\u20e3\U000e0100",
    "beyond": r"\U0001f9ff\U0001fae8\U0001fbf0\U00030000\U000323af\U000e0001\U000f0000\U0010fffd",
    "joined": r"\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "quotes": r"\"\\ 'x' #y: z, [a] {b} & * ! | > % @ `",
    "edges": r"  both ends  ",
    "html": r"<b>&amp;</b>",
}

# What follows on BASE.
TAKEN_ENDS = {
    "exact-key-wins": "appVersion: exact\nAPPVERSION: no\n",
    "unknown-keys": "foo: bar\ndeep: {a: [1, {b: c}]}\n",
    "second-document": "---\nname: other\nversion: 2.0.0\n",
    "merge-key": "x: &x {a: 'b', c: d}\nannotations: {<<: *x, c: e}\n",
    "anchors": "appVersion: &v '2'\nkubeVersion: *v\nkeywords: &k [a, b]\nsources: *k\n",
    "blocks": "description: >\n  a\n  b\n\n  c\n\nhome: >-\n  x\n  y\nicon: |+\n  z\n\n",
    "plain-lines": "description: a\n  b\n\n  c # no\n",
    "empty-lists": "sources: []\nmaintainers: []\nannotations: {}\ndependencies: []\n",
    "empty-texts": "home:\nkeywords:\ndeprecated:\nappVersion: ''\ntype: ''\n",
    "nulls-in-lists": "keywords: [a, ~, b]\nsources: [null]\n",
    "deprecated": "deprecated: yes\n",
    "not-deprecated": "deprecated: no\n",
    "library": "type: library\n",
    "condition-and-tags": "condition: 1.10\ntags: yes\n",
    "maintainers": 'maintainers:\n- {name: "A\\tB", url: yes}\n- {name: ""}\n- {email: x}\n- {}\n',
    "dependency": "dependencies:\n- {name: a, version: no range, condition: a.on, alias: b-1}\n",
    "dependency-twice": "dependencies: [{name: a, version: 1.0}, {name: a, alias: b}]\n",
    "dependency-tags": "dependencies: [{name: a, repository: '', enabled: on, tags: [y, 1.1]}]\n",
    "import-values": "dependencies:\n- {name: a, import-values: [x, {child: c, parent: p}]}\n",
    "unicode": "description: 'ä 中 😀 \u200b\u00a0 .'\nannotations: {'ключ': 'знак 😀 \u200b'}\n",
    "long-key": "annotations:\n  ? " + "k" * 900 + "\n  : x\n",
}

TAKEN_WHOLE = {
    "no-api-version": "name: CHART\nversion: 1.0.0\n",
    "v1": "apiVersion: v1\nname: CHART\nversion: 1.0.0\nengine: gotpl\ntillerVersion: '>=2'\n",
    "capitals": "APIVERSION: v2\nNAME: CHART\nVersion: 1.0.0\nappversion: '2'\nKEYWORDS: [a]\n"
    "KubeVersion: '>=1.20'\nMaintainers: [{NAME: x, Email: y}]\n",
    "document-marks": "---\n" + BASE + "...\n",
    "directive": "%YAML 1.1\n---\n" + BASE,
    "byte-order-mark": "\ufeff" + BASE,
    "carriage-returns": (BASE + "description: |\n  a\n  b\n").replace("\n", "\r\n"),
    "json": '{"apiVersion": "v2", "name": "CHART", "version": "1.0.0", "keywords": ["a/b"]}\n',
    "version-by-anchor": "name: CHART\nappVersion: &v 1.0.0\nversion: *v\n",
    "name-of-all-kinds": "apiVersion: v2\nname: CHART.x_y-Z\nversion: 1.0.0\n",
}

# What no client can use; Helm leaves these out of its index.
REFUSED_ENDS = {
    "type-plugin": "type: plugin\n",
    "keywords-text": "keywords: a\n",
    "sources-text": "sources: a\n",
    "keywords-nested": "keywords: [[a]]\n",
    "deprecated-text": 'deprecated: "true"\n',
    "deprecated-number": "deprecated: 1\n",
    "maintainers-text": "maintainers: [bob]\n",
    "maintainers-null": "maintainers: [null]\n",
    "dependencies-null": "dependencies: [null]\n",
    "dependencies-map": "dependencies: {a: b}\n",
    "dependency-alias": "dependencies: [{name: a, version: 1.0.0, alias: a b}]\n",
    "dependency-twice": "dependencies: [{name: a, version: 1}, {name: b, version: 1, alias: a}]\n",
    "annotation-map": "annotations: {a: {b: c}}\n",
    "annotation-list": "annotations: {a: [b]}\n",
    "annotation-key-null": "annotations: {~: a}\n",
    "annotation-key-unsigned": "annotations: {18446744073709551615: a}\n",
    "tab": "annotations:\n\ta: b\n",
    "unclosed": 'description: "open\n',
    "escaped-slash": 'description: "a\\/b"\n',
    "raw-delete": "description: a\x7fb\n",
    "raw-nul": "description: a\0b\n",
    "not-utf-8": "description: a\udce4b\n",
    "alias-unknown": "appVersion: *v\n",
    "alias-bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{here}: &{here} [{','.join(['*' + last] * 9)}]\n"
        for last, here in zip("abcdefgh", "bcdefghi")
    ),
}

REFUSED_WHOLE = {
    "empty": "",
    "comment": "# nothing\n",
    "list": "- apiVersion: v2\n- name: CHART\n",
    "scalar": "chart\n",
    "no-name": "apiVersion: v2\nversion: 1.0.0\n",
    "no-version": "apiVersion: v2\nname: CHART\n",
    "name-null": "apiVersion: v2\nname: ~\nversion: 1.0.0\n",
    "name-dot": "apiVersion: v2\nname: .\nversion: 1.0.0\n",
    "name-dots": "apiVersion: v2\nname: ..\nversion: 1.0.0\n",
    "name-slash": "apiVersion: v2\nname: a/CHART\nversion: 1.0.0\n",
}


def everywhere(scalar):
    """One scalar in every field that wants text."""
    fields = "appVersion description home icon kubeVersion condition tags".split()
    return (
        BASE
        + "".join(f"{field}: {scalar}\n" for field in fields)
        + f"keywords: [a, {scalar}, b]\nsources:\n- {scalar}\nannotations:\n  value: {scalar}\n"
        + f"maintainers: [{{name: {scalar}, email: {scalar}, url: {scalar}}}]\n"
        + f"dependencies: [{{name: dep, version: {scalar}, repository: {scalar}}}]\n"
    )


def as_key(scalar):
    return BASE + f"annotations:\n  {scalar}: v\n"


def as_version(scalar):
    return f"name: CHART\nversion: {scalar}\n"


def named(group, texts):
    """Scalars with & for a space, under names by their number."""
    return {f"{group}-{number}": text.replace("&", " ") for number, text in enumerate(texts)}


def after_base(ends):
    return {name: BASE + end for name, end in ends.items()}


def taken():
    """Name and Chart.yaml of all that Helm publishes."""
    keys = [scalar for scalar in SCALARS if scalar not in NO_KEYS + ["<<"]]
    texts = {name: everywhere(f'"{text}"') for name, text in TEXTS.items()}
    cleaned = {f"key-{name}": as_key(f'"{text}"') for name, text in TEXTS.items()}
    scalars = named("scalar", map(everywhere, SCALARS)) | named("key", map(as_key, keys))
    versions = named("version", map(as_version, VERSIONS))
    return scalars | versions | texts | cleaned | after_base(TAKEN_ENDS) | TAKEN_WHOLE


def refused():
    """Name and Chart.yaml of what Helm leaves out."""
    versions = named("version", map(as_version, BAD_VERSIONS))
    return versions | after_base(REFUSED_ENDS) | REFUSED_WHOLE
