#!/usr/bin/env bash
# The server answers random requests as its OpenAPI document says, whoever asks.
#
# Everything is asked within bounds: random requests of each caller, and for the owner those in which each value of a
# schema comes once, the legal and the illegal ones.
source "$(dirname "$0")/../lib.sh"
need_clients SCHEMATHESIS schemathesis
examples=${PILOTHOUSE_EXAMPLES:-3} seed=${PILOTHOUSE_SEED:-1}
# Nobody is slowed down for being wrong all the time. Nothing is installed: no cluster answers.
export PILOTHOUSE_WRONG_TOKENS_PER_ADDRESS=0 PILOTHOUSE_WRONG_TOKENS_PER_NAME=0
export PILOTHOUSE_RELEASES_HELM=$HELM4
export PYTHONPATH=$e2e SCHEMATHESIS_HOOKS=openapi_bodies
start_server --log-level error
pilothouse user create root --admin --json >/dev/null
pack hello 0.1.0 >/dev/null
pack hello 0.2.0 >/dev/null
python3 "$e2e/openapi_house.py" "$base" "$(new_token root)" "$work"/packed/*.tgz "$work"
expect_runs "$SCHEMATHESIS" -m openapi_spec_validator "$work/openapi.json"

# ask_all CALLER ARGS…: random requests with the token of a caller.
ask_all() {
    local token=()
    [ "$1" = nobody ] || token=(--header "PRIVATE-TOKEN: $(<"$work/$1")")
    (cd "$work" && "$SCHEMATHESIS" -m schemathesis.cli run tamed.json --url "$base" "${token[@]}" --no-color \
        --checks "$checks" --generation-with-security-parameters false \
        --seed "$seed" --max-examples "$examples" --generation-database none --suppress-health-check all \
        --continue-on-failure --no-shrink --warnings off "${@:2}") >"$output" 2>&1 ||
        { tail -n 300 "$output" >&2 && fail "$1: not as the document says (above)"; }
}
conformance=status_code_conformance,content_type_conformance,response_schema_conformance
checks=not_a_server_error,$conformance
# What may ask the cluster is 503; what takes away what others need comes last.
asks='diff_.*|show_(drift|history|values)|list_foreign_releases|(deploy|redeploy|stop|restart)_service'
late='(archive|unarchive|edit)_project|edit_(group|user|plan_limits)|(un)?block_user'
last='remove_(group|project|user|cluster|environment|services?)'
self='(rotate|revoke)_this_token.*'

ask_all nobody --phases fuzzing
ask_all reader --phases fuzzing --exclude-operation-id-regex "^($asks|$self)$"
ask_all owner --phases coverage,fuzzing --exclude-operation-id-regex "^($asks|$late|$last|$self)$"
checks=$conformance ask_all owner --phases fuzzing --include-operation-id-regex "^($asks)$"
ask_all owner --phases coverage --include-operation-id-regex "^($late)$"
ask_all owner --phases coverage --include-operation-id-regex "^($last)$"
ask_all passing --phases fuzzing --include-operation-id-regex '^rotate_this_token'
ask_all leaving --phases fuzzing --include-operation-id revoke_this_token
stop_server
