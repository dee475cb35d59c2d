# What scripts about releases stand on: a cluster, a server with TLS that knows it, charts, people.
# shellcheck shell=bash disable=SC2034,SC2154 # the programs read them; work and others are lib.sh's

# open_releases: starts the cluster and makes what does not change with the server.
open_releases() {
    need_clients HELM4 helm3 helm4
    open_cluster
    make_authority
    grpc_port=$(free_port)
    export CURL_CA_BUNDLE=$work/authority.pem
}

# serve_releases 3|4 [ARGS…]: a server that drives this Helm; again, with the other one: on the same
# data. Skipper installs into the cluster `quay`, the mate looks; with the credentials of `weak` Helm
# is refused in the middle; the stowaway is no member of anything. Exports all that programs need.
serve_releases() {
    local version=$1 binary=HELM$1
    shift
    start_releases_server "${!binary}" "$@"
    [ -n "${TOKEN:-}" ] || furnish
    export ADDRESS=localhost:$grpc_port ROOTS=$work/authority.pem HELM_VERSION=$version
    export CLUSTER=quay WEAK_CLUSTER=weak CHANNEL=fleet/charts/stable
}

start_releases_server() {
    start_server --tls-certificate "$work/server.pem" --tls-key "$work/server.key" \
        --grpc-listen "127.0.0.1:$grpc_port" --grpc-address "localhost:$grpc_port" \
        --releases-helm "$1" --log-format json "${@:2}"
}

furnish() {
    local user
    for user in skipper mate stowaway; do pilothouse user create $user --json; done >/dev/null
    project=$(pilothouse project create fleet/charts --visibility private --json | json id)
    pilothouse member add fleet/charts skipper --role maintainer --json >/dev/null
    pilothouse member add fleet/charts mate --role reporter --json >/dev/null
    TOKEN=$(new_token skipper) READER_TOKEN=$(new_token mate) STRANGER_TOKEN=$(new_token stowaway)
    export TOKEN READER_TOKEN STRANGER_TOKEN
    token=$TOKEN
    publish "$(pack buoy 1.0.0)" "$(pack buoy 1.1.0)" "$(pack atoll)" "$(pack sextant)" \
        "$(pack beacon)" "$(pack reef)" "$(pack tide 1.4.0)" "$(pack rigging)" "$(pack hello 1.0.0)"
    pilothouse cluster add quay --kubeconfig "$kubeconfig" --shared --json >/dev/null
    pilothouse cluster add weak --kubeconfig "$weak_kubeconfig" --shared --json >/dev/null
    pilothouse cluster allow quay skipper --role developer --json >/dev/null
    pilothouse cluster allow quay mate --role reporter --json >/dev/null
    pilothouse cluster allow weak skipper --role developer --json >/dev/null
    KUBERNETES=https://127.0.0.1:$(cut -d' ' -f1 "$cluster/ports")
    KUBERNETES_ROOTS=$cluster/keys/ca.crt KUBERNETES_TOKEN=$(<"$cluster/keys/plane.token")
    export KUBERNETES KUBERNETES_ROOTS KUBERNETES_TOKEN
}

# make_authority: $work/authority.pem, which signs $work/server.{pem,key} for localhost.
make_authority() (
    cd "$work" || exit
    new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2)
    openssl req -x509 "${new_key[@]}" -subj /CN=harbour -addext keyUsage=critical,keyCertSign \
        -keyout authority.key -out authority.pem
    openssl req -x509 -CA authority.pem -CAkey authority.key "${new_key[@]}" -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=CA:FALSE \
        -keyout server.key -out server.pem
) 2>"$work/openssl"

# free_port: below those that the kernel gives to others meanwhile.
free_port() {
    python3 - <<'PYTHON'
import random, socket
while True:
    port = random.randrange(20000, 32000)
    try:
        with socket.create_server(("127.0.0.1", port)):
            break
    except OSError:
        pass
print(port)
PYTHON
}
