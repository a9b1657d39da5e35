import manyBalancers from '../../../experiments/many-balancers/scenario.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

/** The experiment's: five servers of ten workers, 70 % busy. */
export const oneProxy: Scenario = { ...manyBalancers, name: 'lesson: many proxies' }

export const fiftyProxies: Scenario = { ...oneProxy, proxies: 50 }
