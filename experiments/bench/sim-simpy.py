"""The model of sim.ts in SimPy: what requests come and how much work they are is read from a file, so that both simulate the very same.

Arguments: strategy, servers, file. The file holds doubles in the machine's byte order: all times of arrival, then all amounts of
work, in milliseconds. Prints what it finds as JSON. With no arguments: which SimPy this is.

Written as the documentation of SimPy has it: a process for whoever sends, a process for each request, a resource for each server. It
records a sum and a count, and nothing else.
"""

import json
import random
import sys
import time
from array import array

import simpy


def simulate(strategy, servers, times, works):
    env = simpy.Environment()
    stations = [simpy.Resource(env, capacity=1) for _ in range(servers)]
    inflight = [0] * servers
    dice = random.Random(1)
    turn = -1
    count = 0
    total = 0.0

    def round_robin():
        nonlocal turn
        turn = turn + 1 if turn + 1 < servers else 0
        return turn

    def at_random():
        return int(dice.random() * servers)

    def power_of_two():
        first = int(dice.random() * servers)
        second = int(dice.random() * (servers - 1))
        if second >= first:
            second += 1
        return second if inflight[second] < inflight[first] else first

    pick = {"round_robin": round_robin, "random": at_random, "power_of_two": power_of_two}[strategy]

    def request(server, work):
        nonlocal count, total
        arrived = env.now
        with stations[server].request() as worker:
            yield worker
            yield env.timeout(work)
        inflight[server] -= 1
        total += env.now - arrived
        count += 1

    def clients():
        for at, work in zip(times, works):
            yield env.timeout(max(0.0, at - env.now))
            server = pick()
            inflight[server] += 1
            env.process(request(server, work))

    env.process(clients())
    start, cpu_start = time.perf_counter(), time.process_time()
    env.run()
    cpu, wall = time.process_time() - cpu_start, time.perf_counter() - start
    return {"requests": count, "wall": wall * 1000, "cpu": cpu * 1000, "mean": total / count}


def main(arguments):
    versions = {"simpy": simpy.__version__, "python": sys.version.split()[0]}
    if not arguments:
        print(json.dumps(versions))
        return
    strategy, servers, file = arguments
    load = array("d")
    with open(file, "rb") as source:
        load.frombytes(source.read())
    half = len(load) // 2
    found = simulate(strategy, int(servers), load[:half], load[half:])
    print(json.dumps({**found, **versions}))


main(sys.argv[1:])
