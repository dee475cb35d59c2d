#!/usr/bin/env bash
# `chart remove` takes a version, or a chart, out of the index and the downloads at once.
source "$(dirname "$0")/../lib.sh"
open_house private
publish "$(pack hello 1.0.0)" "$(pack hello 1.1.0)" "$(pack rigging)"

names() { pilothouse chart list fleet/charts stable --json >"$work/list"; }
names
expect_contains "$work/list" hello
expect_contains "$work/list" rigging
pilothouse chart show fleet/charts stable hello 1.1.0 --json >"$work/shown"
expect_contains "$work/shown" "$(sha256 "$work/packed/hello-1.1.0.tgz")"
pilothouse channel list fleet/charts --json >"$work/channels"
expect_contains "$work/channels" stable

pilothouse chart remove fleet/charts stable hello 1.1.0
fetch_index "$work/index"
expect_contains "$work/index" "charts/hello-1.0.0.tgz"
expect_lacks "$work/index" "charts/hello-1.1.0.tgz"
expect_status 404 --user "skipper:$token" "$repo/charts/hello-1.1.0.tgz"
expect_status 200 --user "skipper:$token" "$repo/charts/hello-1.0.0.tgz"

pilothouse chart remove fleet/charts stable hello --yes
fetch_index "$work/index"
expect_equal "the charts that are left" rigging "$(json entries <"$work/index" | python3 -c '
import json, sys
print(*json.load(sys.stdin))')"
expect_refused pilothouse chart show fleet/charts stable hello 1.0.0

# Rubbish goes, what is named stays; the same version may come again.
pilothouse gc
expect_status 200 --user "skipper:$token" "$repo/charts/rigging-0.2.1.tgz"
publish "$work/packed/hello-1.1.0.tgz"
expect_status 200 --user "skipper:$token" "$repo/charts/hello-1.1.0.tgz"
