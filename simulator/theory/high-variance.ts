import { notNegative, stable, whole } from '../statistics/preconditions.ts'
import { mmcWait } from './erlang.ts'

/**
 * The mean wait behind one queue with `workers`, or under least work left, for work of any squared coefficient of variation: (1 + scv) / 2
 * times that of M/M/c. An approximation, exact for M/M/c and M/G/1. Lee, Longton, "Queueing processes associated with airline passenger
 * check-in", Operational Research Quarterly 10(1), 1959.
 */
export function mgcWait(workers: number, rho: number, scv: number): number {
  return ((1 + notNegative(scv, 'scv')) / 2) * mmcWait(workers, rho)
}

/**
 * The mean wait under round robin: Kingman's bound as an approximation, rho / (1 - rho) (1/n + scv) / 2; arrivals at one server are Erlang-n.
 * Kingman, "The single server queue in heavy traffic", Mathematical Proceedings of the Cambridge Philosophical Society 57(4), 1961.
 * Good near rho = 1 only.
 */
export function roundRobinWait(servers: number, rho: number, scv: number): number {
  return ((stable(rho) / (1 - rho)) * (1 / whole(servers, 'servers') + notNegative(scv, 'scv'))) / 2
}
