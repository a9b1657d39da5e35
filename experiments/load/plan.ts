import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { DistributionSpec } from '../../simulator/distributions.ts'
import { clock, count, plural } from '../../simulator/format.ts'
import { wordsOfArrivals } from '../../simulator/study/words.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { readArrivals } from './arrivals-flag.ts'
import type { Behaviour } from './behaviour.ts'
import { readBehaviour } from './behaviour-file.ts'
import type { Tls } from './connections.ts'
import { Crowd } from './crowd.ts'
import { Generator } from './generator.ts'
import { DEFAULT_DURATION, DEFAULT_RATE, type LoadFlags } from './options.ts'
import type { Sender, SenderOptions } from './sender.ts'
import { shop } from './shop.ts'
import type { Source } from './source.ts'
import { thinkOf } from './think.ts'
import { inspectTrace, TraceError, TraceSource } from './trace-source.ts'
import { VisitSource } from './visit-source.ts'
import { Visits } from './visits.ts'

/** What is going to be sent, where to, and for how long. */
export interface Plan {
  readonly url: URL
  readonly tls: Tls
  /** In a few words: `100 requests/s, poisson`. */
  readonly words: string
  readonly model: 'open' | 'closed'
  /** Milliseconds; `Infinity`: as long as the source goes. */
  readonly duration: number
  readonly warmup: number
  readonly behaviour: Behaviour
  /** Whether requests say who asks. */
  readonly named: boolean
  readonly think: DistributionSpec | undefined
  readonly sender: SenderOptions
  start(): Sender
}

/** Checks what was asked for. Throws a `WrongInput`. */
export async function planOf(address: string, flags: LoadFlags): Promise<Plan> {
  const url = readUrl(address)
  refuseTogether(flags)
  const tls = readTls(flags)
  const { behaviour, named, sends } = await askedFor(url, flags)
  const fields = (flags.header ?? []).flatMap((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const { connections, keepAlive, maxInFlight, seed, serverHeader, timeout } = flags
  const sender = {
    url: url.origin,
    tls,
    fields,
    connections,
    keepAlive,
    maxInFlight,
    serverHeader,
    timeout,
  }
  const think = flags.think === undefined ? undefined : thinkOf(flags.think)
  const plan = { url, tls, behaviour, named, think }
  const closed = (
    users: number,
    thought: DistributionSpec | undefined,
    length = DEFAULT_DURATION,
    cut = 0,
  ): Plan => {
    const { duration = length, warmup = cut } = flags
    checkWarmup(warmup, duration)
    const visits = { behaviour, named, seed, think: thought, count: users }
    const options = { ...sender, warmup, duration }
    const pause = flags.think === undefined ? '' : `, thinking ${flags.think}`
    return {
      ...plan,
      model: 'closed',
      words: `${plural(users, 'user')} who wait for answers${pause}, ${sends}`,
      duration,
      warmup,
      sender: options,
      start: () => new Crowd({ ...options, users: new Visits(visits) }),
    }
  }
  const open = (words: string, duration: number, warmup: number, source: () => Source): Plan => {
    checkWarmup(warmup, duration)
    const options = { ...sender, warmup, duration }
    return {
      ...plan,
      model: 'open',
      words,
      duration,
      warmup,
      sender: options,
      start: () => new Generator({ ...options, source: source() }),
    }
  }
  if (flags.users !== undefined) return closed(flags.users, think)
  if (flags.trace !== undefined) {
    const { speed = 1, trace } = flags
    const words = traceWords(trace, speed)
    return open(
      words,
      flags.duration ?? Infinity,
      flags.warmup ?? 0,
      () => new TraceSource(trace, speed),
    )
  }
  const asked = await readArrivals(flags.arrivals ?? 'poisson', flags.rate, DEFAULT_RATE)
  const { spec } = asked
  if (spec.type === 'closed') return closed(spec.users, spec.think, asked.duration, asked.warmup)
  const words = `${wordsOfArrivals(spec)}, ${sends}`
  const { duration = asked.duration ?? DEFAULT_DURATION, warmup = asked.warmup ?? 0 } = flags
  return open(
    words,
    duration,
    warmup,
    () =>
      new VisitSource({ behaviour, named, seed, arrivals: spec, visitors: named ? undefined : 1 }),
  )
}

function readUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(address) ? `: did you mean http://${address}?` : ''
    throw new WrongInput(`${address} is no URL like http://127.0.0.1:8080${hint}`)
  }
  if (url.username !== '' || url.password !== '')
    throw new WrongInput(
      "a name and a password in the URL are not sent: --header 'Authorization: …' is",
    )
  return url
}

/** What each says itself, and another flag must not say as well. */
function refuseTogether(flags: LoadFlags): void {
  const ways = (['arrivals', 'users', 'trace', 'findCeiling'] as const).filter(
    (each) => flags[each] !== undefined,
  )
  const named = ways.map((each) => `--${each === 'findCeiling' ? 'find-ceiling' : each}`)
  if (ways.length > 1) throw new WrongInput(`${named.join(' and ')} exclude each other`)
  const [way] = named
  const refuse = (flag: string, given: unknown, but: readonly string[], why: string): void => {
    if (given !== undefined && !but.includes(way ?? '')) throw new WrongInput(`${flag} ${why}`)
  }
  refuse('--speed', flags.speed, ['--trace'], 'needs a --trace to replay')
  refuse(
    '--think',
    flags.think,
    ['--users', '--find-ceiling'],
    'is for --users who wait for answers; others do not',
  )
  if (way !== undefined && way !== '--arrivals' && flags.rate !== undefined)
    throw new WrongInput(`--rate and ${way} exclude each other`)
  const asks = ['behaviour', 'path'] as const
  if (flags.behaviour !== undefined && (flags.path ?? flags.method ?? flags.body) !== undefined)
    throw new WrongInput(
      '--behaviour says itself what is asked for: --path, --method and --body exclude it',
    )
  if (
    flags.trace !== undefined &&
    (asks.some((each) => flags[each] !== undefined) ||
      flags.method !== undefined ||
      flags.body !== undefined)
  )
    throw new WrongInput(
      '--trace says itself what is asked for: --behaviour, --path, --method and --body exclude it',
    )
}

/** What is asked for: a behaviour, what flags say, the URL's own path, or else the shop that the fakes play. */
async function askedFor(
  { pathname, search }: URL,
  { behaviour, body, method, path }: LoadFlags,
): Promise<{ behaviour: Behaviour; named: boolean; sends: string }> {
  if (behaviour !== undefined) {
    if (pathname !== '/' || search !== '')
      throw new WrongInput(
        `--behaviour says itself what is asked for: the URL must have no path, got ${pathname}${search}`,
      )
    return { behaviour: await readBehaviour(behaviour), named: true, sends: basename(behaviour) }
  }
  const own = pathname === '/' && search === '' ? undefined : [pathname + search]
  if (own !== undefined && path !== undefined)
    throw new WrongInput(`there is a path in the URL and --path as well: ${own[0]} and ${path[0]}`)
  if (path === undefined && own === undefined && method === undefined && body === undefined)
    return { behaviour: shop, named: true, sends: 'pages of a shop' }
  const paths = path ?? own ?? ['/']
  const verb = method ?? (body === undefined ? 'GET' : 'POST')
  const text = body?.startsWith('@') === true ? read(body.slice(1), '--body') : body
  const steps = paths.map((each) => ({
    name: `${verb} ${each}`,
    method: verb,
    path: each,
    ...(text !== undefined && { body: text }),
  }))
  const sends = steps.length === 1 ? steps[0].name : `${count(steps.length)} paths in turn`
  return { behaviour: { users: [{ name: 'client', order: 'listed', steps }] }, named: false, sends }
}

function readTls({ ca, insecure }: LoadFlags): Tls {
  return {
    ...(insecure === true && { rejectUnauthorized: false }),
    ...(ca !== undefined && { ca: [read(ca, '--ca')] }),
  }
}

function read(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new WrongInput(`${flag}: ${code === 'ENOENT' ? `there is no ${file}` : message}`)
  }
}

function checkWarmup(warmup: number, duration: number): void {
  if (warmup >= duration)
    throw new WrongInput(
      `--warmup must be shorter than --duration (${duration / 1000}s), got ${warmup / 1000}s`,
    )
}

function traceWords(file: string, speed: number): string {
  try {
    const { bad, entries, span } = inspectTrace(file)
    const skipped = bad > 0 ? ` (${plural(bad, 'bad line')} left out)` : ''
    return `${basename(file)}, ${plural(entries, 'request')} of ${clock(span)} at ${speed}x${skipped}`
  } catch (error) {
    if (error instanceof TraceError) throw new WrongInput(error.message)
    throw error
  }
}
