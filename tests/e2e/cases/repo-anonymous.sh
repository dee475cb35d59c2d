#!/usr/bin/env bash
# Helm adds, updates and reads a public repository, and a private one open to pulls, without a name.
source "$(dirname "$0")/../lib.sh"
open_house public
publish "$(pack hello 1.0.0)"

read_anonymously() {
    for helm in 3 4; do
        expect_runs helm $helm repo add "$1" "$repo"
        expect_contains "$output" "\"$1\" has been added to your repositories"
        expect_runs helm $helm repo update
        expect_contains "$output" "Successfully got an update from the \"$1\" chart repository"
        expect_runs helm $helm pull "$1/hello" --version 1.0.0 --destination "$work"
    done
}

read_anonymously harbour
pilothouse project edit fleet/charts --visibility private --anyone-can-pull=true >/dev/null
read_anonymously breakwater

# Reading is all that an anonymous caller may do.
expect_status 401 --form "chart=@$(pack hello 1.0.1)" \
    "$api/projects/$project/packages/helm/api/stable/charts"
