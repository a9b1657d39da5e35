import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'

/**
 * Takes away what a process that has died left at the path of a Unix socket. Nothing else: neither a socket that somebody listens on,
 * nor a file of another kind. Says whether the path is free now.
 */
export async function clearPath(path: string): Promise<boolean> {
  const entry = lstatSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return true
  if (!entry.isSocket() || !(await abandoned(path))) return false
  unlinkSync(path)
  return true
}

export function setMode(path: string, mode: number | undefined): void {
  if (mode !== undefined) chmodSync(path, mode)
}

/** Nobody listens there. Whoever does takes the connection, or is too busy to (EAGAIN): only a refusal says that nobody is left. */
function abandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'))
  })
}
