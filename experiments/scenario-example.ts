/** What `evenkeel sim --init` writes: a scenario to begin with. What is behind a `#` shows what else there is. */
export const EXAMPLE = `# A scenario: what is asked of which servers, and who shares it out. Every field: simulator/README.md
name: my-scenario
seed: 1 # the same seed, the same run
duration: 60s # of virtual time; times are numbers of milliseconds, or have a unit: 5ms, 30s, 2m
warmup: 5s # what comes before is served, but not counted
arrivals: { type: poisson, rate: 180 } # requests a second; or paced, bursts, steps, ramp, diurnal, trace, closed:
# arrivals: { type: closed, users: 50, think: { type: exponential, mean: 100ms } }
work: { type: lognormal, mean: 10ms, cv: 2 } # or constant, uniform, exponential, erlang, bounded_pareto, bimodal, …
# keys: { type: zipf, count: 10000, exponent: 0.9 } # what requests ask for: for ring_hash and the like, and for caches
servers:
  - { id: fast, count: 2, speed: 1 } # speed: work done a millisecond by each worker; fast1 and fast2
  - { id: slow, speed: 0.5, workers: 1, queue: 100, discipline: fifo } # or lifo, sharing, infinite
  # - { failure: { rate: 0.01 }, cache: { entries: 1000, hit: 0.1 }, weight: 2, max: 50, backup: true }
strategy: least_connections # or a mapping with options: { name: power_of_two, choices: 3 }
strategies: [least_connections, round_robin, power_of_two] # those to compare; the first is the measure
# proxies: 3 # that know nothing of each other
# network: { type: constant, value: 1ms } # to a server, and back again
policy: { timeout: 2s, retries: { attempts: 1, budget: 0.2 } }
#   checks: { interval: 2s, timeout: 1s, fall: 3, rise: 2 }; ejection, panic, slowStart, queue, hedging
# events:
#   - { at: 20s, server: slow, pause: 500ms } # every: 10s for again and again
#   - { at: 30s, server: fast1, outage: refuse } # or hang; false ends it
#   - { at: 40s, add: { id: late, cold: { requests: 500, factor: 5 } } }
`
