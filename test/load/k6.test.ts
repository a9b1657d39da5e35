import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const STAND_IN = fileURLToPath(new URL('k6-stand-in.ts', import.meta.url))

interface Run {
  readonly options: {
    readonly scenarios: Record<string, { readonly stages: readonly { target: number }[] }>
    readonly thresholds: Record<string, readonly string[]>
  }
  readonly requests: readonly { method: string; path: string; name: string; body: string | null }[]
  readonly checks: { readonly passed: number; readonly failed: number }
  readonly slept: number
  readonly values: Record<string, Record<string, readonly number[]>>
}

function start(rounds: number, env: Record<string, string> = {}, spoilt = '') {
  const args = [STAND_IN, String(rounds), spoilt]
  return spawnSync(process.execPath, args, { env, encoding: 'utf8' })
}

function run(...given: Parameters<typeof start>): Run {
  const { stdout, stderr } = start(...given)
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Run
}

// k6 itself comes from no package registry, so that here it is only its script that runs.
test('the k6 script walks through the shop, checks what it says, and books each answer under its server', () => {
  const { checks, requests, slept, values } = run(100)
  const pages = new Set(requests.map(({ method, name }) => `${method} ${name}`))
  expect([...pages].toSorted()).toEqual([
    'GET /',
    'GET /cart',
    'GET /orders/[id]',
    'GET /products',
    'GET /products/[id]',
    'GET /search',
    'HEAD /',
    'POST /cart',
  ])
  expect(checks).toEqual({ passed: requests.length, failed: 0 })
  const counts = Object.fromEntries(
    Object.entries(values.served_by).map(([server, list]) => [server, list.length]),
  )
  const half = requests.length / 2
  expect(counts).toEqual({ b1: Math.ceil(half), b2: Math.floor(half) })
  expect(values.served.b1.length).toBe(counts.b1)
  expect(slept).toBeGreaterThan(100)
})

for (const [spoilt, server] of [
  ['status', 'b1'],
  ['body', 'b1'],
  ['json', 'b1'],
  ['gone', 'nobody'],
] as const) {
  test(`the k6 script fails its check on a bad answer (${spoilt}), and goes on`, () => {
    const { checks, requests, values } = run(20, { THINK: '0' }, spoilt)
    const heads = requests.filter(({ method }) => method === 'HEAD').length
    const unseen = spoilt === 'body' || spoilt === 'json' ? heads : 0 // A head has no body to spoil.
    expect(checks).toEqual({ passed: unseen, failed: requests.length - unseen })
    expect(values.served_by).toHaveProperty(server)
  })
}

test('the k6 script takes its users, shape and thresholds from the environment', () => {
  const { options, slept } = run(1, {
    THINK: '0',
    USERS: '100',
    SHAPE: 'steps',
    SERVERS: 'b1,b2',
    MAX_P95: '250',
    MAX_ERRORS: '5%',
  })
  expect(slept).toBe(0)
  const { visitors } = options.scenarios
  expect(visitors.stages.map(({ target }) => target)).toEqual([
    14, 14, 28, 28, 42, 42, 56, 56, 70, 70,
  ])
  expect(options.thresholds).toEqual({
    http_req_duration: ['p(95)<=250'],
    http_req_failed: ['rate<=0.05'],
    checks: ['rate>=0.95'],
    'served_by{server:b1}': ['max>=0'],
    'served{server:b1}': ['count>=0'],
    'served_by{server:b2}': ['max>=0'],
    'served{server:b2}': ['count>=0'],
    'served_by{server:nobody}': ['max>=0'],
    'served{server:nobody}': ['count>=0'],
  })
})

for (const [name, text] of [
  ['SHAPE', 'cube'],
  ['USERS', 'many'],
  ['MAX_ERRORS', '101%'],
] as const) {
  test(`the k6 script refuses ${name}=${text}`, () => {
    const { status, stderr } = start(0, { [name]: text })
    expect(status).toBe(1)
    expect(stderr).toContain(`${name} must be`)
  })
}
