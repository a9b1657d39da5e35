import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf } from '../markdown.ts'
import { Program } from '../support/program.ts'
import { RecordingBackend } from '../support/recording-backend.ts'

const SDK = './test/support/tracing.mjs'

test('the operators’ page shows the file that the next test loads', () => {
  const blocks = blocksOf(readFileSync('docs/operators.md', 'utf8')).map(({ text }) => text.trim())
  expect(blocks).toContain(`// tracing.mjs\n${readFileSync(SDK, 'utf8').trim()}`)
})

// Side by side, since the SDK keeps what it hears for 5 s.
test.concurrent.each([1, 2])(
  'an SDK loaded with --import hears of every request, with %i threads',
  async (workers) => {
    const backend = await RecordingBackend.start()
    const config = join(await mkdtemp(join(tmpdir(), 'evenkeel-')), 'lb.yaml')
    await writeFile(
      config,
      `listen: { host: 127.0.0.1, port: 0 }\nservers: [{ url: "${backend.url}" }]\n` +
        `tracing: true\naccessLog: false\nhealth: false\nworkers: ${workers}\n`,
    )
    using proxy = new Program('proxy/main.ts', ['--config', config], {
      NODE_OPTIONS: `--import ${SDK}`,
    })
    const url = await proxy.listening()
    for (let i = 0; i < 8; i++) {
      await (await fetch(`${url}/${i}`, { headers: { connection: 'close' } })).text()
    }
    expect(backend.text.match(/traceparent: 00-/gi)).toHaveLength(8)
    const told = (): number => (proxy.stdout.match(/'http\.request\.method': 'GET'/g) ?? []).length
    while (told() < 16) await new Promise((resolve) => proxy.child.stdout!.once('data', resolve))
    proxy.child.kill('SIGTERM')
    await proxy.exit()
    await backend.stop()
  },
)
