import type { BackoffOptions } from '../../proxy/core/backoff.ts'
import type { EjectionOptions } from '../../proxy/core/ejection.ts'
import type { SlowStartOptions } from '../../proxy/core/slow-start.ts'
import type { QueueOptions } from '../../proxy/core/waiting-line.ts'
import { above0, atLeast, notBelow } from '../checks.ts'
import type { CheckSpec, PolicySpec, RetrySpec } from '../policy.ts'
import {
  type Field,
  type FieldsOf,
  flag,
  mapping,
  number,
  optional,
  required,
  time,
} from './kinds.ts'
import { share, span, spanAbove0, wholeNumber } from './servers.ts'
import { SHORTEST } from './work.ts'

const MOST = Number.MAX_SAFE_INTEGER
/** More tries than that help nobody. */
const MOST_ATTEMPTS = 1000

/** For what comes again and again: so that time goes on. */
export const interval = time(`at least ${SHORTEST}`, (value, path) =>
  atLeast(value, SHORTEST, path),
)

export const BACKOFF: FieldsOf<BackoffOptions> = {
  base: required(span, 'the longest pause before the first retry; it doubles with each'),
  max: required(span, 'the longest pause of all'),
}

export const RETRIES: FieldsOf<RetrySpec> = {
  attempts: required(wholeNumber(0, MOST_ATTEMPTS), 'tries after the first one'),
  budget: optional(share, 'the share of requests that may be tried again', 'no limit'),
  minPerSecond: optional(
    number('a number of at least 0', (value, path) => atLeast(value, 0, path), 1e9),
    'and so many a second on top',
    '0 with a budget',
  ),
  afterTimeout: optional(
    flag,
    'tries again after a timeout, which the proxy never does',
    '`false`',
  ),
  afterAnswers: optional(
    flag,
    'tries again after an answer that is an error, which the proxy passes on',
    '`false`',
  ),
  backoff: optional(mapping('a [backoff](#backoff)', BACKOFF), 'a pause before each retry', 'none'),
}

export const EJECTION: FieldsOf<EjectionOptions> = {
  consecutive: required(wholeNumber(1, MOST), 'failures in a row that eject a server'),
  base: required(spanAbove0, 'how long the first time lasts; the n-th lasts n times as long'),
  max: required(spanAbove0, 'the longest that a time gets'),
  share: required(share, 'the share of the servers that may be out at a time'),
}

export const SLOW_START: FieldsOf<SlowStartOptions> = {
  duration: required(spanAbove0, 'how long it lasts'),
  aggression: required(
    number('above 0', (value, path) => above0(value, path), 100),
    '1 is a straight line, above is faster at first',
  ),
  floor: required(share, 'the share of its weight that a server begins with'),
}

export const CHECKS: FieldsOf<CheckSpec> = {
  interval: required(interval, 'between two checks of a server'),
  timeout: required(interval, 'how long an answer may take'),
  fall: required(wholeNumber(1, MOST), 'failures in a row after which it is down'),
  rise: required(wholeNumber(1, MOST), 'successes in a row after which it is up'),
}

export const QUEUE: FieldsOf<QueueOptions> = {
  length: required(wholeNumber(0, MOST), 'how many may wait at a time'),
  timeout: required(spanAbove0, 'how long each may wait'),
}

export const HEDGING: Readonly<Record<'delay' | 'quantile', Field>> = {
  delay: optional(span, 'after so long'),
  quantile: optional(
    number('above 0 and below 1', (value, path) => {
      if (!(value > 0 && value < 1))
        throw new RangeError(`${path} must be above 0 and below 1, got ${value}`)
    }),
    'when only so many first attempts take longer: one of the two',
  ),
}

export const POLICY: FieldsOf<PolicySpec> = {
  timeout: optional(spanAbove0, 'how long an attempt may take', 'no limit'),
  total: optional(spanAbove0, 'how long a request may take, over all its attempts', 'no limit'),
  retries: optional(
    mapping('[retries](#retries)', RETRIES),
    'tries what came to nothing again',
    'none',
  ),
  ejection: optional(
    mapping(
      'an [ejection](#ejection)',
      EJECTION,
      ({ base, max }: EjectionOptions, path, findings) => {
        findings.try(path, (at) => notBelow(max, base, `${at}.max`, `${at}.base`))
      },
    ),
    'takes out servers whose answers fail',
  ),
  panic: optional(share, 'below this share of eligible servers health is ignored', '0'),
  slowStart: optional(
    mapping('a [slow start](#slow-start)', SLOW_START),
    'servers that come back get their share little by little',
  ),
  checks: optional(mapping('[checks](#checks)', CHECKS), 'active health checks'),
  queue: optional(
    mapping('a [queue](#queue)', QUEUE),
    'where requests wait when every server is full',
  ),
  hedging: optional(
    mapping('a [hedging](#hedging)', HEDGING, (spec: object, path, findings) => {
      if ('delay' in spec === 'quantile' in spec)
        findings.add(path, 'must have delay or quantile, and not both')
    }),
    'a second attempt beside a first that takes long',
  ),
  sticky: optional(
    flag,
    'requests with the same key stay at the same server; whatever the strategy',
    '`false`',
  ),
  cancels: optional(flag, 'a server stops work that nobody waits for any more', '`true`'),
}
