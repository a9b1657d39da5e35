import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Redis } from 'ioredis'
import { writePath } from '../../../proxy/core/problems.ts'
import { isStrategyPath } from '../../../proxy/strategy-path.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import type { Contender } from '../../../simulator/study/contender.ts'
import { experiments } from '../../sim/load-scenario.ts'
import type { Job } from '../../sim/replicator.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { idOf, type Plan, type Portable, readPlan } from '../plan.ts'
import { type Order, planKey } from './names.ts'

/** How many plans a worker remembers. */
const REMEMBERED = 8

/** Makes jobs of orders. What comes over Redis is data, and checked as a file of the user's is: no code is ever taken from there. */
export class Plans {
  private readonly redis: Redis
  private readonly strategies: string | undefined
  private readonly plans = new Map<string, Plan>()

  /** `strategies`: the folder that files of strategies are taken from. */
  constructor(redis: Redis, strategies: string | undefined) {
    this.redis = redis
    this.strategies = strategies
  }

  /** Undefined: nobody wants it any more. Throws `WrongInput` where it cannot be run here. */
  async jobOf(order: Order): Promise<{ job: Job; label: string } | undefined> {
    const plan = await this.planOf(order.sweep)
    if (plan === undefined) return undefined
    const cell = plan.cells[order.cell]
    const portable = cell?.contenders[order.contender]
    if (portable === undefined) throw new WrongInput('the order is none of the plan')
    const contender = this.contenderOf(portable)
    // The strategy of a scenario is checked with it.
    const strategy = 'spec' in contender ? { strategy: contender.spec } : {}
    const checked = checkScenario({ ...cell.scenario, ...strategy })
    if ('problems' in checked) {
      const [{ path, text }] = checked.problems
      throw new WrongInput(`the scenario cannot be used: ${writePath(path)} ${text}`)
    }
    const { scenario } = checked
    const { seed, warmup } = order
    const run = 'spec' in contender ? { ...contender, spec: scenario.strategy } : contender
    return { job: { scenario, contender: run, seed, warmup }, label: portable.label }
  }

  private async planOf(sweep: string): Promise<Plan | undefined> {
    const known = this.plans.get(sweep)
    if (known !== undefined) return known
    const text = await this.redis.get(planKey(sweep))
    if (text === null) return undefined
    const plan = readPlan(text)
    if (idOf(plan) !== sweep) throw new WrongInput('the plan in Redis is not the one it is called')
    if (this.plans.size >= REMEMBERED) this.plans.delete([...this.plans.keys()][0])
    this.plans.set(sweep, plan)
    return plan
  }

  private contenderOf(each: Portable): Contender {
    if ('spec' in each) {
      const name = typeof each.spec === 'string' ? each.spec : each.spec.name
      if (findStrategy(name) === undefined)
        throw new WrongInput(`there is no strategy ${name} here`)
      return each
    }
    if ('options' in each) return { ...each, file: this.fileOf(each.label, each.sha256) }
    const found = experiments().find(({ name }) => name === each.from)
    const experiment = found === undefined ? undefined : join(found.folder, 'experiment.ts')
    if (experiment === undefined || hashOf(experiment) !== each.sha256)
      throw new WrongInput(`${each.label}: the experiment ${each.from} is not the same here`)
    return { ...each, experiment }
  }

  /** By what is in it, whatever it is called here. */
  private fileOf(label: string, sha256: string): string {
    const { strategies } = this
    if (strategies === undefined) {
      throw new WrongInput(
        `${label} is a file, and this worker runs the strategies that come along alone: ` +
          'a worker that has the file runs it with --strategies FOLDER',
      )
    }
    const files = readdirSync(strategies)
      .filter((name) => isStrategyPath(`./${name}`))
      .map((name) => resolve(strategies, name))
    const file = files.find((path) => hashOf(path) === sha256)
    if (file !== undefined) return file
    throw new WrongInput(
      `${label} is not in the worker's --strategies folder, or is another version there`,
    )
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
