import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { NAMES, ONE, load, problems } from '../support/configuration.ts'

describe('a problem in the file', () => {
  const strategy = `must be one of ${NAMES}`
  const origin = 'must be an origin like http://127.0.0.1:9001'

  it.each<[string, string]>([
    ['listen: 8080', 'listen must be a mapping, or a list of them, got 8080 (lb.yaml:2:9)'],
    ['listen: { port: 70000 }', 'listen.port must be at most 65535, got 70000 (lb.yaml:2:17)'],
    ['listen: { port: "80" }', 'listen.port must be a whole number, got "80" (lb.yaml:2:17)'],
    [
      'listen: { host: a b }',
      'listen.host must be an address or a host name, got "a b" (lb.yaml:2:17)',
    ],
    ['lsten: { port: 1 }', 'lsten is not a key: did you mean listen? (lb.yaml:2:1)'],
    [
      'health:\n  intervall: 2s',
      'health.intervall is not a key: did you mean interval? (lb.yaml:3:3)',
    ],
    [
      'retries: { often: 3 }',
      'retries.often is not a key: there are attempts, budget, minPerSecond (lb.yaml:2:12)',
    ],
    ['stats: { "a b": 3 }', 'stats."a b" is not a key: there is prefix (lb.yaml:2:10)'],
    ['__proto__: 3', 'is not a key'],
    [
      'strategy: least_conections',
      `strategy ${strategy} (did you mean least_connections?), got "least_conections", or the path of a file like ./my-strategy.ts (lb.yaml:2:11)`,
    ],
    ['strategy: { name: 7 }', `strategy.name ${strategy}, got 7 (lb.yaml:2:19)`],
    [
      'strategy: { name: rr, decay: 10s }',
      'strategy.decay is not an option of round_robin: it has none (lb.yaml:2:23)',
    ],
    ['strategy: {}', 'strategy.name is required (lb.yaml:2:11)'],
    ['timeouts: { connect: 0 }', 'timeouts.connect must be above 0, got 0 (lb.yaml:2:22)'],
    ['timeouts: { stop: -2s }', 'timeouts.stop must be above 0, got "-2s" (lb.yaml:2:19)'],
    [
      'timeouts: { connect: 1h }',
      'timeouts.connect must be a duration with a unit like 500ms, 2s or 1m, got "1h" (lb.yaml:2:22)',
    ],
    [
      'timeouts: { connect: .inf }',
      'timeouts.connect must be a duration with a unit like 500ms, 2s or 1m, got Infinity (lb.yaml:2:22)',
    ],
    [
      'health:\n  interval: 2',
      'health.interval must be a duration with a unit like 500ms, 2s or 1m, got 2 (lb.yaml:3:13)',
    ],
    [
      'timeouts: { connect: "250" }',
      'timeouts.connect must be a duration with a unit like 500ms, 2s or 1m, got "250" (lb.yaml:2:22)',
    ],
    ['timeouts: { stop: -2 }', 'timeouts.stop must be above 0, got -2 (lb.yaml:2:19)'],
    [
      'timeouts: { total: 40000m }',
      'timeouts.total must be at most 24 days, got "40000m" (lb.yaml:2:20)',
    ],
    ['timeouts:', 'timeouts must be a mapping, got null (lb.yaml:2:10)'],
    ['health: /health', 'health must be a mapping or false, got "/health" (lb.yaml:2:9)'],
    [
      'health: { path: health }',
      'health.path must be a path like /health, got "health" (lb.yaml:2:17)',
    ],
    [
      'probes: { path: probe }',
      'probes.path must be a path like /probe, got "probe" (lb.yaml:2:17)',
    ],
    [
      'upgrades: [websocket, a b]',
      'upgrades[1] must be the name of a protocol like websocket, got "a b" (lb.yaml:2:23)',
    ],
    [
      'upgrades: [H2C]',
      'upgrades[0] must not be HTTP: its requests would pass the proxy unseen, got "H2C" (lb.yaml:2:12)',
    ],
    ['upgrades: all', 'upgrades must be a list of protocols, or false, got "all" (lb.yaml:2:11)'],
    [
      'timeouts: { tunnelIdle: 0s }',
      'timeouts.tunnelIdle must be above 0, got "0s" (lb.yaml:2:25)',
    ],
    ['health: { fall: 0.5 }', 'health.fall must be a whole number, got 0.5 (lb.yaml:2:17)'],
    [
      'retries: false',
      'retries must be a mapping (attempts: 0 switches retries off), got false (lb.yaml:2:10)',
    ],
    [
      'retries: { budget: 20 }',
      'retries.budget must be a share from 0 to 1, or from 0% to 100%, got 20 (lb.yaml:2:20)',
    ],
    [
      'retries: { minPerSecond: -1 }',
      'retries.minPerSecond must be at least 0, got -1 (lb.yaml:2:26)',
    ],
    ['limits: { headSize: 0 }', 'limits.headSize must be at least 1, got 0 (lb.yaml:2:21)'],
    [
      'limits: { target: 8KB }',
      'limits.target must be a size like 8192, 16KiB or 1MiB, got "8KB" (lb.yaml:2:19)',
    ],
    [
      'limits: { body: 0.3KiB }',
      'limits.body must be a whole number of bytes, got "0.3KiB" (lb.yaml:2:17)',
    ],
    [
      'accessLog: stderr',
      'accessLog must be stdout, off or a file like ./access.log, got "stderr" (lb.yaml:2:12)',
    ],
    [
      'limits: { headSize: 2MiB }',
      'limits.headSize must be at most 1048576 bytes, got "2MiB" (lb.yaml:2:21)',
    ],
    [
      'accessLog: true',
      'accessLog must be stdout, off or a file like ./access.log, got true (lb.yaml:2:12)',
    ],
    [
      'stats: { prefix: /lb/ }',
      'stats.prefix must be a path like /lb, with no slash at its end, got "/lb/" (lb.yaml:2:18)',
    ],
    [
      'trustedProxies: [10.0.0.0/33]',
      'trustedProxies[0] must be an address or a range like 10.0.0.0/8, got "10.0.0.0/33" (lb.yaml:2:18)',
    ],
    [
      'affinity: cookie',
      'affinity must be address, { header: name }, { query: name } or { cookie: name }, got "cookie" (lb.yaml:2:11)',
    ],
    [
      'affinity: { header: "a b" }',
      'affinity.header must be the name of a request field, got "a b" (lb.yaml:2:21)',
    ],
    ['seed: 1.5', 'seed must be a whole number, got 1.5 (lb.yaml:2:7)'],
    [
      'panic: maybe',
      'panic must be a share from 0 to 1, or from 0% to 100%, got "maybe" (lb.yaml:2:8)',
    ],
    [
      'ejection: { share: 2 }',
      'ejection.share must be a share from 0 to 1, or from 0% to 100%, got 2 (lb.yaml:2:20)',
    ],
    ['hedging: {}', 'hedging must have either delay or quantile, got a mapping (lb.yaml:2:10)'],
    [
      'hedging: { delay: 20ms, quantile: 95% }',
      'hedging must have either delay or quantile, got a mapping (lb.yaml:2:10)',
    ],
    [
      'hedging: { quantile: 1 }',
      'hedging.quantile must be a share from 50% to 99.9%, got 1 (lb.yaml:2:22)',
    ],
    ['queue: { lenght: 3 }', 'queue.lenght is not a key: did you mean length? (lb.yaml:2:10)'],
    [
      'workers: many',
      'workers must be a whole number from 1 to 256, or auto, got "many" (lb.yaml:2:10)',
    ],
    ['seed: 1\nseed: 2', 'seed is given twice (lb.yaml:3:1)'],
    ['listen: { port: 1, port: 2 }', 'port is given twice (lb.yaml:2:20)'],
    ['---\nseed: 2', 'there must be one YAML document only (lb.yaml:2:1)'],
    ['seed: !dice 6', 'not valid YAML: Unresolved tag: !dice (lb.yaml:2:7)'],
    [
      'seed: [1\nlimits: 3',
      'not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] (lb.yaml:3:1)',
    ],
    [
      'seed: *none',
      'not valid YAML: Unresolved alias (the anchor must be set before the alias): none (lb.yaml)',
    ],
  ])('is told with rule, value and place: %s', (line, message) => {
    const found = problems(() => load(`${ONE}${line}`))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  it.each<[string, string]>([
    ['url: ftp://a', `url ${origin}, got "ftp://a"`],
    ['url: 127.0.0.1:9001', `url ${origin}, got "127.0.0.1:9001"`],
    ['url: "http://a:99999"', `url ${origin}, got "http://a:99999"`],
    ['url: 9001', `url ${origin}, got 9001`],
    ['url: http://a/b', 'url must have no path or query, got "http://a/b"'],
    ['url: http://a/?', 'url must have no path or query, got "http://a/?"'],
    ['url: http://a:0', 'url must have a port from 1 to 65535, got "http://a:0"'],
    ['url: http://me:secret@a', 'url must have no user or password, got "http://***@a"'],
  ])('of a server URL is told: %s', (line, message) => {
    const found = problems(() => load(`servers:\n  - ${line}`))
    expect(found).toEqual([`servers[0].${message} (lb.yaml:2:10)`])
  })

  it.each<[string, string]>([
    [
      '[{ url: http://a, weight: -3 }]',
      'servers[0].weight must be at least 0, got -3 (lb.yaml:1:36)',
    ],
    [
      '[{ url: http://a, weight: .nan }]',
      'servers[0].weight must be a number, got NaN (lb.yaml:1:36)',
    ],
    ['[{ url: http://a, max: 0 }]', 'servers[0].max must be at least 1, got 0 (lb.yaml:1:33)'],
    [
      '[{ url: http://a, backup: 1 }]',
      'servers[0].backup must be true or false, got 1 (lb.yaml:1:36)',
    ],
    ['[{ weight: 1 }]', 'servers[0].url is required (lb.yaml:1:11)'],
    ['[http://a]', 'servers[0] must be a mapping, got "http://a" (lb.yaml:1:11)'],
    ['http://a', 'servers must be a list, got "http://a" (lb.yaml:1:10)'],
    [
      '[{ url: http://a, id: a b }]',
      'servers[0].id must be 1 to 64 letters, digits or any of . _ : -, got "a b" (lb.yaml:1:32)',
    ],
    [
      '[{ url: http://a, id: x }, { url: http://b, id: x }]',
      'servers[1].id must be unique, got "x", which is the id of servers[0] (lb.yaml:1:58)',
    ],
    [
      '[{ url: http://a, id: b2 }, { url: http://b }]',
      'servers[1].id must be given: its default, "b2", is the id of servers[0] (lb.yaml:1:38)',
    ],
  ])('of a server is told: %s', (list, message) => {
    expect(problems(() => load(`servers: ${list}`))).toEqual([message])
  })

  it('is told at the line of a value far down', () => {
    const first = '  # one\n  - url: http://127.0.0.1:9001\n'
    const second = '  # two\n  - url: http://127.0.0.1:9002\n'
    const third = '  - url: http://127.0.0.1:9003\n\n    weight: -3\n'
    const text = `\n\n\n\n\nservers:\n${first}${second}${third}`
    expect(problems(() => load(text))).toEqual([
      'servers[2].weight must be at least 0, got -3 (lb.yaml:13:13)',
    ])
  })

  it('comes with all the others, in the order of the file and then of variables and flags', () => {
    const text = 'seed: x\nserver: []\nlisten: { port: -1 }\nservers:\n  - { url: x, max: 0 }\n'
    expect(problems(() => load(text, { HOST: '?', HEALTH_INTERVAL: '0' }, { host: '!' }))).toEqual([
      'seed must be a whole number, got "x" (lb.yaml:1:7)',
      'server is not a key: did you mean servers? (lb.yaml:2:1)',
      'listen.port must be at least 0, got -1 (lb.yaml:3:17)',
      `servers[0].url ${origin}, got "x" (lb.yaml:5:12)`,
      'servers[0].max must be at least 1, got 0 (lb.yaml:5:20)',
      '--host must be an address or a host name, got "!"',
      'HEALTH_INTERVAL must be above 0, got 0',
    ])
  })

  it('is told once for a value shared by an alias, at the alias', () => {
    const text = 'servers:\n  - &a { url: http://a, weight: -1 }\nlimits: *a\n'
    expect(problems(() => load(text))[0]).toBe(
      'servers[0].weight must be at least 0, got -1 (lb.yaml:2:33)',
    )
  })

  it('of a mapping that holds itself is told like any other', () => {
    expect(problems(() => load(`servers: &s [*s]`))).toEqual([
      'servers[0] must be a mapping, got a list (lb.yaml:1:14)',
    ])
  })

  it.each([
    ['- a', 'the file must be a mapping, got ["a"] (lb.yaml:1:1)'],
    ['hello', 'the file must be a mapping, got "hello" (lb.yaml:1:1)'],
  ])('is told when it is no mapping at all: %s', (text, message) => {
    expect(problems(() => load(text))).toEqual([message])
  })

  it('is that it cannot be read', () => {
    const flags = { config: '/no/such/lb.yaml' }
    expect(problems(() => loadSettings({ flags }))).toEqual([
      'cannot read /no/such/lb.yaml: no such file',
    ])
  })
})
