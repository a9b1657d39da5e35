import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nameOfPlace, reachable, urlOfPlace } from '../../proxy/listen-settings.ts'
import { load, ONE, problems } from '../support/configuration.ts'

const tell = (text: string, env = {}): readonly string[] =>
  problems(() => load(`${ONE}${text}`, env))
const placesOf = (text: string, env = {}) => load(`${ONE}${text}`, env).settings.listen

describe('proxy-behaviour 1, listen', () => {
  it('is one place, or a list of them, whose first is set by HOST and PORT', () => {
    const plain = { proxyProtocol: false }
    const list =
      'listen: [{ port: 80 }, { host: "::", port: 443 }, { socket: ./a.sock, mode: "0660" }]'
    expect(placesOf('listen: { port: 80 }')).toEqual([{ host: '0.0.0.0', port: 80, ...plain }])
    expect(placesOf(list, { PORT: '1', HOST: '::1' })).toEqual([
      { host: '::1', port: 1, ...plain },
      { host: '::', port: 443, ...plain },
      { socket: resolve('a.sock'), mode: 0o660, ...plain },
    ])
  })

  it.each([
    ['listen: []', 'listen must have a place at least, got [] (lb.yaml:2:9)'],
    [
      'listen: [{ port: 1 }, { port: x }]',
      'listen[1].port must be a whole number, got "x" (lb.yaml:2:31)',
    ],
    [
      'listen: [{ port: 1 }, { prot: 2 }]',
      'listen[1].prot is not a key: did you mean port? (lb.yaml:2:25)',
    ],
    [
      'listen: [{ port: 1 }, { host: 0.0.0.0, port: 1 }]',
      'listen[1] must be another place than listen[0] (lb.yaml:2:23)',
    ],
    [
      'listen: { port: 8081 }',
      'admin.port must be another port than that of listen, got 8081 (lb.yaml:1:1)',
    ],
    [
      'listen: [{ port: 1 }, { host: "::", port: 2 }]\nadmin: { port: 2 }',
      'admin.port must be another port than that of listen[1], got 2 (lb.yaml:3:16)',
    ],
    [
      'listen: { host: 127.0.0.1, port: 2 }\nadmin: { port: 2 }',
      'admin.port must be another port than that of listen, got 2 (lb.yaml:3:16)',
    ],
    [
      'listen: [{ socket: /a }, { socket: /a }]',
      'listen[1] must be another place than listen[0] (lb.yaml:2:26)',
    ],
    [
      'listen: { socket: /a, port: 1 }',
      'listen must have either a socket or a host and port, got a mapping (lb.yaml:2:9)',
    ],
    [
      'listen: { port: 1, mode: "600" }',
      'listen must have a socket where it has a mode, got a mapping (lb.yaml:2:9)',
    ],
    [
      'listen: { socket: /a, mode: 660 }',
      'listen.mode must be three octal digits in quotes like "660", got 660 (lb.yaml:2:29)',
    ],
    [
      'listen: { socket: a.sock }',
      'listen.socket must be a path like /run/evenkeel.sock, got "a.sock" (lb.yaml:2:19)',
    ],
    [
      'listen: { proxyProtocol: true }',
      'listen.proxyProtocol must be false while trustedProxies is empty: nobody could connect (lb.yaml:2:26)',
    ],
    [
      'listen: { tls: { cert: a.pem } }',
      'listen.tls must have both cert and key, or neither, got a mapping (lb.yaml:2:16)',
    ],
    [
      'listen: { tls: {} }',
      'listen.tls must have cert and key, or certificates, got a mapping (lb.yaml:2:16)',
    ],
    [
      'listen: { tls: { cert: a, key: b, minVersion: 1.1 } }',
      'listen.tls.minVersion must be 1.2 or 1.3, got 1.1 (lb.yaml:2:47)',
    ],
    [
      'listen: { tls: { certificates: [{ cert: a, key: b, names: ["*.*"] }] } }',
      'listen.tls.certificates[0].names[0] must be a host name like www.example.com or *.example.com, got "*.*" (lb.yaml:2:60)',
    ],
    [
      'limits: { connections: 0 }',
      'limits.connections must be a whole number from 1 up, auto or false, got 0 (lb.yaml:2:24)',
    ],
    [
      'limits: { connectionsPerAddress: 0 }',
      'limits.connectionsPerAddress must be at least 1, got 0 (lb.yaml:2:34)',
    ],
  ])('%s: %s', (text, message) => {
    expect(tell(text)).toEqual([message])
  })

  it('may not be longer than the system can have', () => {
    expect(tell(`listen: { socket: /${'a'.repeat(103)} }`)[0]).toMatch(
      /must be at most 103 bytes long/,
    )
    expect(tell(`listen: { socket: /${'a'.repeat(102)} }`)).toEqual([])
  })

  it('wants HOST and PORT for a place that has them', () => {
    expect(tell('listen: [{ socket: /a }]', { PORT: '1' })).toEqual([
      expect.stringContaining('listen[0] must have either a socket or a host and port'),
    ])
  })
})

describe('a place is told', () => {
  const tls = { certificates: [], minVersion: '1.2' as const, http2: true }

  it.each([
    [{ host: '0.0.0.0', port: 80 }, '0.0.0.0:80', 'http://127.0.0.1:80'],
    [{ host: '::', port: 80 }, '[::]:80', 'http://[::1]:80'],
    [{ host: '2001:db8::1', port: 80 }, '[2001:db8::1]:80', 'http://[2001:db8::1]:80'],
    [{ socket: '/run/a.sock' }, 'unix:/run/a.sock', 'unix:/run/a.sock'],
    [{ host: '::1', port: 443, tls }, '[::1]:443', 'https://[::1]:443'],
  ])('%j: as %s', (place, name, url) => {
    const whole = { ...place, proxyProtocol: false }
    expect(nameOfPlace(whole)).toBe(name)
    expect(reachable(whole)).toBe(url)
    expect(urlOfPlace(whole)).toContain(name)
  })
})

it.each([
  'listen: { port: 0 }\nadmin: { port: 0 }',
  'listen: { host: 127.0.0.2, port: 2 }\nadmin: { port: 2 }',
  'listen: { port: 2 }\nadmin: { host: "::1", port: 2 }',
  'listen: { port: 8081 }\nadmin: false',
  'listen: { port: 8081 }\nadmin: { port: off }',
])('the admin API may be beside the clients: %j', (text) => {
  expect(placesOf(text)).toHaveLength(1)
})
