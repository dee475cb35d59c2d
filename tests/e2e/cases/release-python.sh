#!/usr/bin/env bash
# Releases by the unmodified Python SDK, and by the calls that Terraform's provider makes: all that
# can be done, all that fails, all that is refused; with both Helms.
source "$(dirname "$0")/../lib.sh"
need_clients SDK_PYTHON sdk-python
open_releases
for helm in 3 4; do
    serve_releases "$helm" --releases-timeout '6 s' --releases-waiting-of-caller 12
    tests=(test_walk) # what the SDK sees is the same with both
    if [ $helm = 4 ] || [ -n "${PILOTHOUSE_E2E_FULL:-}" ]; then tests=(discover); fi
    (cd "$e2e/sdk/python" && "$SDK_PYTHON" -m unittest "${tests[@]}")
    [ "${tests[0]}" != discover ] || (cd "$e2e/sdk/python" && "$SDK_PYTHON" terraform_walk.py)
    stop_server
done
