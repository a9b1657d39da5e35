import { describe, expect, it } from 'vitest'
import type { Values } from '../../proxy/config-given.ts'
import { NAMES, ONE, load, problems } from '../support/configuration.ts'

describe('a problem in a variable or a flag', () => {
  it.each<[Values, string]>([
    [
      { BACKEND_SERVERS: 'http://a,http://b;weight=-3' },
      'BACKEND_SERVERS[1].weight must be at least 0, got -3',
    ],
    [
      { BACKEND_SERVERS: 'http://a;weight' },
      'BACKEND_SERVERS[0].weight must be a number, got true',
    ],
    [
      { BACKEND_SERVERS: 'http://a;wieght=3' },
      'BACKEND_SERVERS[0].wieght is not a key: did you mean weight?',
    ],
    [
      { BACKEND_SERVERS: 'http://a;max=1;max=2' },
      'BACKEND_SERVERS[0].max must be a whole number, got [1, 2]',
    ],
    [
      { BACKEND_SERVERS: 'http://a,' },
      'BACKEND_SERVERS[1].url must be an origin like http://127.0.0.1:9001, got ""',
    ],
    [
      { BACKEND_SERVERS: 'http://a;id=x,http://b;id=x' },
      'BACKEND_SERVERS[1].id must be unique, got "x", which is the id of servers[0]',
    ],
    [
      { ALGORITHM: 'least-connections' },
      `ALGORITHM must be one of ${NAMES} (did you mean least_connections?), got "least-connections", or the path of a file like ./my-strategy.ts`,
    ],
    [{ PORT: 'http' }, 'PORT must be a whole number, got "http"'],
    [{ PORT: '0x50' }, 'PORT must be a whole number, got "0x50"'],
    [{ HEALTH_PATH: 'x' }, 'HEALTH_PATH must be a path like /health, got "x"'],
    [{ HEALTH_INTERVAL: '0' }, 'HEALTH_INTERVAL must be above 0, got 0'],
    [
      { HEALTH_INTERVAL: '2' },
      'HEALTH_INTERVAL must be a duration with a unit like 500ms, 2s or 1m, got 2',
    ],
    [{ SEED: '-1' }, 'SEED must be at least 0, got -1'],
    [{ WORKERS: '0' }, 'WORKERS must be a whole number from 1 to 256, or auto, got 0'],
    [{ ADMIN_PORT: 'x' }, 'ADMIN_PORT must be a whole number, got "x"'],
  ])('is told by the name of the variable: %o', (env, message) => {
    expect(problems(() => load(ONE, env))).toEqual([message])
  })

  it.each<[Values, string]>([
    [{ port: '-1' }, '--port must be at least 0, got -1'],
    [{ host: '' }, '--host must be an address or a host name, got ""'],
    [
      { backendServers: 'a' },
      '--backend-servers[0].url must be an origin like http://127.0.0.1:9001, got "a"',
    ],
    [
      { healthInterval: '500' },
      '--health-interval must be a duration with a unit like 500ms, 2s or 1m, got 500',
    ],
    [{ accessLog: '' }, '--access-log must be stdout, off or a file like ./access.log, got ""'],
  ])('is told by the name of the flag: %o', (flags, message) => {
    expect(problems(() => load(ONE, {}, flags))).toEqual([message])
  })

  it.each(['', 'servers: []'])('is that there are no servers anywhere: %j', (text) => {
    expect(problems(() => load(text))).toEqual([
      'no servers: set BACKEND_SERVERS=http://127.0.0.1:9001,http://127.0.0.1:9002, ' +
        'or use --backend-servers, or servers in a file given by --config',
    ])
  })
})
