import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CALM, check, file, gate } from './gates.ts'

describe.concurrent('a gate file', { timeout: 90_000 }, () => {
  test('is written with units and words that it knows, and told where it is wrong', async () => {
    const path = file(
      'gate.yaml',
      `laws: [rr, pow_of_two, { strategy: rr, only: [trun] }]
baseline: { figures: [p98] }
scenarios:
  - scenario: two-choises
  - scenario: two-choices
    strategies: [power_of_to, { name: p2c, choises: 3 }]
  - scenario: two-choices
    thresholds: [p99 < 5, errorss < 1%, share(s101) < 5%, service.p99 < 5ms]
  - scenario: ./broken.yaml
  - name: inline
    scenario: { duration: 10s, arrivals: { type: poisson, rate: 5 }, work: { type: exponential, mean: 1ms }, servers: [{ speed: -1 }] }
  - thresholds: [p99 < 5ms]
  - scenario: two-choices
    name: again
    strategies: [ring_hash]
    shares: 10%
`,
    )
    writeFileSync(join(dirname(path), 'broken.yaml'), 'duration: 1s\nservers: [{ speed: 0 }]\n')
    const { code, stderr, stdout } = await check(path)
    expect([code, stdout]).toEqual([2, ''])
    const lines = stderr
      .replaceAll(dirname(path), '')
      .replaceAll('evenkeel check: ', '')
      .trim()
      .split('\n')
    const told = (part: string): string[] => lines.filter((line) => line.includes(part))
    expect(told('laws[1]')[0]).toMatch(/did you mean power_of_two\?.*\(\/gate\.yaml:1:12\)$/)
    expect(
      told('laws[2].only[0] is no law, got "trun": did you mean turn? (/gate.yaml:1:47)'),
    ).toHaveLength(1)
    expect(told('p98 is not kept of simulated runs')[0]).toContain('(/gate.yaml:2:23)')
    expect(
      told('there is no two-choises (did you mean two-choices?) (/gate.yaml:4:15)'),
    ).toHaveLength(1)
    expect(
      told('there is no strategy "power_of_to": did you mean power_of_two? (/gate.yaml:6:18)'),
    ).toHaveLength(1)
    expect(told('choises is not a key: did you mean choices? (/gate.yaml:6:31)')).toHaveLength(1)
    expect(
      told('thresholds[0] 5 has no unit: a time is written 5ms or 5s (/gate.yaml:8:24)'),
    ).toHaveLength(1)
    expect(told('thresholds[1] there is no figure "errorss": did you mean errors?')).toHaveLength(1)
    expect(told('thresholds[2] there is no server "s101": did you mean s10?')).toHaveLength(1)
    expect(told('thresholds[3] service.p99 is for evenkeel load')).toHaveLength(1)
    expect(
      told('servers[0].speed must be above 0, got 0 (/broken.yaml:2:20) (/gate.yaml:9:15)'),
    ).toHaveLength(1)
    expect(
      told('scenarios[4].scenario.servers[0].speed must be above 0, got -1 (/gate.yaml:11:'),
    ).toHaveLength(1)
    expect(told('scenarios[5].scenario is required')).toHaveLength(1)
    expect(told('scenarios[6].shares cannot be asked: ring_hash promises no shares')).toHaveLength(
      1,
    )
  })

  test.each([
    [{ reps: 1 }, 'reps must be at least 2, got 1'],
    [{ falseAlarm: 5 }, 'falseAlarm must be a share above 0% and below 100%, like 1%, got 5'],
    [{ scenarioes: [] }, 'scenarioes is not a key: did you mean scenarios?'],
    [
      { scenarios: [{ scenario: 'two-choices', duration: 5 }] },
      'must be a time with a unit like 500ms',
    ],
    [
      { scenarios: ['a', 'b'].map(() => ({ scenario: CALM, name: 'one' })) },
      'is called one, as another one is',
    ],
    [{}, 'asks nothing: it needs laws, scenarios or twin'],
  ])('refuses %j with exit code 2', async (given, message) => {
    const { code, stderr, stdout } = await check(file('gate.json', given))
    expect(stderr).toContain(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  test('comes alone, with flags that are its own', async () => {
    const path = gate({})
    const both = await check('rr', path)
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a gate file comes alone'),
    })
    const idle = await check('rr', '--reps', '5', '--until-decided')
    expect(idle.stderr).toMatch(
      /--reps goes with a gate file.*\n.*--until-decided goes with a gate file/,
    )
    const only = await check(path, '--only', 'clam')
    expect(only).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no scenario "clam": did you mean calm?'),
    })
    expect((await check('none.yaml')).stderr).toBe('evenkeel check: there is no none.yaml\n')
  })
})
