import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import type { Values } from '../../proxy/config-given.ts'
import type { Settings } from '../../proxy/settings.ts'
import { ONE, load, problems } from '../support/configuration.ts'

const namedAfterFile = (name: string): string => `servers: [{ url: http://${name} }]`

function settings(text: string, env: Values = {}, flags: Values = {}): Settings {
  return load(text, env, flags).settings
}

describe('settings', () => {
  it('are complete when only a server is given', () => {
    const { settings, warnings } = loadSettings({
      env: { BACKEND_SERVERS: 'http://127.0.0.1:9001' },
    })
    expect(settings).toEqual({
      listen: [{ host: '0.0.0.0', port: 8080, proxyProtocol: false }],
      strategy: 'round_robin',
      tls: { verify: true, minVersion: 1.2 },
      dns: { servers: [], timeout: 1000, minTtl: 1000, maxTtl: 300_000, hold: 30_000 },
      servers: [{ id: 'b1', url: 'http://127.0.0.1:9001', weight: 1, backup: false }],
      health: { path: '/health', interval: 2000, timeout: 1000, fall: 3, rise: 2 },
      slowStart: false,
      ejection: { consecutive: 5, base: 10_000, max: 300_000, share: 0.5 },
      panic: 0.5,
      queue: { length: 1024, timeout: 5000 },
      probes: { path: '/probe', timeout: 1000 },
      timeouts: {
        connect: 3000,
        response: 15_000,
        idleBody: 60_000,
        total: 60_000,
        clientHeader: 10_000,
        clientBody: 30_000,
        clientIdle: 65_000,
        upstreamIdle: 30_000,
        stop: 30_000,
        notice: 0,
        tunnelIdle: 3_600_000,
        tunnelDrain: 300_000,
      },
      retries: { attempts: 1, budget: 0.2, minPerSecond: 3 },
      hedging: false,
      limits: {
        headSize: 16_384,
        fields: 100,
        target: 8192,
        streams: 100,
        replay: 65_536,
        connections: 'auto',
      },
      accessLog: 'stdout',
      admin: { host: '127.0.0.1', port: 8081 },
      explain: { size: 1000 },
      stats: { prefix: '/lb' },
      trustedProxies: [],
      workers: 1,
      affinity: 'address',
      stickiness: false,
      upgrades: ['websocket'],
      tracing: false,
    })
    expect(warnings).toEqual([])
  })

  it('explain nothing where nobody could ask, and say what is wrong with `explain`', () => {
    const server = 'servers: [{ url: http://127.0.0.1:9001 }]\n'
    expect(load(`${server}admin: false`).settings.explain).toBe(false)
    expect(load(`${server}explain: false`).settings.explain).toBe(false)
    expect(load(`${server}explain: { size: 10 }`).settings.explain).toEqual({ size: 10 })
    expect(() => load(`${server}explain: { size: 0 }`)).toThrow(
      'explain.size must be at least 1, got 0 (lb.yaml:2:18)',
    )
  })

  it('come from the documented example file', () => {
    const { settings, warnings } = load(`
listen: { host: 0.0.0.0, port: 8080 }
strategy: least_connections            # or { name: peak_ewma, decay: 10s }
servers:
  - { id: b1, url: http://127.0.0.1:9001, weight: 2, max: 100 }
  - { url: http://127.0.0.1:9002, backup: true }
health: { path: /health, interval: 2s, timeout: 1s, fall: 3, rise: 2 }
timeouts: { connect: 3s, response: 15s, idleBody: 60s, total: 60s, clientHeader: 10s, clientBody: 30s, clientIdle: 65s, upstreamIdle: 30s, stop: 30s }
retries: { attempts: 1, budget: 20%, minPerSecond: 3 }
ejection: { consecutive: 5, base: 10s, max: 5m, share: 50% }
queue: { length: 1024, timeout: 5s }
limits: { headSize: 16KiB, fields: 100, target: 8KiB }
accessLog: stdout
admin: { host: 127.0.0.1, port: 8081 }
stats: { prefix: /lb }
workers: 1
`)
    expect(settings.strategy).toBe('least_connections')
    expect(settings.servers).toEqual([
      { id: 'b1', url: 'http://127.0.0.1:9001', weight: 2, max: 100, backup: false },
      { id: 'b2', url: 'http://127.0.0.1:9002', weight: 1, backup: true },
    ])
    expect(settings.ejection).toEqual({ consecutive: 5, base: 10_000, max: 300_000, share: 0.5 })
    expect(warnings).toEqual([])
  })

  it('are the same from JSON, indented with tabs', () => {
    const json = '{\n\t"listen": {\n\t\t"port": 81\n\t},\n\t"servers": [ { "url": "http://a" } ]\n}'
    expect(settings(json)).toEqual(settings('listen: { port: 81 }\nservers: [{ url: http://a }]'))
  })

  it('take flags over variables over the file over defaults', () => {
    const file = `${ONE}listen: { host: 127.0.0.1, port: 1 }\nstrategy: random\nseed: 1\n`
    const env = { PORT: '2', ALGORITHM: 'power_of_two', SEED: '2' }
    const { listen, strategy, seed, accessLog } = settings(file, env, { port: '3', seed: '3' })
    expect({ listen, strategy, seed, accessLog }).toEqual({
      listen: [{ host: '127.0.0.1', port: 3, proxyProtocol: false }],
      strategy: 'power_of_two',
      seed: 3,
      accessLog: 'stdout',
    })
  })

  it('take the file named by EVENKEEL_CONFIG, unless --config names another', () => {
    const env = { EVENKEEL_CONFIG: 'one' }
    const url = (flags: Values) =>
      loadSettings({ env, flags, readFile: namedAfterFile }).settings.servers[0].url
    expect(url({})).toBe('http://one')
    expect(url({ config: 'two' })).toBe('http://two')
  })

  it('take a variable that is empty for one that is not set', () => {
    expect(settings(ONE, { PORT: '', HOST: ' ', BACKEND_SERVERS: '' })).toEqual(settings(ONE))
  })

  it('replace all servers of the file by those of BACKEND_SERVERS', () => {
    const list = 'http://a:1;weight=3;max=100;backup, http://[::1]:9001 ; weight=0.5,http://c;id=x'
    expect(
      settings('servers: [{ url: http://z, weight: 9 }]', { BACKEND_SERVERS: list }).servers,
    ).toEqual([
      { id: 'b1', url: 'http://a:1', weight: 3, max: 100, backup: true },
      { id: 'b2', url: 'http://[::1]:9001', weight: 0.5, backup: false },
      { id: 'x', url: 'http://c', weight: 1, backup: false },
    ])
  })

  it('let servers start slowly where the file says for how long', () => {
    expect(settings(`${ONE}slowStart: { duration: 10s }`).slowStart).toEqual({
      duration: 10_000,
      aggression: 1,
      floor: 0.1,
    })
  })

  it('switch checks off with --no-health, and on again with a later source that wants them', () => {
    expect(settings(`${ONE}health: false`).health).toBe(false)
    expect(settings(ONE, { HEALTH_PATH: '/up' }, { health: false }).health).toBe(false)
    expect(settings(`${ONE}health: false`, { HEALTH_PATH: '/up' }).health).toMatchObject({
      path: '/up',
    })
  })

  it.each<[string, string, unknown]>([
    ['timeouts: { connect: 50ms }', 'timeouts.connect', 50],
    ['timeouts: { connect: 2s }', 'timeouts.connect', 2000],
    ['timeouts: { connect: " 2 s " }', 'timeouts.connect', 2000],
    ['timeouts: { connect: 0.05s }', 'timeouts.connect', 50],
    ['timeouts: { connect: 0.07s }', 'timeouts.connect', 70],
    ['timeouts: { connect: 1m }', 'timeouts.connect', 60_000],
    ['limits: { headSize: 8192 }', 'limits.headSize', 8192],
    ['limits: { headSize: 32KiB }', 'limits.headSize', 32_768],
    ['limits: { body: 1.5MiB, replay: 0 }', 'limits.body', 1_572_864],
    ['retries: { budget: 0.35 }', 'retries.budget', 0.35],
    ['retries: { budget: 35% }', 'retries.budget', 0.35],
    ['retries: { attempts: 0 }', 'retries.attempts', 0],
    ['strategy: { name: leastconn }', 'strategy', 'least_connections'],
    ['probes: { path: /load, timeout: 50ms }', 'probes', { path: '/load', timeout: 50 }],
    ['accessLog: false', 'accessLog', false],
    ['accessLog: log/access.jsonl', 'accessLog', { file: 'log/access.jsonl' }],
    ['stats: false', 'stats', false],
    ['stats: { prefix: /eyes/lb }', 'stats', { prefix: '/eyes/lb' }],
    ['trustedProxies: [10.0.0.0/8, "::1"]', 'trustedProxies', ['10.0.0.0/8', '::1']],
    ['affinity: { header: X-User }', 'affinity', { header: 'x-user' }],
    ['workers: 4', 'workers', 4],
    ['seed: 4294967295', 'seed', 4_294_967_295],
    ['queue: false\nejection: false\nworkers: 1', 'strategy', 'round_robin'],
  ])('understand %s', (line, path, value) => {
    const { settings, warnings } = load(`${ONE}${line}`)
    expect(settings).toHaveProperty(path, value)
    expect(warnings).toEqual([])
  })

  it.each([
    ['off', false],
    ['stdout', 'stdout'],
    ['access.jsonl', { file: 'access.jsonl' }],
  ])('understand --access-log %s', (where, value) => {
    expect(settings(ONE, {}, { accessLog: where }).accessLog).toEqual(value)
  })

  it.each([
    ['http://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://Example.TEST:8080/', 'http://example.test:8080'],
    ['http://[::1]:9001', 'http://[::1]:9001'],
  ])('write the origin %s as %s', (url, written) => {
    expect(settings(ONE, { BACKEND_SERVERS: url }).servers[0].url).toBe(written)
  })

  it.each<[string, Values]>([
    ['admin: false', {}],
    ['', { ADMIN_PORT: 'off' }],
    ['admin: { token: 0123456789abcdef }', { ADMIN_PORT: 'off' }],
  ])('have no admin API with %j and %j', (text, env) => {
    expect(settings(`${ONE}${text}`, env).admin).toBe(false)
  })

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])(
    'need no token for an admin API at %s',
    (host) => {
      const admin = { host, port: 8081 }
      expect(settings(ONE, { ADMIN_HOST: host }).admin).toEqual(admin)
    },
  )

  it.each(['0.0.0.0', '10.0.0.1', '::', 'proxy.test', '127.0.0.1.test'])(
    'need a token for an admin API at %s',
    (host) => {
      expect(problems(() => load(ONE, { ADMIN_HOST: host }))).toEqual([
        `ADMIN_HOST must be an address of this machine alone like 127.0.0.1 unless there is a token (admin.token or ADMIN_TOKEN), got "${host}"`,
      ])
      const token = '0123456789abcdef'
      const admin = { host, port: 8081, token }
      expect(settings(ONE, { ADMIN_HOST: host, ADMIN_TOKEN: token }).admin).toEqual(admin)
    },
  )

  it('refuse a token that is short, and do not repeat it', () => {
    expect(problems(() => load(ONE, { ADMIN_TOKEN: 'hunter2' }))).toEqual([
      'ADMIN_TOKEN must be 16 visible ASCII characters or more',
    ])
  })

  it('warn of servers that will get nothing', () => {
    const env = { BACKEND_SERVERS: 'http://a;weight=0' }
    expect(loadSettings({ env }).warnings).toEqual([
      'every server has weight 0: none will get a request',
    ])
  })
})
