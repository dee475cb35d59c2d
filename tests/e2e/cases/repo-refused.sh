#!/usr/bin/env bash
# Helm is refused without a name, with a wrong token and with too small a one, and says why.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)"
pilothouse project create fleet/open --visibility public >/dev/null
pilothouse user create stranger >/dev/null
open_repo=$api/projects/fleet%2Fopen/packages/helm/stable

# refused_with STATUS-LINE URL HELM-ARGS…
refused_with() {
    for helm in 3 4; do
        expect_refused helm $helm repo add harbour "$2" "${@:3}"
        expect_contains "$output" "$1"
    done
}

refused_with "401 Unauthorized" "$repo"
refused_with "401 Unauthorized" "$repo" --username skipper --password wrong
refused_with "401 Unauthorized" "$open_repo" --username skipper --password wrong
refused_with "403 Forbidden" "$repo" --username skipper --password "$(new_token skipper read_user)"
refused_with "404 Not Found" "$repo" --username stranger --password "$(new_token stranger)"
refused_with "401 Unauthorized" "$api/projects/fleet%2Fnowhere/packages/helm/stable"
refused_with "404 Not Found" "$api/projects/fleet%2Fnowhere/packages/helm/stable" \
    --username skipper --password "$token"

expect_status 401 "$repo/index.yaml"
expect_contains "$headers" 'Basic realm="GitLab Packages Registry"'

# Nobody got anything: the same repository is there for who may read it.
expect_runs helm 4 repo add harbour "$repo" --username skipper --password "$token"
