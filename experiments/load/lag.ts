import { Vitals } from '../../proxy/admin/vitals.ts'

/** How late an event loop was, in milliseconds, and which share of the time it was busy. */
export interface Lag {
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Null where nobody says. */
  readonly busy: number | null
}

/** Watches our own event loop: one that is late sends late and reads answers late. */
export class LagWatch {
  private readonly vitals = new Vitals()
  private readonly before = this.vitals.read()

  end(): Lag {
    const { active, idle, lagMax, lagP50, lagP99 } = this.vitals.read()
    this.vitals.close()
    const busy = active - this.before.active
    const all = busy + idle - this.before.idle
    return { p50: lagP50, p99: lagP99, max: lagMax, busy: all > 0 ? busy / all : null }
  }
}

const METRIC = /^nodejs_eventloop_lag_(p50|p99|max)_seconds (\S+)$/gm

/** What a proxy of ours says of its own, counted since it started; null where nobody answers or says so. */
export async function lagOfProxy(
  ask: (path: string) => Promise<string | null>,
): Promise<Lag | null> {
  const text = await ask('/lb/metrics')
  const said = new Map<string, number>()
  for (const [, name, value] of (text ?? '').matchAll(METRIC)) said.set(name, Number(value) * 1000)
  const [p50, p99, max] = ['p50', 'p99', 'max'].map((name) => said.get(name) ?? NaN)
  return Number.isNaN(p50 + p99 + max) ? null : { p50, p99, max, busy: null }
}
