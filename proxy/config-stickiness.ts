import { randomBytes } from 'node:crypto'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { z } from 'zod'
import { either, mapping } from './config-shapes.ts'
import { checked, duration, matching, wrong } from './config-values.ts'
import type { KeySource, StickinessSettings, StickyCookieSettings } from './settings.ts'

/**
 * Made once, so that the settings are the same however often they are read, in whatever thread (what is set here is known to those that begin
 * later); another one at the next start.
 */
const DRAWN = (getEnvironmentData('session secret') ??
  randomBytes(32).toString('base64url')) as string
setEnvironmentData('session secret', DRAWN)

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

const header = matching(TOKEN, 'must be the name of a request field').transform((name) =>
  name.toLowerCase(),
)
const query = matching(
  /^[!"$%'-<>@-~]+$/,
  'must be the name of a parameter as it stands in the query',
)
const cookieName = matching(TOKEN, 'must be the name of a cookie')

const affinityForms = 'must be address, { header: name }, { query: name } or { cookie: name }'
const oneKey = 'must have one of header, query and cookie'

/** What requests are told apart by. */
export const affinity = either(
  z.literal('address', affinityForms),
  mapping({
    header: header.exactOptional(),
    query: query.exactOptional(),
    cookie: cookieName.exactOptional(),
  })
    .refine(isOne, oneKey)
    .transform((source) => source as KeySource),
)

/** Of what fits everywhere; long enough not to be guessed. */
const secret = matching(/^[!-~]{16,}$/, 'must be 16 visible ASCII characters or more')
const secrets = z
  .array(secret, 'must be a secret or a list of them')
  .min(1, 'must have at least one secret')

const cookie = mapping({
  name: cookieName.default('evenkeel'),
  /** The one that seals, or several of which it is the first: the others open what was sealed before. */
  secret: z.union([secret.transform((one) => [one]), secrets]).exactOptional(),
  ttl: duration.exactOptional(),
  path: matching(/^\/[!-:<-~]*$/, 'must be a path like /').default('/'),
}).transform(({ secret = [DRAWN], ...rest }): StickyCookieSettings => ({
  ...rest,
  secrets: secret,
}))

export const stickiness = either(
  checked((value) => {
    if (value === false || value === 'address') return value
    return wrong(
      'must be false, address, { cookie: { name, … } }, { header: name } or { query: name }',
    )
  }),
  mapping({
    header: header.exactOptional(),
    query: query.exactOptional(),
    cookie: cookie.exactOptional(),
  })
    .refine(isOne, oneKey)
    .transform((found) => found as StickinessSettings),
)

function isOne(given: object): boolean {
  return Object.keys(given).length === 1
}

/** Without anything else said keyed strategies go by the same key as sessions. */
export function keyOfSessions(given: StickinessSettings | false): KeySource {
  return given === false || (typeof given === 'object' && 'cookie' in given) ? 'address' : given
}

/** What to tell of it, if anything. */
export function doubtsOfStickiness(given: StickinessSettings | false): string[] {
  const isDrawn =
    typeof given === 'object' && 'cookie' in given && given.cookie.secrets[0] === DRAWN
  if (!isDrawn) return []
  return [
    'stickiness.cookie.secret (COOKIE_SECRET) is not set: sessions will not outlive this process, nor be known to another proxy',
  ]
}
