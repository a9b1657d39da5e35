import { bare } from './bare.ts'
import { caddy } from './caddy.ts'
import type { Contender } from './contender.ts'
import { evenkeel, evenkeelQuiet, evenkeelTwo } from './evenkeel.ts'
import { fastifyHttpProxy } from './fastify-http-proxy.ts'
import { haproxy } from './haproxy.ts'
import { httpProxy3 } from './http-proxy-3.ts'
import { nginx } from './nginx.ts'

/** The one that the others are compared with. */
export const YARDSTICK = nginx.name

/** No proxy: what the client and the servers can do without one. */
export const DIRECT = 'direct'

/** In the order of the table. */
export const CONTENDERS: readonly Contender[] = [
  evenkeel,
  evenkeelTwo,
  nginx,
  haproxy,
  caddy,
  httpProxy3,
  fastifyHttpProxy,
  bare,
]

/** Runs only when named with `--only`. */
export const ON_DEMAND: readonly Contender[] = [evenkeelQuiet]
