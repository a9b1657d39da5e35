import type { Server } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { Command } from 'commander'
import { describe, expect, test, vi } from 'vitest'
import { addLoadCommand } from '../../../experiments/load/command.ts'
import type { LoadReport } from '../../../experiments/load/report.ts'
import { runCommandLine } from '../../../proxy/command-line.ts'
import { listening } from './listening.ts'
import { load, serve, servers } from './loading.ts'

/** The same without a process of its own: for what ends before anything is sent. */
async function inProcess(args: readonly string[]) {
  let stderr = ''
  const writeErr = (text: string): boolean => {
    stderr += text
    return true
  }
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => writeErr(String(text)))
  const program = new Command().configureOutput({ writeErr })
  addLoadCommand(program)
  for (const verb of program.commands) verb.configureOutput({ writeErr })
  try {
    await runCommandLine(program, ['node', 'evenkeel', 'load', ...args])
    return { code: process.exitCode, stderr }
  } finally {
    process.exitCode = undefined
    spy.mockRestore()
  }
}

describe('what cannot be', () => {
  test.each([
    [['127.0.0.1:8080'], 'no URL like http://127.0.0.1:8080: did you mean http://127.0.0.1:8080?'],
    [['ftp://a'], 'ftp://a is no URL'],
    [['http://u:p@a'], 'are not sent'],
    [['http://a', '--users', '5', '--trace', 'x'], '--users and --trace exclude each other'],
    [['http://a', '--users', '5', '--rate', '5'], '--rate and --users exclude each other'],
    [['http://a', '--think', '5ms'], '--think is for --users'],
    [
      ['http://a', '--users', '1', '--think', 'long'],
      '--think.value must be a number in milliseconds',
    ],
    [['http://a', '--speed', '5'], '--speed needs a --trace'],
    [['http://a', '--arrivals', 'poison'], 'did you mean poisson?'],
    [['http://a', '--arrivals', 'ramp'], 'ramp{from: …, to: …, duration: …}'],
    [
      ['http://a', '--arrivals', 'ramp{from: 1, to: 2, duration: 1s}', '--rate', '5'],
      '--rate is for',
    ],
    [['http://a', '--arrivals', 'ramp{from: 1'], '--arrivals ramp{from: 1 has no } at its end'],
    [['http://a', '--arrivals', 'nowhere.yaml'], 'there is no nowhere.yaml'],
    [['http://a', '--trace', 'nowhere.csv'], 'nowhere.csv does not exist'],
    [['http://a', '--behaviour', 'nowhere.ts'], 'there is no nowhere.ts'],
    [['http://a/x', '--path', '/y'], 'a path in the URL and --path as well'],
    [['http://a', '--warmup', '40s'], '--warmup must be shorter than --duration (30s), got 40s'],
    [['http://a', '--warmup', 'auto'], 'auto is for simulated runs'],
    [['http://a', '--ca', 'nowhere.pem'], '--ca: there is no nowhere.pem'],
    [['http://a', '--threshold', 'p99 < 250'], '--threshold "p99 < 250": 250 has no unit'],
    [['http://a', '--header', 'no'], 'It must be like "Accept: text/html"'],
    [['http://a', '--rate', '0'], 'It must be above 0'],
    [['http://a', '--out', '/dev/null/x'], '--out /dev/null/x cannot be a folder'],
  ])('is said in a line, with exit code 2: %s', async (args, reason) => {
    const { code, stderr } = await inProcess(args)
    expect(stderr).toContain(reason)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  test('a target that refuses, is unknown or speaks no TLS is told at once', async () => {
    const { url, requests } = await serve()
    const gone = createSocketServer()
    const nobody = await listening(gone)
    gone.close()
    const [refused, unknown, plain] = await Promise.all([
      load(nobody),
      load('http://nowhere.invalid'),
      load(url.replace('http', 'https')),
    ])
    expect([refused.code, unknown.code, plain.code]).toEqual([1, 1, 1])
    expect(refused.stderr).toBe(
      `evenkeel load: ${nobody} refuses connections: nothing listens there (ECONNREFUSED)\n`,
    )
    expect(unknown.stderr).toMatch(/nowhere\.invalid (is unknown|cannot be looked up)/)
    expect(plain.stderr).toContain('does not speak TLS there: is it http://?')
    expect(requests).toEqual([])
  })

  test('a target that goes away on the way is counted', async () => {
    const { url, requests } = await serve((_request, response) => {
      response.end()
      if (requests.length < 10) return
      const server = servers.pop() as Server
      server.close()
      server.closeAllConnections()
    })
    const rate = ['--arrivals', 'paced', '--rate', '50', '--duration', '1s', '--format', 'json']
    const { code, stdout } = await load(url, ...rate)
    const { reasons, requests: told } = JSON.parse(stdout) as LoadReport
    expect(told.due).toBe(50)
    expect(told.missing).toBe(0)
    expect(told.answered + told.failed).toBe(50 - told.unconnected)
    expect(told.unconnected).toBeGreaterThan(35)
    expect(reasons[0]).toEqual({ reason: 'ECONNREFUSED', count: told.unconnected })
    expect(code).toBe(0)
  })

  test('one that never answers ends with 1, and each request after its timeout', async () => {
    const { url } = await serve(() => {})
    const rate = ['--rate', '50', '--duration', '300ms', '--timeout', '300ms']
    const { code, stdout } = await load(url, ...rate)
    expect(stdout).toContain('no answer within 0.3 s')
    expect(code).toBe(1)
  })
})
