/**
 * What the package gives to programs: a balancer to choose servers with, the strategies, and the simulator. All of it is pure: it runs in
 * Node and in browsers, and takes time and chance from outside. The laws are apart, as `evenkeel/laws`.
 */
export { Balancer } from './proxy/core/balancer.ts'
export type { BalancerOptions } from './proxy/core/balancer-options.ts'
export { Clock } from './proxy/core/clock.ts'
export { Endpoint, type EndpointOptions, type ServerState } from './proxy/core/endpoint.ts'
export { hash32 } from './proxy/core/hash.ts'
export { Memory } from './proxy/core/memory.ts'
export type { Outcome, Recorder } from './proxy/core/recorder.ts'
export { Rng } from './proxy/core/rng.ts'
export type { Snapshot, Tally } from './proxy/core/snapshot.ts'
export type { Strategy, StrategyContext, StrategyFactory } from './proxy/core/strategy.ts'
export { STRATEGIES, type StrategyEntry, type StrategySpec } from './proxy/strategies/index.ts'
export { checkScenario } from './simulator/check-scenario.ts'
export { simulate, resultOf, type RunResult } from './simulator/result.ts'
export { RunRecorder } from './simulator/run-recorder.ts'
export type { Scenario, ServerSpec } from './simulator/scenario.ts'
export { Simulation } from './simulator/simulation.ts'
export { strategyOf } from './simulator/strategies.ts'
