import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { LoadReport } from '../../../experiments/load/report.ts'
import { Authority } from '../../support/certificates.ts'
import { Program } from '../../support/program.ts'
import { listening } from './listening.ts'
import { load, serve, servers } from './loading.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-load-'))
afterAll(() => rmSync(folder, { recursive: true }))
const authority = await Authority.start()
const certificate = await authority.issue(['127.0.0.1'])

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('help fits a terminal', async () => {
  const { code, stdout } = await load('--help')
  expect(code).toBe(0)
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

describe('a run', () => {
  test('asks for what the URL says, as often as it says, and accounts for all of it', async () => {
    const { requests, url } = await serve()
    const rate = ['--arrivals', 'paced', '--rate', '50', '--duration', '1s']
    const { code, stderr, stdout } = await load(`${url}/health?x=1`, ...rate)
    expect(stderr).toBe('')
    expect(requests).toEqual(Array.from({ length: 50 }, () => 'GET /health?x=1'))
    expect(stdout).toContain('50 due = 50 answered\n')
    expect(stdout).toMatch(/b1 +50 +100\.0 %/)
    expect(code).toBe(0)
  })

  test('writes every report into a folder, and cuts the warm-up', async () => {
    const { requests, url } = await serve()
    const out = join(folder, 'all')
    const rate = ['--arrivals', 'paced', '--rate', '40', '--duration', '1s', '--warmup', '500ms']
    const { code } = await load(url, ...rate, '--path', '/a', '--path', '/b', '--out', out)
    expect(code).toBe(0)
    expect(readdirSync(out).sort()).toEqual([
      'junit.xml',
      'report.html',
      'report.md',
      'response.hgrm',
      'result.json',
      'seconds.csv',
    ])
    const report = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as LoadReport
    expect(report.requests).toMatchObject({ due: 20, answered: 20, missing: 0 })
    expect(report.warmupRequests).toMatchObject({ due: 20, answered: 20 })
    expect(report.seconds.reduce((sum, { due }) => sum + due, 0)).toBe(40)
    expect(new Set(requests)).toEqual(new Set(['GET /a', 'GET /b']))
  })

  test('of users goes by a behaviour, with its checks', async () => {
    const { requests, url } = await serve()
    const behaviour = file(
      'two.ts',
      `export default { users: [{ name: 'u', order: 'listed', steps: [
        { name: 'first', path: '/1', checks: { 'says ok': ({ text }) => text === 'ok' } },
        { name: 'second', method: 'POST', path: '/2', body: 'x', checks: { 'says no': ({ text }) => text === 'no' } },
      ] }] }`,
    )
    const users = ['--users', '2', '--think', '20ms', '--duration', '500ms']
    const { code, stdout } = await load(url, ...users, '--behaviour', behaviour)
    expect(code).toBe(0)
    expect(requests.slice(0, 2)).toEqual(['GET /1', 'GET /1'])
    expect(requests).toContain('POST /2')
    expect(stdout).toMatch(/✓ says ok +\d+ +0 +100\.0 %/)
    expect(stdout).toMatch(/✗ says no +0 +\d+ +0\.0 %/)
  })

  test.each([
    ['ramp{from: 40, to: 120, duration: 500ms, rhythm: paced}', 'ramp', 40],
    [
      'steps{steps: [{rate: 40, duration: 250ms}, {rate: 120, duration: 250ms}], rhythm: paced}',
      'steps',
      40,
    ],
    [file('arrivals.yaml', 'type: paced\nrate: 80\n'), 'paced', 40],
    [
      file(
        'scenario.yaml',
        'duration: 1s\narrivals: { type: paced, rate: 80 }\nwork: { type: constant, value: 1ms }\nservers: [{}]\n',
      ),
      'paced',
      40,
    ],
  ])('takes arrivals as a scenario has them: %s', async (arrivals, type, due) => {
    const { url } = await serve()
    const { code, stdout, stderr } = await load(url, '--arrivals', arrivals, '--duration', '500ms')
    expect(stderr).toBe('')
    expect(stdout).toContain(`· ${type}, `)
    // The last moment may be due just before the end, or not.
    const [, found] = /(\d+) due/.exec(stdout)!
    expect(Math.abs(Number(found) - due)).toBeLessThanOrEqual(1)
    expect(code).toBe(0)
  })

  test('replays a trace, faster', async () => {
    const { requests, url } = await serve()
    const trace = file('t.csv', 't,method,path\n0,GET,/a\n2,HEAD,/b\n3,GET,/c\n')
    const { code } = await load(url, '--trace', trace, '--speed', '10x')
    expect(requests).toEqual(['GET /a', 'HEAD /b', 'GET /c'])
    expect(code).toBe(0)
  })

  test('sends headers and a body from a file', async () => {
    const bodies: string[] = []
    const { url } = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => {
        bodies.push(`${request.method} ${String(request.headers['x-a'])} ${text}`)
        response.end()
      })
    })
    const body = ['--body', `@${file('body.txt', 'hello')}`, '--header', 'X-A: b: c']
    await load(url, ...body, '--users', '1', '--duration', '300ms', '--think', '1s')
    // A user begins with a thought: nothing is due before the end.
    expect(bodies).toEqual([])
    await load(url, ...body, '--arrivals', 'paced', '--rate', '10', '--duration', '250ms')
    expect(new Set(bodies)).toEqual(new Set(['POST b: c hello']))
  })

  test('over TLS believes who it is told to, or anybody, or else says why not', async () => {
    const { cert, key } = certificate
    const server = createSecureServer({ cert, key }, (_, response) => void response.end('ok'))
    servers.push(server)
    const url = (await listening(server)).replace('http', 'https')
    const rate = ['--rate', '50', '--duration', '200ms']
    const [refused, told, anybody] = await Promise.all([
      load(url, ...rate),
      load(url, ...rate, '--ca', authority.own.certFile),
      load(url, ...rate, '--insecure'),
    ])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('shows a certificate that nobody known has signed: --ca FILE')
    expect(refused.stderr.split('\n')).toHaveLength(2)
    expect([told.code, anybody.code]).toEqual([0, 0])
    // It is not our lab, and that is said once.
    expect(told.stdout.match(/No answer had the field x-served-by/g)).toHaveLength(1)
  })
})

describe('thresholds', () => {
  test('decide the exit code: 99 for one that failed, 3 for one that nobody can tell yet', async () => {
    const { url } = await serve()
    const rate = ['--arrivals', 'paced', '--rate', '50', '--duration', '400ms', '--format', 'junit']
    const [good, bad, open] = await Promise.all([
      load(url, ...rate, '--threshold', 'errors <= 0%', '--threshold', 'p50 < 20s'),
      load(url, ...rate, '--threshold', 'p50 < 20s', '--threshold', 'share(b1) < 50%'),
      load(url, ...rate, '--threshold', 'errors < 1%'),
    ])
    expect([good.code, bad.code, open.code]).toEqual([0, 99, 3])
    expect(bad.stdout).toContain('<failure message="100.0 %')
    expect(open.stdout).toMatch(/<error message="0\.0 % .* needs about \d+ more requests"/)
  })
})

test('Ctrl-C ends it, and what was measured is told', async () => {
  const arrived = Promise.withResolvers<void>()
  const { requests, url } = await serve((_request, response) => {
    response.end()
    if (requests.length === 5) arrived.resolve()
  })
  const out = join(folder, 'stopped.json')
  using program = new Program('cli.ts', [
    'load',
    url,
    '--rate',
    '20',
    '--duration',
    '60s',
    '--out',
    out,
  ])
  await arrived.promise
  program.child.kill('SIGINT')
  expect(await program.exit()).toBe(130)
  expect(program.stdout).toContain('Stopped before its end.')
  expect(program.stdout).toMatch(/\d+ due = \d+ answered/)
  expect(existsSync(out)).toBe(true)
  expect((JSON.parse(readFileSync(out, 'utf8')) as LoadReport).interrupted).toBe(true)
})
