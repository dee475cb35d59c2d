#!/usr/bin/env bash
# A signed chart is verified by `helm pull --verify`, its .prov pushed with it or alone later.
source "$(dirname "$0")/../lib.sh"
open_house private
make_keys
pushes=$api/projects/$project/packages/helm/api/stable/charts

together=$(pack_signed hello 1.0.0)
push "$together" stable --form "prov=@$together.prov"
expect_equal "both at once" 201 "$status"

later=$(pack_signed hello 1.1.0)
publish "$later"
expect_status 404 --user "skipper:$token" "$repo/charts/hello-1.1.0.tgz.prov"
expect_equal "the answer without a .prov" '{"message":"404 Format prov Not Found"}' "$(<"$answer")"
expect_status 201 --user "skipper:$token" --form "prov=@$later.prov" "$pushes"

unsigned=$work/hello-1.2.0.tgz # and it stays so
repack "$(pack hello 1.2.0)" "$unsigned"
publish "$unsigned"

for helm in 3 4; do
    expect_runs helm $helm repo add house "$repo" --username skipper --password "$token"
    for version in 1.0.0 1.1.0; do
        into=$(mktemp -d -p "$work")
        expect_runs helm $helm pull house/hello --version $version --verify \
            --keyring "$public_keys" --destination "$into"
        expect_contains "$output" "Signed by: Bosun <bosun@fleet.invalid>"
        expect_same "the .prov" "$work/packed/hello-$version.tgz.prov" \
            "$into/hello-$version.tgz.prov"
    done
    expect_refused helm $helm pull house/hello --version 1.2.0 --verify \
        --keyring "$public_keys" --destination "$work"
done

# A .prov that speaks of other bytes is refused, with its archive or alone, and nothing changes.
fetch_index "$work/before"
other=$work/other/hello-1.3.0.tgz
signed=$(pack_signed hello 1.3.0)
mkdir "$work/other"
repack "$signed" "$other"
push "$other" stable --form "prov=@$signed.prov"
expect_equal "the .prov of another archive" 422 "$status"
expect_status 404 --user "skipper:$token" "$repo/charts/hello-1.3.0.tgz"
pack_signed hello 1.2.0 >/dev/null # the same content in an archive of other bytes
expect_status 422 --user "skipper:$token" --form "prov=@$work/packed/hello-1.2.0.tgz.prov" "$pushes"
expect_status 404 --user "skipper:$token" "$repo/charts/hello-1.2.0.tgz.prov"
fetch_index "$work/after"
expect_same "the index" "$work/before" "$work/after"

# Without the right to read, one cannot tell a .prov that is there from one that is not.
expect_status 401 "$repo/charts/hello-1.0.0.tgz.prov"
expect_status 401 "$repo/charts/hello-1.2.0.tgz.prov"
