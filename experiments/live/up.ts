import { basename } from 'node:path'
import type { LoadAccount } from '../load/account.ts'
import { Generator } from '../load/generator.ts'
import { ShopSource } from '../load/shop-source.ts'
import { inspectTrace, TraceError, TraceSource } from '../load/trace-source.ts'
import type { Source } from '../load/source.ts'
import { Interrupt } from './interrupt.ts'
import { Lab } from './lab.ts'
import { type Books, exchangesOf } from './ledger.ts'
import { clock, count, plural } from '../../simulator/format.ts'
import { LAST_REQUESTS, type UpOptions } from './options.ts'
import { Run } from './run.ts'
import { screenFor } from './screen.ts'
import { drawSummary } from './summary-view.ts'

/** A wait longer than this many milliseconds is explained. */
const WORTH_A_WORD = 500

/** Exit codes; see the verb's help. */
const DONE = 0
const BROKEN = 1
const WRONG = 2
const INTERRUPTED = 130

/** Runs the lab until it ends or is ended, and gives the exit code. Leaves no process behind. */
export async function up(options: UpOptions): Promise<number> {
  let traffic: { source: Source; words: string }
  try {
    traffic = trafficOf(options)
  } catch (error) {
    if (!(error instanceof TraceError)) throw error
    return complain(error.message, WRONG)
  }
  const lab = new Lab(options)
  const screen = screenFor(process.stdout, process.env)
  const interrupt = new Interrupt(() => {
    lab.kill()
    screen.close()
    process.exit(INTERRUPTED)
  })
  try {
    const starting = lab.start()
    const why = await Promise.race([
      starting.then(
        () => '',
        (e) => lab.whyNot(e),
      ),
      interrupt.first,
    ])
    // Stopped while starting: what it would have said is of no interest.
    starting.catch(() => {})
    if (why === undefined) return INTERRUPTED
    if (why !== '') return complain(why, BROKEN)
    const generator = new Generator({
      url: lab.url,
      source: traffic.source,
      duration: options.duration,
    })
    const run = new Run(options.algorithm, traffic.words, lab, generator, screen)
    run.start()
    const broken = lab.broken()
    const end = await Promise.race([generator.sourceEnded, interrupt.first, broken])
    generator.stop()
    await Promise.race([generator.finished, after(WORTH_A_WORD), broken])
    const left = generator.account.inflight
    const limit = `${LAST_REQUESTS / 1000} s`
    if (left > 0)
      run.say('plain', `waiting up to ${limit} for ${plural(left, 'request')} in flight`)
    await Promise.race([generator.finished, after(LAST_REQUESTS), broken])
    const late = generator.account.inflight
    if (late > 0) {
      if (end === undefined) run.say('warn', `${plural(late, 'request')} given up after ${limit}`)
      generator.giveUp()
    }
    await generator.finished
    run.end()
    if (end !== undefined) return complain(end, BROKEN)
    const books = await booksOf(lab, generator.account)
    if (typeof books === 'string') return complain(books, BROKEN)
    const { width, paint } = screen
    screen.print(['', ...drawSummary(books, run.elapsed, width, paint, lab.notices)])
    return lab.replaced ? BROKEN : DONE
  } finally {
    await lab.stop()
    screen.close()
    interrupt.release()
  }
}

/** A sentence when the proxy cannot be asked. */
async function booksOf(lab: Lab, load: LoadAccount): Promise<Books | string> {
  try {
    const proxy = await lab.stats(exchangesOf, load.sent)
    return { load, proxy, fakes: await lab.fakeBooks() }
  } catch (error) {
    return `the proxy cannot be asked for its accounts: ${(error as Error).message}`
  }
}

/** What is sent, and the same in a few words. */
function trafficOf(options: UpOptions): { source: Source; words: string } {
  const { rate, seed, trace, speed } = options
  if (trace === undefined) {
    const words = `${count(rate!)} requests/s, Poisson, seed ${seed}`
    return { source: new ShopSource(rate!, seed), words }
  }
  const { entries, span, bad } = inspectTrace(trace)
  const length = `${plural(entries, 'request')} of ${clock(span)} at ${speed}x`
  const skipped = bad > 0 ? ` (${plural(bad, 'bad line')} left out)` : ''
  return {
    source: new TraceSource(trace, speed),
    words: `${basename(trace)}, ${length}${skipped}`,
  }
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`evenkeel up: ${message}\n`)
  return exitCode
}

function after(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay).unref())
}
