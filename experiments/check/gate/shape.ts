import { z } from 'zod'
import { mapping } from '../../../proxy/config-shapes.ts'
import {
  checked,
  integer,
  matching,
  readShare,
  Wrong,
  wrong,
} from '../../../proxy/config-values.ts'
import { millisecondsOf } from '../../../proxy/core/duration.ts'

/** Most replications that a file may ask for. */
const MOST_REPS = 100_000

/** Most runs with real sockets, which take as long as they say. */
const MOST_RUNS = 1000

const seed = integer(0, 2 ** 32 - 1)
const reps = integer(2, MOST_REPS)
const list = (of: string) => z.array(z.unknown(), `must be a list of ${of}`)

const between = (rule: string) =>
  checked((value) => {
    const share = readShare(value)
    return share instanceof Wrong || !(share > 0 && share < 1) ? wrong(rule) : share
  })

const time = checked((value) => {
  const milliseconds =
    typeof value === 'string' ? millisecondsOf(value) : value === 0 ? 0 : undefined
  return milliseconds === undefined || milliseconds < 0
    ? wrong('must be a time with a unit like 500ms, 30s or 2m')
    : milliseconds
})

const warmup = checked((value) => {
  if (value === 'auto') return value
  const milliseconds = typeof value === 'string' ? millisecondsOf(value) : value
  return typeof milliseconds === 'number' &&
    milliseconds >= 0 &&
    (value === 0 || typeof value === 'string')
    ? milliseconds
    : wrong('must be auto, 0 or a time with a unit like 500ms or 5s')
})

const entry = mapping({
  name: matching(/^\S(.*\S)?$/, 'must be a text').exactOptional(),
  scenario: z.unknown().exactOptional(),
  strategies: list('strategies').exactOptional(),
  thresholds: list('thresholds like "p99 < 250ms"').exactOptional(),
  shares: between(
    'must be a share above 0% and below 100%: how far off its due a server may not be',
  ).exactOptional(),
  reps: reps.exactOptional(),
  duration: time.exactOptional(),
  warmup: warmup.exactOptional(),
})

const twin = mapping({
  name: matching(/^\S(.*\S)?$/, 'must be a text').exactOptional(),
  scenario: z.unknown().exactOptional(),
  strategies: list('strategies').exactOptional(),
  thresholds: list('thresholds like "twin.p99.error < 10%"').exactOptional(),
  runs: integer(1, MOST_RUNS).exactOptional(),
  duration: time.exactOptional(),
  warmup: time.exactOptional(),
})

/** What a gate file may hold; scenarios, strategies and thresholds are read by those who know them. */
export const gateShape = mapping({
  seed: seed.exactOptional(),
  reps: reps.exactOptional(),
  falseAlarm: between('must be a share above 0% and below 100%, like 1%').exactOptional(),
  laws: list('strategies').exactOptional(),
  scenarios: z.array(entry, 'must be a list of scenarios').exactOptional(),
  twin: z.array(twin, 'must be a list of scenarios').exactOptional(),
  baseline: mapping({
    figures: list('figures like p99').exactOptional(),
    slack: checked(readShare).exactOptional(),
  }).exactOptional(),
})

export type GivenGate = z.output<typeof gateShape>
export type GivenEntry = z.output<typeof entry>
export type GivenTwin = z.output<typeof twin>
