import { EXCLUSIONS } from '../core/exclusions.ts'
import { MANNERS } from '../core/sight.ts'

const text = { type: 'string' }
const whole = { type: 'integer', minimum: 0 }
const state = { enum: ['ready', 'drain', 'maint'] }
const weight = { type: 'number', minimum: 0, maximum: 1_000_000 }
const limit = { type: ['integer', 'null'], minimum: 1 }
const flag = { type: 'boolean' }
const texts = { type: 'array', items: text }
const number = { type: 'number' }
/** Milliseconds; null: it never came to that. */
const time = { type: ['number', 'null'], minimum: 0 }
const textOrNull = { type: ['string', 'null'] }

const server = {
  id: text,
  url: text,
  state,
  weight,
  max: limit,
  backup: flag,
  status: { enum: ['up', 'checking', 'draining', 'down', 'ejected', 'full'] },
  reason: text,
  inFlight: whole,
}

const url = {
  type: 'string',
  description: '`http://`, `https://` or `h2c://` with host and port, or `unix:` with a path.',
}

const tls = {
  type: 'object',
  description: 'For `https://`. The files (ca, cert, key) need an API with a token.',
  properties: {
    ca: text,
    servername: text,
    verify: flag,
    cert: text,
    key: text,
    minVersion: { enum: [1.2, 1.3] },
  },
  additionalProperties: false,
}

const request = {
  id: text,
  time: { type: 'string', format: 'date-time' },
  method: text,
  target: text,
  status: { type: ['integer', 'null'], description: 'Null while it is under way.' },
  outcome: textOrNull,
  end: { ...textOrNull, description: 'Why it ended, in a fixed word.' },
  server: textOrNull,
  attempts: whole,
  total: { ...number, description: 'Milliseconds, like all times here.' },
}

/** All of these are there. */
function full(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties) }
}

function reference(schema: string): object {
  return { $ref: `#/components/schemas/${schema}` }
}

function list(schema: string): object {
  return { type: 'array', items: reference(schema) }
}

/** What goes in and out of the admin API, as JSON Schema. */
export const SCHEMAS = {
  Server: full(server),
  Servers: full({ servers: list('Server') }),
  ChangedServer: {
    type: 'object',
    properties: {
      ...server,
      drain: full({
        inFlight: whole,
        tunnels: { type: 'integer' },
        probablyEndsIn: { type: ['integer', 'null'], description: 'Milliseconds.' },
      }),
    },
    required: Object.keys(server),
  },
  Change: {
    type: 'object',
    properties: { state, weight, max: limit },
    additionalProperties: false,
  },
  NewServer: {
    oneOf: [
      text,
      {
        type: 'object',
        properties: {
          id: text,
          url,
          weight,
          max: { ...limit, type: 'integer' },
          backup: flag,
          tls,
          http2: flag,
        },
        required: ['url'],
        additionalProperties: false,
      },
    ],
  },
  Names: full({
    names: {
      type: 'array',
      items: full({
        name: text,
        resolve: { enum: ['dns', 'srv'] },
        servers: whole,
        trouble: { ...text, description: 'Why its servers are those of before; may be empty.' },
      }),
    },
  }),
  StrategySpec: { oneOf: [text, { type: 'object' }] },
  Strategy: {
    type: 'object',
    properties: { strategy: text, spec: reference('StrategySpec'), said: texts },
    required: ['strategy', 'spec'],
  },
  Request: full(request),
  Requests: full({ requests: list('Request') }),
  Explanation: full({
    ...request,
    waited: { ...time, description: 'Because every server was full.' },
    attempts: list('Attempt'),
    attemptsNotKept: whole,
    turnedAway: { oneOf: [reference('Decision'), { type: 'null' }] },
  }),
  Attempt: full({
    server: text,
    hedge: flag,
    outcome: textOrNull,
    start: {
      ...number,
      description: 'Since the request came; the others since this attempt began.',
    },
    connect: time,
    firstByte: time,
    total: time,
    retry: { oneOf: [full({ verdict: text, why: text }), { type: 'null' }] },
    decision: { oneOf: [reference('Decision'), { type: 'null' }] },
  }),
  Decision: full({
    strategy: text,
    by: { ...textOrNull, description: 'The strategy inside, of one around another.' },
    manner: { enum: MANNERS },
    why: text,
    key: whole,
    attempt: whole,
    panic: flag,
    chosen: { ...textOrNull, description: 'Null: nobody got it.' },
    score: { oneOf: [full({ meaning: text, best: text, ties: text }), { type: 'null' }] },
    facts: { type: 'object', additionalProperties: { type: ['number', 'null'] } },
    candidates: list('Candidate'),
    notKept: { ...whole, description: 'Of large pools only those that were looked at are kept.' },
    excluded: {
      type: 'array',
      items: full({ server: text, reason: { enum: EXCLUSIONS.slice(1) } }),
    },
  }),
  Candidate: full({
    server: text,
    inFlight: whole,
    weight: number,
    score: { type: ['number', 'null'], description: 'Null: it was not looked at.' },
    mark: textOrNull,
    chosen: flag,
  }),
  Configuration: { type: 'object' },
  Description: { type: 'object' },
  Error: full({ error: text, problems: texts }),
}
