/** A number, and its 64 bits as two words. */
export const DOUBLE = new Float64Array(1)
export const WORDS = new Int32Array(DOUBLE.buffer)

/** Where the word with sign, exponent and the first bits is: it depends on the machine. */
export const HIGH = new Uint8Array(Int32Array.of(1).buffer)[0]

/** 2^k is in place k + `ZERO`, for k from -1024 to 1023. Quicker than to put it together from bits, which a processor has to wait for. */
export const POWERS = new Float64Array(2048)
export const ZERO = 1024

POWERS[ZERO] = 1
for (let k = 1; k < ZERO; k++) POWERS[ZERO + k] = 2 * POWERS[ZERO + k - 1]
for (let k = -1; k >= -ZERO; k--) POWERS[ZERO + k] = POWERS[ZERO + k + 1] / 2
