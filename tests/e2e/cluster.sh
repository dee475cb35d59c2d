# A Kubernetes cluster of a script's own; see control_plane.
# shellcheck shell=bash disable=SC2034,SC2154 # the scripts read them; work and e2e are lib.sh's

# open_cluster: starts it in $cluster; it ends with the script, however that ends. Sets the paths
# kubeconfig (an administrator's; `helm` uses it), certificate_kubeconfig, weak_kubeconfig and
# stranger_kubeconfig.
open_cluster() {
    cluster=$work/cluster
    need_clients KUBERNETES_BIN kubernetes kwok
    export KUBERNETES_BIN KWOK KWOK_STAGES
    control_plane start $$
    kubeconfig=$cluster/admin.kubeconfig
    certificate_kubeconfig=$cluster/certificate.kubeconfig
    weak_kubeconfig=$cluster/weak.kubeconfig
    stranger_kubeconfig=$cluster/stranger.kubeconfig
}

# control_plane COMMAND [ARGS…]: of this script's cluster.
control_plane() {
    expect_runs "$e2e/control_plane" "$1" "$cluster" "${@:2}"
}

# kube PATH [CURL-ARGS…]: asks the API server, as one who may everything; prints the answer.
kube() {
    curl --silent --show-error --fail-with-body --max-time 30 --cacert "$cluster/keys/ca.crt" \
        --header "@$cluster/keys/plane.header" "https://127.0.0.1:$(cut -d' ' -f1 "$cluster/ports")$1" "${@:2}"
}
