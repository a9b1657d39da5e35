import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chooseStrategy } from '../../proxy/strategy-choice.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-choice-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file that changes after it was tried is not used: nobody has tried what it is now', async () => {
  const file = join(folder, 'own.mjs')
  // It writes itself anew when it is tried, as somebody may just then.
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs'
appendFileSync(import.meta.filename, '// edited\\n')
export default class {
  update(servers) { this.servers = servers }
  pick() { return this.servers[0] }
  settled() {}
}
`,
  )
  const strategy = { file, options: {} }
  await expect(chooseStrategy({ strategy, servers: [] })).rejects.toThrow(
    `${file} has changed while it was tried: try it again`,
  )
})
