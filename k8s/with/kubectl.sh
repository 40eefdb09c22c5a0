# shellcheck shell=sh disable=SC2154
# An environment in Kubernetes: the cluster of $KUBECONFIG, the namespace that the overlay names.
seconds=${READY_SECONDS:-300}
board=app.kubernetes.io/name=board
namespace=$(sed -n 's/^  namespace: //p' "$overlay" | sort -u)
[ "$(echo "$namespace" | wc -w)" = 1 ] || fail "k8s/overlays/$environment has to name one namespace"

cluster() { kubectl --namespace "$namespace" "$@"; }
put() { cluster apply --server-side --force-conflicts --field-manager board-deploy --filename "${1:--}" > /dev/null; }

# The documents of these kinds alone.
only() { # FILE KIND...
    file=$1
    shift
    awk -v RS='---\n' -v ORS='---\n' -v kinds=" $* " 'match($0, /(^|\n)kind: [A-Za-z]+/) {
        kind = substr($0, RSTART, RLENGTH); sub(/.*: /, "", kind); if (index(kinds, " " kind " ")) print }' "$file"
}

# A Job that migrates has to be through before the first process of the release starts: the last release runs on.
migrate() {
    [ -n "$(only "$manifests" Job)" ] || return 0
    job=$(only "$manifests" Job | cluster get --ignore-not-found --output name --filename -)
    if [ -n "$job" ]; then
        # A Job can not be changed. One of this very release that is through has nothing left to do.
        if [ "$(image "$job")" = "$release" ] && [ "$(state "$job" Complete)" = True ]; then return 0; fi
        cluster delete --wait "$job" > /dev/null
    fi
    only "$manifests" ConfigMap ServiceAccount NetworkPolicy Job | put
    job=$(only "$manifests" Job | cluster get --output name --filename -)
    say "waiting for $job"
    left=$seconds
    until [ "$(state "$job" Complete)" = True ]; do
        if [ "$(state "$job" Failed)" = True ] || [ "$left" -le 0 ]; then return 1; fi
        sleep 1
        left=$((left - 1))
    done
}
image() { cluster get "$1" --output 'jsonpath={.spec.template.spec.containers[0].image}'; }
state() { cluster get "$1" --output "jsonpath={.status.conditions[?(@.type=='$2')].status}"; }

apply() { put "$manifests"; }
ready() {
    for each in $(only "$manifests" Deployment | cluster get --output name --filename -); do
        cluster rollout status "$each" --timeout "${seconds}s" || return 1
    done
}
tell() {
    cluster get pods,jobs,events --selector "$board" --output wide
    cluster get events --sort-by .lastTimestamp
    cluster describe pods --selector "$board"
    for pod in $(cluster get pods --selector "$board" --output name); do
        cluster logs "$pod" --all-containers --prefix --tail 200
        cluster logs "$pod" --all-containers --prefix --tail 200 --previous 2> /dev/null || :
    done
}
live() {
    only "$overlay" Deployment | cluster get --ignore-not-found --filename - \
        --output "jsonpath={.spec.template.spec.containers[?(@.name=='app')].image}"
}
releases() { cluster get configmap "board-releases-$environment" --ignore-not-found --output 'jsonpath={.data.good}'; }
remember() {
    cluster create configmap "board-releases-$environment" --from-file good=/dev/stdin --dry-run=client --output yaml | put
}
