import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { WrongInput } from '../../../experiments/sim/wrong-input.ts'
import { mergedOf } from '../../../experiments/sweep/merge.ts'
import { Program } from '../../support/program.ts'
import { calmIn } from './calm.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sweep-'))
afterAll(() => rmSync(folder, { recursive: true }))

function own(): string {
  return mkdtempSync(join(folder, 'own-'))
}

const scenario = calmIn(folder)

/** 2 strategies × 2 rates × 3 seeds, and a pilot each where the warm-up is found. */
const SWEEP = [scenario, '--vary', 'arrivals.rate=100,300', '--seeds', '1..3']

async function evenkeel(...args: string[]) {
  using program = new Program('cli.ts', args)
  const code = await program.exit()
  const { stderr, stdout } = program
  return { code, stderr, stdout, words: stdout.replaceAll(/\s+/g, ' ') }
}

function sweep(...args: string[]) {
  return evenkeel('sweep', ...args)
}

function lines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n')
}

describe.concurrent('evenkeel sweep', { timeout: 120_000 }, () => {
  test('has help that fits a terminal', async () => {
    for (const verb of [[], ['merge'], ['worker']]) {
      const { stdout } = await sweep(...verb, '--help')
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    }
  })

  test('tells a table a variation, a curve, and who is best where', async () => {
    const { code, stderr, stdout, words } = await sweep(...SWEEP)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Sweep [0-9a-f]{12}: 12 runs, 2 comparisons$/m)
    expect(stdout).toContain('Calm · arrivals.rate=100')
    expect(stdout).toMatch(/^ms +mean +p50 +p99 +errors +p99 against random$/m)
    expect(stdout).toMatch(/^least_connections .* better by \d/m)
    expect(stdout).toContain('p99 over arrivals.rate')
    expect(words).toContain('By p99, ')
    expect(stdout).not.toContain('\u001B')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  test('judges by what was asked for, against the best', async () => {
    const { stdout } = await sweep(...SWEEP, '--metric', 'p95', '--against', 'best')
    expect(stdout).toMatch(/p95 against least_connections$/m)
    expect(stdout).toMatch(/^random .* worse by \d/m)
  })

  test('finds what evenkeel sim finds', async () => {
    const args = [scenario, '--reps', '3', '--format', 'json']
    const [ours, theirs] = await Promise.all([sweep(...args), evenkeel('sim', ...args)])
    const { vary, ...cell } = JSON.parse(ours.stdout).cells[0]
    const { evenkeel: _, ...study } = JSON.parse(theirs.stdout)
    for (const { runs } of study.strategies) for (const run of runs) delete run.buckets
    expect(vary).toEqual({})
    expect(cell).toEqual(study)
  })

  test('gives the same bytes in three parts as in one, whatever the number of threads', async () => {
    const [whole, parts] = [own(), own()]
    const shards = ['1/3', '2/3', '3/3'].map((shard) =>
      sweep(...SWEEP, '--shard', shard, '--threads', '1', '--out', parts),
    )
    const [one, ...several] = await Promise.all([
      sweep(...SWEEP, '--format', 'json', '--threads', '2', '--out', whole),
      ...shards,
    ])
    expect(several.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(several[1].stdout).toMatch(
      /^Part 2 of 3 of sweep [0-9a-f]{12} is done: .*2-of-3.jsonl\n/,
    )
    const merged = await sweep('merge', parts, '--format', 'json', '--out', parts)
    expect([merged.code, merged.stderr]).toEqual([0, ''])
    expect(merged.stdout).toBe(one.stdout)
    for (const name of ['result.json', 'table.md', 'runs.csv'])
      expect(readFileSync(join(parts, name), 'utf8')).toBe(readFileSync(join(whole, name), 'utf8'))
    // The parts are as large as each other: 4 runs each, 2 × 2 pilots, and the plan.
    for (const part of [1, 2, 3])
      expect(lines(join(parts, `${part}-of-3.jsonl`))).toHaveLength(1 + 4 + 4 + 1)
  })

  test('has a row a run as CSV', async () => {
    const { stdout } = await sweep(...SWEEP, '--format', 'csv')
    const [header, ...rows] = stdout.trimEnd().split('\n')
    expect(header).toMatch(/^scenario,arrivals.rate,strategy,seed,warmup,requests,mean,p50,/)
    expect(rows).toHaveLength(12)
    expect(rows[0]).toMatch(/^Calm,100,random,1,\d+,\d+,/)
  })

  test('goes on where it was killed: half a line is dropped, and nothing is run twice', async () => {
    const out = own()
    const file = join(out, '1-of-1.jsonl')
    const first = await sweep(...SWEEP, '--out', out)
    const whole = lines(file)
    // As if it had been killed while it wrote the fourth run.
    writeFileSync(file, [...whole.slice(0, 4), whole[4].slice(0, 100)].join('\n'))
    const again = await sweep(...SWEEP, '--out', out)
    expect(again.stderr).toContain('3 runs of before found')
    expect(again.stdout).toBe(first.stdout)
    expect(lines(file).toSorted()).toEqual(whole.toSorted())
    const { stderr, stdout } = await sweep(...SWEEP, '--out', out)
    expect(stderr).toContain('16 runs of before found')
    expect(stdout).toBe(first.stdout)
  })

  test('drops half a line that is longer than all that comes after it', async () => {
    const out = own()
    const file = join(out, '1-of-1.jsonl')
    const first = await sweep(...SWEEP, '--out', out)
    const whole = readFileSync(file, 'utf8')
    // Nothing is left to be run, so nothing is written over it.
    appendFileSync(file, whole.split('\n')[1].slice(0, 100))
    const again = await sweep(...SWEEP, '--out', out)
    expect(again).toMatchObject({ code: 0, stdout: first.stdout })
    expect(readFileSync(file, 'utf8') === whole).toBe(true)
  })

  test('ends at Ctrl-C with what it knows, and goes on from there', async () => {
    const [out, other] = [own(), own()]
    const args = [scenario, '--reps', '400', '--duration', '20s', '--warmup', '1s']
    using program = new Program('cli.ts', ['sweep', ...args, '--out', out])
    const file = join(out, '1-of-1.jsonl')
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setInterval(() => {
      try {
        // Whoever is first may be a few runs ahead of the other: each has one by then.
        if (lines(file).length > 30) resolve()
      } catch {
        // Not there yet.
      }
    }, 20)
    await promise
    clearInterval(timer)
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    expect(program.stderr).toContain('the same command goes on from here')
    expect(program.stdout).toMatch(/Stopped: this is from \d+ of 400 replications/)
    const found = lines(file).length - 2
    expect(found).toBeLessThan(800)
    // With fewer seeds it is another sweep.
    const { code, stderr } = await sweep(scenario, '--reps', '2', '--out', out)
    expect(code).toBe(2)
    expect(stderr).toContain('has results of another sweep')
    const { code: missing, stderr: why } = await sweep('merge', out, '--out', other)
    expect(missing).toBe(2)
    expect(why).toMatch(/\d+ of 800 runs are missing\n.*run it again with the same --out/)
  })

  test('merges parts of one sweep only, each once, and all of them', async () => {
    const out = own()
    const other = own()
    const parts = ['1/2', '2/2'].map((shard) => sweep(...SWEEP, '--shard', shard, '--out', out))
    const strange = sweep(...SWEEP, '--strategy', 'random', '--shard', '1/2', '--out', other)
    await Promise.all([...parts, strange])
    const [one, two] = [join(out, '1-of-2.jsonl'), join(out, '2-of-2.jsonl')]
    const refusal = async (...files: string[]): Promise<string> => {
      const error = await mergedOf(files).catch((each: unknown) => each)
      expect(error).toBeInstanceOf(WrongInput)
      return (error as WrongInput).message
    }
    expect(await refusal(one)).toContain('part 2 of 2 is not here: run it with --shard 2/2')
    expect(await refusal(one, join(other, '1-of-2.jsonl'))).toContain('are of two sweeps')
    const twice = join(other, 'copy.jsonl')
    copyFileSync(one, twice)
    expect(await refusal(one, two, twice)).toMatch(
      /both have the run with \w+ and seed \d: each part once/,
    )
    const edited = (name: string, edit: (text: string) => string): string => {
      const path = join(other, name)
      writeFileSync(path, edit(readFileSync(two, 'utf8')))
      return path
    }
    const newer = edited('newer.jsonl', (text) => text.replace('"evenkeel":"', '"evenkeel":"9'))
    expect(await refusal(one, newer)).toMatch(/is of version 9\S+, and this is \d/)
    const changed = edited('changed.jsonl', (text) => text.replace('"rate":300', '"rate":301'))
    expect(await refusal(one, changed)).toContain('its first line was changed by hand')
    const pilots = edited('pilots.jsonl', (text) =>
      text.replaceAll('"generated":', '"generated":1'),
    )
    expect(await refusal(one, pilots)).toContain('they were not run by the same code')
    const broken = edited('broken.jsonl', (text) => text.replace('{"cell":', '{"ce'))
    expect(await refusal(one, broken)).toMatch(/broken.jsonl:2 is no result of a run/)
    appendFileSync(two, '{"cell":0,"strategy":"ran')
    expect((await mergedOf([out])).results.size).toBe(16)
    expect(await refusal(scenario)).toContain('has no results of a sweep in it')
    expect(await refusal(folder)).toContain('has no results in it')
  })

  for (const [args, why] of [
    [[], 'which scenarios?'],
    [
      ['two-choice', 'stale-herds'],
      'stale-herds: there is no stale-herds (did you mean stale-herd?)',
    ],
    [[scenario, '--shard', '3/2'], 'Of 2 parts there are 1/2 to 2/2'],
    [[scenario, '--shard', '1/2'], '--shard needs --out'],
    [[scenario, '--keep'], '--keep goes with --redis alone'],
    [[scenario, '--redis', 'http://u:geheim@x'], '--redis must be a URL'],
    [['merge', join(folder, 'nowhere')], 'there is no'],
    [['worker', '--redis', '--strategies', '/nowhere'], '--strategies /nowhere is no folder'],
  ] as const)
    test(`exits with 2 for ${JSON.stringify(args)}, and says what is wrong`, async () => {
      const { code, stderr, stdout } = await sweep(...args)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(why)
      expect(stderr).not.toContain('geheim')
    })
})
