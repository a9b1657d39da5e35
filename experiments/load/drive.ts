import { Client } from 'undici'
import type { Interrupt } from '../live/interrupt.ts'
import { type Lag, LagWatch, lagOfProxy } from './lag.ts'
import type { Plan } from './plan.ts'
import { Seconds } from './seconds.ts'
import type { Sender } from './sender.ts'

const EVERY = 1000
/** How long the last answers may take after Ctrl-C, in milliseconds. */
const LAST_ANSWERS = 2000
/** How long the proxy may take to tell of itself. */
const TELLING = 1000

/** What a run left behind. */
export interface Driven {
  readonly sender: Sender
  readonly seconds: Seconds
  readonly began: Date
  /** Milliseconds from the start until no more was sent. */
  readonly elapsed: number
  readonly lag: { readonly generator: Lag; readonly proxy: Lag | null }
  readonly interrupted: boolean
}

/** Sends what a plan says until its end, or until it is interrupted, and waits for the last answers. `show` is called once a second. */
export async function drive(
  plan: Plan,
  interrupt: Pick<Interrupt, 'first' | 'happened'>,
  show: (sender: Sender, seconds: Seconds, elapsed: number) => void = () => {},
): Promise<Driven> {
  const sender = plan.start()
  const seconds = new Seconds([sender.warmup, sender.account])
  const watch = new LagWatch()
  const began = new Date()
  const start = performance.now()
  const tick = (): void => {
    const elapsed = performance.now() - start
    seconds.sample(elapsed)
    show(sender, seconds, elapsed)
  }
  const timer = setInterval(tick, EVERY)
  sender.start()
  await Promise.race([sender.sourceEnded, interrupt.first])
  const interrupted = interrupt.happened
  sender.stop()
  const elapsed = performance.now() - start
  // Every request has its own deadline, so this ends; whoever presses Ctrl-C does not want to wait for that.
  await Promise.race([sender.finished, interrupt.first])
  if (interrupt.happened) {
    await Promise.race([sender.finished, after(LAST_ANSWERS)])
    sender.giveUp()
  }
  await sender.finished
  clearInterval(timer)
  seconds.sample(performance.now() - start)
  const generator = watch.end()
  // Nobody else is asked for anything but what was ordered.
  const proxy = sender.viaOurs === true ? await lagOfProxy((path) => ask(plan, path)) : null
  return { sender, seconds, began, elapsed, lag: { generator, proxy }, interrupted }
}

/** The body of a 200; null if there is none in time. */
async function ask({ tls, url }: Plan, path: string): Promise<string | null> {
  const client = new Client(url.origin, { connect: { ...(tls as object), timeout: TELLING } })
  try {
    const signal = AbortSignal.timeout(TELLING)
    const { body, statusCode } = await client.request({ method: 'GET', path, signal })
    const text = await body.text()
    return statusCode === 200 ? text : null
  } catch {
    return null
  } finally {
    await client.destroy(null)
  }
}

function after(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay).unref())
}
