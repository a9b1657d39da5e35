import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'
import * as options from '../../../experiments/live/options.ts'

const FLAGS: options.UpFlags = {
  algorithm: 'round_robin',
  servers: 3,
  duration: undefined,
  trace: undefined,
  host: '127.0.0.1',
  port: 8080,
  backendPort: 9001,
  failureRate: 0,
  seed: 1,
}

describe('a flag', () => {
  test.each([
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['250ms', 250],
    ['24h', 86_400_000],
  ])('--duration %s is so many milliseconds', (text, value) => {
    expect(options.readDuration(text)).toBe(value)
  })

  test.each(['30', '0s', '-1s', '1e3s', '25h', 's', ''])('--duration %j is refused', (text) => {
    expect(() => options.readDuration(text)).toThrow(InvalidArgumentError)
  })

  test.each([
    ['600', 600],
    ['600x', 600],
    ['0.5X', 0.5],
  ])('--speed %s is a factor', (text, value) => {
    expect(options.readSpeed(text)).toBe(value)
  })

  test.each(['0', 'x', '-1', 'fast', '1xx', ''])('--speed %j is refused', (text) => {
    expect(() => options.readSpeed(text)).toThrow(InvalidArgumentError)
  })

  test.each([
    ['0', 0],
    ['0.005', 0.005],
    ['50%', 0.5],
    ['1', 1],
  ])('--failure-rate %s is a share', (text, value) => {
    expect(options.readShare(text)).toBe(value)
  })

  test.each(['1.01', '101%', '-0.1', 'some', ''])('--failure-rate %j is refused', (text) => {
    expect(() => options.readShare(text)).toThrow(InvalidArgumentError)
  })

  test.each(['0', '21', '3.5', '1e1', ''])('--servers %j is refused', (text) => {
    expect(() => options.readWhole(1, 20)(text)).toThrow('from 1 to 20')
  })

  test.each(['0', '5001', 'x', ''])('--rate %j is refused', (text) => {
    expect(() => options.readRate(5000)(text)).toThrow(InvalidArgumentError)
  })

  test('--algorithm takes names and aliases, and guesses what was meant', () => {
    expect(options.readAlgorithm('p2c')).toBe('power_of_two')
    expect(options.readAlgorithm('')).toBe('round_robin')
    expect(() => options.readAlgorithm('least_conections')).toThrow(
      'Did you mean least_connections?',
    )
  })

  test('--algorithm takes the path of a file, from where we are', () => {
    expect(options.readAlgorithm(' ./mine.ts ')).toBe(resolve('mine.ts'))
  })
})

describe('flags together', () => {
  test('give the usual rate when nothing says otherwise', () => {
    expect(options.checkFlags(FLAGS)).toMatchObject({ rate: options.DEFAULT_RATE, speed: 1 })
  })

  test('leave the rate to a trace', () => {
    const flags = { ...FLAGS, trace: 'a.csv', speed: 600 }
    expect(options.checkFlags(flags)).toMatchObject({ rate: undefined, speed: 600 })
  })

  test.each([
    [{ speed: 2 }, '--speed needs a --trace'],
    [{ trace: 'a.csv', rate: 5 }, '--rate and --trace exclude each other'],
    [{ port: 9003 }, "--port 9003 is among the fakes' ports (9001 to 9003)"],
    [{ backendPort: 65_534 }, 'no room for 3 fakes'],
  ])('are refused when they contradict each other: %j', (given, reason) => {
    expect(() => options.checkFlags({ ...FLAGS, ...given })).toThrow(reason)
  })

  test('may ask for free ports, which cannot collide', () => {
    expect(options.checkFlags({ ...FLAGS, port: 0, backendPort: 0 })).toMatchObject({ port: 0 })
  })
})
