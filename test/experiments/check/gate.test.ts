import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'
import { CALM, check, file, gate, mine } from './gates.ts'

describe.concurrent('a gate file', { timeout: 90_000 }, () => {
  test('holds every strategy to every threshold, and exits with 0', async () => {
    const thresholds = [
      'p99 < 2s',
      'errors <= 0%',
      'fairness > 0.99',
      'share(b1) < 40%',
      'rate > 250',
      'busy(b1) < 90%',
    ]
    const path = gate({ strategies: ['random', 'p2c'], thresholds })
    const { code, stderr, stdout, words } = await check(path)
    expect(stderr).toBe('')
    for (const text of thresholds) expect(stdout).toContain(`  ${text} `)
    expect(words).toContain(
      'calm 4 servers · arrivals poisson, rate 300 · work exponential, mean 10 · load 0.75 10 replications · the first 1 s left out · seed 1',
    )
    expect(stdout).toMatch(/^✓ random +p99 < 2s +\d+ ms \(\d+–\d+\)$/m)
    expect(words).toContain('12 hold (')
    expect(words).toContain(
      'Intervals hold at 99.8333 %, so that among 12 judgements there is a false alarm in at most 1 %',
    )
    expect(stdout).not.toContain('again')
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(code).toBe(0)
  })

  test('fails what is missed with 99, and with a command that comes to the same again', async () => {
    const path = gate({
      strategies: ['random', 'round_robin'],
      thresholds: ['mean < 30ms'],
    })
    const first = await check(path, '--seed', '5')
    expect(first.stdout).toMatch(/^✗ random +mean < 30ms/m)
    expect(first.stdout).toMatch(/^✓ round_robin +mean < 30ms/m)
    expect(first.code).toBe(99)
    const [, again] = /again +npx evenkeel check (.*)$/m.exec(first.stdout)!
    expect(again).toBe(`${path} --only calm --seed 5 --reps 10`)
    const second = await check(...again.split(' '))
    expect(second.stdout.replace(/\([\d.]+ s\)/, '')).toBe(first.stdout.replace(/\([\d.]+ s\)/, ''))
  })

  test('says with 3 what it cannot tell, how many more would tell, and runs them when asked to', async () => {
    const path = gate({ strategies: ['random'], thresholds: ['mean < 42.5ms'], reps: 3 })
    const first = await check(path)
    expect(first.words).toMatch(/\? random mean < 42\.5ms .* needs about [\d,]+ more replications/)
    expect([first.code, first.words.includes('1 is undecided')]).toEqual([3, true])
    const more = await check(path, '--until-decided', '--max-reps', '6')
    expect(more.words).toContain('6 replications')
    // Two looks have half of the false alarm each.
    expect(more.words).toContain('Intervals hold at 99 %')
    expect(more.code).toBe(3)
    const easy = gate({ strategies: ['random'], thresholds: ['mean < 70ms'], reps: 2 })
    expect((await check(easy)).code).toBe(3)
    expect((await check(easy, '--until-decided')).code).toBe(0)
  })

  test('tells of no p99 where there is none: too much work fails, what goes on rising is undecided', async () => {
    const thresholds = ['p99 < 1s', 'errors <= 0%']
    const over = await check(
      gate({ thresholds }, { ...CALM, arrivals: { type: 'poisson', rate: 500 } }),
    )
    expect(over.words).toContain('no steady state: more arrives than can be served')
    expect(over.words).toContain('✓ errors <= 0%')
    expect(over.code).toBe(99)
    // One of them gets as much as the others and is a fifth as fast.
    const slow = { ...CALM, servers: [{ count: 3, speed: 2 }, { speed: 0.4 }] }
    const drifting = await check(gate({ thresholds, strategies: ['round_robin'] }, slow))
    expect(drifting.words).toContain('give it a longer duration')
    expect(drifting.code).toBe(3)
  })

  test('holds shares to an exact bound, or to a test of the size that it takes', async () => {
    const bunched = mine(50, "export const promise = 'equal', claims = ['turn']")
    const path = gate({ strategies: ['round_robin', 'random', bunched], shares: '20%' })
    const { code, words } = await check(path)
    expect(words).toMatch(
      /✓ round_robin shares within 20\.0 % of what is due at most 0\.\d\d requests off its due; 0\.75 are allowed, exactly/,
    )
    expect(words).toMatch(
      /✓ random shares within 20\.0 % of what is due 2\d,\d{3} requests, p = 0\.\d{3} \(chi-square, false alarm 0\.000001, power 0\.99 with 4,\d{3}\)/,
    )
    expect(words).toMatch(
      /✗ \S+mine\.mjs shares within .* [\d.]+ requests off its due \(b\d with seed \d+\); 0\.75 are allowed, exactly/,
    )
    expect(code).toBe(99)
    const few = await check(gate({ strategies: ['random'], shares: '2%' }))
    expect(few.words).toMatch(/\? random shares within 2\.0 % .* needs about \d+ more replications/)
    expect(few.code).toBe(3)
    // Draws by weight where it promises the same for all.
    const uneven = file(
      'mine.mjs',
      `export const promise = 'equal'
export default class {
  constructor({ rng }) { this.rng = rng }
  update(servers) { this.servers = servers }
  pick() { return this.servers[this.rng.int(10) < 3 ? 0 : this.rng.int(this.servers.length)] }
  settled() {}
}`,
    )
    const off = await check(gate({ strategies: [uneven], shares: '20%' }))
    expect(off.words).toMatch(/p = \S+ \(chi-square, .*\): b1 has 4[78]\.\d % and is due 25\.0 %/)
    expect(off.code).toBe(99)
  })

  test('judges laws and scenarios together, in every format', async () => {
    const laws = ['rr', { strategy: mine(1, "export const claims = ['smooth']"), only: ['smooth'] }]
    const path = file('gate.json', {
      laws,
      scenarios: [{ name: 'a <b>', scenario: CALM, thresholds: ['p99 < 1ms', 'mean < 200ms'] }],
    })
    const [human, json, junit, markdown] = await Promise.all(
      ['human', 'json', 'junit', 'markdown'].map((format) =>
        check(path, '--format', format, '--runs', '5', '--law', 'turn'),
      ),
    )
    expect([human, json, junit, markdown].map(({ code }) => code)).toEqual([99, 99, 99, 99])
    expect(human.words).toMatch(
      /✓ round_robin 1 law holds ✗ \S+mine\.mjs 0 laws hold, 1 broken ✗ the law "smooth" is broken/,
    )
    const told = JSON.parse(json.stdout)
    expect(told.laws.strategies[1].laws).toMatchObject([{ id: 'smooth', result: 'broken' }])
    expect(told.scenarios[0].standings[0].items[0]).toMatchObject({
      what: 'p99 < 1ms',
      verdict: 'fail',
      repeat: expect.stringContaining("--only 'a <b>' --seed 1 --reps 10"),
    })
    expect(junit.stdout).toContain('<testsuite name="a &lt;b&gt;" tests="2" failures="1"')
    expect(junit.stdout).toContain('<testcase classname="round_robin" name="turn: ')
    expect(junit.stdout.match(/<testsuite /g)).toHaveLength(3)
    expect(markdown.stdout).toMatch(/^## ❌ .*gate\.json: /)
    expect(markdown.stdout).toMatch(
      /^\| ❌ \| round\\_robin \| p99 &lt; 1ms \| [\d.]+ ms \(.*\) \|$/m,
    )
    expect(markdown.stdout).toContain('| ❌ | smooth |')
  })

  test('tells at Ctrl-C what is known', async () => {
    const waits = mine(
      1,
      "let told = false; const tell = () => { if (!told) { told = true; console.log('here') } }",
    )
    writeFileSync(waits, readFileSync(waits, 'utf8').replace('pick() {', 'pick() { tell();'))
    const path = file('gate.json', { laws: [waits], scenarios: [{ name: 'calm', scenario: CALM }] })
    using program = new Program('cli.ts', ['check', path, '--runs', '100000'])
    await program.says('here')
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    expect(program.stdout).toContain('stopped before the end')
    expect(program.stdout).toContain('· calm: not reached')
  })
})
