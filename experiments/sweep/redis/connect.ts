import { Redis, type RedisOptions } from 'ioredis'
import type { Address } from './address.ts'

/** How long to wait for a host that says nothing, in milliseconds. */
const PATIENCE = 5000

/** Redis is not there, or does not let us in. */
export class NoRedis extends Error {}

/**
 * A connection that has worked once, and from then on is made anew whenever it breaks. `tell` hears when it breaks, and when it is there
 * again, once each. Throws `NoRedis`.
 */
export async function connect(address: Address, tell: (text: string) => void): Promise<Redis> {
  let once = false
  const options = {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    // Commands wait until the connection is there again: BullMQ needs it so.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (once ? Math.min(times * 200, 5000) : null),
  } satisfies RedisOptions
  const redis = new Redis(address.url, options)
  let why: Error | undefined
  redis.on('error', (error: Error) => (why = error))
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    redis.disconnect()
    throw new NoRedis(`Redis at ${address.shown} ${reason(why ?? (error as Error))}`)
  }
  once = true
  let lost = false
  redis.on('close', () => {
    if (!lost) tell(`the connection to Redis at ${address.shown} broke: trying again`)
    lost = true
  })
  redis.on('ready', () => {
    if (lost) tell('Redis is there again')
    lost = false
  })
  return redis
}

/** Ends a connection that nobody has broken. */
export function disconnect(redis: Redis): void {
  redis.removeAllListeners('close')
  redis.disconnect()
}

/** In words, and never with what was sent: that has the password in it. */
function reason(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  const { message } = error
  if (message.startsWith('NOAUTH')) return 'wants a password: redis://:password@host:6379'
  if (message.startsWith('WRONGPASS')) return 'does not take that user and password'
  if (message.startsWith('NOPERM')) return 'does not let that user do it'
  if (/ETIMEDOUT/.test(`${code} ${message}`)) return `did not answer within ${PATIENCE / 1000} s`
  if (code === 'ENOTFOUND') return 'cannot be reached: there is no such host'
  return `cannot be reached: ${code ?? message}`
}
