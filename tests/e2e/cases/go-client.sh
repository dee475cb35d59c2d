#!/usr/bin/env bash
# Everything that administers is done with GitLab's own Go client, and refused where it must be.
#
# The program is tools/clients/go-client. It reaches every route of the table in the good way, and
# in the refused way.
source "$(dirname "$0")/../lib.sh"
start_server --log-format json
pilothouse user create root --admin --json >/dev/null
ADMIN_TOKEN=$(new_token root)
for version in 0.1.0 0.2.0; do pack hello $version; done >/dev/null
export ADMIN_TOKEN URL=$base CHARTS=$work/packed
"$GO_CLIENT"
stop_server
python3 "$e2e/routes_seen.py" "$server_log" "$source_root/server/gitlab/administration_routes.cpp"
