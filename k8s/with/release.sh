# shellcheck shell=sh
# What migrate, deploy, rollback and mark share: an environment, its manifests, and where it is.
environment=${1:?"which environment: test, production or another folder of k8s/overlays"}
overlay=build/render/$environment.yaml
manifests=build/$environment.yaml

say() { echo "$environment: $*"; }
fail() { say "$*" >&2; exit 1; }

[ -f "k8s/overlays/$environment/kustomization.yaml" ] || fail "there is no k8s/overlays/$environment"

mkdir -p "build/render/$environment"
kubectl kustomize "k8s/overlays/$environment" > "$overlay"

# There: migrate, apply, ready, tell, live, releases and remember.
suffix=
# shellcheck source=k8s/with/kubectl.sh
. "k8s/with/${DEPLOY_WITH:-kubectl}.sh"

# Write the environment's manifests with this very image, which is told to the process as its release.
take() {
    release=$1
    case $release in *?@sha256:*) ;; *) fail "name the release as REPOSITORY@sha256:..., not '$release'" ;; esac
    name=$(sed -n 's/^ *image: *//p' "$overlay" | grep -v '^postgres:' | sed 's/@.*//; s/:[^:/]*$//' | sort -u)
    cat > "build/render/$environment/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../../k8s/overlays/$environment]
nameSuffix: "$suffix"
images:
  - {name: "$name", newName: "${release%@*}", digest: "${release#*@}"}
configMapGenerator:
  - {name: board-settings, behavior: merge, literals: ["RELEASE=${release#*@}"]}
END
    kubectl kustomize "build/render/$environment" > "$manifests"
}

# Stop, with all that the environment can tell about why.
blame() {
    mkdir -p build/reports
    tell > "build/reports/$environment.txt" 2>&1 || :
    tail -n 40 "build/reports/$environment.txt"
    fail "$1: see above, and build/reports/$environment.txt"
}
