#!/usr/bin/env bash
# Everything that administers is done with the unmodified python-gitlab, and refused where it must be.
#
# The tests lie in ../python_gitlab. Every route of the table has to be seen in the good way and in
# the refused way.
source "$(dirname "$0")/../lib.sh"
start_server --log-format json
pilothouse user create root --admin --json >/dev/null
ADMIN_TOKEN=$(new_token root)
for version in 0.1.0 0.2.0; do pack hello $version; done >/dev/null
for chart in tide rigging; do pack $chart 1.0.0; done >/dev/null

cd "$e2e/python_gitlab"
export ADMIN_TOKEN URL=$base CHARTS=$work/packed
"$PYTHON_GITLAB" -m unittest discover

stop_server
python3 "$e2e/routes_seen.py" "$server_log" "$source_root/server/gitlab/administration_routes.cpp"
