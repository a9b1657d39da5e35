import { expect, test } from 'vitest'
import { loadSettings } from '../../../proxy/config.ts'
import { Authority } from '../../support/certificates.ts'
import { load, problems } from '../../support/configuration.ts'

const authority = await Authority.start()
const ours = await authority.issue(['proxy.test'])
const none = authority.file('none.pem', 'no certificate')

test.each<[string, string]>([
  ['HTTPS://App.Test:443', 'https://app.test'],
  ['https://[::1]:9443', 'https://[::1]:9443'],
  ['http://[0:0::1]:80', 'http://[::1]'],
  ['unix:/run/app.sock', 'unix:/run/app.sock'],
])('a server can be at %s', (url, found) => {
  expect(load(`servers: [{ url: "${url}" }]`).settings.servers[0].url).toBe(found)
  const env = { BACKEND_SERVERS: `${url};weight=2` }
  expect(loadSettings({ env }).settings.servers).toEqual([
    { id: 'b1', url: found, weight: 2, backup: false },
  ])
})

test.each<[string, string]>([
  ['url: "unix:run/app.sock"', 'url must have an absolute path like unix:/run/app.sock'],
  ['url: "unix:/run/"', 'url must have an absolute path like unix:/run/app.sock'],
  [`url: "unix:/${'a'.repeat(103)}"`, 'url must have a path of at most 103 bytes'],
  ['url: "http://[fe80::1%eth0]:9001"', 'url must have no zone after the address'],
  ['url: "http://[fe80::1%25eth0]:9001"', 'url must have no zone after the address'],
  ['url: http://a, tls: { verify: false }', 'tls goes with a URL that begins with https://'],
  ['url: http://a, http2: true', 'http2 goes with a URL that begins with https://'],
  ['url: https://a, tls: { servername: 10.0.0.1 }', 'tls.servername must be a host name'],
  ['url: https://a, tls: { minVersion: 1.1 }', 'tls.minVersion must be 1.2 or 1.3, got 1.1'],
  ['url: https://a, tls: { verfy: false }', 'tls.verfy is not a key: did you mean verify?'],
  [`url: https://a, tls: { cert: ${ours.certFile} }`, 'tls must have both cert and key'],
  ['url: https://a, tls: { ca: none }', 'tls.ca cannot be read: no such file, got "none"'],
  [`url: https://a, tls: { ca: ${none} }`, 'tls.ca holds no certificate in PEM'],
  [
    `url: https://a, tls: { cert: ${ours.certFile}, key: ${authority.own.keyFile} }`,
    'tls.key is not the key of that certificate',
  ],
  [
    `url: https://a, tls: { cert: ${ours.certFile}, key: ${ours.certFile} }`,
    'tls.key holds no private key in PEM',
  ],
])('what is wrong with { %s } is told with its place', (server, message) => {
  const found = problems(() => load(`servers: [{ ${server} }]`))
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`servers[0].${message}`)
  expect(found[0]).toMatch(/\(lb\.yaml:1:\d+\)$/)
})

test('a file is looked for from the folder of the configuration on', () => {
  const { pathname } = new URL(`file://${authority.own.certFile}`)
  const folder = pathname.slice(0, pathname.lastIndexOf('/'))
  const text =
    'tls: { ca: authority.crt }\nservers: [{ url: https://a, tls: { ca: authority.crt } }]'
  const { settings } = load(text, {}, { config: `${folder}/lb.yaml` })
  expect(settings.tls.ca).toBe(authority.own.certFile)
  expect(settings.servers[0].tls).toEqual({ ca: authority.own.certFile })
})

test('a server that is not verified is warned of', () => {
  const text = `
tls: { verify: false }
servers:
  - { url: https://a }
  - { url: https://b, tls: { verify: true } }
  - { url: http://c }`
  expect(load(text).warnings).toEqual([
    'server "b1" is not verified (tls.verify: false): anybody can pass for it',
  ])
})

test('a name to resolve is none of the servers, and has what they will have', () => {
  const text = `
servers:
  - { url: http://App.Test, resolve: dns }
  - { url: http://127.0.0.1:9001 }
  - { id: api, url: https://_api._tcp.shop.test, resolve: srv, weight: 3, max: 9, backup: true }
  - { url: h2c://app.test:81, id: h2, resolve: dns }`
  const { names, servers } = load(text).settings
  expect(servers.map(({ id }) => id)).toEqual(['b2'])
  const usual = { resolve: 'dns', scheme: 'http', port: 80, weight: 1, backup: false }
  expect(names).toEqual([
    { ...usual, id: 'app.test', name: 'app.test' },
    {
      id: 'api',
      name: '_api._tcp.shop.test',
      resolve: 'srv',
      scheme: 'https',
      port: 443,
      weight: 3,
      max: 9,
      backup: true,
    },
    { ...usual, id: 'h2', name: 'app.test', scheme: 'h2c', port: 81 },
  ])
  expect(load('servers: [{ url: http://a.test, resolve: dns }]').settings.servers).toEqual([])
})

test.each<[string, string]>([
  ['url: http://10.0.0.1, resolve: dns', 'servers[0].url must have a host name to resolve'],
  ['url: "http://[::1]", resolve: dns', 'servers[0].url must have a host name to resolve'],
  ['url: unix:/a, resolve: dns', 'servers[0].url must have a host name to resolve'],
  ['url: http://app.test, resolve: srv', 'servers[0].url must have a service to resolve'],
  ['url: http://_a._tcp.b.test:81, resolve: srv', 'servers[0].url must have a service to resolve'],
  ['url: http://app.test, resolve: mdns', 'servers[0].resolve must be dns or srv, got "mdns"'],
])('what is wrong with the name { %s } is told', (server, message) => {
  expect(problems(() => load(`servers: [{ ${server} }]`))[0]).toContain(message)
})

test('two names that would have the same id are told', () => {
  const text =
    'servers: [{ url: http://a.test:1, resolve: dns }, { url: http://a.test:2, resolve: dns }]'
  expect(problems(() => load(text))).toEqual([
    'servers[1].id must be given: its default, "a.test", is the id of servers[0] (lb.yaml:1:51)',
  ])
})

test.each<[string, string]>([
  [
    'servers: [ns.test]',
    'dns.servers[0] must be an address like 10.0.0.2, 10.0.0.2:5353 or [::1]:53',
  ],
  ['servers: ["10.0.0.2:0"]', 'dns.servers[0] must be an address'],
  ['timeout: 1', 'dns.timeout must be a duration with a unit'],
  ['hold: 0s', 'dns.hold must be above 0'],
])('what is wrong with dns: { %s } is told', (dns, message) => {
  const text = `servers: [{ url: http://a }]\ndns: { ${dns} }`
  expect(problems(() => load(text))[0]).toContain(message)
})
