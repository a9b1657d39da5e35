import { WrongInput } from '../../sim/wrong-input.ts'

/** Where Redis is. */
export interface Address {
  /** With user and password, if there are any: never to be printed. */
  readonly url: string
  /** Without them. */
  readonly shown: string
}

const LOCAL = 'redis://127.0.0.1:6379'

/** What `--redis` says: a URL, or `true` for that of the environment. */
export function addressOf(
  given: string | true,
  environment: Readonly<Record<string, string | undefined>>,
): Address {
  const text = given === true ? environment['REDIS_URL'] || LOCAL : given
  const from = given === true && environment['REDIS_URL'] ? 'REDIS_URL' : '--redis'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['redis:', 'rediss:', 'unix:'].includes(url.protocol)) {
    // It is not shown: whatever it is, a password may be in it.
    throw new WrongInput(
      `${from} must be a URL like redis://host:6379, rediss://user:password@host:6380/0 (TLS) or unix:///run/redis.sock`,
    )
  }
  if (url.protocol === 'unix:') return { url: url.pathname, shown: `unix://${url.pathname}` }
  if (url.hostname === '') throw new WrongInput(`${from} names no host`)
  if (!/^(\/\d*)?$/.test(url.pathname))
    throw new WrongInput(`${from}: behind the host comes the number of a database, like /0`)
  const { host, pathname, protocol } = url
  return { url: text, shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}` }
}
