import { closeSync, openSync, readFileSync } from 'node:fs'

/** How often it is looked, and how soon it is said again, in milliseconds. */
const EVERY = 1000
const AGAIN = 60_000

/** How many files and sockets this process may have open; undefined where that is not known (no Linux) or not limited. */
export function limitOfDescriptors(): number | undefined {
  try {
    const [, soft] =
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

/** Whether this process can open nothing more at this moment. */
export function isOutOfFiles(open = openNull): boolean {
  try {
    closeSync(open())
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EMFILE' || code === 'ENFILE'
  }
}

function openNull(): number {
  return openSync('/dev/null', 'r')
}

/**
 * Notices when the process can open nothing more. Nobody else does: for each connection that comes then, libuv gives up a descriptor that
 * it keeps in reserve, accepts, closes at once, and says nothing (`uv__emfile_trick`).
 */
export class Descriptors {
  private readonly say: (message: string) => void
  private readonly open: () => number
  private nextLook = 0
  private quietUntil = -Infinity

  constructor(say: (message: string) => void, open = openNull) {
    this.say = say
    this.open = open
  }

  tick(now: number): void {
    if (now < this.nextLook) return
    this.nextLook = now + EVERY
    try {
      closeSync(this.open())
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if ((code !== 'EMFILE' && code !== 'ENFILE') || now < this.quietUntil) return
      this.quietUntil = now + AGAIN
      this.say(
        `no more files can be opened (${code}): new connections are closed; raise the limit (ulimit -n) or set limits.connections`,
      )
    }
  }
}
