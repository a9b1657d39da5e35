const MOST_ROUNDS = 500
/** Rounds end when the likelihood of a value grows by less than this share. */
const ENOUGH = 1e-9

/**
 * A mixture of two exponentials, by expectation and maximisation (Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete Data via
 * the EM Algorithm", JRSS B 39(1), 1977): each round asks how likely each value is to be of either branch, and takes the branches that
 * follow from that. It begins with balanced means, which have the data's mean and variation.
 */
export class Hyperexponential {
  /** Of the shorter branch. */
  share: number
  shorter: number
  longer: number
  logLikelihood = -Infinity

  constructor(mean: number, cv: number) {
    const root = Math.sqrt((cv * cv - 1) / (cv * cv + 1))
    this.share = (1 + root) / 2
    this.shorter = mean / (2 * this.share)
    this.longer = mean / (2 * (1 - this.share))
  }

  fit(values: Float64Array): void {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.logLikelihood
      this.round(values)
      if (this.logLikelihood - before < ENOUGH * values.length) return
    }
  }

  private round(values: Float64Array): void {
    const { longer, share, shorter } = this
    const [a, b] = [share / shorter, (1 - share) / longer]
    let [weight, short, long, logLikelihood] = [0, 0, 0, 0]
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      const ofShorter = a * Math.exp(-value / shorter)
      const density = ofShorter + b * Math.exp(-value / longer)
      // So far out that both are 0 it is surely of the longer.
      const part = density > 0 ? ofShorter / density : 0
      logLikelihood += density > 0 ? Math.log(density) : Math.log(b) - value / longer
      weight += part
      short += part * value
      long += (1 - part) * value
    }
    this.logLikelihood = logLikelihood
    const rest = values.length - weight
    if (!(weight > 0 && rest > 0)) return
    this.share = weight / values.length
    this.shorter = short / weight
    this.longer = long / rest
  }
}
