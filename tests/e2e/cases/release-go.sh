#!/usr/bin/env bash
# Releases by both versions of the Go SDK, unmodified, with Helm 4, or with both (PILOTHOUSE_E2E_FULL=1). The programs are
# tools/clients/sdk-go1 and sdk-go2.
source "$(dirname "$0")/../lib.sh"
need_clients SDK_GO1 sdk-go1 sdk-go2
open_releases
# What an SDK sees is the same with both.
for helm in ${PILOTHOUSE_E2E_FULL:+3} 4; do
    serve_releases "$helm" --releases-timeout '6 s'
    SSL_CERT_FILE=$ROOTS "$SDK_GO1" &
    first=$!
    SSL_CERT_FILE=$ROOTS "$SDK_GO2"
    wait $first
    stop_server
done
