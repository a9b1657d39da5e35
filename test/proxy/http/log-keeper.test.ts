import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LogKeeper } from '../../../proxy/http/log-keeper.ts'
import { FileSink } from '../../../proxy/http/log-sink.ts'

test('a file that was opened for a change which is given up is closed again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-log-'))
  const close = vi.spyOn(FileSink.prototype, 'close')
  onTestFinished(() => {
    close.mockRestore()
    rmSync(folder, { recursive: true })
  })
  const keeper = new LogKeeper(false, undefined, () => 0)
  keeper.prepare({ file: join(folder, 'access.log') }).cancel()
  expect(close).toHaveBeenCalledOnce()
  expect(keeper.log).toBeUndefined()
})
