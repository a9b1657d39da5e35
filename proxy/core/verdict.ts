import type { Outcome } from './recorder.ts'

/**
 * What an answer says of the server's health. An error that is the application's own (500 and most others) says that somebody is there
 * to answer; 502, 503 and 504 say that nobody is, or can. Envoy tells them apart in the same way, as gateway errors.
 */
export function verdictOn(status: number): Outcome {
  return status >= 502 && status <= 504 ? 'error' : 'ok'
}
