const text = { type: 'string' }
const whole = { type: 'integer', minimum: 0 }
const state = { enum: ['ready', 'drain', 'maint'] }
const weight = { type: 'number', minimum: 0, maximum: 1_000_000 }
const limit = { type: ['integer', 'null'], minimum: 1 }
const flag = { type: 'boolean' }
const texts = { type: 'array', items: text }

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

/** All of these are there. */
function full(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties) }
}

/** What goes in and out of the admin API, as JSON Schema. */
export const SCHEMAS = {
  Server: full(server),
  Servers: full({ servers: { type: 'array', items: { $ref: '#/components/schemas/Server' } } }),
  ChangedServer: {
    type: 'object',
    properties: {
      ...server,
      drain: full({
        inFlight: whole,
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
    properties: { strategy: text, said: texts },
    required: ['strategy'],
  },
  Description: { type: 'object' },
  Error: full({ error: text, problems: texts }),
}
