import { type Path, show } from '../../proxy/core/problems.ts'
import { checkArrivals, type ArrivalSpec } from '../arrivals.ts'
import type { BurstsSpec } from '../arrivals/bursts.ts'
import { createDistribution, type DistributionSpec } from '../distributions.ts'
import { atLeast } from '../checks.ts'
import { checkKeys, type KeySpec } from '../keys.ts'
import type { RecordedWorkSpec, WorkSpec } from '../work.ts'
import type { Findings } from './findings.ts'
import {
  type Field,
  type Fields,
  type FieldsOf,
  flag,
  type Kind,
  list,
  LONGEST,
  mapping,
  number,
  oneOf,
  optional,
  required,
  time,
} from './kinds.ts'
import { tagged } from './tagged.ts'

/**
 * The parts that say what is asked for. Their figures are judged by those who use them (`createDistribution`, `checkArrivals`,
 * `checkKeys`); here is only what each has, and what would keep a run from ever getting on.
 */
type ByType<Spec extends { type: string }> = {
  readonly [T in Spec['type']]: Omit<FieldsOf<OfType<Spec, T>>, 'type'>
}
type OfType<Spec extends { type: string }, T> = Spec extends unknown
  ? T extends Spec['type']
    ? Spec
    : never
  : never

/** Less than a microsecond is as good as no time. */
export const SHORTEST = 0.001
const FASTEST = 1e9

const span = time('a number')
const plain = number('a number')
const rate = number('a number', undefined, FASTEST)
const rhythm = optional(
  oneOf('poisson', 'paced'),
  'users who know nothing of each other, or a metronome',
  '`poisson`',
)

const branch: Fields = {
  share: required(plain, 'how likely a draw is to be of this branch; all add up to 1'),
  mean: required(span, 'of the branch, which is exponential'),
}

const mean = required(span, 'the mean')
const DISTRIBUTIONS: Omit<ByType<DistributionSpec>, 'hyperexponential'> & {
  readonly hyperexponential: Readonly<Record<'mean' | 'cv' | 'branches', Field>>
} = {
  constant: { value: required(span, 'every time') },
  uniform: { min: required(span, 'the least'), max: required(span, 'the most') },
  exponential: { mean },
  erlang: { mean, stages: required(plain, 'the more, the steadier: 1 to 1000') },
  lognormal: { mean, cv: required(plain, 'standard deviation / mean, above 0') },
  hyperexponential: {
    mean: optional(span, 'the mean'),
    cv: optional(plain, 'standard deviation / mean, at least 1'),
    branches: optional(
      list('a list of `{ share, mean }`', mapping('a branch', branch)),
      'in place of the two',
    ),
  },
  bounded_pareto: {
    min: required(span, 'the least'),
    max: required(span, 'the most'),
    shape: required(plain, 'the smaller, the heavier the tail'),
  },
  weibull: {
    mean,
    shape: required(plain, '1 is exponential, below has a heavier tail; at least 0.05'),
  },
  bimodal: {
    fast: required(span, 'one amount'),
    slow: required(span, 'the other'),
    slowShare: required(plain, 'how likely the slow one is'),
  },
  empirical: {
    values: required(list('a list of times', span), 'what was recorded'),
    weights: optional(list('a list of numbers', plain), 'one a value', 'all equal'),
  },
}

/** What was recorded comes in arrays of floats, too. */
function floats(says: string): Kind {
  const values = list(
    says,
    number('a number', (value, path) => atLeast(value, 0, path), LONGEST),
  )
  return {
    says,
    read(value, path, findings) {
      const plain = value instanceof Float64Array ? Array.from(value) : value
      const read = values.read(plain, path, findings)
      return value instanceof Float64Array ? value : read
    },
  }
}

export const distribution = tagged('a distribution', DISTRIBUTIONS, checkDistribution)

const RECORDED: ByType<RecordedWorkSpec> = {
  recorded: {
    values: required(
      floats('a list of milliseconds'),
      'that of each request, from the first again after the last',
    ),
  },
}

/** What requests cost: a distribution, or what was recorded. */
export const work = tagged(
  'work',
  { ...DISTRIBUTIONS, ...RECORDED },
  (spec: WorkSpec, path, findings) => {
    if (spec.type !== 'recorded') checkDistribution(spec, path, findings)
  },
)

function checkDistribution(spec: DistributionSpec, path: Path, findings: Findings): void {
  if (spec.type === 'hyperexponential' && 'branches' in spec && ('mean' in spec || 'cv' in spec)) {
    findings.add([...path, 'branches'], 'goes without mean and cv: give one or the other')
    return
  }
  findings.try(path, (written) => {
    const { mean: middle, scv } = createDistribution(spec, written)
    if (Number.isFinite(middle) && Number.isFinite(scv)) return
    throw new RangeError(`${written} must have a finite mean and a finite spread`)
  })
}

/** For what comes again and again: with a mean of nothing it would never let time go on. */
export const spans: Kind = {
  says: 'a distribution',
  read(value, path, findings) {
    const before = findings.count
    const spec = distribution.read(value, path, findings) as DistributionSpec
    if (findings.count === before && createDistribution(spec).mean < SHORTEST)
      findings.add(path, `must have a mean of at least ${SHORTEST}: else time would stand still`)
    return spec
  },
}

const spell = mapping('a mapping', {
  rate: required(rate, 'requests a second; 0 is a silence'),
  mean: required(span, 'how long it lasts on average'),
})
const step = mapping('a step', {
  rate: required(rate, 'requests a second; 0 is a silence'),
  duration: required(span, 'how long it lasts'),
})
const ARRIVALS: ByType<ArrivalSpec> = {
  poisson: { rate: required(rate, 'requests a second') },
  paced: { rate: required(rate, 'requests a second') },
  bursts: {
    calm: required(spell, '`{ rate, mean }` of the quiet times'),
    burst: required(spell, '`{ rate, mean }` of the others'),
  },
  steps: {
    steps: required(list('a list of `{ rate, duration }`', step), 'one rate after the other'),
    rhythm,
    repeat: optional(flag, 'from the first step again after the last', '`false`'),
  },
  ramp: {
    from: required(rate, 'requests a second at first'),
    to: required(rate, 'requests a second at the end, and from then on'),
    duration: required(span, 'how long it takes'),
    rhythm,
  },
  diurnal: {
    mean: required(rate, 'requests a second on average'),
    swing: required(plain, 'how far the rate goes above and below, as a share of the mean'),
    period: required(span, 'how long a day is'),
  },
  trace: {
    times: required(floats('a list of milliseconds'), 'when each request comes'),
    speed: optional(plain, 'twice as fast is 2', '1'),
  },
  closed: {
    users: required(plain, 'how many there are, each of whom waits for his answer'),
    think: required(spans, 'how long each thinks between an answer and his next request'),
  },
}

/** A run that waits for its next request through more spells than that looks as if it hung. */
const MOST_SPELLS = 1e6

export const arrivals = tagged(
  'an arrival process',
  ARRIVALS,
  (spec: ArrivalSpec, path, findings) => {
    findings.try(path, (written) => {
      checkArrivals(spec, written)
      if (spec.type === 'bursts') checkSpells(spec, written)
    })
  },
)

function checkSpells({ burst, calm }: BurstsSpec, written: string): void {
  const requests = (calm.rate * calm.mean + burst.rate * burst.mean) / 1000
  if (requests * MOST_SPELLS >= 1) return
  throw new RangeError(`${written} must bring at least one request in a million spells`)
}

const text: Kind = {
  says: 'a text or a number',
  read(value, path, findings) {
    if (typeof value !== 'string' && !Number.isFinite(value))
      findings.add(path, `must be a text or a number, got ${show(value)}`)
    return value
  },
}

const hashes: Kind = { says: 'an `Int32Array`', read: (value) => value }

const count = required(plain, 'how many different keys there are')
const KEYS: ByType<KeySpec> = {
  uniform: { count },
  zipf: {
    count,
    exponent: required(
      number('a number', undefined, 100),
      'the share of key i is in proportion to 1 / (i + 1)^exponent',
    ),
    hottest: optional(plain, 'the share of the first, whatever the exponent says'),
  },
  size: { unit: required(plain, 'milliseconds to a unit of size: the key is the work in units') },
  hashes: {
    hashes: required(hashes, 'the affinity hash of each request, where keys are not known'),
  },
  trace: {
    keys: required(
      list('a list of texts or numbers', text),
      'one a request, from the first again after the last',
    ),
  },
}

export const keys = tagged('keys', KEYS, (spec: KeySpec, path, findings) => {
  findings.try(path, (written) => checkKeys(spec, written))
})
