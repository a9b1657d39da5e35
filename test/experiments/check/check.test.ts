import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CLAIMS } from '../../../proxy/core/claims.ts'
import { Program } from '../../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** In turn, with something to do in each pick. */
function own(name: string, pick: string, more = ''): string {
  // In a folder of its own: tests run side by side, and two may call theirs the same.
  const file = join(mkdtempSync(join(folder, 'own-')), `${name}.mjs`)
  const text = `${more}
export default class {
  next = 0
  update(servers) { this.servers = servers }
  pick() { ${pick} }
  settled() {}
}
`
  writeFileSync(file, text)
  return file
}

const IN_TURN = 'return this.servers[this.next++ % this.servers.length]'

async function check(...args: string[]) {
  using program = new Program('cli.ts', ['check', ...args])
  const code = await program.exit()
  const { stderr, stdout } = program
  return { code, stderr, stdout, words: stdout.replaceAll(/\s+/g, ' ') }
}

describe.concurrent('evenkeel check', { timeout: 90_000 }, () => {
  test('says of one of ours that every law holds, and exits with 0', async () => {
    const { code, stderr, stdout } = await check('p2c', '--runs', '5')
    expect(stdout).toMatch(/^power_of_two\n\n {2}✓ totality /)
    expect([code, stderr]).toEqual([0, ''])
  })

  test('tells what a verb threw, with the place, and exits with 99', async () => {
    const file = own('throws', `if (this.next > 3) throw new Error('four'); ${IN_TURN}`)
    const { code, words } = await check(file, '--law', 'totality', '--seed', '9')
    expect(words).toContain('found pick threw Error: four (throws.mjs:5:37)')
    expect(words).toMatch(/story 1\. \d+ servers?: a/)
    expect(words).toContain(`again npx evenkeel check ${file} --law totality --seed 9`)
    expect(code).toBe(99)
  })

  test('tells of what is thrown late as of totality, and of the law that repeats it', async () => {
    const file = own('late', `if (this.next > 50) throw new Error('late'); ${IN_TURN}`)
    const { code, words } = await check(file)
    expect(words).toContain('✗ totality always comes back and never throws')
    expect(words).not.toContain('✓ totality')
    expect(words).toContain('found pick threw Error: late (while the law "recovery" was tried)')
    expect(words).toContain(`again npx evenkeel check ${file} --law recovery --seed 1`)
    expect(words).toContain('not tried: recovery, used-slot, ')
    expect(code).toBe(99)
  })

  test('of one with chance of its own says that, and not what follows from it', async () => {
    const file = own(
      'chancy',
      'return this.servers[Math.floor(Math.random() * this.servers.length)]',
    )
    const { code, words } = await check(file, '--law', 'replay,peeking,reordering')
    expect(words).toContain('✗ the law "replay"')
    expect(words).toContain('Take context.rng and context.clock')
    expect(words).toContain('not tried: peeking, reordering ')
    expect(code).toBe(99)
  })

  test('ends one that does not come back, says in which verb and law, and goes on', async () => {
    const file = own('hangs', 'for (;;);')
    const { code, words } = await check(file, '--law', 'totality,membership')
    expect(words).toContain('✗ the law "totality" is broken')
    expect(words).toContain('found pick did not come back within 2 s')
    expect(words).toContain('not tried: membership')
    expect(code).toBe(99)
  })

  test('books it to the law that it comes back, whatever was asked', async () => {
    const file = own(
      'late',
      `if (this.next === 3) for (;;); ${IN_TURN}`,
      "export const claims = ['turn']",
    )
    const { code, words } = await check(file, '--law', 'turn')
    expect(words).toContain('✗ the law "totality" is broken law It always comes back and')
    expect(words).toContain('pick did not come back within 2 s (while the law "turn" was tried)')
    expect(words).toContain(`again npx evenkeel check ${file} --law turn --seed 1`)
    expect(words).toContain('not tried: turn')
    expect(code).toBe(99)
  })

  test('finds one that picks a stranger', async () => {
    const file = own('stranger', 'return { id: "x", slot: 0, inflight: 0, weight: 1 }')
    const { code, words } = await check(file)
    expect(words).toContain('found picked x, which is none of a, b')
    expect(code).toBe(99)
  })

  test('takes the end of its process for no success, whatever the exit code', async () => {
    const { code, words } = await check(own('exits', 'process.exit(0)'))
    expect(words).toContain('✗ the law "totality" is broken')
    expect(words).toContain('found it ended its process')
    expect(code).toBe(99)
    const loaded = await check(own('exits-early', IN_TURN, 'process.exit(0)'))
    expect(loaded.words).toContain('could not be judged: it ended its process')
    expect(loaded.code).toBe(2)
  })

  test('takes its word that all is done for no success either, where laws are left', async () => {
    const pick = "process.send({ type: 'done' }); process.exit(0)"
    const { code, words } = await check(own('pretends', pick), '--law', 'totality,membership')
    expect(words).toContain('could not be judged: it ended its process')
    expect(code).toBe(2)
  })

  test('finds one that promises, where its work should be done', async () => {
    const file = own('promises', IN_TURN)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('settled() {}', 'async settled() { throw 3 }'))
    const { code, words } = await check(file, '--law', 'totality')
    expect(words).toContain('found settled gave a promise: its work must be done')
    expect(code).toBe(99)
  })

  test('does not wait for a process that outlives it', async () => {
    // It lives as long as somebody listens to it.
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const called = once(listener, 'connection') as Promise<[Socket]>
    const spawning =
      "import { spawn } from 'node:child_process'\n" +
      `spawn(process.execPath, ['-e', 'net.connect(${port}, "127.0.0.1")'], { detached: true, stdio: 'inherit' })`
    const file = own('outlived', IN_TURN, spawning)
    expect((await check(file, '--law', 'totality')).code).toBe(0)
    const [outlives] = await called
    expect(outlives.closed).toBe(false)
    outlives.destroy()
    listener.close()
  })

  test('finds one that leaves something behind a pick', async () => {
    const file = own('litters', `this.kept = { key: this.next }; ${IN_TURN}`)
    const { code, words } = await check(file, '--law', 'silence')
    expect(words).toMatch(/found a pick allocates \d+\.\d bytes/)
    expect(code).toBe(99)
  })

  test('ends one that eats up memory', async () => {
    const litter = '(globalThis.eaten ??= []).push(new Array(200_000).fill(0.5))'
    const file = own('eats', `${litter}; ${IN_TURN}`)
    const { code, words } = await check(file, '--law', 'totality')
    expect(words).toContain('found it takes more than 512 MiB of memory')
    expect(code).toBe(99)
  })

  test('ends one that eats up memory which is not for objects', async () => {
    const litter = '(globalThis.eaten ??= []).push(Buffer.alloc(50_000_000, 1))'
    const file = own('eats-buffers', `${litter}; ${IN_TURN}`)
    const { code, words } = await check(file, '--law', 'totality')
    expect(words).toContain('found it takes more than 1024 MiB of memory')
    expect(code).toBe(99)
  })

  test('says that a constructor does not come back', async () => {
    const file = own('hangs-early', IN_TURN)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('next = 0', 'next = (() => { for (;;); })()'))
    const { code, words } = await check(file)
    expect(words).toContain('does not come back from its constructor')
    expect(code).toBe(2)
  })

  test('lets a file be excused from a law that there is, with its reason', async () => {
    const excused = (id: string): string => `export const excused = { '${id}': 'on purpose' }`
    const good = own('excused', IN_TURN, excused('reordering'))
    const { code, words } = await check(good, '--law', 'reordering')
    expect(words).toContain('– reordering excused: on purpose')
    expect(code).toBe(0)
    const idle = await check(own('idle', IN_TURN, excused('replay')), '--law', 'replay')
    expect(idle.words).toContain('– replay excused, but obeys it all the same: on purpose')
    const bad = await check(own('typo', IN_TURN, excused('reodering')))
    expect(bad.words).toContain(
      'is excused from "reodering", which is no law: did you mean reordering?',
    )
    expect(bad.code).toBe(2)
  })

  test('says what a file does not claim, and what does not fit together', async () => {
    const more = "export const keyed = true, claims = ['turn'], excused = { smooth: 'why' }"
    const { words } = await check(own('odd', IN_TURN, more), '--law', 'membership')
    expect(words).toContain(
      'not claimed, so not asked (check --help says what each means): smooth, deadlines,',
    )
    expect(words).toContain('! it is excused from smooth, which it is not held to')
    expect(words).toContain('! it is keyed, but claims neither monotone nor nearly_monotone')
    expect((await check('rr', '--law', 'turn')).words).not.toMatch(/not claimed|!/)
  })

  test('judges one once, and marks what it did not judge', async () => {
    const { stdout } = await check('p2c', 'rr', 'power_of_two', '--law', 'turn', '--runs', '5')
    expect(stdout).toMatch(/^· power_of_two +none of the laws .*\n✓ round_robin +1 law holds\n\n/)
  })

  test('lists with --help what can be claimed', async () => {
    const { stdout } = await check('--help')
    for (const claim of CLAIMS) expect(stdout).toMatch(new RegExp(`^ {2}${claim} {2,}\\w`, 'm'))
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test.each([
    [
      ['pow_of_two'],
      '(did you mean power_of_two?), got "pow_of_two", or the path of a file like ./my-strategy.ts',
    ],
    [['rr', '--law', 'trun'], 'there is no law "trun": did you mean turn?'],
    [['random', '--law', 'turn'], 'none of the laws that were asked for concerns it'],
    [['rr', '--format', 'xml'], 'There are: human, json, junit, markdown.'],
    [['rr', '--seed', 'x'], 'It must be a whole number'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, stderr, stdout } = await check(...args)
    expect(stderr).toContain(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  test('writes a report to a file, and says when it cannot', async () => {
    const out = join(folder, 'laws.xml')
    const args = ['rr', '--law', 'turn', '--format', 'junit', '--out']
    expect(await check(...args, out)).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(out, 'utf8')).toContain('<testcase classname="round_robin" name="turn: ')
    const { code, stderr } = await check(...args, join(folder, 'none', 'laws.xml'))
    expect(stderr).toContain('evenkeel check: cannot write ')
    expect(code).toBe(1)
    // Not after a minute.
    expect(await check('--out', '/nowhere/at/all')).toMatchObject({ code: 1, stdout: '' })
  })

  test('tells at Ctrl-C what is known', async () => {
    const file = own(
      'waits',
      `if (!this.told) { this.told = true; console.log('here') } ${IN_TURN}`,
    )
    using program = new Program('cli.ts', ['check', file, '--runs', '100000'])
    await program.says('here')
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    expect(program.stdout).toContain('stopped before the end')
  })
})
