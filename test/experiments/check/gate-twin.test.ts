import { once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readGate } from '../../../experiments/check/gate/read-gate.ts'
import { partOf } from '../../../experiments/check/gate/run-twins.ts'
import { findingOf } from '../../../experiments/twin/findings.ts'
import { rankingOf } from '../../../experiments/twin/ranking.ts'
import { SCENARIOS } from '../../../experiments/twin/scenarios.ts'
import { readThreshold } from '../../../experiments/thresholds/threshold.ts'
import { Program } from '../../support/program.ts'
import { pair, run } from '../twin/made-up.ts'
import { CALM, check, file } from './gates.ts'

const THRESHOLDS = ['twin.p50.error < 30%', 'twin.share.error < 5%']

const gate = (...twin: object[]): string => file('gate.json', { twin })

describe('a gate of a twin', { timeout: 60_000 }, () => {
  test('runs a scenario in both worlds and judges the error, once for each strategy', async () => {
    const entry = { strategies: ['random', 'p2c'], thresholds: THRESHOLDS }
    const short = { duration: '1s', warmup: '200ms', runs: 1 }
    const path = gate({ scenario: 'equal', ...entry, ...short })
    const { code, stderr, stdout } = await check(path, '--format', 'json', '--seed', '7')
    expect(stderr).toBe('')
    const { scenarios } = JSON.parse(stdout)
    expect(scenarios).toHaveLength(1)
    const [{ name, real, reps, seed, standings }] = scenarios
    expect([name, real, reps, seed]).toEqual(['twin equal', true, 1, 7])
    const labels = standings.map(({ strategy }: { strategy: string }) => strategy)
    expect(labels).toEqual(['random', 'power_of_two'])
    const items = standings.flatMap(({ items: own }: { items: Item[] }) => own)
    expect(items.map(({ what }: Item) => what)).toEqual([...THRESHOLDS, ...THRESHOLDS])
    // The same dice: who draws without looking goes where it was foretold, to the last request.
    expect(items[1].seen).toMatch(/^\+0\.00 points at s\d+: /)
    const verdicts = new Set(items.map(({ verdict }: Item) => verdict))
    // By how busy this machine is.
    expect(code).toBe(verdicts.has('fail') ? 99 : verdicts.has('undecided') ? 3 : 0)
    for (const { hint, repeat, verdict } of items as Item[]) {
      expect(repeat).toBe(`npx evenkeel check ${path} --only 'twin equal' --seed 7`)
      if (verdict === 'undecided') expect(hint).toContain('the machine must be idle, and was not: ')
    }
  })

  test('ends with Ctrl-C, and names what it did not come to', async () => {
    const path = gate({ scenario: 'equal', strategies: ['random'], thresholds: THRESHOLDS })
    const folder = dirname(path)
    // A live run begins with a folder of its own.
    const watcher = watch(folder)
    const began = once(watcher, 'change')
    using program = new Program('cli.ts', ['check', path], { TMPDIR: folder })
    await began
    watcher.close()
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    expect(program.stdout).toContain('twin equal: not reached')
    expect(program.stderr).toBe('')
    expect(readdirSync(folder)).toEqual([basename(path)])
  })

  test('is refused where it cannot be, with its place', async () => {
    const good = { scenario: 'equal', strategies: ['random'], thresholds: THRESHOLDS }
    const path = gate(
      { ...good, scenario: 'equal-servers' },
      { ...good, name: 'a', thresholds: ['p99 < 5ms', 'twin.ranking'] },
      { ...good, name: 'b', scenario: 'stale-herd' },
      { ...good, name: 'c', warmup: '6s' },
      { ...good, name: 'd', strategies: ['randm'] },
      { ...good, name: 'e', thresholds: undefined },
      { ...good, name: 'f' },
      { ...good, name: 'f' },
      { ...good, name: 'g', scenario: CALM, thresholds: [] },
    )
    const { code, stderr, stdout } = await check(path)
    expect([code, stdout]).toEqual([2, ''])
    for (const message of [
      'twin[0].scenario cannot be used: there is no equal-servers (there are equal, unequal,',
      'twin[1].thresholds[0] p99 is not known of a twin: there are twin.p50.error,',
      'twin[1].thresholds[1] twin.ranking is of at least two strategies (',
      'twin[2].scenario cannot be used: stale-herd: information: a real proxy knows its own',
      'twin[3].scenario cannot be used: c: a warm-up of 6 s leaves nothing of 5 s',
      'there is no strategy "randm": did you mean random? (',
      'twin[5] must have thresholds',
      'twin[7] is called f, as another one is',
      'twin[8].thresholds must hold at least one threshold',
    ]) {
      expect(stderr).toContain(message)
    }
    const wrong = gate({ ...good, runs: 0 })
    expect((await check(wrong)).stderr).toContain('twin[0].runs must be at least 1, got 0')
    const other = await check(gate(good), '--only', 'twin equl')
    expect(other.stderr).toContain('has no scenario "twin equl": did you mean twin equal?')
  })
})

test('the gate file of the documents can be read', async () => {
  const { entries, twins } = await readGate('docs/ci/twin.check.yaml', {})
  expect(entries).toEqual([])
  expect(twins.map(({ name, runs }) => [name, runs])).toEqual([['twin equal', 3]])
  const rules = ['twin.p50.error < 5%', 'twin.p99.error < 10%', 'twin.share.error < 1%']
  expect(twins[0].thresholds.map(({ text }) => text)).toEqual([...rules, 'twin.ranking >= 1'])
})

interface Item {
  readonly what: string
  readonly seen: string
  readonly hint?: string
  readonly verdict: string
  readonly repeat: string
}

test('what was measured passes, fails or proves nothing, and each can be repeated alone', () => {
  const findings = [
    findingOf('near', [pair(run(1), [run(1)]), pair(run(1.1), [run(1.1)])]),
    findingOf('far', [pair(run(2), [run(2.5)]), pair(run(2.1), [run(2.6)])]),
    findingOf('late', [pair(run(3), [run(3)], { disturbed: ['late'] }), pair(run(3), [run(3)])]),
  ]
  const scenario = { ...SCENARIOS[0], seed: 9 }
  const thresholds = ['twin.p99.error < 5%', 'twin.ranking'].map(readThreshold)
  const entry = { name: 'a twin', scenario, contenders: [], thresholds, runs: 2 }
  const rankings = [rankingOf('mean', findings)]
  const { standings } = partOf('my gate.yaml', entry, { findings, rankings })
  const told = standings.map(({ items: [item], strategy }) => [strategy, item.verdict])
  expect(told).toEqual([
    ['near', 'pass'],
    ['far', 'fail'],
    ['late', 'undecided'],
    ['all of them', 'undecided'],
  ])
  expect(standings[2].items[0].hint).toBe('the machine must be idle, and was not: late')
  const again = "npx evenkeel check 'my gate.yaml' --only 'a twin' --seed 9"
  expect(standings[1].items[0].repeat).toBe(again)
})
