import { faultOfWeight } from '../../proxy/core/endpoint.ts'
import { above0, atLeast, between, whole } from '../checks.ts'
import type { AntagonistSpec, FailureSpec, ServerSpec } from '../scenario.ts'
import {
  type FieldsOf,
  flag,
  type Kind,
  mapping,
  number,
  oneOf,
  optional,
  required,
  text,
  time,
} from './kinds.ts'
import { spans } from './work.ts'

/** What the simulator has room for: each costs about a kilobyte, and as much again for each proxy. */
export const MOST_SERVERS = 100_000
const MOST_WORKERS = 1_000_000
const MOST_ENTRIES = 10_000_000
/** Beyond it is a slip of the finger. */
const FASTEST = 1e6

export const share = number('a share from 0 to 1', (value, path) => between(value, 0, 1, path))
export const span = time('at least 0', (value, path) => atLeast(value, 0, path))
export const spanAbove0 = time('above 0', (value, path) => above0(value, path))

export function wholeNumber(least: number, most: number): Kind {
  return number(`a whole number from ${least} to ${most}`, (value, path) =>
    whole(value, least, most, path),
  )
}

/** A whole number, or `Infinity`, which is what holds where it is left out. */
function limit(least: number): Kind {
  return number(`a whole number of at least ${least}`, (value, path) => {
    if (value !== Infinity) whole(value, least, Number.MAX_SAFE_INTEGER, path)
  })
}

export const weight = number('a number', (value, path) => {
  const fault = faultOfWeight(value)
  if (fault !== undefined) throw new RangeError(`${path} ${fault}, got ${value}`)
})
export const max = limit(1)
const factor = number('a number of at least 0', (value, path) => atLeast(value, 0, path), FASTEST)
export const speed = factor

const status = number('500 or 503', (value, path) => {
  if (value !== 500 && value !== 503)
    throw new RangeError(`${path} must be 500 or 503, got ${value}`)
})

export const FAILURE: FieldsOf<FailureSpec> = {
  rate: required(share, 'the share of requests that end in an error'),
  status: optional(status, 'what they are answered with; only a 503 counts for ejection', '500'),
  after: optional(
    span,
    'how long a failing request keeps its worker busy, whatever the speed',
    'as long as a good one',
  ),
}
export const failure = mapping('a [failure](#failure)', FAILURE)

export const ANTAGONIST: FieldsOf<AntagonistSpec> = {
  speed: required(factor, 'what the speed of the server is multiplied by meanwhile'),
  on: required(spans, 'how long it is at work'),
  off: required(spans, 'how long it is quiet; it is quiet at first'),
}

export const COLD: FieldsOf<NonNullable<ServerSpec['cold']>> = {
  requests: required(wholeNumber(0, Number.MAX_SAFE_INTEGER), 'so many after a start take longer'),
  factor: required(factor, 'that many times as long'),
}

export const CACHE: FieldsOf<NonNullable<ServerSpec['cache']>> = {
  entries: required(wholeNumber(1, MOST_ENTRIES), 'so many keys, those asked for last'),
  hit: required(factor, 'a request for one of them takes so many times its work'),
}

export const SERVER: FieldsOf<ServerSpec> = {
  id: optional(
    text('1 to 64 letters, digits or any of . _ : -', /^[\w.:-]{1,64}$/),
    'its name; where `count` is above 1 the beginning of their names',
    's1, s2, … by place',
  ),
  count: optional(wholeNumber(1, MOST_SERVERS), 'so many alike', '1'),
  workers: optional(wholeNumber(1, MOST_WORKERS), 'requests served at a time', '1'),
  queue: optional(limit(0), 'requests that may wait; one more ends in an error', 'no limit'),
  discipline: optional(
    oneOf('fifo', 'lifo', 'sharing', 'infinite'),
    'first come first served; the latest first; all at once, sharing the workers; nobody waits',
    '`fifo`',
  ),
  speed: optional(
    number('above 0', (value, path) => above0(value, path), FASTEST),
    'work done a millisecond by each worker',
    '1',
  ),
  weight: optional(weight, 'what the balancer is told', '1'),
  max: optional(max, 'the most requests in flight that the balancer allows', 'no limit'),
  backup: optional(flag, 'takes requests only while no other server can', '`false`'),
  failure: optional(failure, 'requests that end in an error'),
  cold: optional(mapping('a [cold](#cold) start', COLD), 'slow after a start'),
  cache: optional(mapping('a [cache](#cache)', CACHE), 'quick with keys that it has seen lately'),
  antagonist: optional(mapping('an [antagonist](#antagonist)', ANTAGONIST), 'a noisy neighbour'),
  dropsExpired: optional(
    flag,
    'does not begin work for which the deadline of the client has passed',
    '`false`',
  ),
}
export const server = mapping('a [server](#servers)', SERVER)
