#!/usr/bin/env bash
# For a machine of Debian's kind where no registry of images can be reached: starts an engine of its own, makes what the Dockerfile and
# docker-compose.yml begin with out of Debian's packages, under the official names, runs check.sh, and puts everything back. Needs root.
#
#   apt-get install --no-install-recommends docker.io docker-compose debootstrap iptables iproute2
#   test/containers/stand-in.sh
#
# The official images differ in what is in them, so this shows that ours are built and run, not that theirs do. There is no Grafana in Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."
for tool in dockerd docker-compose debootstrap iptables ip npm; do
  command -v $tool >/dev/null || { echo "SKIPPED: there is no $tool here" && exit 0; }
done
[ "$(id -u)" -eq 0 ] || { echo 'SKIPPED: an engine needs root' && exit 0; }

work=${WORK:-$(mktemp -d)} # With WORK=some/folder what is made stays, and is there the next time.
mkdir -p "$work"
work=$(realpath "$work")
export DOCKER_HOST=unix://$work/sock DOCKER_BUILDKIT=0
forwarding=$(cat /proc/sys/net/ipv4/ip_forward)
rules=$(iptables-save)
bridge=$(ip link show docker0 2>/dev/null || true)

dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/pid" -H "$DOCKER_HOST" >"$work/log" 2>&1 &
engine=$!
finish() {
  kill $engine 2>/dev/null && wait $engine 2>/dev/null || true
  echo "$forwarding" >/proc/sys/net/ipv4/ip_forward
  iptables-restore <<<"$rules"
  # Without tables there was nothing to restore, and what the engine set stays: the way to other machines is open again all the same.
  [ -n "$rules" ] || { iptables -P FORWARD ACCEPT && iptables -F && iptables -t nat -F; }
  [ -n "$bridge" ] || ip link delete docker0 2>/dev/null || true
  [ -n "${WORK:-}" ] || rm -rf "$work"
}
trap finish EXIT
for _ in $(seq 60); do docker info >/dev/null 2>&1 && break || sleep 0.5; done

image_of() { sed -n "s|^    image: \($1.*\)|\1|p" docker-compose.yml; }
default_of() { sed -n "s/^ARG $1=//p" Dockerfile; }
have() { docker image inspect "$1" >/dev/null 2>&1; }

base=$(default_of BASE_IMAGE)
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
have "$base" || {
  echo "making $base"
  debootstrap --variant=minbase bookworm "$work/root" ${mirror:+"$mirror"} >"$work/debootstrap.log"
  rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale}/*
  tar -C "$work/root" -c . | docker import - "$base" >/dev/null
}

# Node of the lockfile, and this machine's npm with its settings.
node=$(default_of NODE_IMAGE)
have "$node" || {
  echo "making $node"
  mkdir -p "$work/node"
  cp "$(realpath node_modules/.bin/node)" "$work/node/node"
  cp -r "$(dirname "$(dirname "$(realpath "$(command -v npm)")")")" "$work/node/npm"
  cp /etc/ssl/certs/ca-certificates.crt "$work/node/"
  printf 'registry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\n' "$(npm config get registry)" >"$work/node/npmrc"
  cat >"$work/node/Dockerfile" <<END
FROM $base
RUN apt-get update -qq && apt-get install -qq --no-install-recommends --yes libatomic1 libstdc++6 >/dev/null
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY npmrc /usr/local/etc/npmrc
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
END
  docker build -q -t "$node" "$work/node" >/dev/null
}

# `debian NAME PACKAGE WORD…`: an image of one package, and the words that begin its command.
debian() {
  local name=$1 package=$2 words
  shift 2
  have "$name" && return
  echo "making $name of Debian's $package"
  words=$(printf '"%s",' "$@")
  docker build -q -t "$name" - >/dev/null <<END
FROM $base
RUN apt-get update -qq && apt-get install -qq --no-install-recommends --yes $package >/dev/null
ENTRYPOINT [${words%,}]
END
}
debian "$(image_of locustio)" python3-locust locust
debian "$(image_of prom/)" prometheus prometheus --config.file=/etc/prometheus/prometheus.yml --storage.tsdb.path=/prometheus
# The official one lets others in than itself; Debian's does not (protected-mode).
debian "$(image_of redis)" redis-server sh -c 'exec \"$@\" --protected-mode no' sh

test/containers/check.sh
