import { above0, atLeast } from '../checks.ts'
import type { InformationSpec, Scenario } from '../scenario.ts'
import { event } from './events.ts'
import {
  type FieldsOf,
  flag,
  list,
  mapping,
  oneOf,
  optional,
  required,
  text,
  time,
} from './kinds.ts'
import { interval, POLICY } from './policy.ts'
import { server, wholeNumber } from './servers.ts'
import { strategy } from './strategy.ts'
import { checkWhole } from './whole.ts'
import { arrivals, distribution, keys, work } from './work.ts'

const MOST_PROXIES = 10_000

export const INFORMATION: FieldsOf<InformationSpec> = {
  every: required(interval, 'how long strategies see the same numbers'),
}

const end = time('above 0', (value, path) => {
  if (value !== Infinity) above0(value, path)
})

/** All that a scenario can have. The page about scenarios is made of it. */
export const SCENARIO: FieldsOf<Scenario> = {
  name: required(text('a text without control characters', /^\P{Cc}+$/u), 'what it is called'),
  seed: required(wholeNumber(0, 2 ** 32 - 1), 'the same seed gives the same run'),
  duration: required(end, 'requests arrive until then; those under way are followed to their end'),
  warmup: optional(
    time('at least 0', (value, path) => atLeast(value, 0, path)),
    'requests that arrive before are not counted',
    '0',
  ),
  arrivals: required(arrivals, 'when requests come: see [arrivals](#arrivals)'),
  work: required(work, 'how long each keeps a worker busy at speed 1: see [work](#work)'),
  workOf: optional(
    oneOf('request', 'attempt'),
    'all attempts at a request cost the same, or each draws anew',
    '`request`',
  ),
  keys: optional(keys, 'what requests ask for: see [keys](#keys)', 'a key of its own for each'),
  servers: required(list('a list of [servers](#servers)', server), 'who serves'),
  proxies: optional(
    wholeNumber(1, MOST_PROXIES),
    'independent balancers in front of the same servers',
    '1',
  ),
  strategy: required(
    strategy,
    'how they choose: see the [strategies](../proxy/strategies/README.md)',
  ),
  policy: optional(mapping('a [policy](#policy)', POLICY), 'what a proxy does around its strategy'),
  network: optional(
    distribution,
    'how long a message takes, to a server and back again',
    'no time',
  ),
  information: optional(
    mapping('`{ every }`', INFORMATION),
    'strategies see the requests in flight as they were at the last multiple of `every`',
    'as they are',
  ),
  notices: optional(
    flag,
    'servers that become idle say so to one proxy, drawn at random, and say nothing else',
    '`false`',
  ),
  events: optional(list('a list of [events](#events)', event), 'what happens on the way'),
}

export const scenario = mapping('a scenario', SCENARIO, (whole: Scenario, _path, findings) => {
  checkWhole(whole, findings)
})
