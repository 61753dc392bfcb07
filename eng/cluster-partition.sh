#!/usr/bin/env bash
# Cuts the network between two silos of samples/Cluster, and mends it, under load. Each silo is in a network namespace of its own; Redis,
# which has the list of silos, and the gateway are outside, and reach both all the time. Needs root, iproute2, curl and redis-server, and
# `dotnet build -c Release samples/Cluster` before. It fails where a request fails, or the silos do not serve together again.
#
#   eng/cluster-partition.sh [SECONDS OF THE CUT]
set -u
cut_seconds=${1:-40}
root=$(cd "$(dirname "$0")/.." && pwd)
program=$(find "$root/samples/Cluster/bin/Release" -name Cluster.dll | head -n 1)
[ -n "$program" ] || { echo "Build samples/Cluster first: dotnet build -c Release samples/Cluster" >&2; exit 1; }
work=$(mktemp -d)
net=10.213.77
bridge=pcv-br
pids=()

finish() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2> "$work/kill"
    wait
    for i in 1 2; do ip netns del "pcv-$i" 2> "$work/del"; done
    ip link del "$bridge" 2> "$work/del"
    echo "The logs are in $work."
}
trap finish EXIT

# The silo is started again where the cluster has declared it dead, as an orchestrator does.
silo() {
    local i=$1 child
    trap 'kill "$child"; wait "$child"; exit' TERM
    while true; do
        ip netns exec "pcv-$i" dotnet "$program" silo --models "$work/models" --address "$net.1$i" --clustering redis \
            --connection "$net.1:16379" --cluster partition --engines 1 >> "$work/silo-$i.log" 2>&1 &
        child=$!
        wait "$child"
        echo "silo $i ended at $(date +%T) and is started again" | tee -a "$work/restarts"
    done
}

# The answers of each silo, as the gateway counts them.
shares() {
    curl -s "http://127.0.0.1:15080/metrics" | grep '^cluster_answers_total' \
        | sed 's/.*silo="\([^"]*\)".* \([0-9]*\) *[0-9]*$/\1 \2/'
}

ip link add "$bridge" type bridge && ip addr add "$net.1/24" dev "$bridge" && ip link set "$bridge" up || exit 1
for i in 1 2; do
    ip netns add "pcv-$i"
    ip link add "pcv-v$i" type veth peer name eth0 netns "pcv-$i"
    ip link set "pcv-v$i" master "$bridge" up
    ip -n "pcv-$i" addr add "$net.1$i/24" dev eth0
    ip -n "pcv-$i" link set eth0 up
    ip -n "pcv-$i" link set lo up
done

redis-server --port 16379 --bind "$net.1" --protected-mode no --save "" --appendonly no > "$work/redis.log" 2>&1 &
pids+=($!)
dotnet "$program" models --models "$work/models" > "$work/models.log" || exit 1
silo 1 & pids+=($!)
silo 2 & pids+=($!)
sleep 20
dotnet "$program" gateway --url http://127.0.0.1:15080 --clustering redis --connection "$net.1:16379" --cluster partition --rate 1000000 \
    > "$work/gateway.log" 2>&1 &
pids+=($!)
for _ in $(seq 30); do curl -sf http://127.0.0.1:15080/health > "$work/health" && break; sleep 1; done

: > "$work/failed"
client() {
    until [ -e "$work/stop" ]; do
        curl -s -o "$work/answer-$1" -w '%{http_code}\n' -H 'Content-Type: application/json' -d '{"text": "You have won a prize"}' \
            http://127.0.0.1:15080/predict >> "$work/codes-$1"
        grep -q '"predictedLabel"' "$work/answer-$1" || cat "$work/answer-$1" >> "$work/failed"
    done
}
clients=()
for c in 1 2 3 4; do client $c & clients+=($!); done
tell() { echo "$(date +%T) $1: $(cat "$work"/codes-* | sort | uniq -c | tr '\n' ' ') by silo: $(shares | tr '\n' ' ')"; }

sleep 10
tell "before the cut"
ip -n pcv-1 route add blackhole "$net.12/32"
ip -n pcv-2 route add blackhole "$net.11/32"
sleep "$cut_seconds"
tell "after $cut_seconds s of the cut"
ip -n pcv-1 route del blackhole "$net.12/32"
ip -n pcv-2 route del blackhole "$net.11/32"
healed=""
for t in $(seq 90); do
    sleep 1
    # Both report, which they do by calls from one to the other too.
    [ "$(curl -s http://127.0.0.1:15080/models | grep -o '"silo"' | wc -l)" -eq 2 ] && { healed=$t; break; }
done
tell "both silos report ${healed:-not} s after the mend"
before=$(shares)
sleep 10
tell "10 s later"
touch "$work/stop"
wait "${clients[@]}"
failed=$(cat "$work"/codes-* | grep -vc '^200$')
grew=$(join <(echo "$before" | sort) <(shares | sort) | awk '$3 > $2' | wc -l)
requests=$(cat "$work"/codes-* | wc -l)
restarts=$(cat "$work/restarts" 2> "$work/none" | wc -l)
echo "failed requests: $failed of $requests; silos that answer after the mend: $grew; restarts: $restarts"
[ "$failed" -eq 0 ] && [ -n "$healed" ] && [ "$grew" -ge 2 ]
