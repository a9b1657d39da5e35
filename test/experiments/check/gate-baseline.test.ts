import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CALM, check, gate, mine } from './gates.ts'

describe.concurrent('a baseline', { timeout: 90_000 }, () => {
  test('compares with a baseline, run by run, and refuses one that does not fit', async () => {
    const strategy = mine()
    const path = gate({ strategies: [strategy, 'random'] })
    const kept = join(dirname(path), 'main.json')
    expect((await check(path, '--save-baseline', kept)).code).toBe(0)
    const same = await check(path, '--baseline', kept)
    expect(same.stdout.match(/the same to the last digit/g)).toHaveLength(6)
    expect(same.code).toBe(0)
    writeFileSync(strategy, readFileSync(strategy, 'utf8').replace('/ 1)', '/ 4)'))
    const worse = await check(path, '--baseline', kept)
    expect(worse.stdout).toMatch(/^✗ .*mean no worse than the baseline/m)
    expect(worse.words).toMatch(/\+[\d.]+ % \(\+[\d.]+ to \+[\d.]+\): worse/)
    expect(worse.words).toContain(`--only calm --seed 1 --reps 10 --baseline ${kept}`)
    expect(worse.code).toBe(99)
    const slack = gate({ strategies: [strategy, 'random'] }, CALM, {
      baseline: { slack: '90%', figures: ['mean'] },
    })
    expect(await check(slack, '--baseline', kept)).toMatchObject({
      code: 0,
      words: expect.stringContaining('by 90 %'),
    })
    const other = await check(gate({}, { ...CALM, servers: [{ count: 5 }] }), '--baseline', kept)
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was made of another scenario'),
    })
    const seed = await check(path, '--baseline', kept, '--seed', '2')
    expect(seed).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('with seed 1, and not 2: give --seed 1'),
    })
    const unknown = await check(gate({ name: 'other' }), '--baseline', kept)
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none of these scenarios: it has calm'),
    })
    writeFileSync(kept, '{"evenkeelBaseline":2}')
    const future = await check(path, '--baseline', kept)
    expect(future).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('evenkeelBaseline is 2. Make it anew'),
    })
    expect((await check(path, '--baseline', `${kept}x`)).stderr).toContain(
      'is not there: --save-baseline makes one',
    )
  })

  test('tells that a strategy is new, and that one settles no more', async () => {
    const strategy = mine()
    const path = gate({ strategies: [strategy] })
    const kept = join(dirname(path), 'main.json')
    await check(path, '--save-baseline', kept)
    // Everything to the first.
    writeFileSync(strategy, readFileSync(strategy, 'utf8').replace('/ 1)', '/ 1e9)'))
    writeFileSync(
      path,
      JSON.stringify({
        scenarios: [{ name: 'calm', scenario: CALM, strategies: [strategy, 'random'] }],
      }),
    )
    const { code, words } = await check(path, '--baseline', kept)
    expect(words).toContain('mean no worse than the baseline does not settle any more')
    expect(words).toContain(
      '· random mean no worse than the baseline the baseline does not have this strategy',
    )
    expect(code).toBe(99)
  })
})
