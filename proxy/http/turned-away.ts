/** Why a connection was not let in. */
export const TURNED_AWAY = [
  'connections',
  'connections_per_address',
  'untrusted_peer',
  'proxy_header',
  'proxy_timeout',
  'tls',
  'tls_timeout',
] as const

export type TurnedAway = (typeof TURNED_AWAY)[number]
