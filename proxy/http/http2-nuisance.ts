/**
 * What a client may make us do for nothing: requests that it resets (CVE-2023-44487, "rapid reset"), malformed ones, and frames that
 * only want to be acknowledged. A bucket that leaks: 500 at once, as many as Envoy lets a connection reset
 * (`overload.premature_reset_total_stream_count`), and 33 a second from then on, as nghttp2 does
 * (`nghttp2_option_set_stream_reset_rate_limit`).
 */
const BURST = 500
const RATE = 33

export class Nuisance {
  private level = 0
  private at = 0

  /** One more. True: too many. */
  add(now: number): boolean {
    this.level = Math.max(0, this.level - ((now - this.at) * RATE) / 1000) + 1
    this.at = now
    return this.level > BURST
  }
}
