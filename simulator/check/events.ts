import { show } from '../../proxy/core/problems.ts'
import type { EventSpec, OperatorChange, ServerChange } from '../scenario.ts'
import {
  type Field,
  type FieldsOf,
  type Kind,
  mapping,
  oneOf,
  optional,
  required,
} from './kinds.ts'
import { interval } from './policy.ts'
import { failure, max, server, span, speed, weight } from './servers.ts'
import { strategy } from './strategy.ts'

const those: Kind = {
  says: 'an id, a list of ids, or `*` for all',
  read(value, path, findings) {
    const good = (each: unknown): boolean => typeof each === 'string' && each !== ''
    const ids = Array.isArray(value) ? value : [value]
    if (ids.length === 0 || !ids.every(good))
      findings.add(path, `must be an id, a list of ids, or *, got ${show(value)}`)
    return value
  },
}

export const SET: FieldsOf<ServerChange> = {
  speed: optional(speed, 'its new speed'),
  failure: optional(failure, 'its new [failure](#failure)'),
}

export const OPERATOR: FieldsOf<OperatorChange> = {
  weight: optional(weight, 'its new weight'),
  max: optional(max, 'the most requests in flight'),
  admin: optional(
    oneOf('ready', 'drain', 'maint'),
    'takes requests, takes no new ones, or is left alone',
  ),
}

/** With `server`. */
const TO_SERVERS = {
  set: optional(mapping('a [change](#set)', SET), 'changes what a server is'),
  pause: optional(span, 'stops its work for so long: a garbage collection'),
  outage: optional(
    oneOf('refuse', 'hang', false),
    'refuses connections, or hangs, until `outage: false`',
  ),
  restart: optional(span, 'ends what it has in hand, refuses for so long, and is cold afterwards'),
  operator: optional(
    mapping('a [change](#operator)', OPERATOR),
    'what somebody tells the balancers about it',
  ),
}

/** Without. */
const TO_PROXIES = {
  traffic: optional(
    speed,
    'from then on requests come so many times as fast as `arrivals` says; 1 again as it says, 0 not at all',
  ),
  add: optional(server, 'a new [server](#servers)'),
  remove: optional(those, 'takes servers out of the pool'),
  strategy: optional(strategy, 'changes how the proxies choose'),
  push: optional(oneOf(true), 'a new configuration: strategies begin anew'),
}

type Keys<T> = T extends unknown ? keyof T : never

export const EVENT: Readonly<Record<Keys<EventSpec>, Field>> = {
  at: required(span, 'when it happens'),
  every: optional(interval, 'and again each time that so long has passed', 'once'),
  server: optional(those, 'to whom, for what happens to servers'),
  ...TO_SERVERS,
  ...TO_PROXIES,
}

/** Of those, an event has one. */
const ACTIONS = [...Object.keys(TO_SERVERS), ...Object.keys(TO_PROXIES)]

export const event = mapping('an [event](#events)', EVENT, (spec: object, path, findings) => {
  const [action, second] = ACTIONS.filter((each) => each in spec)
  if (action === undefined) findings.add(path, `must have one of ${ACTIONS.join(', ')}`)
  else if (second !== undefined)
    findings.add([...path, second], `cannot go with ${action}: make two events of it`)
  else if (action in TO_SERVERS && !('server' in spec))
    findings.add([...path, 'server'], 'is required')
  else if (action in TO_PROXIES && 'server' in spec)
    findings.add([...path, 'server'], `does not go with ${action}`)
})
