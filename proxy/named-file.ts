import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** Four times what the certificates of all authorities that browsers trust take, in bytes. */
const LARGEST = 1024 * 1024

/** For what may list thousands of servers. */
export const LARGEST_CONFIGURATION = 16 * LARGEST

/**
 * The text of a file that the configuration or the admin API names. Only of a regular file, and of no more than it should be: a
 * device has no end, a pipe has one when somebody writes to it, and until then the process would hang. Looked at when it is open
 * already, so that nobody can put another in its place between.
 */
export function readNamedFile(name: string, largest = LARGEST): string {
  // Without waiting, or opening a pipe would hang.
  const file = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = fstatSync(file)
    if (found.isDirectory()) throw fault('EISDIR', 'it is a directory')
    if (!found.isFile()) throw fault('ENOTREG', 'it is no regular file')
    if (found.size > largest) throw fault('EFBIG', `it is larger than ${largest / LARGEST} MiB`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

function fault(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code, syscall: 'read' })
}
