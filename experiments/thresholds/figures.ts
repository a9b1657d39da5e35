import { didYouMean } from '../../proxy/core/did-you-mean.ts'

/** What a figure is measured in: milliseconds, a share from 0 to 1, an index from 0 to 1, a number a second, or a number. */
export type Kind = 'time' | 'share' | 'index' | 'rate' | 'count'

/** Something that is measured, as thresholds name it. */
export interface Figure {
  /** As it is written: `p99`, `service.p99`, `share(b1)`, `twin.p99.error`. */
  readonly name: string
  readonly kind: Kind
  /** What it is of: '' for what clients see; else `service`, `lateness` or `twin`. */
  readonly scope: string
  /** `quantile`, or the name without its scope: `mean`, `errors`, `share`. */
  readonly what: string
  /** For a quantile: 0.99 for p99. */
  readonly quantile?: number
  /** In brackets: a server's id. */
  readonly server?: string
}

interface Known {
  readonly kind: Kind
  readonly meaning: string
  /** Whether it is of one server, `never` by default. */
  readonly server?: 'must' | 'may'
}

/** What can be asked, but for quantiles. */
const FIGURES: Readonly<Record<string, Known>> = {
  mean: { kind: 'time', meaning: 'mean response time' },
  min: { kind: 'time', meaning: 'shortest response time' },
  max: { kind: 'time', meaning: 'longest response time' },
  errors: { kind: 'share', meaning: 'requests that failed', server: 'may' },
  timeouts: { kind: 'share', meaning: 'requests that took too long' },
  refused: { kind: 'share', meaning: 'requests that nobody took' },
  retries: { kind: 'share', meaning: 'retries for each request' },
  busy: { kind: 'share', meaning: 'how busy servers are', server: 'may' },
  share: { kind: 'share', meaning: "one server's part of the requests", server: 'must' },
  'share.least': { kind: 'share', meaning: 'the smallest part that a server has' },
  'share.most': { kind: 'share', meaning: 'the largest part that a server has' },
  fairness: { kind: 'index', meaning: "Jain's index: 1 if servers get what they are due" },
  rate: { kind: 'rate', meaning: 'requests a second' },
  goodput: { kind: 'rate', meaning: 'requests a second that did not fail' },
  requests: { kind: 'count', meaning: 'requests' },
}

const TIMES = ['mean', 'min', 'max']
/** Other times than those that clients see. */
const SCOPES = ['service', 'lateness']

/** Of a prediction, against what was measured: `twin.p99.error`, and whether both rank the strategies alike. */
const TWIN = /^twin\.(?:(mean|share|p\d+(?:\.\d+)?)\.error|(ranking))$/
const QUANTILE = /^p(\d+(?:\.\d+)?)$/

/** The figure of that name, or what is wrong with the name. */
export function figureOf(name: string): Figure | string {
  const [, stem, server] = /^([^()]*)(?:\(([^()]*)\))?$/.exec(name) ?? []
  if (stem === undefined)
    return `${JSON.stringify(name)} is no figure: brackets are for a server's id, as in share(b1)`
  const twin = TWIN.exec(stem)
  if (twin !== null && server === undefined) return twinOf(stem, twin[1] ?? twin[2])
  const [scope, rest] = scoped(stem)
  const quantile = quantileOf(rest)
  if (typeof quantile === 'string') return quantile
  const known = scope === '' || TIMES.includes(rest) ? FIGURES[rest] : undefined
  if (quantile === undefined && known === undefined) return unknown(name, stem)
  const rule = known?.server ?? 'never'
  if (server === undefined && rule === 'must') return `${stem} is of one server: ${stem}(b1)`
  if (server !== undefined && rule === 'never')
    return `${stem} is of all servers, and takes no ${name.slice(stem.length)}`
  if (server?.trim() === '') return `${stem}() names no server: ${stem}(b1)`
  return {
    name: server === undefined ? stem : `${stem}(${server.trim()})`,
    kind: known?.kind ?? 'time',
    scope,
    what: known === undefined ? 'quantile' : rest,
    ...(quantile !== undefined && { quantile }),
    ...(server !== undefined && { server: server.trim() }),
  }
}

function scoped(stem: string): [string, string] {
  const scope = SCOPES.find((each) => stem.startsWith(`${each}.`))
  return scope === undefined ? ['', stem] : [scope, stem.slice(scope.length + 1)]
}

function twinOf(name: string, what: string): Figure | string {
  if (what === 'ranking') return { name, kind: 'index', scope: 'twin', what }
  const quantile = quantileOf(what)
  if (typeof quantile === 'string') return quantile
  if (quantile === undefined) return { name, kind: 'share', scope: 'twin', what }
  return { name, kind: 'share', scope: 'twin', what: 'quantile', quantile }
}

/** 0.99 for `p99`; undefined for what is no percentile at all. */
function quantileOf(word: string): number | string | undefined {
  const digits = QUANTILE.exec(word)?.[1]
  if (digits === undefined) return undefined
  // p999 is 99.9, as many write it; nothing else above 100 is anything.
  const value = digits === '999' ? 99.9 : Number(digits)
  if (value > 0 && value < 100) return Number((value / 100).toPrecision(12))
  return `${word} is no percentile: they are above p0 and below p100, like p99 or p99.9`
}

const NAMES = ['p50', 'p95', 'p99', 'p99.9', ...Object.keys(FIGURES)]

function unknown(name: string, stem: string): string {
  const others = [
    ...SCOPES.map((each) => `${each}.p99`),
    'twin.p99.error',
    'twin.share.error',
    'twin.ranking',
  ]
  const meant = didYouMean(stem, [...NAMES, ...others])
  const hint =
    meant === undefined ? `there are ${[...NAMES, ...others].join(', ')}` : `did you mean ${meant}?`
  return `there is no figure ${JSON.stringify(name)}: ${hint}`
}
