# What most end-to-end scripts stand on: a project with a member, charts, and ways to push them.
# shellcheck shell=bash disable=SC2154 # work, status, answer, api, e2e and helpers are lib.sh's

# open_house [VISIBILITY [PROJECT-ARGS…]]: a server and the project fleet/charts, whose maintainer
# is skipper. Sets project (its number), token (skipper's), repo (the channel `stable`).
open_house() {
    local visibility=${1:-private}
    shift $(($# > 0 ? 1 : 0))
    start_server
    pilothouse user create skipper --json >/dev/null
    project=$(pilothouse project create fleet/charts --visibility "$visibility" "$@" --json |
        json id)
    pilothouse member add fleet/charts skipper --role maintainer --json >/dev/null
    token=$(new_token skipper)
    repo=$api/projects/$project/packages/helm/stable
}

# new_token USER [SCOPE]: a personal access token.
new_token() { pilothouse token create --user "$1" --scope "${2:-api}" --json | json token; }

# push ARCHIVE [CHANNEL [CURL-ARGS…]]: as skipper; sets status, fails on none.
push() {
    request --user "skipper:$token" --form "chart=@$1" "${@:3}" \
        "$api/projects/$project/packages/helm/api/${2:-stable}/charts"
}

# publish ARCHIVE…: pushes into `stable`; each has to be taken.
publish() {
    local archive
    for archive in "$@"; do
        push "$archive"
        [ "$status" = 201 ] || fail "the push of $(basename "$archive") was answered $status"
    done
}

# publish_all FOLDER: the same for a whole folder, several at a time.
publish_all() {
    local refused
    refused=$(find "$1" -name '*.tgz' -print0 | sort -z | xargs -0 -P 4 -I{} \
        curl --silent --show-error --output /dev/null --user "skipper:$token" \
        --form 'chart=@{}' --write-out '%{http_code} {}\n' \
        "$api/projects/$project/packages/helm/api/stable/charts" | grep -v '^201 ' || true)
    [ -z "$refused" ] || fail "these pushes were not answered 201:"$'\n'"$refused"
}

# fetch_index FILE [REPOSITORY-URL]: the index as skipper reads it.
fetch_index() {
    expect_status 200 --user "skipper:$token" "${2:-$repo}/index.yaml"
    cp "$answer" "$1"
}

# pack CHART [VERSION [HELM-PACKAGE-ARGS…]]: packs a source of charts/; prints the archive's path.
pack() {
    local chart=$1 version=${2:-} out=$work/packed
    mkdir -p "$out"
    helm 4 package "$e2e/charts/$chart" --destination "$out" ${version:+--version "$version"} \
        "${@:3}" | sed -n 's/^Successfully packaged chart and saved it to: //p'
}

# repack ARCHIVE COPY: the same files in another archive: other times, owners and compression.
repack() {
    python3 - "$1" "$2" <<'PYTHON'
import sys, tarfile
with tarfile.open(sys.argv[1]) as old, tarfile.open(sys.argv[2], "w:gz", compresslevel=1) as new:
    for member in reversed(old.getmembers()):
        data = old.extractfile(member)
        member.mtime, member.uname, member.uid, member.mode = 86400, "cook", 1234, 0o600
        new.addfile(member, data)
PYTHON
}

# real_charts: the folder of real archives, when there is one.
real_charts() {
    local folder=${PILOTHOUSE_CHARTS:-$source_root/../shared/charts}
    if [ -n "${PILOTHOUSE_CHARTS:-}" ] && [ ! -d "$folder" ]; then
        fail "PILOTHOUSE_CHARTS names no folder: $folder"
    fi
    [ ! -d "$folder" ] || (cd "$folder" && pwd)
}

# make_keys: a key of this run alone; sets secret_keys and public_keys, as Helm reads them.
make_keys() {
    local home=$work/gnupg
    mkdir -m 700 "$home"
    gpg() { command gpg --homedir "$home" --batch --quiet --no-tty "$@"; }
    gpg --passphrase '' --quick-generate-key 'Bosun <bosun@fleet.invalid>' rsa2048 sign never
    secret_keys=$work/secret.gpg public_keys=$work/public.gpg
    gpg --passphrase '' --pinentry-mode loopback --export-secret-keys >"$secret_keys"
    gpg --export >"$public_keys"
}

# pack_signed CHART VERSION: packs and signs; prints the archive's path, beside it lies the .prov.
pack_signed() { pack "$1" "$2" --sign --key Bosun --keyring "$secret_keys"; }

# serve_folder NAME FOLDER [ARGS…]: source_server.py on a folder; its address is in
# $work/NAME.address, and what it was asked for in $work/NAME.address.log.
serve_folder() {
    local name=$1
    shift
    python3 "$e2e/source_server.py" "$1" "$work/$name.address" "${@:2}" &
    helpers+=($!)
    wait_until "$name names its address" test -s "$work/$name.address"
}

# same_entries WHAT FILE FILE: two indexes of ours (JSON) that differ in nothing but `generated`.
same_entries() {
    python3 - "$2" "$3" <<'PYTHON' || fail "$1: the entries differ"
import json, sys
left, right = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
sys.exit(left["entries"] != right["entries"] or not left["entries"])
PYTHON
}

# same_times OURS HELMS: of every version `created` is the same moment in both (JSON).
same_times() {
    python3 - "$1" "$2" <<'PYTHON' || fail "created was not kept"
import datetime, json, re, sys
def times(name):
    for entries in json.load(open(name, encoding="utf-8"))["entries"].values():
        for e in entries:
            digits = re.sub(r"(\.\d{6})\d+", r"\1", e["created"]).replace("Z", "+00:00")
            yield e["name"], e["version"], datetime.datetime.fromisoformat(digits)
ours, helms = (sorted(times(name)) for name in sys.argv[1:])
sys.exit(ours != helms or not ours)
PYTHON
}

# a_set FOLDER: archives of our own, and real ones where there are some; all with
# PILOTHOUSE_E2E_FULL=1, else some sixty.
a_set() {
    local real every
    mkdir -p "$1"
    cp "$(pack hello 1.0.0)" "$(pack hello 1.10.0)" "$(pack hello 1.9.0)" \
        "$(pack hello 1.9.0-rc.1)" "$(pack rigging)" "$(pack tide)" "$(pack tide 1.4.0)" "$1"
    real=$(real_charts)
    [ -n "$real" ] || return 0
    every=$([ -n "${PILOTHOUSE_E2E_FULL:-}" ] && echo 1 || echo 23)
    # Five neighbours at a time, so that charts come with several of their versions.
    find "$real" -name '*.tgz' | sort | awk -v every="$every" 'int((NR - 1) / 5) % every == 0' |
        xargs cp -t "$1"
}
