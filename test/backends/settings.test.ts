import { describe, expect, test } from 'vitest'
import { readSettings, SettingsError, SOURCES } from '../../backends/settings.ts'

function problems(env: Record<string, string>, flags: Record<string, string> = {}): unknown {
  try {
    return readSettings(env, flags)
  } catch (error) {
    return (error as SettingsError).problems
  }
}

describe('settings of a fake', () => {
  test('have a default for everything', () => {
    const { seed, ...settings } = readSettings({})
    expect(settings).toEqual({
      id: 'b1',
      host: '0.0.0.0',
      port: 9001,
      failureRate: 0,
      minLatency: 5,
      maxLatency: 25,
      concurrency: Infinity,
      queue: Infinity,
    })
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true)
  })

  test('default to what the help says', () => {
    const told = SOURCES.filter((source) => !source.default.includes(' '))
    expect(told).toHaveLength(6)
    const env = Object.fromEntries(told.map((source) => [source.variable, source.default]))
    expect(readSettings({ ...env, SEED: '1' })).toEqual(readSettings({ SEED: '1' }))
  })

  test('come from the environment', () => {
    const env = {
      SERVER_ID: 'shop-2.eu',
      HOST: '::1',
      PORT: '0',
      FAILURE_RATE: '0.25',
      MIN_LATENCY: '50ms',
      MAX_LATENCY: '0.07s',
      CONCURRENCY: '4',
      QUEUE: '0',
      SEED: '7',
    }
    expect(readSettings(env)).toEqual({
      id: 'shop-2.eu',
      host: '::1',
      port: 0,
      failureRate: 0.25,
      minLatency: 50,
      maxLatency: 70,
      concurrency: 4,
      queue: 0,
      seed: 7,
    })
  })

  test('take flags before variables, and name whichever is wrong', () => {
    expect(readSettings({ PORT: '1' }, { PORT: '2' }).port).toBe(2)
    expect(problems({ PORT: '1', QUEUE: '-1' }, { PORT: 'x' })).toEqual([
      '--port must be a whole number from 0 to 65535, got x',
      'QUEUE must be a whole number of at least 0, got -1',
    ])
  })

  test('read an empty variable as one that is not set', () => {
    expect(readSettings({ PORT: '', CONCURRENCY: ' ', MIN_LATENCY: '' })).toMatchObject({
      port: 9001,
      concurrency: Infinity,
      minLatency: 5,
    })
  })

  test.each([
    [{ MIN_LATENCY: '10' }, 10, 25],
    [{ MIN_LATENCY: '25' }, 25, 25],
    [{ MIN_LATENCY: '100' }, 100, 120],
    [{ MAX_LATENCY: '2' }, 2, 2],
    [{ MAX_LATENCY: '1s' }, 5, 1000],
    [{ MAX_LATENCY: '0' }, 0, 0],
    [{ MIN_LATENCY: '1.5', MAX_LATENCY: '1m' }, 1.5, 60_000],
  ])('%j means %d to %d ms', (env, minLatency, maxLatency) => {
    expect(readSettings(env)).toMatchObject({ minLatency, maxLatency })
  })

  test.each([
    [{ FAILURE_RATE: '1.5' }, 'FAILURE_RATE must be from 0 to 1, got 1.5'],
    [{ FAILURE_RATE: '-0.1' }, 'FAILURE_RATE must be from 0 to 1, got -0.1'],
    [{ FAILURE_RATE: '5%' }, 'FAILURE_RATE must be from 0 to 1, got 5%'],
    [{ MIN_LATENCY: '-5' }, 'MIN_LATENCY must be a duration like 50, 50ms or 0.05s, got -5'],
    [{ MAX_LATENCY: '5h' }, 'MAX_LATENCY must be a duration like 50, 50ms or 0.05s, got 5h'],
    [{ MAX_LATENCY: '61m' }, 'MAX_LATENCY must be at most 60m, got 61m'],
    [
      { MIN_LATENCY: '9', MAX_LATENCY: '3' },
      'MIN_LATENCY must be at most MAX_LATENCY (3 ms), got 9',
    ],
    [{ CONCURRENCY: '0' }, 'CONCURRENCY must be a whole number of at least 1, got 0'],
    [{ CONCURRENCY: '1e3' }, 'CONCURRENCY must be a whole number of at least 1, got 1e3'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, got 65536'],
    [{ SEED: '0.5' }, 'SEED must be a whole number from 0 to 4294967295, got 0.5'],
    [{ HOST: 'a b' }, 'HOST must be a host name or address, got a b'],
    [{ SERVER_ID: 'b\n1' }, 'SERVER_ID must be 1 to 64 letters, digits or . _ -, got b\n1'],
  ])('%j is refused', (env, problem) => {
    expect(problems(env)).toEqual([problem])
  })

  test('are refused with everything that is wrong, not only the first', () => {
    const env = Object.fromEntries(SOURCES.map(({ variable }) => [variable, '? ?']))
    expect(problems(env)).toHaveLength(SOURCES.length)
  })
})
