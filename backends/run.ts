import { FakeBackend } from './server.ts'
import { type FakeSettings, readSettings, SettingsError, type Values } from './settings.ts'

/**
 * A fake as a program: settings in, one line on standard output once it listens, messages on standard error, exit code out. A
 * parent with a channel to us is told where we listen, or why we do not, and we end when it does.
 */
export async function runBackend(env: Values, flags: Values = {}): Promise<void> {
  let settings: FakeSettings
  try {
    settings = readSettings(env, flags)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return fail('bad_configuration', ['bad configuration:', ...error.problems].join('\n  '), 2)
  }
  const fake = new FakeBackend(settings)
  let url: string
  try {
    url = await fake.listen()
  } catch (error) {
    const { code = 'failed' } = error as NodeJS.ErrnoException
    return fail(code, whyNot(error as NodeJS.ErrnoException, settings), 1)
  }
  stopWhenAsked(fake)
  console.log(`${settings.id} listens on ${url} (process ${process.pid})`)
  process.send?.({ type: 'listening', url }, () => {})
}

/** The first signal, or the end of a parent that we have a channel to, stops gracefully; a second signal at once. */
function stopWhenAsked(fake: FakeBackend): void {
  let stopping = false
  const stop = async (): Promise<void> => {
    stopping = true
    await fake.stop()
    process.exit(0)
  }
  const onSignal = (): void => {
    if (stopping) process.exit(1)
    void stop()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  if (process.send === undefined) return
  process.on('disconnect', () => {
    if (!stopping) void stop()
  })
  // Gone before we began to listen for it.
  if (!process.connected) void stop()
}

function whyNot(error: NodeJS.ErrnoException, { id, host, port }: FakeSettings): string {
  const place = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return `${id} cannot listen on ${place}: it is in use; choose another port with --port or PORT`
  }
  if (error.code === 'EACCES') {
    return `${id} is not allowed to listen on ${place}: choose a port from 1024 up with --port or PORT`
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `${host} is no address of this machine: choose one with --host or HOST`
  }
  return `${id} cannot listen on ${place}: ${error.message}`
}

async function fail(code: string, message: string, exitCode: 1 | 2): Promise<never> {
  process.stderr.write(`evenkeel backend: ${message}\n`)
  if (process.send !== undefined && process.connected) {
    await new Promise((sent) => process.send?.({ type: 'failed', code, message }, sent))
  }
  process.exit(exitCode)
}
