import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-trace-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content, 'latin1')
  return path
}

async function trace(...args: string[]) {
  using program = new Program('cli.ts', ['trace', ...args])
  const code = await program.exit()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

const LINE = '10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 512'
const LOG = [
  LINE,
  LINE.replace('13:55:36', '13:55:37').replace('.1 ', '.2 '),
  LINE.replace('13:55:36', '13:55:37').replace('GET', 'HEAD').replace(' 200 ', ' 304 '),
  LINE.replace('13:55:36', '13:55:40'),
].join('\n')

test.each([['--help'], ['inspect', '--help'], ['convert', '--help'], ['fit', '--help']])(
  'help fits a terminal: %s %s',
  async (...args) => {
    const { stdout } = await trace(...args)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  },
)

describe('evenkeel trace inspect', () => {
  test('tells a person what a log is like', async () => {
    const { code, stderr, stdout } = await trace('inspect', file('small.log', LOG))
    expect(stdout).toBe(`small.log · common · 4 requests

span      0:04 · from 2000-10-10 20:55:36 UTC
rate      1.00 requests/s · busiest second 2, at 0:01
bursts    CV of gaps 0.935 · dispersion 0.917 in 1 s, – in 60 s · Poisson: 1
clock     "%t" resolves 1 s · 1 tie (33.3 %) · 0 steps backward

sizes  known  mean  median  p99  max    CV  tail index
bytes      4   512     512  512  512  0.00           –

keys      2 · the busiest hundredth, 1, has 75.0 %
key       requests   share
10.0.0.1         3  75.0 %
10.0.0.2         1  25.0 %

methods   GET 3 (75.0 %) · HEAD 1 (25.0 %)
statuses  200 3 (75.0 %) · 304 1 (25.0 %)

! the clock "%t" has whole seconds: requests of one second are all at its beginning, which makes
  bursts that never were; --spread of convert puts them anywhere in it
`)
    expect([code, stderr]).toEqual([0, ''])
  })

  test('tells a program the same, of a compressed file', async () => {
    const { code, stdout } = await trace(
      'inspect',
      file('small.log.gz', gzipSync(LOG)),
      '--format',
      'json',
    )
    const report = JSON.parse(stdout) as Record<string, unknown>
    expect(report).toMatchObject({ complete: true, requests: 4, rate: 1, ties: 1, grain: 1000 })
    expect(code).toBe(0)
  })

  test('shows what it knows, and that too many lines are bad, and exits with 2 unless they are allowed', async () => {
    const bad = file('bad.csv', 't\n1\n2\n\u001b[2Jx\n')
    const { code, stderr, stdout } = await trace('inspect', bad)
    expect(stdout).toContain('bad.csv · csv · 2 requests')
    expect(stdout).toContain('bad       1 (33.3 %), 1 of them for the time')
    expect(stderr).toBe(
      'evenkeel trace inspect: bad.csv: 1 of 3 lines cannot be read, more than 1 %; --max-bad 33.4% would let that pass\n  line 4: t must be a number of seconds or a date, got "?[2Jx"\n',
    )
    expect(code).toBe(2)
    expect((await trace('inspect', bad, '--max-bad', '33.4%')).code).toBe(0)
  })

  test.each([
    [['nowhere.log'], 'nowhere.log does not exist'],
    [['.'], '. is a directory, not a trace'],
    [['README.md'], 'README.md: nobody can tell how it is written, say it with --log-format'],
    [['package.json'], 'package.json: the HAR has no log.entries'],
    [['README.md', '--log-format', '$status'], 'the log format "$status" has no time'],
    [['README.md', '--log-format', 'combind'], '(Did you mean combined|There are)'],
    [['README.md', '--work', '1+'], 'needs a number, a name or a parenthesis at its end'],
    [[], "missing required argument 'file'"],
  ])('exits with 2 for %j, and says why', async (args, message) => {
    const { code, stderr, stdout } = await trace('inspect', ...args)
    expect(stderr).toMatch(new RegExp(message.startsWith('(') ? message : RegExp.escape(message)))
    expect([code, stdout]).toEqual([2, ''])
  })

  test('reads standard input, and tells at Ctrl-C what it knows', async () => {
    using program = new Program('cli.ts', ['trace', 'inspect', '-'], {}, 'pipe')
    // More than a pipe holds: once there is room again, most of it was read.
    program.child.stdin!.write(`t,path\n${'1,/\n'.repeat(250_000)}2.5,/half`)
    await once(program.child.stdin!, 'drain')
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    expect(program.stdout).toMatch(
      /^standard input · csv · [\d,]+ requests \(stopped before the end\)/,
    )
  })
})

describe('evenkeel trace convert', () => {
  test('writes the canonical form, which reads as the same', async () => {
    const { code, stdout, stderr } = await trace('convert', file('convert.log', LOG))
    expect(stdout.split('\n')).toEqual([
      '{"t":0,"method":"GET","path":"/a","key":"10.0.0.1","bytes":512,"status":200}',
      '{"t":1,"method":"GET","path":"/a","key":"10.0.0.2","bytes":512,"status":200}',
      '{"t":1,"method":"HEAD","path":"/a","key":"10.0.0.1","bytes":512,"status":304}',
      '{"t":4,"method":"GET","path":"/a","key":"10.0.0.1","bytes":512,"status":200}',
      '',
    ])
    expect([code, stderr]).toEqual([0, '4 requests of 0:04 written\n'])
    const again = await trace('convert', file('again.ndjson', stdout))
    expect(again.stdout).toBe(stdout)
  })

  test('cuts a window out of it, changes the speed, and writes CSV', async () => {
    const out = join(folder, 'window.csv')
    const args = ['--from', '1s', '--to', '4s', '--speed', '8x', '--limit', '2', '--out', out]
    const times = 't\n3\n4.25\n4\n6\n6.5\n7\n'
    const { code, stderr } = await trace('convert', file('window-of.csv', times), ...args)
    expect(readFileSync(out, 'latin1')).toBe(
      't,method,path,key,bytes,service_ms,status\n0,GET,/,,,,\n0.03125,GET,/,,,,\n',
    )
    expect([code, stderr]).toEqual([
      0,
      '2 requests of 0:00 written to window.csv\n1 request put in order of time\n',
    ])
  })

  test('spreads whole seconds by a seed, and no others', async () => {
    const log = file('spread.log', LOG)
    const one = await trace('convert', log, '--spread', '--seed', '7')
    const times = one.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { t: number }).t)
    expect(times[0]).toBe(0)
    expect(new Set(times).size).toBe(4)
    expect((await trace('convert', log, '--spread', '--seed', '7')).stdout).toBe(one.stdout)
    expect((await trace('convert', log, '--spread', '--seed', '8')).stdout).not.toBe(one.stdout)
    const { code, stderr } = await trace('convert', file('fine.csv', 't\n0\n0.5\n'), '--spread')
    expect(stderr).toContain('only a clock of whole seconds can be spread')
    expect(code).toBe(2)
  })

  test('leaves no file behind where it could not finish', async () => {
    const own = mkdtempSync(join(folder, 'own-'))
    const bad = file('worse.csv', 't\n1\nx\n')
    expect((await trace('convert', bad, '--out', join(own, 'x.csv'))).code).toBe(2)
    expect(readdirSync(own)).toEqual([])
    const { code, stderr } = await trace('convert', bad, '--out', join(own, 'no', 'x.csv'))
    expect(stderr).toContain('ENOENT')
    expect(code).toBe(1)
  })
})

describe('evenkeel trace fit', () => {
  const times = Array.from({ length: 2000 }, (_, i) => -10 * Math.log(1 - (i + 0.5) / 2000))

  test('gives a line for a scenario', async () => {
    const text = `t,service_ms\n${times.map((time, i) => `${i},${time}`).join('\n')}`
    const { code, stdout } = await trace('fit', file('service.csv', text))
    expect(stdout).toMatch(/^service\.csv · 2,000 service times\nmean 10\.0 ms, CV 1\.00\n/)
    expect(stdout).toMatch(
      /^exponential +0\.000\d+ +best +no difference beyond chance +mean: 9\.99/m,
    )
    expect(stdout).toMatch(/\nwork: \{ type: exponential, mean: 9\.99\d+ \}\n$/)
    expect(code).toBe(0)
  })

  test('tells a program all of it, of a log with durations', async () => {
    const format = '%h %t "%r" %D'
    const lines = times.map(
      (time) => `h [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" ${Math.round(time * 1000)}`,
    )
    const path = file('durations.log', lines.join('\n'))
    const { stdout } = await trace('fit', path, '--log-format', format, '--format', 'json')
    const report = JSON.parse(stdout) as { work: { mean: number } }
    expect(report.work).toMatchObject({ type: 'exponential' })
    expect(report.work.mean).toBeCloseTo(10, 1)
  })

  test('says what is missing in a log without durations', async () => {
    const { code, stderr } = await trace('fit', file('no-durations.log', LOG))
    expect(stderr).toContain('no-durations.log does not say how long requests took')
    expect(code).toBe(2)
  })
})
